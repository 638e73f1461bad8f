"""Conditions (当) and guards (须)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from jizhi.rulebook.language.values import Node


class Test(Node):
    """One comparison of a condition: ``{本步次数: {至多: 1}}``, ``{程度: 重大隐患}``, or of a figure ``{数: 基金.余额, 等于: 0}``."""

    subject: str
    figure: bool = False
    share_of: str | None = None  # {实到: {占: 应到, 至少: 2/3}}: value is (2, 3), compared in integers
    op: Literal["等于", "不等于", "至多", "至少", "超过", "不足", "含"]
    value: Any


class Condition(Node):
    """All tests must hold (当)."""

    tests: tuple[Test, ...]


class Guard(Node):
    """须: ``then`` must hold (where ``when`` holds)."""

    when: Condition | None = Field(None, alias="当")
    then: Condition = Field(alias="则")
