"""A standard (细则): the indicator tree and what makes it a result."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from jizhi.rulebook.language.campaigns import Adjustments, OwnTasks, Part, Pay, Poll, Quotas, Stars
from jizhi.rulebook.language.values import Node


class Scoring(Node):
    """计分 of one leaf: 四档, 公式 (text of the formula, its variables are the inputs), 扣分 (per item), 是否, 数 (points)."""

    kind: Literal["四档", "公式", "扣分", "是否", "得分"]
    formula: str | None = None  # 按期完成数 / 应完成数 * 14
    each: Decimal | None = None  # 扣分: points per item
    empty_full: bool = False  # 0/0 gives full marks
    figure: str | None = None  # 取数: the named figure that its inputs can be taken from
    note: str | None = None


class Indicator(Node):
    name: str
    code: str = Field(alias="代号")
    points: Decimal = Field(alias="分值")
    children: tuple[Indicator, ...] = Field((), alias="指标")
    scoring: Scoring | None = Field(None, alias="计分")
    look_for: tuple[str, ...] = Field((), alias="观察点")
    methods: tuple[str, ...] = Field((), alias="方法")


class Band(Node):
    """A grade and its lower bound (included); bands are listed from the top, half-open."""

    grade: str
    least: Decimal


class Bonus(Node):
    name: str = Field(alias="名")
    most: Decimal = Field(alias="上限")
    needs: str | None = Field(None, alias="须")


class RedLine(Node):
    """A red line never scores: it stops grading and asks for the named check. One that names what must be on paper (须)
    is a veto (否决): off until every paper is named, and then it proposes a ceiling of stars or grade, or fewer stars."""

    name: str = Field(alias="名")
    then: str = Field(alias="则")  # of a veto: its ceiling in words
    needs: tuple[str, ...] = Field((), alias="须")  # 文号, 认定机关, 申辩记录
    stars_at_most: int | None = None  # {最高: 2}
    stars_less: int | None = None  # {降星: 1}
    grade_at_most: str | None = None  # {等次: 不称职}

    @property
    def vetoes(self) -> bool:
        return bool(self.needs)


class Trim(Node):
    """去极值: from ``least`` raters on, drop ``drop`` highest and lowest."""

    least: int = Field(alias="满")
    drop: int = Field(1, alias="各去")


class Standard(Node):
    """细则: an indicator tree with what makes it a result."""

    name: str
    code: str = Field(alias="代号")
    subject: str = Field(alias="对象")
    full: Decimal = Field(alias="满分")
    indicators: tuple[Indicator, ...] = Field(alias="指标")
    grade_points: Mapping[str, Decimal] = Field({}, alias="四档")  # 优: 1, 良: 0.85 … share of the points
    bands: tuple[Band, ...] = Field((), alias="等级")
    bonuses: tuple[Bonus, ...] = Field((), alias="加分")
    cap: Decimal | None = Field(None, alias="封顶")
    red_lines: tuple[RedLine, ...] = Field((), alias="红线")
    trim: Trim | None = Field(None, alias="去极值")
    spread_warns: Decimal | None = Field(None, alias="极差提示")
    groups: Mapping[str, Decimal] = Field({}, alias="评分组")  # weights, sum 1
    own_tasks: OwnTasks | None = Field(None, alias="个性")
    parts: tuple[Part, ...] = Field((), alias="权重")  # shares sum 1
    poll: Poll | None = Field(None, alias="测评")
    adjustments: Adjustments | None = Field(None, alias="加减分")
    quotas: Quotas | None = Field(None, alias="名额")
    stars: Stars | None = Field(None, alias="定星")
    rewards: str | None = Field(None, alias="奖励")  # a parameter: {5: 15000, 称职: 3000}
    pay: Pay | None = Field(None, alias="待遇")
    tie_breaks: tuple[str, ...] = Field((), alias="排序")  # 总分, indicator codes or names, 扣分次数, 上期名次, 抽签
    decimals: int = Field(2, alias="小数")
    clause: str | None = Field(None, alias="依据")
