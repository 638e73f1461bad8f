"""Whatever leaves as a file: any list as a spreadsheet of the rows and columns that its page shows (``as=xlsx``), and files sent.

Every cell is text or a number, nothing is a formula. What leaves is written in the log: which list, which filter, how many rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from jizhi.access.middleware import ActingRequest
from jizhi.audit.actions import record

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 48  # characters of a column
MOST = 50_000  # rows of one table
YUAN = "（元）"  # how the heading of a column of money ends
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet

Columns = Sequence[tuple[str, Callable[[Any], object]]]  # heading, and the cell of a row


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; its head row stays in sight."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]


def asked(request: HttpRequest) -> bool:
    """Whether the address asks for the list as a table."""
    return request.GET.get("as") == "xlsx"


def table(request: ActingRequest, name: str, columns: Columns, rows: Iterable[Any]) -> HttpResponse:
    """The answer with the workbook. ``rows`` are those the page lists, whole and in its order; after MOST a last line says so."""
    return book(request, name, [sheet(name, columns, rows)])


def sheet(name: str, columns: Columns, rows: Iterable[Any], most: int = MOST) -> Sheet:
    lines: list[Sequence[object]] = [[cell(row) for _, cell in columns] for row in islice(rows, most + 1)]
    if len(lines) > most:
        lines[most] = [f"只导出了前 {most} 行，请加条件分几次导出"]
    return Sheet(name, [head for head, _ in columns], lines)


@transaction.atomic
def book(request: ActingRequest, name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    """Several sheets as one file. The log keeps what left, not its rows."""
    given = {key: str(value).replace("\x00", "") for key, value in request.GET.items()}  # which PostgreSQL refuses
    filters = {key.replace("\x00", ""): value for key, value in given.items() if key not in ("as", "after") and value}
    count = sum(len(sheet.rows) for sheet in sheets)
    fields = {"表": name, "行数": count, "列": [head for sheet in sheets for head in sheet.heads], "条件": filters}
    record("ui.export_list", None, by=request.actor, label=f"导出{name}{count}行", fields=fields)
    return sent(workbook(sheets), f"{name}.xlsx")


def sent(content: bytes | str, name: str, mime: str = XLSX) -> HttpResponse:
    """A file to be saved under a name, which may be Chinese."""
    return HttpResponse(content, content_type=mime, headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"})


def workbook(sheets: Iterable[Sheet]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, SAFE) as out:
        shapes = {
            "text": out.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "number": out.add_format({"valign": "top"}),
            "money": out.add_format({"num_format": "#,##0.00", "valign": "top"}),
            "head": out.add_format({"num_format": "@", "bold": True, "bottom": 1}),
        }
        for one in sheets:
            _write(out.add_worksheet(FORBIDDEN.sub("", one.name)[:31]), one, shapes)
    return target.getvalue()


def _write(sheet: Any, one: Sheet, shapes: Mapping[str, object]) -> None:
    sheet.write_row(0, 0, one.heads, shapes["head"])
    widths = [2 * len(name) + 2 for name in one.heads]
    money = {place for place, name in enumerate(one.heads) if name.endswith(YUAN)}
    for at, row in enumerate(one.rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                sheet.write_number(at, place, value, shapes["money" if place in money else "number"])
                continue
            words = _words(value)
            sheet.write_string(at, place, words, shapes["text"])
            if place < len(widths):
                widths[place] = max(widths[place], min(2 * len(words) + 2, WIDEST))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
