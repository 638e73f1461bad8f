"""The result of a poll as a spreadsheet: exactly what its page shows, every cell text."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from jizhi.polling.models import ItemKind, Poll, Result
from jizhi.polling.queries import Shown

SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def result_workbook(poll: Poll, result: Result, items: Iterable[Shown]) -> bytes:
    """A sheet of counts; written answers on a second one."""
    target, shown = BytesIO(), list(items)
    with xlsxwriter.Workbook(target, SAFE) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet("结果")
        sheet.set_column(0, 0, 40)
        for row, cells in enumerate(_lines(poll, result, shown)):
            sheet.write_row(row, 0, cells, head if cells and cells[0] in ("题目", "对象") else None)
        written = [(one.item.text, text) for one in shown for text in one.remarks]
        if written:
            sheet = book.add_worksheet("填写的内容")
            sheet.set_column(0, 1, 48)
            for row, line in enumerate([("题目", "填写的内容"), *written]):
                sheet.write_row(row, 0, line, head if row == 0 else None)
    return target.getvalue()


def _lines(poll: Poll, result: Result, shown: list[Shown]) -> Iterable[list[str]]:
    figures = result.figures
    yield [poll.title]
    yield ["应到", str(figures["expected"]), "发出", str(figures["issued"]), "收回", str(figures["returned"])]
    if not result.enough:
        yield ["不足最低人数，不公布结果"]
        return
    for one in shown:
        if one.item.kind == ItemKind.TEXT:
            continue
        yield []
        yield ["对象" if one.outcome else "题目", *(bar.word for bar in one.bars), *(["有效", "得分"] if one.outcome else ["回答"])]
        tail = [str(one.outcome.valid), str(one.outcome.score)] if one.outcome else [str(one.answered)]
        yield [one.item.text, *(str(bar.count) for bar in one.bars), *tail]
        for group in one.groups:
            yield [f"　{group.name}", *map(str, group.counts), *(["", group.score] if one.outcome else [])]
