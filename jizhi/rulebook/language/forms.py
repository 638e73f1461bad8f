"""Fields of a form (表单), and other cases as evidence."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from jizhi.rulebook.language.values import Node, Ref


class Cited(Node):
    """``{案件: deliberation.resolution, 终点: 通过}``: another case, ended so, as named evidence. ``case`` is the code of a
    regulation, or that and a procedure's code."""

    case: str = Field(alias="案件")
    end: str = Field(alias="终点")


class FieldSpec(Node):
    """One field of a form. Required unless ``必填: 否``; an attachment is never required without a reason (为何必须)."""

    name: str
    kind: Literal["短文", "长文", "日期", "数", "金额", "是否", "选择", "多选", "附件", "人", "指标", "案件"]
    options: tuple[str, ...] = ()
    at_least: int | None = None
    required: bool = True
    why_required: str | None = None
    hint: str | None = None
    limit: Decimal | Ref | None = None  # 金额: {上限: 参数.限额.用途}
    needed: Ref | None = None  # 附件: {按: 用途}: required where the parameter lists it for the use
    status: Literal["本村户籍"] | None = None  # 人: {身份: 本村户籍}
    cited: Cited | None = None
    outcome: str = ""  # asked only where the step is taken with this outcome
    clause: str | None = Field(None, alias="依据")
