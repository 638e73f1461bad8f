"""公示 and 异议."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from jizhi.rulebook.language.people import Who
from jizhi.rulebook.language.values import Duration, Length, Node


class Publicity(Node):
    """公示: a minimum wait, never a deadline. ``shows`` is a whitelist: what it does not name does not leave."""

    LATER: ClassVar[tuple[str, ...]] = ("凭证",)
    least: Length = Field(alias="满")
    first_day_counts: bool = Field(False, alias="首日")  # 不计 | 计
    rolls: bool = Field(True, alias="末日遇休")  # 顺延 | 不顺延
    shows: Mapping[str, Literal["原样", "掩码", "归类", "不显示"]] = Field({}, alias="显示")
    classes: Mapping[str, str] = Field({}, alias="归类")  # 就学就医: 困难帮扶
    channels: tuple[str, ...] = Field((), alias="渠道")
    indexed: bool = Field(False, alias="检索")  # 允许 | 禁止
    down_after: Duration | None = Field(None, alias="下架")  # after the last full day
    restarts: bool = Field(True, alias="内容变更")  # 重新公示: the one who put it up may correct it | 不得变更


class Objectors(Node):
    """谁: who may object; with ``verified`` the screeners name the registered person behind each objection."""

    identity: str | None = Field(None, alias="身份")
    among: tuple[Who, ...] = ()
    verified: bool = Field(False, alias="核实")  # 必须


class Screening(Node):
    """受理: who decides whether an objection is taken up; without it every objection is."""

    by: tuple[Who, ...] = Field(alias="由")
    limit: Length | None = Field(None, alias="期限")
    reason: bool = Field(False, alias="不受理须")  # 理由


class Answering(Node):
    """答复: who answers an objection taken up."""

    by: tuple[Who, ...] = Field(alias="由")
    limit: Length | None = Field(None, alias="期限")


class Objections(Node):
    """异议: 提出 → 受理 | 不受理 → 不成立 | 成立. Unscreened or open ones stop the case (停) or only their row (停该行)."""

    who: Objectors | None = Field(None, alias="谁")
    screening: Screening | None = Field(None, alias="受理")
    stops: Literal["停", "停该行"] = Field("停", alias="期间")
    answering: Answering = Field(alias="答复")
    upheld: str | None = None  # 成立: the step that the case goes back to
    upheld_child: str | None = None  # 成立: {子件: 组织复核}: the step that the row's own case goes back to
