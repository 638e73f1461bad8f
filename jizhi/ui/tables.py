"""A table to be imported as the page shows it: the file's rows with what is wrong beside each cell."""

from __future__ import annotations

from dataclasses import dataclass

from jizhi.org.imports import KINDS, Kind, Preview

SHOWN = 200  # rows without errors that a page shows; wrong rows are all shown


@dataclass(frozen=True)
class Cell:
    text: str
    why: str


@dataclass(frozen=True)
class Line:
    number: int
    cells: tuple[Cell, ...]
    why: str  # about the whole row
    skipped: bool


@dataclass(frozen=True)
class Shown:
    """``wrong`` counts rows; ``whole`` are problems of the file itself."""

    name: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    whole: tuple[str, ...]
    new: int
    skipped: int
    wrong: int
    hidden: int

    @property
    def ready(self) -> bool:
        return not self.wrong and not self.whole and self.new > 0


def shown(found: Preview, kind: Kind | None = None) -> Shown:
    """Wrong rows first in the file's own order, then the rest up to SHOWN. ``kind`` where another room declares the table."""
    kind = kind or KINDS[found.kind]
    heads = tuple(column.heads[0] for column in kind.columns)
    numbers = {row.number for row in found.rows}
    whole = tuple(f"第{e.row}行{e.column}：{e.text}" if e.column else e.text for e in found.errors if e.row not in numbers)
    wrong = {error.row for error in found.errors if error.row in numbers}
    lines: list[Line] = []
    for row in found.rows:
        if row.number not in wrong and len(lines) >= SHOWN:
            continue
        mine = [error for error in found.errors if error.row == row.number]
        cells = tuple(
            Cell(row.cells.get(column.key, ""), "；".join(e.text for e in mine if e.column == column.heads[0])) for column in kind.columns
        )
        rest = "；".join(e.text for e in mine if e.column not in heads)
        lines.append(Line(row.number, cells, rest, row.number in found.skipped))
    new = len(found.rows) - len(wrong) - len(found.skipped)
    return Shown(kind.name, heads, tuple(lines), whole, new, len(found.skipped), len(wrong), len(found.rows) - len(lines))
