"""Units, people and posts from spreadsheets: what the columns are and what is wrong with each row. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import xlsxwriter

from jizhi.kernel.workbook import TooLarge, first_sheet
from jizhi.org.models import Level

LARGEST, MOST_ROWS = 5 * 1024 * 1024, 5000  # at one look; more goes in part by part
LARGEST_STAGED, MOST_STAGED = 40 * 1024 * 1024, 300_000
YES, NO = ("是", "1", "Y", "y"), ("否", "0", "N", "n", "")


@dataclass(frozen=True)
class Column:
    """A column by its key; ``heads`` are the headings taken for it, the first is what we write."""

    key: str
    heads: tuple[str, ...]
    required: bool = True
    unique: bool = False
    most: int = 80  # characters
    kind: str = "text"  # text | day | yes | tail


@dataclass(frozen=True)
class Kind:
    """A table that can be imported."""

    name: str
    columns: tuple[Column, ...]
    levels: Mapping[str, str] = field(default_factory=dict)  # what stands in 层级, and the level it is
    others: bool = False  # columns that are not ours are left alone (files of other programs)


CODE = Column("code", ("代码", "code"), unique=True, most=20)
NAME = Column("name", ("名称", "name"))
UNIT = Column("unit", ("单位代码", "unit"), most=20)
KINDS: Mapping[str, Kind] = {
    "divisions": Kind(
        "行政区划",
        (CODE, NAME, Column("level", ("层级", "level")), Column("parent", ("上级代码", "parent"), required=False, most=20)),
        {"province": "province", "city": "city", "county": "county", "township": "town", "village": "village"},
    ),
    "schools": Kind(
        "学校和处室",
        (
            CODE, NAME, Column("short", ("简称",), required=False, most=20), Column("level", ("层级", "level")),
            Column("parent", ("上级代码", "parent"), most=20),
        ),
        {str(level.label): level.value for level in (Level.SCHOOL, Level.CAMPUS, Level.DEPARTMENT, Level.OFFICE)},
    ),
    "people": Kind(
        "人员",
        (
            Column("number", ("工号",), unique=True, most=30), Column("name", ("姓名",), most=40), UNIT,
            Column("phone_tail", ("电话尾号",), required=False, kind="tail"),
            Column("household", ("户号",), required=False, most=30), Column("group", ("村民组",), required=False, most=30),
            Column("born", ("出生日期",), required=False, kind="day"),
        ),
    ),
    "posts": Kind(
        "任职",
        (
            Column("number", ("工号",), most=30), Column("title", ("职务",), most=40), UNIT,
            Column("head", ("主持工作",), required=False, kind="yes"), Column("since", ("任职日期",), kind="day"),
            Column("until", ("任期至",), required=False, kind="day"),
        ),
    ),
    "roll": Kind(
        "名册",
        (
            Column("number", ("编号",), unique=True, most=30), Column("name", ("姓名",), most=40),
            Column("group", ("组别",), required=False, most=20), Column("note", ("单位或村组",), required=False, most=40),
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class RowError:
    """One wrong cell: the row as the spreadsheet counts it, the column's heading ("" for the whole row), the sentence."""

    row: int
    column: str
    text: str


@dataclass(frozen=True)
class Row:
    number: int  # as the spreadsheet counts it
    cells: Mapping[str, str]  # column key → text
    made: dict[str, str] = field(default_factory=dict, compare=False)  # what checking worked out


@dataclass(frozen=True)
class Preview:
    """What an import would do. ``skipped`` rows are there already, word for word."""

    kind: str
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]
    digest: str  # SHA-256 of the file
    skipped: frozenset[int] = frozenset()

    @property
    def ok(self) -> bool:
        return not self.errors and bool(self.rows)


def parsed(kind: str, content: bytes, *, most: int = MOST_ROWS) -> Preview:
    """The rows, at most so many, with everything that is wrong in the file itself."""
    return parsed_as(KINDS[kind], content, kind=kind, most=most)


def parsed_as(spec: Kind, content: bytes, *, kind: str = "", most: int = MOST_ROWS) -> Preview:
    """The same for a table that another room declares."""
    digest = hashlib.sha256(content).hexdigest()
    table, problem = _table(content, most)
    if problem:
        return Preview(kind, (), (RowError(1, "", problem),), digest)
    places, errors = _heads(spec, table[0])
    rows = tuple(
        Row(number, {column.key: line[at] if at < len(line) else "" for column, at in places})
        for number, line in enumerate(table[1:], start=2)
        if any(line)
    )
    if not errors and not rows:
        errors.append(RowError(1, "", "表格里没有数据行"))
    if not errors:
        errors = [error for row in rows for error in _cell_errors(spec, row)] + _repeated(spec, rows)
    return Preview(kind, rows, tuple(sorted(errors, key=lambda e: e.row)), digest)


def day_of(text: str) -> date | None:
    """2025-09-01, 2025/9/1, 2025年9月1日 or 20250901; None when it is no date."""
    numbers = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", text)
    try:
        return date(*map(int, numbers.groups())) if numbers else None
    except ValueError:
        return None


