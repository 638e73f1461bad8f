"""What the rulebook judges by: pure functions of an edition, the facts of a case, its acts, a calendar and a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jizhi.kernel.workdays import Calendar
from jizhi.rulebook.language import Outcome, Procedure, Regulation, Step


@dataclass(frozen=True)
class Held:
    """A post or a seat held today: title (校长, 督导组组长), the unit's id, the body's name where it is a seat of one."""

    title: str
    unit: str
    body: str | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts. ``held`` are the posts and seats of the acting person (only the acting post's unit counts upstream).
    ``imagined`` people (jizhi try) are taken to hold whatever the step asks; exclusions bind them all the same."""

    id: str
    name: str
    held: tuple[Held, ...] = ()
    system: bool = False
    imagined: bool = False


SYSTEM = Actor(id="system", name="系统", system=True)


@dataclass(frozen=True)
class Party:
    """A named party of a case: a person (``person``) or a unit (``unit``; whoever holds a head post there acts for it)."""

    name: str  # what to print
    person: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Facts:
    """What a case is about, fixed when it began."""

    unit: str  # id of the unit the case belongs to
    upward: tuple[tuple[str, str], ...]  # (unit id, level word: 学校 县 市 省 …) of the ancestors, nearest first
    region: str  # division code of the unit, for dated parameters
    began: date
    by: str  # id of the person who began it
    parties: Mapping[str, Party] = field(default_factory=dict)
    form: Mapping[str, Any] = field(default_factory=dict)  # the launch form
    subject_acts: tuple[Act, ...] = ()  # acts of the case this one is about (案件: 对象)


@dataclass(frozen=True)
class Act:
    """One line of a case's history; never changed. ``step`` is a step's name, 发起, or a side act's name."""

    number: int
    step: str
    outcome: str
    by: str  # person id, or "system"
    by_name: str
    day: date  # the day it was done
    form: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """A clock as it stands: ``due`` is its last day; ``stopped`` the day it stopped, if it did; ``round`` from 1."""

    name: str
    due: date
    started: date
    stopped: date | None = None
    round: int = 1
    predicted: bool = False  # beyond the loaded holiday calendar

    def late(self, today: date) -> bool:
        return (self.stopped or today) > self.due


@dataclass(frozen=True)
class Standing:
    """Where a case stands: at ``step`` or ended by ``end``; ``due`` is the earliest last day of what runs."""

    step: str | None
    end: str | None  # the end's word: 已销号
    since: date
    round: int  # how many times the case has come to this step
    step_due: date | None
    clocks: tuple[Running, ...]
    due: date | None
    predicted: bool
    pending: tuple[str, ...] = ()  # side acts asked for and not yet approved


@dataclass(frozen=True)
class Refusal:
    """Why not: a short reason (不得兼办), the sentence shown, until when, and the clause."""

    reason: str
    text: str
    until: date | None = None
    clause: str | None = None


@dataclass(frozen=True)
class Problem:
    """Something wrong in a form: the field and the sentence shown beside it."""

    field: str
    text: str


@dataclass(frozen=True)
class Move:
    """What an act leads to: the next step or end, procedures to start, the effect to run."""

    to: str  # a step's name, or the end's word
    ends: bool
    start: tuple[str, ...] = ()
    effect: str | None = None


def parameter(regulation: Regulation, name: str, *, on: date, region: str) -> Any:
    """The value in force on a day in a region (the longest matching region prefix wins). KeyError when there is none."""
    raise NotImplementedError


def standing(procedure: Procedure, regulation: Regulation, facts: Facts, acts: Sequence[Act], calendar: Calendar) -> Standing:
    """Where the case stands after its acts (withdrawn acts do not count)."""
    raise NotImplementedError


def refusal(
    procedure: Procedure, regulation: Regulation, facts: Facts, acts: Sequence[Act], step: str, outcome: str | None, form: Mapping[str, Any],
    *, by: Actor, today: date, calendar: Calendar, roster: Sequence[Actor] | None = None,
) -> Refusal | None:
    """Why this step or side act may not be taken now by this person; None when it may.

    ``outcome`` None asks only whether the person may act at all. ``roster`` is everyone who could be entitled: when the
    exclusions leave none of them, 人手不足 lets its own people in.
    """
    raise NotImplementedError


def form_problems(fields: Sequence[Any], form: Mapping[str, Any], *, procedure: Procedure, regulation: Regulation, facts: Facts, today: date, calendar: Calendar) -> list[Problem]:
    """Everything wrong with a form, all at once: missing, not an option, too few ticks, past the cap (一般问题最长 15 日…)."""
    raise NotImplementedError


def move(procedure: Procedure, regulation: Regulation, facts: Facts, acts: Sequence[Act], step: Step, outcome: Outcome, form: Mapping[str, Any]) -> Move:
    """Where an allowed act leads (branches by value and by count)."""
    raise NotImplementedError


def silence(procedure: Procedure, regulation: Regulation, facts: Facts, acts: Sequence[Act], *, today: date, calendar: Calendar) -> Act | None:
    """The act of the system that falls due (视为无意见), or None."""
    raise NotImplementedError


def entitled(procedure: Procedure, facts: Facts, acts: Sequence[Act], step: str) -> tuple[str, ...]:
    """Who may take the step, in words for the page: 督导组成员，且不是发现人（督学甲）、整改人（教师乙）."""
    raise NotImplementedError
