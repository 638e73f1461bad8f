"""What the workbench shows: what to do first, by when, who has it, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import may
from jizhi.kernel.workdays import china
from jizhi.messages.models import Message
from jizhi.messages.queries import inbox
from jizhi.org.models import Term
from jizhi.org.queries import region_of
from jizhi.procedure.models import Case
from jizhi.procedure.queries.lists import Duty, bands, begun_by, holders_of, status_of
from jizhi.procedure.rules import onward
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.parameters import significant
from jizhi.supervision.queries.register import in_state, register
from jizhi.web import on_time

BEGUN, UNREAD = 5, 5  # rows shown before 全部
WEEK = "一二三四五六日"


@dataclass(frozen=True)
class Figure:
    """A number of the head row; ``url`` opens exactly these."""

    number: str
    unit: str
    label: str
    url: str
    late: bool = False


@dataclass(frozen=True)
class Begun:
    """A case that the person began: where it is, in whose hands, what comes next."""

    case: Case
    holder: str
    next: str
    state: str
    words: str


@dataclass(frozen=True)
class Day:
    day: date
    today: bool
    rest: bool
    duties: tuple[Duty, ...]

    @property
    def name(self) -> str:
        return f"周{WEEK[self.day.weekday()]} {'今天' if self.today else f'{self.day.day}日'}"


@dataclass(frozen=True)
class Bench:
    headline: str
    today: date
    week: str  # 第5教学周, empty out of term
    bands: tuple[tuple[str, list[Duty]], ...]
    waiting: int
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]
    begun: tuple[Begun, ...]
    begun_count: int
    unread: tuple[Message, ...]
    rate: on_time.Rate | None
    cut_off: datetime


def bench_of(actor: Actor, duties: list[Duty], *, today: date, now: datetime, inspected: bool) -> Bench:
    """Everything on the page, from a fixed number of queries: none per row. ``inspected``: whether supervision reaches the
    person; the head of a village may read the register, but nothing is ever found wrong there."""
    grouped = tuple(bands(duties))
    cases = list(begun_by(actor).select_related("edition__base").defer("edition__text", "edition__base__text")[:BEGUN])
    reads_register = inspected and may(actor, "supervision.read_register")
    return Bench(
        headline=headline(grouped),
        today=today,
        week=week_of_term(actor, today),
        bands=grouped,
        waiting=len(duties),
        figures=(*_own_figures(duties), *(_unit_figures(actor, today=today) if reads_register else ())),
        days=_days(duties, today),
        begun=_begun(cases, today),
        begun_count=begun_by(actor).count() if len(cases) == BEGUN else len(cases),
        unread=tuple(inbox(actor).filter(read_at=None)[:UNREAD]),
        rate=on_time.rate_of(actor, today=today) if reads_register else None,
        cut_off=now,
    )


def headline(grouped: Sequence[tuple[str, list[Duty]]]) -> str:
    """A sentence, not a greeting."""
    counts = {band: len(rows) for band, rows in grouped}
    if late := counts.get("逾期"):
        return f"今天先办 {late} 件逾期的"
    if soon := counts.get("三个工作日内"):
        return f"没有逾期，{soon} 件在三个工作日内到期"
    if rest := counts.get("以后"):
        return f"没有逾期，手里还有 {rest} 件"
    return "没有待办"


def week_of_term(actor: Actor, today: date) -> str:
    """The week of the school term in the person's region; weeks count from the Monday of the first day's week."""
    region = region_of(actor.unit) if actor.unit else ""
    terms = [t for t in Term.objects.filter(starts__lte=today, ends__gte=today) if region.startswith(significant(t.region))]
    if not terms:
        return ""
    starts = max(terms, key=lambda term: len(significant(term.region))).starts
    return f"第{(today - (starts - timedelta(days=starts.weekday()))).days // 7 + 1}教学周"


def _own_figures(duties: Sequence[Duty]) -> tuple[Figure, ...]:
    late = sum(duty.band == "逾期" for duty in duties)
    soon = sum(duty.band == "三个工作日内" for duty in duties)
    return (
        Figure(str(late), "件", "逾期", "?band=逾期#todo", late=bool(late)),
        Figure(str(soon), "件", "三个工作日内到期", "?band=三个工作日内#todo"),
    )


def _unit_figures(actor: Actor, *, today: date) -> tuple[Figure, ...]:
    """The loop of the person's unit, for those who see its register."""
    states = {state: Count("pk", filter=in_state(state, today=today)) for state in ("run", "done")}
    found = register(actor, today=today).order_by().aggregate(**states)
    labels = {"run": "整改在期", "done": "已销号"}
    return tuple(Figure(str(count), "件", labels[state], _register(state)) for state, count in found.items())


def _register(state: str) -> str:
    return f"{reverse('register')}?state={state}"


def _days(duties: Sequence[Duty], today: date) -> tuple[Day, ...]:
    """Monday to Friday, and of the weekend what is worked or due."""
    monday = today - timedelta(days=today.weekday())
    found = []
    for offset in range(7):
        day = monday + timedelta(days=offset)
        rows = tuple(duty for duty in duties if duty.todo.due == day)
        if offset < 5 or rows or day == today or china().is_workday(day):
            found.append(Day(day, day == today, not china().is_workday(day), rows))
    return tuple(found)


def _begun(cases: Sequence[Case], today: date) -> tuple[Begun, ...]:
    holders = holders_of(cases)
    found = []
    for case in cases:
        state, words = status_of(case, today)
        found.append(Begun(case, holders.get(case.pk, ""), _next(case), state, words))
    return tuple(found)


def _next(case: Case) -> str:
    """What comes next, in the case's own edition."""
    procedure = regulation_of(case.edition).procedures.get(case.procedure)
    step = next((step for step in procedure.steps if step.name == case.step), None) if procedure else None
    if procedure is None or step is None or not step.outcomes:
        return ""
    to = onward(procedure, step)
    return procedure.ends.get(to, to)
