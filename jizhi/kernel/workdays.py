"""Natural days and workdays with China's adjusted workdays. Day one is not counted."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

LATER_YEARS = Path(__file__).parent / "calendar.yaml"
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Loaded years of statutory rest days and adjusted workdays; beyond them answers are predicted (周末 only)."""

    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    last_year: int = 0

    def is_workday(self, day: date) -> bool:
        return day in self.work or (day.weekday() < SATURDAY and day not in self.rest)

    def predicted(self, day: date) -> bool:
        """Whether the day lies beyond the loaded years (shown as 预计)."""
        return day.year > self.last_year

    def after(self, day: date, count: int, unit: str, *, roll: bool = True) -> date:
        """The last day of a period that begins the day after ``day`` (民法典 200–204): 日, 个工作日, 周, 个月, 年.
        ``roll`` moves a last day that is a rest day to the next workday."""
        match unit:
            case "日":
                last = day + timedelta(days=count)
            case "周":
                last = day + timedelta(weeks=count)
            case "个月":
                last = _months_after(day, count)
            case "年":
                last = _months_after(day, 12 * count)
            case "个工作日":
                last = day
                for _ in range(count):
                    last = self._workday_from(last + timedelta(days=1))
            case _:
                raise ValueError(f"unknown unit of time: {unit}")
        return self._workday_from(last) if roll else last

    def workdays_between(self, start: date, end: date) -> int:
        """Workdays after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def _workday_from(self, day: date) -> date:
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day


def _months_after(day: date, count: int) -> date:
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@cache
def china() -> Calendar:
    """The years that chinesecalendar knows, plus calendar.yaml beside this file for later ones."""
    from chinese_calendar import constants

    rest, work = set(constants.holidays), set(constants.workdays)
    last_year = max(day.year for day in rest)
    for year, days in _later_years().items():
        rest |= days["休"]
        work |= days["班"]
        last_year = max(last_year, year)
    return Calendar(frozenset(rest), frozenset(work), last_year)


def _later_years() -> dict[int, dict[str, set[date]]]:
    """``{2027: {休: [2027-01-01, …], 班: [2027-02-07, …]}}``: the State Council's yearly notice."""
    from ruamel.yaml import YAML

    if not LATER_YEARS.exists():
        return {}
    years = YAML(typ="safe", pure=True).load(LATER_YEARS.read_text(encoding="utf-8")) or {}
    return {int(year): {kind: set(days.get(kind) or []) for kind in ("休", "班")} for year, days in years.items()}
