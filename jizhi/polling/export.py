"""The result of a poll as a spreadsheet: exactly what its page shows, every cell text."""

from __future__ import annotations

from collections.abc import Iterable

from jizhi.polling.models import ItemKind, Poll, Result
from jizhi.polling.queries import Shown
from jizhi.ui.export import Sheet


def result_sheets(poll: Poll, result: Result, items: Iterable[Shown]) -> list[Sheet]:
    """A sheet of counts; written answers on a second one."""
    shown = list(items)
    sheets = [Sheet("结果", [poll.title], list(_lines(result, shown)))]
    if written := [(one.item.text, text) for one in shown for text in one.remarks]:
        sheets.append(Sheet("填写的内容", ("题目", "填写的内容"), written))
    return sheets


def _lines(result: Result, shown: list[Shown]) -> Iterable[list[str]]:
    figures = result.figures
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