def error_workbook(preview: Preview, spec: Kind | None = None) -> bytes:
    """The rows as they came, wrong cells red, with the reasons in a last column: to correct and hand in again."""
    spec, out = spec or KINDS[preview.kind], io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        sheet, bold, red = book.add_worksheet(spec.name), book.add_format({"bold": True}), book.add_format({"bg_color": "#F7C9C4"})
        heads = [column.heads[0] for column in spec.columns]
        sheet.write_row(0, 0, [*heads, "错误原因"], bold)
        sheet.set_column(0, len(heads), 16)
        sheet.set_column(len(heads), len(heads), 60)
        shown = [Row(1, {}), *preview.rows] if any(error.row == 1 for error in preview.errors) else preview.rows
        for line, row in enumerate(shown, start=1):
            wrong = [error for error in preview.errors if error.row == row.number]
            for at, column in enumerate(spec.columns):
                bad = any(error.column in (column.heads[0], "") for error in wrong)
                sheet.write_string(line, at, row.cells.get(column.key, ""), red if bad else None)
            sheet.write_string(line, len(heads), "；".join(error.text for error in wrong))
    return out.getvalue()


def template_workbook(kind: str, spec: Kind | None = None) -> bytes:
    """An empty table with the headings."""
    return error_workbook(Preview(kind, (), (), ""), spec)


def is_large(kind: str, content: bytes) -> bool:
    """Whether it is too much for one look and goes in part by part."""
    return kind == "people" and (len(content) > LARGEST or len(_table(content, MOST_STAGED)[0]) > MOST_ROWS + 1)


def _table(content: bytes, most: int) -> tuple[list[list[str]], str | None]:
    """All cells of the first sheet as text, and why there are none."""
    if len(content) > (LARGEST if most <= MOST_ROWS else LARGEST_STAGED):
        return [], f"文件超过{(LARGEST if most <= MOST_ROWS else LARGEST_STAGED) // 1024 // 1024}MB，请分几次导入"
    try:
        if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            lines: list[list[Any]] = first_sheet(content)
        else:
            lines = list(csv.reader(io.StringIO(_decoded(content))))
    except TooLarge:
        return [], "这个表格展开以后太大，请只留下要导入的行和列，另存以后再导入"
    except (csv.Error, UnicodeDecodeError, ValueError):
        return [], "打不开这个文件，请另存为xlsx或者csv格式再导入"
    if not lines:
        return [], "文件是空的"
    if len(lines) > most + 1:
        return [], f"一次最多导入{most}行，这个表有{len(lines) - 1}行"
    return [[_text(cell) for cell in line] for line in lines], None


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise ValueError("binary")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")  # what Excel in China saves as CSV


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # spreadsheets keep codes as numbers
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _heads(spec: Kind, line: Sequence[str]) -> tuple[list[tuple[Column, int]], list[RowError]]:
    """Where each column is; unknown, repeated and missing headings are errors, for a misspelt one would lose its data."""
    found: dict[str, int] = {}
    errors = []
    for at, head in enumerate(line):
        column = next((c for c in spec.columns if head in c.heads), None)
        if head and head != "错误原因" and column is None and not spec.others:
            errors.append(RowError(1, head, f"没有“{head}”这一列，可以有：{'、'.join(c.heads[0] for c in spec.columns)}"))
        elif column and column.key in found:
            errors.append(RowError(1, head, f"“{head}”这一列出现了两次"))
        elif column:
            found[column.key] = at
    missing = [c for c in spec.columns if c.required and c.key not in found]
    errors += [RowError(1, c.heads[0], f"缺少“{c.heads[0]}”这一列") for c in missing]
    return [(c, found[c.key]) for c in spec.columns if c.key in found], errors


def _cell_errors(spec: Kind, row: Row) -> list[RowError]:
    errors = []
    for column in spec.columns:
        text, head = row.cells.get(column.key, ""), column.heads[0]
        why = None
        if not text:
            why = f"“{head}”没有填" if column.required else None
        elif len(text) > column.most:
            why = f"“{head}”最多{column.most}个字，现有{len(text)}个"
        elif column.key == "level" and text not in spec.levels:
            why = f"没有“{text}”这个层级，可以填：{'、'.join(spec.levels)}"
        elif column.kind == "day" and day_of(text) is None:
            why = f"“{text}”不是日期，请写成2025-09-01的样子"
        elif column.kind == "yes" and text not in (*YES, *NO):
            why = f"“{head}”请填是或者否"
        elif column.kind == "tail" and not re.fullmatch(r"[0-9]{4}", text):
            why = "电话尾号是四位数字"
        if why:
            errors.append(RowError(row.number, head, why))
    return errors


def _repeated(spec: Kind, rows: Sequence[Row]) -> list[RowError]:
    errors = []
    for column in (c for c in spec.columns if c.unique):
        first: dict[str, int] = {}
        for row in rows:
            text = row.cells.get(column.key, "")
            if text and first.setdefault(text, row.number) != row.number:
                errors.append(RowError(row.number, column.heads[0], f"{text}与第{first[text]}行重复"))
    return errors
