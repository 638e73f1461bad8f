"""A year of the loop, played through the same acts as the pages, each on its own day and in the order of days."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from jizhi.cli.demo.texts import Matter
from jizhi.kernel.workdays import Calendar

LIMITS = {"立行立改": 3, "一般": 15, "较重": 30}  # the demo's own choices of 整改时限, within the regulation's caps


@dataclass(frozen=True)
class Turn:
    """One act: so many workdays after the one before, by whom (a key of the cast), which step and outcome."""

    gap: int
    who: str
    step: str
    outcome: str
    form: dict[str, Any] = field(default_factory=dict)
    opinion: str = ""
    limit_days: int = 0  # 整改时限 as natural days from the day of the act
    of_talk: bool = False  # an act of the 约谈 that the case started
    extend_days: int = 0  # 延期: 至, natural days from the day of the act


class Diary:
    """Events in the order of days; what lies after ``today`` has not happened yet."""

    def __init__(self, *, today: date, calendar: Calendar) -> None:
        self.today, self.calendar = today, calendar
        self._events: list[tuple[date, int, Callable[[date], None]]] = []
        self._order = itertools.count()

    def at(self, day: date, do: Callable[[date], None]) -> None:
        heapq.heappush(self._events, (day, next(self._order), do))

    def later(self, day: date, workdays: int) -> date:
        return self.calendar.after(day, workdays, "个工作日") if workdays else day

    def before(self, workdays: int) -> date:
        """The day that lies so many workdays before today."""
        day = self.today
        while workdays:
            day -= timedelta(days=1)
            workdays -= self.calendar.is_workday(day)
        return day

    def play(self) -> None:
        while self._events and self._events[0][0] <= self.today:
            day, _, do = heapq.heappop(self._events)
            do(day)


def loop(
    matter: Matter, kind: str, head: str, *, inspector: str = "inspector", other: str = "deputy", rechecker: str = "rechecker"
) -> Iterator[Turn]:
    """The turns of one finding. ``kind``: plain, reply, silent, failed, twice, stuck, unchecked, extended."""
    limit = LIMITS[matter.severity]
    yield Turn(0, inspector, "初步意见", "送达", opinion=f"现场看到：{matter.title}。")
    if kind == "silent":
        yield Turn(7, "system", "", "")
    elif kind == "reply" and matter.reply:
        yield Turn(2, head, "申辩", "有申辩", opinion=matter.reply)
        yield Turn(1, other, "答复", "部分采纳", opinion="所述情况属实的部分不计，其余认定不变，整改要求不变。")
    else:
        yield Turn(1, head, "申辩", "无意见", opinion="情况属实，接受整改。")
    yield Turn(1, "leader", "通报", "下达", opinion=f"按“{matter.severity}”问题限期整改。", limit_days=limit)
    if kind == "stuck":
        return
    if kind == "extended":
        yield Turn(1, "person", "延期", "申请", {"理由": "备件要从厂家调，两周后到货。"}, extend_days=limit + 7)
        yield Turn(1, "principal", "延期", "批准", opinion="同意，到货即办。")
    quick = 1 if matter.severity == "立行立改" else 5
    yield Turn(quick, "person", "整改", "完成", {"措施": matter.measure, "完成情况": "已按措施办完，现场可看。"})
    yield Turn(0, head, "申请销号", "申请", opinion="已自查，申请复查。")
    if kind == "unchecked":
        return
    fails = {"failed": 1, "twice": 2}.get(kind, 0)
    for count in range(fails):
        yield Turn(2, rechecker, "复查", "不通过", {"方法": ["看", "查"]}, opinion=("抽看仍有三处未改。", "仍有一处与上次相同。")[count])
        if count == 1:
            yield Turn(1, "principal", "约谈", "已谈", {"约谈要点": "说明两次未到位的原因，处室主任当面承诺完成时间。"}, of_talk=True)
        yield Turn(3, "person", "整改", "完成", {"措施": matter.measure, "完成情况": "未到位的几处已补齐。"})
        yield Turn(0, head, "申请销号", "申请", opinion="已逐处核对。")
    yield Turn(2, rechecker, "复查", "通过", {"方法": ["看", "查"]}, opinion="现场看过，问题已改，抽查一致。")
    yield Turn(1, "principal", "销号", "同意", opinion="同意销号。")
