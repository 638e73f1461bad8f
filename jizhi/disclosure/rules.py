"""How a notice is counted for its readers, and how much one sender may send. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MOST_A_DAY = 20  # from one address: a whole village hall may stand behind it
FILES_A_DAY = 100  # spreadsheets to one address
LONGEST_BAR = 16  # days drawn one by one
WEEKDAYS = "一二三四五六日"
NOTICE, RECEIPT = "公示", "收据"
# kinds in the order of a place's page, with the word in the address
SECTIONS = (("notice", NOTICE), ("decision", "决定"), ("accounts", "收支"), ("effect", "成效"), ("stars", "星级"))
KINDS = dict(SECTIONS)
SUGGESTION, REPORT = "意见建议", "举报"
WEBSITE = "网站"
CHANNELS = ("书面", "电话", "现场")
FRAME = frozenset(("公示事项", "依据", "更正", "公示期", "公示单位"))  # what every notice says
LONGEST_GIST = 60


@dataclass(frozen=True)
class Cell:
    """One day of the day bar."""

    day: date
    state: str  # zero the day of posting, past, today, ahead
    count: int

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]


def day_bar(posted_on: date, until: date, today: date) -> list[Cell]:
    """The day of posting, which does not count, and every day up to the last full one; nothing when there are too many."""
    length = (until - posted_on).days
    if not 0 < length <= LONGEST_BAR:
        return []
    return [Cell(day, _state(n, day, today), n) for n in range(length + 1) if (day := posted_on + timedelta(n))]


def _state(count: int, day: date, today: date) -> str:
    if count == 0:
        return "zero"
    return "today" if day == today else "past" if day < today else "ahead"


def days_left(until: date, today: date) -> str:
    """公示中，还有 4 天; 今天是最后一天; 公示已期满."""
    left = (until - today).days
    return "公示已期满" if left < 0 else "公示中，今天是最后一天" if left == 0 else f"公示中，还有 {left} 天"


def gist(fields: Sequence[Sequence[str]]) -> str:
    """What tells one notice from the next of the same title, in a list: 困难帮扶，1,200.00 元. Nothing that is masked."""
    words = "，".join(text for name, text in fields if name not in FRAME and "*" not in text)
    return words if len(words) <= LONGEST_GIST else f"{words[:LONGEST_GIST]}…"
