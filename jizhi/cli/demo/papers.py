"""The demo's briefs: one for each month with records, the newest still waiting for the principal."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from jizhi.cli.demo.cast import Cast
from jizhi.cli.demo.year import Diary
from jizhi.procedure.actions import act
from jizhi.supervision.brief.actions import draft_brief
from jizhi.supervision.queries.people import period_of

AGO = (300, 225, 150, 60, 3)  # days before today


class Papers:
    """Plans the briefs of one school."""

    def __init__(self, cast: Cast, diary: Diary) -> None:
        self.cast, self.diary = cast, diary

    def plan(self) -> None:
        today = self.diary.today
        for ago in AGO:
            day = min(self.diary.later(today - timedelta(days=ago + 1), 1), today)
            self.diary.at(day, self._brief)

    def _brief(self, day: date) -> None:
        since = day - timedelta(days=45)
        title = f"关于{day.month}月校级督导情况的通报"
        by = self.cast.actor("inspector", today=day)
        brief = draft_brief(self.cast.unit, title=title, period=period_of(self.cast.unit, day), since=since, until=day, by=by, today=day)
        steps = (("inspector", "起草", "送审"), ("leader", "审核", "同意"), ("principal", "签发", "同意"))
        at = day
        for gap, (who, step, outcome) in enumerate(steps):
            at = self.diary.later(at, 1 if gap else 0)
            self.diary.at(at, partial(self._take, brief.case_id, who, step, outcome))

    def _take(self, case: int, who: str, step: str, outcome: str, day: date) -> None:
        act(case, step, outcome, {}, by=self.cast.actor(who, today=day), today=day, opinion="同意。" if outcome == "同意" else "")
