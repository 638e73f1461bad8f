"""The acts of the rooms below the gate: units, people, posts, bodies, regulations, imports."""
