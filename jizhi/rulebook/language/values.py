"""The base of every node, and what stands for an amount: lengths, references, dated values."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

DayUnit = Literal["日", "个工作日", "周", "个月", "年"]
Source = Literal["种子", "法", "本地", "外地", "设计", "存疑"]


class Node(BaseModel):
    """Base of every node: frozen, no unknown keys; ``LATER`` keys are known to the language but not run yet."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    LATER: ClassVar[tuple[str, ...]] = ()


class Duration(Node):
    """``5日``, ``5个工作日``, ``3个月``, ``1年``: a length, never a date."""

    count: int
    unit: DayUnit


class Ref(Node):
    """A dotted reference: ``参数.申辩期``, ``参数.整改上限.程度`` (keyed by a form value), ``表单.整改时限``, ``时钟.整改期``."""

    root: Literal["参数", "表单", "对象", "时钟", "步骤", "期限"]
    path: tuple[str, ...]


class Contract(Node):
    """``{合同: 到期日, 兜底: 2年}``: the day that a form of the case named, else a length counted from arrival."""

    field: str = Field(alias="合同")
    fallback: Duration | Ref = Field(alias="兜底")


Length = Duration | Ref | Contract


class Value(Node):
    """One dated value of a parameter. ``amount`` keeps the text's own digits (Decimal), durations are parsed."""

    since: date = Field(alias="自")
    until: date | None = Field(None, alias="至")
    region: str | None = Field(None, alias="地域")  # division code prefix, "500000" is Chongqing
    amount: Any = Field(alias="值")  # Duration | Decimal | int | str | tuple | Mapping of these
    source: Source = Field(alias="来源")
    basis: str | None = Field(None, alias="依据")
    doubtful: str | None = Field(None, alias="存疑")
