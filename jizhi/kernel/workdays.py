"""Natural days and workdays with China's adjusted workdays. Day one is not counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Calendar:
    """Loaded years of statutory rest days and adjusted workdays; beyond them answers are predicted (周末 only)."""

    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    last_year: int = 0

    def is_workday(self, day: date) -> bool:
        raise NotImplementedError

    def predicted(self, day: date) -> bool:
        """Whether the day lies beyond the loaded years (shown as 预计)."""
        raise NotImplementedError

    def after(self, day: date, count: int, unit: str, *, roll: bool = True) -> date:
        """The last day of a period that begins the day after ``day`` (民法典 200–204): 日, 个工作日, 周, 个月, 年.
        ``roll`` moves a last day that is a rest day to the next workday."""
        raise NotImplementedError

    def workdays_between(self, start: date, end: date) -> int:
        """Workdays after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        raise NotImplementedError


def china() -> Calendar:
    """The years that chinesecalendar knows, plus jizhi/library/calendar.yaml for later ones."""
    raise NotImplementedError
