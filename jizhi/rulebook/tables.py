"""Spreadsheets as people send them: CSV (UTF-8 or GBK, with or without BOM) and XLSX, read into named columns."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO
from xml.etree import ElementTree

from jizhi.kernel.workbook import TooLarge, all_sheets

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 200_000


@dataclass(frozen=True)
class Problem:
    """What is wrong in a table; ``row`` and ``column`` count from 1 as the spreadsheet shows them, None: not at one place."""

    row: int | None
    column: int | None
    text: str

    def __str__(self) -> str:
        place = (f"第 {self.row} 行" if self.row else "") + (f"第 {self.column} 列" if self.column else "")
        return f"{place}：{self.text}" if place else self.text


@dataclass(frozen=True)
class Line:
    """One row of data: ``cells`` by column name, already trimmed; ``row`` is its number in the file."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """``places`` gives each column's number from 1."""

    places: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()


Grid = list[tuple[int, list[str]]]  # (row number, cells)
NO_VALUE = "\ufffd"  # stands for a cell whose formula gave an error or was never worked out: it must not pass for empty


class _UnreadableError(Exception):
    pass


def read_workbook(data: bytes) -> tuple[Mapping[str, Grid], str]:
    """Every filled sheet of a workbook by its name, and why it cannot be opened (else empty)."""
    if len(data) > MOST_BYTES:
        return {}, f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请拆开后再导入"
    if not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return {}, "要用 XLSX 工作簿，每张表一个工作表"
    try:
        return {_name(name): grid for name, grid in _named_sheets(data) if grid}, ""
    except _UnreadableError as error:
        return {}, str(error)


