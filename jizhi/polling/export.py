"""A poll as spreadsheets: its result, its roll, named answers; exactly what their pages show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jizhi.polling.models import ItemKind, Poll, Result, RollEntry
from jizhi.polling.queries import Panel, answer_words, named_answers
from jizhi.ui.export import Columns, Sheet


def result_sheets(poll: Poll, result: Result, panels: Sequence[Panel]) -> list[Sheet]:
    """A sheet of counts; written answers on a second one; who answered what, where the questionnaire was named."""
    sheets = [Sheet("结果", [poll.title], list(_lines(result, panels)))]
    if written := [(panel.text, text) for panel in panels for text in panel.one.remarks]:
        sheets.append(Sheet("填写的内容", ("题目", "填写的内容"), written))
    if poll.named:
        sheets.append(named_sheet(poll))
    return sheets


def named_sheet(poll: Poll) -> Sheet:
    """Who answered what in a named questionnaire, once it is closed."""
    items = list(poll.items.all())
    heads = ["编号", "姓名", "组别", "方式", *(item.text for item in items)]
    return Sheet("实名答卷", heads, [[*_who(one.entry), *answer_words(poll, items, one)] for one in named_answers(poll)])


def _who(entry: RollEntry) -> list[str]:
    return [entry.number, entry.name, entry.group, entry.get_channel_display()]


def roll_columns(poll: Poll) -> Columns:
    """Whom and what he was handed, never when and nothing of the ballot."""
    return (
        ("姓名", lambda entry: entry.name),
        ("编号", lambda entry: entry.number),
        ("组别", lambda entry: entry.group),
        ("单位或村组", lambda entry: entry.note),
        ("发出", lambda entry: entry.get_channel_display() or ("" if poll.is_draft else "未发")),
    )


def _lines(result: Result, panels: Sequence[Panel]) -> Iterable[list[str]]:
    figures = result.figures
    yield ["应到", str(figures["expected"]), "发出", str(figures["issued"]), "收回", str(figures["returned"])]
    if not result.enough:
        yield ["不足最低人数，不公布结果"]
        return
    for panel in panels:
        if panel.one.item.kind == ItemKind.TEXT:
            continue
        yield []
        yield ["对象" if panel.outcome else "题目", *panel.words, *(["有效", "得分"] if panel.outcome else ["回答"])]
        for one in panel.items:
            tail = [str(one.outcome.valid), str(one.outcome.score)] if one.outcome else [str(one.answered)]
            yield [str(one.item), *(str(bar.count) for bar in one.bars), *tail]
            for group in one.groups:
                yield [f"　{group.name}", *map(str, group.counts), *(["", group.score] if one.outcome else [])]
        if panel.has_aspects and panel.outcome:
            counts = (str(panel.outcome.counts.get(word, 0)) for word in panel.words)
            yield [f"{panel.text}：各项合计", *counts, str(panel.outcome.valid), str(panel.outcome.score)]
