"""What goes into an appraisal and what comes out of it. Everything that comes out is a proposal: people decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from jizhi.rulebook.scoring import Line, Sheet

Value = Decimal | int | str | None


@dataclass(frozen=True)
class Unit:
    """Who is appraised. ``town`` and ``group`` say whom it is compared with."""

    name: str
    town: str = ""
    group: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Extra:
    """A mark beside the indicators: a part with marks of its own (述职) or an item of 加减分."""

    unit: str
    item: str
    value: Value
    rater: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Task:
    """A row of the unit's own tasks with what came of it."""

    unit: str
    name: str
    target: Value
    done: Value
    difficulty: Value
    points: Value
    measure: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Ballots:
    """The counts of one group's ballots about a unit."""

    unit: str
    given: Value
    returned: Value
    valid: Value
    choices: Mapping[str, Value]
    abstained: Value = 0
    group: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Veto:
    """An entry of 否决. It counts only when everything that its red line asks for is named."""

    unit: str
    matter: str
    document: str = ""  # 文号
    authority: str = ""  # 认定机关
    decided_on: str = ""  # 认定日期
    defence: str = ""  # 申辩记录
    line: int | None = None


@dataclass(frozen=True)
class Past:
    """A unit's result of an earlier year."""

    unit: str
    year: int
    town: str = ""
    group: str = ""
    rank: int | None = None
    grade: str = ""
    stars: int | None = None
    score: Decimal | None = None
    line: int | None = None


@dataclass(frozen=True)
class Cadre:
    """A village official in the pay plan."""

    unit: str
    name: str
    post: str
    review: str = ""  # of his own: 优秀
    seniority: Value = 0  # years
    months: Value = 12
    line: int | None = None


@dataclass(frozen=True)
class Campaign:
    units: tuple[Unit, ...]
    sheets: tuple[Sheet, ...] = ()
    extras: tuple[Extra, ...] = ()
    tasks: tuple[Task, ...] = ()
    ballots: tuple[Ballots, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    past: tuple[Past, ...] = ()
    cadres: tuple[Cadre, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong with the input: the sheet, the row as the spreadsheet shows it, the column."""

    text: str
    sheet: str = ""
    line: int | None = None
    column: str = ""


@dataclass(frozen=True)
class Flag:
    """Something that people must look at. ``kind`` is one of ``FLAGS``."""

    kind: str
    reason: str

    @property
    def name(self) -> str:
        return FLAGS[self.kind]


FLAGS = {
    "veto": "否决",
    "veto_off": "否决未启用",
    "two_years_last": "连续两年末位",
    "two_years_last_unsure": "连续两年末位待研判",
    "quota_cut": "名额已满",
    "draw": "靠抽签分出先后",
    "close": "差距小于评分误差",
    "red_line": "红线",
    "pay_left": "奖励未分完",
}


@dataclass(frozen=True)
class Part:
    """A part of the total: ``value`` out of 100 (of the full points where there are no parts), weighed by ``share``."""

    name: str
    share: Fraction
    value: Fraction
    compared: Fraction  # as it counts for the order: own tasks by the share achieved
    how: str


@dataclass(frozen=True)
class TaskScore:
    name: str
    points: Fraction
    rate: Fraction  # achieved share, at most 1
    score: Fraction
    how: str


@dataclass(frozen=True)
class Block:
    """A block of the standard with its rate of attainment."""

    name: str
    points: Fraction
    score: Fraction | None
    rate: Fraction | None


@dataclass(frozen=True)
class Share:
    """A cadre's pay, in fen: ``performance`` is his share of the unit's award."""

    unit: str
    name: str
    post: str
    base: int
    seniority: int
    performance: int
    how: str

    @property
    def total(self) -> int:
        return self.base + self.seniority + self.performance


@dataclass(frozen=True)
class Appraised:
    """A unit's result. ``score`` is rounded once and graded; ``compared`` is what the order is made of: the same with the own
    tasks by the share achieved, so that different tasks can be compared. ``award`` is in fen. ``rank`` None: a red line."""

    unit: Unit
    score: Decimal
    compared: Decimal
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]
    tasks: tuple[TaskScore, ...] = ()
    adjustment: Fraction = Fraction(0)
    adjustment_how: str = ""
    rank: int | None = None
    raw_rank: int | None = None
    town_rank: int | None = None
    decided_by: str = ""
    grade: str = ""
    grade_why: str = ""
    stars: int | None = None
    stars_why: str = ""
    award: int = 0
    award_why: str = ""
    moved: str = ""  # 升, 降, 平; empty without an earlier result
    moved_why: str = ""
    flags: tuple[Flag, ...] = ()
    pay: tuple[Share, ...] = ()


@dataclass(frozen=True)
class Report:
    """All results in order of rank, or every problem and no results."""

    results: tuple[Appraised, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def awarded(self) -> tuple[Appraised, ...]:
        return tuple(one for one in self.results if one.award)

    @property
    def total(self) -> int:
        """All awards, in fen."""
        return sum(one.award for one in self.results)


@dataclass
class Problems:
    """Collects what is wrong; nothing stops at the first."""

    found: list[Problem] = field(default_factory=list)

    def add(self, sheet: str, line: int | None, column: str, text: str) -> None:
        self.found.append(Problem(text, sheet, line, column))