def read_grid(grid: Grid, *, columns: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """One sheet as a table; ``optional`` columns may be missing and are empty then. A head without rows is an empty table."""
    try:
        present = [name for name in optional if name in {_name(cell) for cell in grid[0][1]}]
        table = _table(grid, [*columns, *present], [*columns, *optional])
    except _UnreadableError as error:
        return Table(problems=(Problem(None, None, str(error)),))
    if len(grid) == 1 and len(table.problems) == 1 and table.problems[0].column is None and set(columns) <= set(table.places):
        return Table(table.places)
    lacking = [name for name in optional if name not in present]
    return Table(table.places, tuple(Line(one.row, {**one.cells, **dict.fromkeys(lacking, "")}) for one in table.lines), table.problems)


def read_table(data: bytes, *, columns: Sequence[str]) -> Table:
    """The table whose first filled row names exactly these columns, in any order; everything wrong with it, all at once.

    Of a workbook's sheets the one that has the columns is taken, else the first that holds anything.
    """
    try:
        return _table(_chosen(data, columns), columns)
    except _UnreadableError as error:
        return Table(problems=(Problem(None, None, str(error)),))


def _chosen(data: bytes, columns: Sequence[str]) -> Grid:
    if len(data) > MOST_BYTES:
        raise _UnreadableError(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请拆开后再导入")
    if not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return list(_csv(_decoded(data)))
    grids = [grid for grid in _sheets(data) if grid]
    fitting = [grid for grid in grids if set(columns) <= {_name(cell) for cell in grid[0][1]}]
    if len(fitting) > 1:
        raise _UnreadableError("有两张以上的工作表都有这些列，请只保留一张")
    if not grids:
        raise _UnreadableError("文件是空的")
    return (fitting or grids)[0]


def _decoded(data: bytes) -> str:
    """UTF-8 where it is valid, else GBK, which Excel writes on Chinese Windows."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _UnreadableError("文件的编码不认识，请另存为“CSV UTF-8”或 XLSX 后再试")


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip().partition("\n")[0]
    delimiter = next((mark for mark in (",", "\t", ";") if mark in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 1
    try:
        for cells in reader:
            if len(cells) and any(cell.strip() for cell in cells):
                yield row, cells
            row = reader.line_num + 1
    except csv.Error:
        raise _UnreadableError(f"第 {row} 行起引号没有配对，或者有不能读的字符，请检查")


def _sheets(data: bytes) -> list[Grid]:
    return [grid for _, grid in _named_sheets(data)]


def _named_sheets(data: bytes) -> list[tuple[str, Grid]]:
    try:
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                    raise _UnreadableError("文件解开后太大，请拆开后再导入")
        sheets = all_sheets(data)
        broken = _without_value(data) if data.startswith(b"PK") else {}
        return [(name, _grid(rows, broken.get(name, ()))) for name, rows in sheets]
    except TooLarge:
        raise _UnreadableError("文件解开后太大，请拆开后再导入")
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError, ValueError):
        raise _UnreadableError("打不开这个文件，请另存为 XLSX 或 CSV 后再试")


def _without_value(data: bytes) -> dict[str, list[tuple[int, int]]]:
    """By sheet, the (row, column) of cells that hold an error or a formula without its value; calamine gives both as empty."""
    found: dict[str, list[tuple[int, int]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (expat bounds entities)
        targets = {one.get("Id"): one.get("Target", "") for one in relations}
        for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
            target = targets.get(next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if sheet.tag.endswith("}sheet") and path in archive.namelist() and _may_break(archive, path):
                with archive.open(path) as file:
                    found[sheet.get("name", "")] = list(_broken_cells(file))
    return found


def _may_break(archive: zipfile.ZipFile, path: str) -> bool:
    """Whether a sheet holds any formula or error at all; most do not, and a large one is read twice as fast without looking."""
    tail = b""
    with archive.open(path) as file:
        while chunk := file.read(1 << 20):
            if b"<f" in (seen := tail + chunk) or b't="e"' in seen or b"t='e'" in seen or b":f" in seen:
                return True
            tail = chunk[-8:]
    return False


def _broken_cells(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    for _, cell in ElementTree.iterparse(file):  # noqa: S314
        if not cell.tag.endswith("}c"):
            continue
        parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
        place = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", ""))
        if place and (cell.get("t") == "e" or ("f" in parts and not parts.get("v") and cell.get("t") != "str")):
            column = 0
            for letter in place[1]:
                column = column * 26 + ord(letter) - 64
            yield int(place[2]), column
        cell.clear()


def _grid(rows: Sequence[Sequence[object]], broken: Sequence[tuple[int, int]]) -> Grid:
    texts = {number: [_text(cell) for cell in row] for number, row in enumerate(rows, start=1)}
    for row, column in broken:
        cells = texts.setdefault(row, [])
        cells.extend([""] * (column - len(cells)))
        cells[column - 1] = NO_VALUE
    return [(number, cells) for number, cells in sorted(texts.items()) if any(cells)]


def _text(cell: object) -> str:
    """A cell as it is read on the screen; a whole number has no point, and 15 digits count, as in Excel."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, date | datetime | time | timedelta):
        return cell.isoformat() if isinstance(cell, date | time) else str(cell)
    return "" if cell is None else str(cell).strip()


def _name(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split())


def _table(grid: Grid, columns: Sequence[str], known: Sequence[str] = ()) -> Table:
    if not grid:
        raise _UnreadableError("文件是空的")
    if len(grid) > MOST_ROWS:
        raise _UnreadableError(f"超过 {MOST_ROWS} 行，请拆开后再导入")
    head_row, head = grid[0]
    names = [_name(cell) for cell in head]
    problems = list(_head_problems(head_row, names, columns, grid[1:], known or columns))
    places = {name: names.index(name) + 1 for name in columns if name in names}
    if problems:
        return Table(places, problems=tuple(problems))
    lines = []
    for row, cells in grid[1:]:
        for at, cell in enumerate(cells[: len(names)], 1):
            if cell == NO_VALUE:
                problems.append(Problem(row, at, "这一格的公式出错或没有算出数，请在表格软件里改好、保存后再试"))
        for at, cell in enumerate(cells[len(names) :], len(names) + 1):
            if cell.strip():
                problems.append(Problem(row, at, f"“{cell.strip()}”超出了表头的列"))
        lines.append(Line(row, {name: cells[at - 1].strip() if at <= len(cells) else "" for name, at in places.items()}))
    if not lines:
        problems.append(Problem(head_row, None, "只有表头，没有数据"))
    return Table(places, tuple(lines), tuple(problems))


def _head_problems(row: int, names: Sequence[str], columns: Sequence[str], body: Grid, known: Sequence[str]) -> Iterator[Problem]:
    for at, name in enumerate(names, start=1):
        if name and name not in columns:
            yield Problem(row, at, f"不认识的列“{name}”；只能有{'、'.join(known)}这 {len(known)} 列")
        elif name and name in names[: at - 1]:
            yield Problem(row, at, f"“{name}”这一列重复，已在第 {names.index(name) + 1} 列")
        elif not name and any(len(cells) >= at and cells[at - 1].strip() for _, cells in body):
            yield Problem(row, at, "这一列有内容但没有列名")
    for name in columns:
        if name not in names:
            yield Problem(row, None, f"缺少“{name}”这一列；表头在第 {row} 行，须有{'、'.join(columns)}")
