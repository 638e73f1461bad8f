"""Who may act (由), who is left out (除), who acts for another (代录), recusal (回避), bodies with their seats (机构)."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from jizhi.rulebook.language.values import Node


class Exclusion(Node):
    """Who is left out (除): a named party, a party's near relatives as declared, or whoever took one of ``acted`` steps, in
    this case or the case it is about."""

    party: str | None = None
    kin_of: str | None = None  # {近亲属: 整改人}
    acted: tuple[str, ...] = ()  # {办过: 复查} or {办过: [复查, 销号]}
    of_subject_case: bool = False  # {案件: 对象}
    serves: str | None = None  # {任职: 对象}: whoever holds a post in the unit it is about


class Who(Node):
    """One way to be entitled. Exactly one of party, body, post, acted, status, system, previous is set."""

    LATER: ClassVar[tuple[str, ...]] = ("名册", "任职", "联名", "代录", "须", "人数")
    party: str | None = None  # a named party (当事人), or a plain string in 由
    body: str | None = Field(None, alias="机构")
    post: str | None = Field(None, alias="职务")
    acted: tuple[str, ...] = Field((), alias="办过")
    system: bool = False
    previous: bool = False  # 上一步: whoever took the last act
    unit: str = Field("本单位", alias="单位")  # 本单位 | 上级 | 上级(县) | 对象
    excluding: tuple[Exclusion, ...] = Field((), alias="除")
    status: Literal["本村户籍"] | None = Field(None, alias="身份")  # registered in the unit, whatever post he acts in
    decides: Literal["任一人", "过半数", "半数以上", "三分之二", "全体"] = Field("任一人", alias="议定")


class Recording(Node):
    """代录: an official begins, or asks (随时), for somebody who has no account, with the attachments that prove it."""

    by: tuple[Who, ...]
    needs: tuple[str, ...] = Field((), alias="须")
    clause: str | None = Field(None, alias="依据")


class Recusal(Node):
    """回避 of a procedure: who takes no part in any step but a party's own; ``own`` a member may recuse himself, ``asked`` a
    party may ask that somebody be recused."""

    LATER: ClassVar[tuple[str, ...]] = ("计入应到",)
    who: tuple[Exclusion, ...] = Field((), alias="谁")
    own: bool = Field(False, alias="自报")
    asked: bool = Field(False, alias="申请回避")
    clause: str | None = Field(None, alias="依据")


class Seat(Node):
    """A seat of a body: how many, what a holder must be (须), should be in principle (原则上), and is treated as (待遇)."""

    name: str
    least: int
    most: int
    must: tuple[str, ...] = Field((), alias="须")  # post titles, any one of them
    in_principle: tuple[str, ...] = Field((), alias="原则上")
    treated_as: str | None = Field(None, alias="待遇")
    employment: tuple[str, ...] = Field((), alias="专兼")  # 专职, 兼职
    clause: str | None = Field(None, alias="依据")


class Body(Node):
    name: str
    code: str = Field("", alias="代号")
    seats: tuple[Seat, ...] = ()
    least: int | None = None
    most: int | None = None  # 人数: 3-7 over all seats
    not_with: tuple[str, ...] = Field((), alias="不得兼任")
    led_by: Who | None = Field(None, alias="领导")
    guided_by: Who | None = Field(None, alias="指导")
    within_headcount: bool = Field(False, alias="现有编制")
    clause: str | None = Field(None, alias="依据")
