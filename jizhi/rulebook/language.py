"""The grammar of a regulation: frozen pydantic models, Chinese keys, English names.

One class per concept of docs/architecture.md §4. A key named in ``LATER`` belongs to the language but is not run yet:
the reader refuses it by name (尚未支持), it is never ignored. Names on the right of ``alias=`` are what officials write.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
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


class Branch(Node):
    """Where an outcome leads: the first branch whose condition holds."""

    when: Condition | None = Field(None, alias="当")
    to: str = Field(alias="到")
    start: tuple[str, ...] = Field((), alias="并")  # procedures that begin because of it
    cites: str | None = Field(None, alias="引用")
    effect: str | None = Field(None, alias="效力")  # of this outcome, first or not
    needs: tuple[Cited, ...] = Field((), alias="须")
    children: str | None = Field(None, alias="子件")  # the step to which the children named in the act are sent back


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


class FanOut(Node):
    """分办: one child case per unit below, and when they have come together (汇合)."""

    procedure: str  # of the same regulation
    below: str  # 下辖: a word that begins with a level (村, 村党支部), else the kind of a body that units below have
    excluding: tuple[str, ...] = ()  # names of 名单
    at: str | None = None  # 全部到达: this step of the children (or an end); None: each has ended
    until: date | Length | None = None  # 或至: goes on after this day, with those missing listed


class Wait(Node):
    """等待: until the parent case has taken this step with this outcome (None: its first)."""

    step: str
    outcome: str | None = None


class Auto(Node):
    """自动: the system takes the step at once; ``args`` are what the effect reads (references to 参数 stay Ref)."""

    effect: str
    args: Mapping[str, Any] = {}

    @property
    def of_children(self) -> bool:
        """Whether it reads the children, and so waits for those that were sent back."""
        return self.args.get("于") == "子件"


class Batch(Node):
    """批办: one act over many. With ``default`` over the rows of the children, else (允许) over several like cases."""

    default: tuple[str, str] | None = None  # (测算, 星级): what that step's act worked out for each child
    reasons: bool = True  # 逐行改: {须: 理由}
    firm: bool = False  # 名额: 不可破

    @property
    def of_children(self) -> bool:
        return self.default is not None


class Marking(Node):
    """评分: handed-in sheets of a standard about the case's unit that the step's first outcome needs."""

    standard: str = Field(alias="细则")
    role: str = Field("", alias="作为")  # 自评; empty: the step's own name
    least: int = Field(1, alias="最少")
    each: bool = False  # 评分人: 逐人, whoever acts has rated too
    share: Decimal | None = Field(None, alias="抽查")  # only of this share of the children, drawn by a seed


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


class Record(Node):
    """记: an act that may be done again and again, runs its effect and does not move the case."""

    name: str
    effect: str = Field(alias="效力")
    form: tuple[FieldSpec, ...] = Field((), alias="表单")


class Step(Node):
    """``publicity`` makes it a wait: its outcomes 期满 and 异议成立 are the system's, made by the reader."""

    LATER: ClassVar[tuple[str, ...]] = (
        "表决",
        "任选",
        "流会",
        "预告",
        "等",
        "每",
        "有效",
        "不早于",
        "阶段",
        "抽查",
        "当日",
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
    record: Record | None = Field(None, alias="记")
    publicity: Publicity | None = Field(None, alias="公示")
    objections: Objections | None = Field(None, alias="异议")
    until: date | Ref | None = Field(None, alias="截止")  # a fixed last day
    fan_out: FanOut | None = Field(None, alias="分办")
    wait: Wait | None = Field(None, alias="等待")
    auto: Auto | None = Field(None, alias="自动")
    batch: Batch | None = Field(None, alias="批办")
    marking: Marking | None = Field(None, alias="评分")
    freezes: tuple[str, ...] = Field((), alias="冻结")  # 细则, 名单, 附表: as they are when the step is taken
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


class Recording(Node):
    """代录: an official begins, or asks (随时), for somebody who has no account, with the attachments that prove it."""

    by: tuple[Who, ...]
    needs: tuple[str, ...] = Field((), alias="须")
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


class Recusal(Node):
    """回避 of a procedure: who takes no part in any step but a party's own; ``own`` a member may recuse himself, ``asked`` a
    party may ask that somebody be recused."""

    LATER: ClassVar[tuple[str, ...]] = ("计入应到",)
    who: tuple[Exclusion, ...] = Field((), alias="谁")
    own: bool = Field(False, alias="自报")
    asked: bool = Field(False, alias="申请回避")
    clause: str | None = Field(None, alias="依据")


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
