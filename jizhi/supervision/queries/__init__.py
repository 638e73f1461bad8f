"""Reads of the room, already filtered by access.visible where they list records."""
