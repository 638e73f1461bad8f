"""Any list as a spreadsheet: the rows and columns that the page shows with the same address and ``as=xlsx``.

Every cell is text or a number, nothing is a formula. What leaves is written in the log: which list, which filter, how many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jizhi.access.middleware import ActingRequest
from jizhi.audit.actions import record

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 48  # characters of a column
MOST = 50_000  # rows of one table

Columns = Sequence[tuple[str, Callable[[Any], object]]]  # heading, and the cell of a row


def asked(request: ActingRequest) -> bool:
    """Whether the address asks for the list as a table."""
    return request.GET.get("as") == "xlsx"


@transaction.atomic
def table(request: ActingRequest, name: str, columns: Columns, rows: Iterable[Any]) -> HttpResponse:
    """The answer with the workbook. ``rows`` are those the page lists, whole and in its order; after MOST a last line says so."""
    content, count = workbook(name, columns, rows)
    filters = {key: value for key, value in request.GET.items() if key not in ("as", "after") and value}
    fields = {"表": name, "行数": count, "列": [head for head, _ in columns], "条件": filters}
    record("ui.export_list", None, by=request.actor, label=f"导出{name}{count}行", fields=fields)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    return answer


def workbook(name: str, columns: Columns, rows: Iterable[Any]) -> tuple[bytes, int]:
    """One sheet with a head row that stays in sight, and how many rows it has."""
    target, count = BytesIO(), 0
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, safe) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        number = book.add_format({"valign": "top"})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        sheet = book.add_worksheet(name[:31])
        sheet.write_row(0, 0, [one for one, _ in columns], head)
        widths = [2 * len(one) + 2 for one, _ in columns]
        for row in rows:
            count += 1
            if count > MOST:
                count = MOST
                sheet.write_string(MOST + 1, 0, f"只导出了前 {MOST} 行，请加条件分几次导出", text)
                break
            for place, (_, cell) in enumerate(columns):
                value = cell(row)
                if isinstance(value, int | Decimal) and not isinstance(value, bool):
                    sheet.write_number(count, place, value, number)
                    continue
                words = _words(value)
                sheet.write_string(count, place, words, text)
                widths[place] = max(widths[place], min(2 * len(words) + 2, WIDEST))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
    return target.getvalue(), count


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
