"""The grammar of a regulation: frozen pydantic models, Chinese keys, English names.

One class per concept of docs/architecture.md §4. A key named in ``LATER`` belongs to the language but is not run yet:
the reader refuses it by name (尚未支持), it is never ignored. Names on the right of ``alias=`` are what officials write.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
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

    root: Literal["参数", "表单", "对象", "时钟", "步骤"]
    path: tuple[str, ...]


Length = Duration | Ref


class Value(Node):
    """One dated value of a parameter. ``amount`` keeps the text's own digits (Decimal), durations are parsed."""

    since: date = Field(alias="自")
    until: date | None = Field(None, alias="至")
    region: str | None = Field(None, alias="地域")  # division code prefix, "500000" is Chongqing
    amount: Any = Field(alias="值")  # Duration | Decimal | int | str | tuple | Mapping of these
    source: Source = Field(alias="来源")
    basis: str | None = Field(None, alias="依据")
    doubtful: str | None = Field(None, alias="存疑")


class Test(Node):
    """One comparison of a condition: ``{本步次数: {至多: 1}}`` or ``{程度: 重大隐患}``."""

    subject: str
    op: Literal["等于", "不等于", "至多", "至少", "超过", "不足", "含"]
    value: Any


class Condition(Node):
    """All tests must hold (当)."""

    tests: tuple[Test, ...]


class Exclusion(Node):
    """Who is left out (除): a named party, a party's near relatives as declared, or whoever took one of ``acted`` steps, in
    this case or the case it is about."""

    party: str | None = None
    kin_of: str | None = None  # {近亲属: 整改人}
    acted: tuple[str, ...] = ()  # {办过: 复查} or {办过: [复查, 销号]}
    of_subject_case: bool = False  # {案件: 对象}


class Who(Node):
    """One way to be entitled. Exactly one of party, body, post, acted, system, previous is set."""

    LATER: ClassVar[tuple[str, ...]] = ("身份", "名册", "任职", "联名", "代录", "须", "人数")
    party: str | None = None  # a named party (当事人), or a plain string in 由
    body: str | None = Field(None, alias="机构")
    post: str | None = Field(None, alias="职务")
    acted: tuple[str, ...] = Field((), alias="办过")
    system: bool = False
    previous: bool = False  # 上一步: whoever took the last act
    unit: str = Field("本单位", alias="单位")  # 本单位 | 上级 | 上级(县) | 对象
    excluding: tuple[Exclusion, ...] = Field((), alias="除")
    decides: Literal["任一人"] = Field("任一人", alias="议定")  # 过半数, 全体: later


class FieldSpec(Node):
    """One field of a form. Required unless ``必填: 否``; an attachment is never required without a reason (为何必须)."""

    name: str
    kind: Literal["短文", "长文", "日期", "数", "是否", "选择", "多选", "附件", "人", "指标"]
    options: tuple[str, ...] = ()
    at_least: int | None = None
    required: bool = True
    why_required: str | None = None
    hint: str | None = None


class Branch(Node):
    """Where an outcome leads: the first branch whose condition holds."""

    when: Condition | None = Field(None, alias="当")
    to: str = Field(alias="到")
    start: tuple[str, ...] = Field((), alias="并")  # procedures that begin because of it
    cites: str | None = Field(None, alias="引用")


class Outcome(Node):
    name: str
    branches: tuple[Branch, ...]


class Guard(Node):
    """须: ``then`` must hold (where ``when`` holds)."""

    when: Condition | None = Field(None, alias="当")
    then: Condition = Field(alias="则")


class Escalation(Node):
    """超期 / 逾期 without a silence rule: who is told, and the word shown."""

    tell: Who | None = Field(None, alias="上报")
    state: str = Field("超期", alias="状态")


class Silence(Node):
    """逾期: what silence counts as (视为) and where the case goes (到), or only whom it is reported to (上报)."""

    counts_as: str | None = Field(None, alias="视为")
    to: str | None = Field(None, alias="到")
    tell: Who | None = Field(None, alias="上报")


class Step(Node):
    LATER: ClassVar[tuple[str, ...]] = (
        "公示",
        "异议",
        "期满",
        "表决",
        "任选",
        "流会",
        "预告",
        "分办",
        "批办",
        "自动",
        "等待",
        "等",
        "评分",
        "每",
        "有效",
        "不早于",
        "阶段",
        "抽查",
        "冻结",
        "记",
        "截止",
        "到",
        "当日",
        "随时",
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
    clause: str | None = Field(None, alias="依据")  # 第九条


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

    LATER: ClassVar[tuple[str, ...]] = ("代录",)
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
    LATER: ClassVar[tuple[str, ...]] = ("名册", "通则", "回避")
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


class Scoring(Node):
    """计分 of one leaf: 四档, 公式 (text of the formula, its variables are the inputs), 扣分 (per item), 是否, 数 (points)."""

    kind: Literal["四档", "公式", "扣分", "是否", "得分"]
    formula: str | None = None  # 按期完成数 / 应完成数 * 14
    each: Decimal | None = None  # 扣分: points per item
    empty_full: bool = False  # 0/0 gives full marks
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
    """A red line never scores: it stops grading and asks for the named check."""

    name: str = Field(alias="名")
    then: str = Field(alias="则")


class Trim(Node):
    """去极值: from ``least`` raters on, drop ``drop`` highest and lowest."""

    least: int = Field(alias="满")
    drop: int = Field(1, alias="各去")


class Standard(Node):
    """细则: an indicator tree with what makes it a result."""

    LATER: ClassVar[tuple[str, ...]] = ("定星", "名额")
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
    tie_breaks: tuple[str, ...] = Field((), alias="排序")  # 总分, indicator codes or names, 扣分次数, 上期名次, 抽签
    decimals: int = Field(2, alias="小数")
    clause: str | None = Field(None, alias="依据")


class Clause(Node):
    """条文: an article an official reads; ``quotes`` are the seed's or the law's own words."""

    number: str = Field(alias="条")
    text: str = Field(alias="文")
    chapter: str | None = Field(None, alias="章")
    quotes: str | None = Field(None, alias="原文")


class Regulation(Node):
    LATER: ClassVar[tuple[str, ...]] = ("附表", "节奏", "口径", "基于", "可改", "密级", "公开", "文书")
    name: str = Field(alias="制度")
    code: str = Field(alias="代号")
    since: date = Field(alias="施行")
    applies_to: str = Field(alias="适用")  # from {单位类型: 学校}
    clauses: tuple[Clause, ...] = Field((), alias="条文")
    parameters: Mapping[str, tuple[Value, ...]] = Field({}, alias="参数")
    bodies: Mapping[str, Body] = Field({}, alias="机构")
    procedures: Mapping[str, Procedure] = Field({}, alias="程序")
    standards: Mapping[str, Standard] = Field({}, alias="细则")
