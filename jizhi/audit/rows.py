"""Entries as they stand in the database, read so that nothing in them can make the reading fail."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from jizhi.audit import rules
from jizhi.kernel.merkle import leaf_hash

COLUMNS = ", ".join(f"e.{name}" for name in rules.SEALED)
ENTRY = f"e.id, {COLUMNS}, CAST(e.fields AS text), CAST(e.seals AS text)"


@dataclass(frozen=True)
class Row:
    """One entry. ``fields`` and ``seals`` are None where they are no JSON."""

    id: int
    columns: dict[str, Any]
    fields: Any
    seals: Any

    @property
    def at(self) -> datetime | None:
        at = self.columns["at"]
        return at if isinstance(at, datetime) else None

    def changed(self, erased: Collection[str] = ()) -> list[str]:
        return rules.changed(self.columns, self.seals, self.fields, erased)

    def told(self, name: str) -> Any:
        """The value of a field; None where there is none."""
        field = self.fields.get(name) if isinstance(self.fields, dict) else None
        return field.get("v") if isinstance(field, dict) else None

    def leaf(self, algorithm: str) -> bytes | None:
        """The leaf hash; None where the row is not made as the program makes it."""
        try:
            return leaf_hash(rules.leaf_data(self.id, self.seals, self.fields), algorithm)
        except (KeyError, TypeError):
            return None


def row_of(values: Sequence[Any]) -> Row:
    """A row of ENTRY."""
    entry_id, *columns, fields, seals = values
    return Row(entry_id, {**dict(zip(rules.SEALED, columns, strict=True)), "at": _moment(columns[0])}, _json(fields), _json(seals))


def rows_by_id(ids: Sequence[int]) -> dict[int, Row]:
    """The entries of these numbers that there are."""
    return {row.id: row for row in rows_where(f"e.id IN ({', '.join(['%s'] * len(ids))})", ids)} if ids else {}


def rows_where(condition: str, values: Sequence[int | str]) -> list[Row]:
    """The entries of which a piece of SQL holds, in the order of their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ENTRY} FROM audit_entry e WHERE {condition} ORDER BY e.id", list(values))  # noqa: S608 (fixed text)
        return [row_of(found) for found in cursor.fetchall()]


def _moment(value: Any) -> Any:
    """SQLite keeps UTC as text."""
    if isinstance(value, str):
        try:
            value = parse_datetime(value) or value
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return None
