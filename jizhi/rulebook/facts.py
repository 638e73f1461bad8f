"""The plain values that judgement takes and gives: who acts, what a case is about, its acts, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from jizhi.rulebook.language import Who

LAUNCH = "发起"
SENT_BACK = "退回重办"  # the act of the system by which a parent sends a child back to a step, named by its outcome
# the act of the system by which a case that has ended goes back to the step named by its outcome, for some of its rows alone:
# their children by id, each with the upheld objections for which it was examined again
AGAIN, REDONE = "个别重办", "重办"


@dataclass(frozen=True)
class Held:
    """A post or a seat held today: title (校长, 督导组组长), the unit's id, the body's name where it is a seat of one.
    Whoever holds a ``head`` post acts for that unit where the unit is a party."""

    title: str
    unit: str
    body: str | None = None
    head: bool = False


@dataclass(frozen=True)
class Actor:
    """Who acts. ``held`` are the posts and seats of the acting person (only the acting post's unit counts upstream).
    ``imagined`` people (jizhi try) are taken to hold whatever the step asks; exclusions bind them all the same."""

    id: str
    name: str
    held: tuple[Held, ...] = ()
    system: bool = False
    imagined: bool = False
    registered: frozenset[str] = frozenset()  # units whose register (户籍) he is on
    serves: frozenset[str] = frozenset()  # units of all that he holds, acting in it or not


SYSTEM = Actor(id="system", name="系统", system=True)


@dataclass(frozen=True)
class Party:
    """A named party of a case: a person (``person``) or a unit (``unit``; whoever holds a head post there acts for it).
    Where several people are the same party (the raters), ``others`` are the ids of the rest."""

    name: str  # what to print
    person: str | None = None
    unit: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Child:
    """A child case of a fan-out as it stands: at ``step`` or ended by ``end`` (its word). ``redo``: it was sent back and
    has not come again to where the children gather."""

    id: str
    unit: str
    name: str
    step: str | None = None
    end: str | None = None
    redo: bool = False


@dataclass(frozen=True)
class Marks:
    """Who has handed in a sheet that a step asks for; ``drawn`` False where the sample (抽查) left this case out."""

    raters: tuple[str, ...] = ()
    drawn: bool = True


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
    kin: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # party -> person id -> relation word, as declared
    figures: Mapping[str, Any] = field(default_factory=dict)  # 基金.余额: as it stands, or as an act's judging read it
    children: tuple[Child, ...] = ()  # of a procedure that fans out (分办), as they stand
    parent: Mapping[str, str] = field(default_factory=dict)  # step of the parent case -> the outcome by which it left it last
    marks: Mapping[str, Marks] = field(default_factory=dict)  # step -> the sheets handed in for it (评分)


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
    facts: Mapping[str, Any] = field(default_factory=dict)  # what judging it read then: 应到, 成员, figures


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
class Filed:
    """An objection as it stands: 待受理, 待答复, 不受理, 不成立, 成立. ``due`` is the last day of what it waits for."""

    number: int
    state: str
    filed: date
    step: str  # the publicity step it is about
    row: str = ""  # 停该行: whom it is about
    due: date | None = None
    taken_up: bool = False  # upheld, and its row goes through the steps again (个别重办)

    @property
    def open(self) -> bool:
        return self.state in ("待受理", "待答复")


@dataclass(frozen=True)
class Notice:
    """The publicity of the step where the case stands: ``last`` is its last full day (None: no length in force)."""

    step: str
    posted: date
    last: date | None
    blocking: tuple[int, ...] = ()  # objections that keep it from being over

    def over(self, today: date) -> bool:
        return self.last is not None and today > self.last and not self.blocking


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
    notice: Notice | None = None  # what is in publicity
    objections: tuple[Filed, ...] = ()  # every objection ever made, by number

    @property
    def stopped_rows(self) -> frozenset[str]:
        """停该行: rows with an open objection, or an upheld one not yet taken up, which wait while the others go on."""
        return frozenset(one.row for one in self.objections if one.row and (one.open or (one.state == "成立" and not one.taken_up)))


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
    """What an act leads to: the next step or end, procedures to start, the paper to issue and the effect to run.

    A step's 文书 and 效力 belong to its first outcome: 签发 publishes by 同意, never by 退回."""

    to: str  # a step's name, or the end's word
    ends: bool
    start: tuple[str, ...] = ()
    paper: str | None = None
    effect: str | None = None


@dataclass(frozen=True)
class Late:
    """A clock or a step past its last day, and who is told. (kind, name, round) is told once."""

    kind: Literal["时钟", "步骤", "异议"]
    name: str
    round: int
    due: date
    tell: Who | None
    state: str = "超期"

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}:{self.round}"
