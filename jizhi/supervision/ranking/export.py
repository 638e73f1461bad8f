"""A ranking as a spreadsheet: the rows and reasons that the page shows, every cell text, nothing a formula."""

from __future__ import annotations

from collections.abc import Sequence

from jizhi.supervision.ranking.queries import Row, derivation
from jizhi.ui.export import Sheet

HEADS = ("名次", "处室", "得分", "等级", "评分误差", "与上一名的理由", "提示", "评分", "申诉")
LINES = ("处室", "指标", "代号", "满分", "得分", "怎么来的")
NOTE = (
    "本表由系统导出，内容与导出人在页面上看到的相同。",
    "评分误差是评分人均值的标准误的两倍；相邻两名差距小于评分误差的，在“提示”里注明。",
    "总分只在最后四舍五入一次。",
)


def ranking_sheets(title: str, rows: Sequence[Row]) -> list[Sheet]:
    """说明, 名次 and 得分来历."""
    lines = [[row.place.name, *_line(line)] for row in rows for line in derivation(row.place).lines]
    return [
        Sheet("说明", [title], [[note] for note in NOTE]),
        Sheet("名次", HEADS, [_place(row) for row in rows]),
        Sheet("得分来历", LINES, lines),
    ]


def _place(row: Row) -> list[str]:
    place = row.place
    reason = row.reason or place.decided_by
    return [str(place.rank or "不排名"), place.name, row.score, place.grade, row.margin, reason, row.flag, row.remark, row.status[1]]


def _line(line: dict[str, object]) -> list[str]:
    score = line["score"]
    return [str(line["name"]), str(line["code"]), str(line["full"]), "不适用" if score is None else str(score), str(line["how"])]
