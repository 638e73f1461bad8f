"""按期销号率: of what fell due in a month, the share that was put right in time and closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jizhi.access.actor import Actor
from jizhi.procedure.models import Act, Case
from jizhi.supervision.queries.register import CLOSED, register

FORMULA = "口径：整改时限当月到期的问题中，最后一次申请销号没有超过时限并已销号的，除以到期的全部问题；不予认定的不计"
NOTICE, LIMIT, APPLY = "通报", "整改时限", "申请销号"
MONTHS = 6


@dataclass(frozen=True)
class Due:
    """One finding whose time limit is over."""

    case_id: int
    title: str
    number: str
    limit: date
    applied: date | None
    end: str

    @property
    def in_time(self) -> bool:
        return self.end == CLOSED and self.applied is not None and self.applied <= self.limit


@dataclass(frozen=True)
class Month:
    first: date
    due: int
    kept: int

    @property
    def share(self) -> int | None:
        """Whole per cent; None where nothing fell due."""
        return round(100 * self.kept / self.due) if self.due else None


@dataclass(frozen=True)
class Rate:
    """The months up to this one, and the drawing of them in a box of 328 × 128."""

    months: tuple[Month, ...]

    @property
    def now(self) -> Month:
        return self.months[-1]

    @property
    def points(self) -> list[tuple[int, int, Month]]:
        """x, y and the month, of those with something due."""
        return [(20 + 58 * n, _y(month.share), month) for n, month in enumerate(self.months) if month.share is not None]

    @property
    def line(self) -> str:
        return " ".join(f"{x},{y}" for x, y, _ in self.points)

    @property
    def labels(self) -> list[tuple[int, str]]:
        return [(20 + 58 * n, f"{month.first.month}月") for n, month in enumerate(self.months)]

    @property
    def words(self) -> str:
        return "、".join(f"{m.first.month}月{'没有到期的' if m.share is None else f'{m.share}%'}" for m in self.months)


def rate_of(actor: Actor, *, today: date) -> Rate:
    firsts = [_months_before(today.replace(day=1), back) for back in reversed(range(MONTHS))]
    rows = due_list(actor, since=firsts[0], today=today)
    return Rate(tuple(_month(first, rows) for first in firsts))


def due_list(actor: Actor, *, since: date, today: date) -> list[Due]:
    """What fell due from a month on, in two queries; a limit of today is not over yet unless the matter is closed."""
    cases = register(actor, today=today).exclude(end="不予认定")
    acts = Act.objects.filter(case__in=cases.order_by().values("pk"), step__in=(NOTICE, APPLY), by__isnull=False).order_by("number")
    limits: dict[int, date] = {}
    applied: dict[int, date] = {}
    for case_id, step, day, form in acts.values_list("case_id", "step", "day", "form"):
        if step == APPLY:
            applied[case_id] = day
        elif limit := _day(form.get(LIMIT)):
            limits[case_id] = limit
    wanted = {pk: limit for pk, limit in limits.items() if limit >= since}
    found = [_due(case, wanted[case.pk], applied.get(case.pk)) for case in cases.filter(pk__in=list(wanted))]
    return sorted((row for row in found if row.limit < today or row.in_time), key=lambda row: (row.limit, row.case_id))


def in_month(rows: Iterable[Due], first: date) -> list[Due]:
    return [row for row in rows if (row.limit.year, row.limit.month) == (first.year, first.month)]


def _month(first: date, rows: Iterable[Due]) -> Month:
    mine = in_month(rows, first)
    return Month(first, len(mine), sum(row.in_time for row in mine))


def _due(case: Case, limit: date, applied: date | None) -> Due:
    return Due(case.pk, case.title, case.number, limit, applied, case.end)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _months_before(first: date, back: int) -> date:
    index = first.year * 12 + first.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def _y(share: int | None) -> int:
    """100 % at 24, 0 % at 104: the printed scale of the chart."""
    return 104 - round(80 * (share or 0) / 100)
