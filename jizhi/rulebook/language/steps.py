"""A step (步骤): its outcomes, what silence counts as, and what it does with many cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from jizhi.rulebook.language.conditions import Condition, Guard
from jizhi.rulebook.language.forms import Cited, FieldSpec
from jizhi.rulebook.language.notices import Objections, Publicity
from jizhi.rulebook.language.people import Who
from jizhi.rulebook.language.values import Length, Node, Ref


class Branch(Node):
    """Where an outcome leads: the first branch whose condition holds."""

    when: Condition | None = Field(None, alias="当")
    to: str = Field(alias="到")
    start: tuple[str, ...] = Field((), alias="并")  # procedures that begin because of it
    cites: str | None = Field(None, alias="引用")
    effect: str | None = Field(None, alias="效力")  # of this outcome, first or not
    needs: tuple[Cited, ...] = Field((), alias="须")
    children: str | None = Field(None, alias="子件")  # the step to which the children named in the act are sent back


class Outcome(Node):
    name: str
    branches: tuple[Branch, ...]


class Escalation(Node):
    """超期 / 逾期 without a silence rule: who is told, and the word shown."""

    tell: Who | None = Field(None, alias="上报")
    state: str = Field("超期", alias="状态")


class Silence(Node):
    """逾期: what silence counts as (视为) and where the case goes (到), or only whom it is reported to (上报)."""

    counts_as: str | None = Field(None, alias="视为")
    to: str | None = Field(None, alias="到")
    tell: Who | None = Field(None, alias="上报")


class FanOut(Node):
    """分办: one child case per unit below, and when they have come together (汇合)."""

    procedure: str  # of the same regulation
    below: str  # 下辖: a word that begins with a level (村, 村党支部), else the kind of a body that units below have
    excluding: tuple[str, ...] = ()  # names of 名单
    at: str | None = None  # 全部到达: this step of the children (or an end); None: each has ended
    until: date | Length | None = None  # 或至: goes on after this day, with those missing listed


class Wait(Node):
    """等待: until the parent case has taken this step with this outcome (None: its first)."""

    step: str
    outcome: str | None = None


class Auto(Node):
    """自动: the system takes the step at once; ``args`` are what the effect reads (references to 参数 stay Ref)."""

    effect: str
    args: Mapping[str, Any] = {}

    @property
    def of_children(self) -> bool:
        """Whether it reads the children, and so waits for those that were sent back."""
        return self.args.get("于") == "子件"


class Batch(Node):
    """批办: one act over many. With ``default`` over the rows of the children, else (允许) over several like cases."""

    default: tuple[str, str] | None = None  # (测算, 星级): what that step's act worked out for each child
    reasons: bool = True  # 逐行改: {须: 理由}
    firm: bool = False  # 名额: 不可破

    @property
    def of_children(self) -> bool:
        return self.default is not None


class Marking(Node):
    """评分: handed-in sheets of a standard about the case's unit that the step's first outcome needs."""

    standard: str = Field(alias="细则")
    role: str = Field("", alias="作为")  # 自评; empty: the step's own name
    least: int = Field(1, alias="最少")
    each: bool = False  # 评分人: 逐人, whoever acts has rated too
    share: Decimal | None = Field(None, alias="抽查")  # only of this share of the children, drawn by a seed


class Record(Node):
    """记: an act that may be done again and again, runs its effect and does not move the case."""

    name: str
    effect: str = Field(alias="效力")
    form: tuple[FieldSpec, ...] = Field((), alias="表单")


class Step(Node):
    """``publicity`` makes it a wait: its outcomes 期满 and 异议成立 are the system's, made by the reader."""

    LATER: ClassVar[tuple[str, ...]] = (
        "表决",
        "任选",
        "流会",
        "预告",
        "等",
        "每",
        "有效",
        "不早于",
        "阶段",
        "抽查",
        "当日",
    )
    name: str
    code: str = Field(alias="代号")
    by: tuple[Who, ...] = Field(alias="由")  # any one of them
    limit: Length | None = Field(None, alias="期限")
    silence: Silence | None = Field(None, alias="逾期")
    opinion: Literal["必填", "选填"] = Field("选填", alias="意见")
    form: tuple[FieldSpec, ...] = Field((), alias="表单")
    guards: tuple[Guard, ...] = Field((), alias="须")
    outcomes: tuple[Outcome, ...] = Field(alias="结论")
    paper: str | None = Field(None, alias="文书")  # like the effect: by the first outcome only
    effect: str | None = Field(None, alias="效力")
    record: Record | None = Field(None, alias="记")
    publicity: Publicity | None = Field(None, alias="公示")
    objections: Objections | None = Field(None, alias="异议")
    until: date | Ref | None = Field(None, alias="截止")  # a fixed last day
    fan_out: FanOut | None = Field(None, alias="分办")
    wait: Wait | None = Field(None, alias="等待")
    auto: Auto | None = Field(None, alias="自动")
    batch: Batch | None = Field(None, alias="批办")
    marking: Marking | None = Field(None, alias="评分")
    freezes: tuple[str, ...] = Field((), alias="冻结")  # 细则, 名单, 附表: as they are when the step is taken
    clause: str | None = Field(None, alias="依据")  # 第九条
