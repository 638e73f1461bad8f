"""What makes a standard a campaign: parts, quotas, tallies, stars, pay."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from jizhi.rulebook.language.values import Node


class Quota(Node):
    """At most ``count`` of a grade or star, or at most ``share`` of those appraised (rounded down)."""

    count: int | None = None
    share: Decimal | None = None


class Quotas(Node):
    """名额 of grades: ``{优秀: 30%, 按: 乡镇}``."""

    grades: Mapping[str, Quota]
    within: Literal["全部", "乡镇", "分组"] = Field("全部", alias="按")


class Part(Node):
    """权重: a part of the total, out of 100, from the indicators, from the tally or from marks of its own."""

    name: str
    share: Decimal = Field(alias="占")
    source: Literal["指标", "测评", "评分"] = Field(alias="取")


class Adjustment(Node):
    """加减分: one thing that adds (``most`` > 0) or takes off (``most`` < 0) up to so many points."""

    name: str = Field(alias="名")
    most: Decimal
    needs: str | None = Field(None, alias="须")


class Adjustments(Node):
    cap: Decimal = Field(alias="上限")  # of their sum, up and down
    items: tuple[Adjustment, ...] = Field((), alias="项")


class OwnTasks(Node):
    """个性: the rows of a schedule (附表) as a block of the standard; ``weights`` (参数: {共性: 60, 个性: 40}) weighs it anew."""

    schedule: str = Field(alias="附表")
    points: Decimal = Field(alias="分值")
    weights: str | None = Field(None, alias="权重")


class Poll(Node):
    """测评: what each choice counts, groups with weights (sum 1), and below how many valid ballots nothing is said."""

    coefficients: Mapping[str, Decimal] = Field(alias="系数")
    groups: Mapping[str, Decimal] = Field({}, alias="组")
    least: int = Field(1, alias="最少")
    returned: tuple[int, int] | None = Field(None, alias="收回至少")  # 2/3 of those given out
    abstentions: bool = Field(False, alias="弃权")  # counted among the valid ones


class Stars(Node):
    """定星: one star for each first-level indicator that reaches its rate (逐星), or by bands of the total (总分)."""

    by: Literal["逐星", "总分"] = Field(alias="依据")
    rate: Decimal | None = Field(None, alias="每星")  # {得分率: {至少: 85%}}
    bands: Mapping[int, Decimal] = Field({}, alias="分档")  # {5: 95, 4: 90}
    among: tuple[str, ...] = Field((), alias="限等次")  # only of these grades
    quotas: Mapping[int, Quota] = Field({}, alias="名额")
    when_full: Literal["降一星", "不评"] = Field("降一星", alias="满额")
    tie_breaks: tuple[str, ...] = Field((), alias="排序")


class Pay(Node):
    """待遇: the parameters that a pay plan reads; performance is the unit's award, split by post and own review."""

    base: str | None = Field(None, alias="基本补贴")
    seniority: str | None = Field(None, alias="工龄补贴")
    posts: str | None = Field(None, alias="职务系数")
    reviews: str | None = Field(None, alias="考核系数")
