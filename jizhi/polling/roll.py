"""The roll as a spreadsheet: what is wrong with each row before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jizhi.org.imports import KINDS, Preview, RowError, parsed
from jizhi.polling.models import Poll

KIND = "roll"
SHOWN = 200  # rows without errors that a page shows


@dataclass(frozen=True)
class Cell:
    text: str
    why: str


@dataclass(frozen=True)
class Line:
    number: int
    cells: tuple[Cell, ...]
    why: str
    skipped: bool = False


@dataclass(frozen=True)
class Shown:
    """As ``ui/_import.html`` wants it."""

    name: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    whole: tuple[str, ...]
    new: int
    wrong: int
    hidden: int
    skipped: int = 0

    @property
    def ready(self) -> bool:
        return not self.wrong and not self.whole and self.new > 0


def preview(poll: Poll, content: bytes) -> Preview:
    """Every row with every error. Groups are those of the poll; in a poll without weights any group may stand there."""
    found = parsed(KIND, content)
    if found.errors or not poll.groups:
        return found
    names = list(poll.weights)
    wrong = [
        RowError(row.number, "组别", f"组别请填{'、'.join(names)}中的一个，现在是“{row.cells.get('group', '') or '空'}”")
        for row in found.rows
        if row.cells.get("group", "") not in names
    ]
    return replace(found, errors=tuple(wrong))


def shown(found: Preview) -> Shown:
    """All wrong rows, and the first of the others."""
    columns = KINDS[KIND].columns
    wrong = {error.row for error in found.errors}
    kept = [row for row in found.rows if row.number in wrong][:SHOWN] + [row for row in found.rows if row.number not in wrong][:SHOWN]
    lines = []
    for row in sorted(kept, key=lambda row: row.number):
        why = {error.column: error.text for error in found.errors if error.row == row.number}
        lines.append(Line(row.number, tuple(Cell(row.cells.get(c.key, ""), why.get(c.heads[0], "")) for c in columns), why.get("", "")))
    numbers = {row.number for row in found.rows}
    whole = tuple(error.text for error in found.errors if error.row not in numbers)
    bad = len(wrong & numbers)
    heads = tuple(column.heads[0] for column in columns)
    return Shown(KINDS[KIND].name, heads, tuple(lines), whole, len(found.rows) - bad, bad, len(found.rows) - len(kept))
