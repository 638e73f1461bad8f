"""The whole file: articles, parameters and everything below; schedules (附表)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from jizhi.rulebook.language.people import Body, Who
from jizhi.rulebook.language.procedures import Procedure
from jizhi.rulebook.language.standards import Standard
from jizhi.rulebook.language.values import Node, Value


class Column(Node):
    """A column of a schedule. 取数 is a figure's name."""

    name: str
    kind: Literal["短文", "长文", "数", "日期", "是否", "选择", "取数"]
    least: Decimal | None = Field(None, alias="从")
    most: Decimal | None = Field(None, alias="到")
    options: tuple[str, ...] = ()
    required: bool = True


class Schedule(Node):
    """附表: rows of its own for each unit under one edition, agreed by both sides, frozen at a step."""

    name: str
    code: str = Field("", alias="代号")
    per: str = Field(alias="每")  # from {单位类型: 村}
    least: int = 1
    most: int = 9999  # 行数: 2-6
    columns: tuple[Column, ...] = Field(alias="列")
    totals: Mapping[str, Decimal] = Field({}, alias="合计")
    agreed_by: tuple[Who, ...] = Field((), alias="商定")  # all of them
    frozen_at: str | None = Field(None, alias="冻结")
    clause: str | None = Field(None, alias="依据")


class Clause(Node):
    """条文: an article an official reads; ``quotes`` are the seed's or the law's own words."""

    number: str = Field(alias="条")
    text: str = Field(alias="文")
    chapter: str | None = Field(None, alias="章")
    quotes: str | None = Field(None, alias="原文")


class Regulation(Node):
    LATER: ClassVar[tuple[str, ...]] = ("节奏", "口径", "密级", "公开", "文书")
    name: str = Field(alias="制度")
    code: str = Field(alias="代号")
    since: date = Field(alias="施行")
    applies_to: str = Field(alias="适用")  # from {单位类型: 学校}
    clauses: tuple[Clause, ...] = Field((), alias="条文")
    parameters: Mapping[str, tuple[Value, ...]] = Field({}, alias="参数")
    bodies: Mapping[str, Body] = Field({}, alias="机构")
    procedures: Mapping[str, Procedure] = Field({}, alias="程序")
    standards: Mapping[str, Standard] = Field({}, alias="细则")
    schedules: Mapping[str, Schedule] = Field({}, alias="附表")
    based_on: str | None = Field(None, alias="基于")  # code@year: this is an overlay
    may_change: tuple[str, ...] = Field((), alias="可改")  # 参数.权重: what an overlay on this one may change
