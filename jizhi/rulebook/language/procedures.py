"""A procedure (程序): how a case begins, its steps, clocks and side acts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from jizhi.rulebook.language.forms import FieldSpec
from jizhi.rulebook.language.people import Recording, Recusal, Who
from jizhi.rulebook.language.steps import Escalation, Step
from jizhi.rulebook.language.values import Duration, Length, Node, Ref


class Clock(Node):
    """A named clock over several steps. It stops at ``stops`` and, when the case comes back, goes on: with ``again``
    (退回另计) a new length counts from the day of return, without it the days left go on."""

    LATER: ClassVar[tuple[str, ...]] = ("延长", "暂停")
    name: str
    start: str = Field(alias="起")
    stops: tuple[str, ...] = Field(alias="止")
    length: Length = Field(alias="长")
    cap: Length | None = Field(None, alias="上限")
    again: Length | None = Field(None, alias="退回另计")
    late: Escalation | None = Field(None, alias="超期")
    warn: tuple[Duration, ...] = Field((), alias="预警")
    clause: str | None = Field(None, alias="依据")


class SideAct(Node):
    """随时: legal while the case stands in one of ``during``; does not move it."""

    LATER: ClassVar[tuple[str, ...]] = ("停", "文书", "须", "并")
    name: str
    code: str = Field(alias="代号")  # defaults: 延期 extend, 撤回 withdraw, 进展 progress, 转办 transfer
    during: tuple[str, ...] = Field((), alias="在")  # empty: anywhere
    by: tuple[Who, ...] = Field(alias="由")
    recorded: Recording | None = Field(None, alias="代录")  # for the party in ``by``
    approve: tuple[Who, ...] = Field((), alias="批")  # with it the act is asked for, then 批准 or 不批准
    before: Ref | None = Field(None, alias="早于")
    times: int | None = Field(None, alias="次数")
    changes: Ref | None = Field(None, alias="改")
    until: Literal["下一步已办"] | None = Field(None, alias="直到")
    form: tuple[FieldSpec, ...] = Field((), alias="表单")
    clause: str | None = Field(None, alias="依据")


class Draw(Node):
    """抽取: a share of the eligible cases per term, by a published seed."""

    share: Decimal = Field(alias="比例")
    seed: Literal["公开"] = Field("公开", alias="种子")
    every: Literal["学期", "月"] = Field(alias="每")


class Launch(Node):
    """发起: who begins a case and what the form asks."""

    recorded: Recording | None = Field(None, alias="代录")
    by: tuple[Who, ...] = Field(alias="由")
    form: tuple[FieldSpec, ...] = Field((), alias="表单")
    draw: Draw | None = Field(None, alias="抽取")
    clause: str | None = Field(None, alias="依据")


class Subject(Node):
    """对象: a plain kind (问题), another procedure's case (整改), or drawn from ended cases ``{案件, 终点, 满}``."""

    kind: str
    case: str | None = Field(None, alias="案件")
    end: str | None = Field(None, alias="终点")
    after: Duration | None = Field(None, alias="满")


class Procedure(Node):
    LATER: ClassVar[tuple[str, ...]] = ("名册", "通则")
    name: str
    code: str = Field(alias="代号")
    subject: Subject = Field(alias="对象")
    parties: Mapping[str, Ref] = Field({}, alias="当事人")  # 被督导: 对象.责任处室
    launch: Launch | None = Field(None, alias="发起")
    clocks: tuple[Clock, ...] = Field((), alias="时钟")
    side_acts: tuple[SideAct, ...] = Field((), alias="随时")
    steps: tuple[Step, ...] = Field(alias="步骤")
    ends: Mapping[str, str] = Field(alias="终点")  # {结束: 已销号}
    incompatible: tuple[tuple[str, ...], ...] = Field((), alias="不得兼办")
    short_handed: tuple[Who, ...] = Field((), alias="人手不足")
    recusal: Recusal | None = Field(None, alias="回避")

    # every judgement asks for these many times; nothing copies a procedure
    @cached_property
    def step_by_name(self) -> Mapping[str, Step]:
        return {step.name: step for step in reversed(self.steps)}  # of two, the first

    @cached_property
    def side_act_by_name(self) -> Mapping[str, SideAct]:
        return {side.name: side for side in reversed(self.side_acts)}

    @cached_property
    def in_public(self) -> tuple[Step, ...]:
        """The steps that are a publicity."""
        return tuple(step for step in self.steps if step.publicity is not None)
