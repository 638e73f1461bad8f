"""Spreadsheets of what a page shows: every cell is text, nothing is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

from jizhi.supervision.queries.register import Column, Line

WIDEST = 48  # characters of a column


def workbook(columns: Sequence[Column], lines: Iterable[Line]) -> bytes:
    """One sheet with a head row that stays in sight."""
    target = BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, safe) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        sheet = book.add_worksheet("问题整改台账")
        sheet.write_row(0, 0, [column.head for column in columns], head)
        widths = [2 * len(column.head) + 2 for column in columns]
        for row, line in enumerate(lines, start=1):
            cells = [column.cell(line) for column in columns]
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell, text)
                widths[place] = max(widths[place], min(2 * len(cell) + 2, WIDEST))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
    return target.getvalue()
