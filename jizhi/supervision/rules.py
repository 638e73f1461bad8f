"""What a record may be about and what it asks, as data; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FactSpec:
    """One fact of a record beside the scores; optional unless ``required``. The optional ones are folded away."""

    name: str  # key in Record.facts and label on the page
    code: str  # name of the form field
    kind: Literal["short", "long", "number", "choice"] = "short"
    options: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class RecordKind:
    """One kind of record: whom it is about, by which standard it is scored (regulation code, 细则), which facts it asks."""

    code: str  # lesson: address and Record.kind
    name: str  # 听课
    verb: str  # 记录听课
    about: Literal["person", "unit"]
    subject: str  # the 对象 word of tasks: 课堂
    regulation: str = ""  # empty: scored by no standard
    standard: str = ""
    facts: tuple[FactSpec, ...] = ()
    method: str = ""  # ticked beforehand
    levels: tuple[str, ...] = ()  # levels of the units it can be about
    layer: str = "落实"  # 层面 of its findings unless the inspector says otherwise

    @property
    def scored(self) -> bool:
        return bool(self.regulation)


CLASS = FactSpec("班级", "class", required=True, hint="例：五年级2班")
SUBJECT = FactSpec("学科", "subject", required=True)
TOPIC = FactSpec("课题", "topic", required=True)

LESSON = RecordKind(
    "lesson",
    "听课",
    "记录听课",
    "person",
    "课堂",
    "school.lesson",
    "课堂",
    (
        CLASS,
        SUBJECT,
        TOPIC,
        FactSpec("节次", "period", "choice", tuple(f"第{n}节" for n in range(1, 9))),
        FactSpec("课型", "type", "choice", ("新授", "复习", "练习", "讲评", "实验", "实训")),
        FactSpec("听课方式", "way", "choice", ("推门", "预约", "展示", "跟踪")),
        FactSpec("应到", "expected", "number"),
        FactSpec("实到", "present", "number"),
        FactSpec("教学过程", "course", "long", hint="时刻、师生活动、即时点评，一行一条"),
        FactSpec("反馈方式", "feedback", hint="例：课后当面交流 15 分钟"),
    ),
    method="听",
)
LESSON_PLAN = RecordKind(
    "lesson-plan",
    "教案检查",
    "记录教案检查",
    "person",
    "教案",
    facts=(CLASS, SUBJECT, FactSpec("抽查范围", "range", hint="例：第三单元 5 份"), FactSpec("抽查份数", "count", "number")),
    method="查",
)
INTERVIEW = RecordKind(
    "interview",
    "学生访谈",
    "记录学生访谈",
    "person",
    "学生",
    facts=(CLASS, SUBJECT, FactSpec("访谈人数", "count", "number"), FactSpec("访谈提纲", "questions", "long", hint="不写学生姓名")),
    method="访",
)
DEPARTMENT = RecordKind(
    "department",
    "处室检查",
    "记录处室检查",
    "unit",
    "处室",
    "school.department",
    "处室",
    (FactSpec("检查内容", "matter", required=True), FactSpec("检查地点", "place"), FactSpec("查看资料", "papers", "long")),
    method="查",
    levels=("department",),
    layer="执行",
)
CAMPUS = RecordKind(
    "campus",
    "校区综合督导",
    "记录校区督导",
    "unit",
    "校区",
    "school.campus",
    "校区综合",
    (FactSpec("检查内容", "matter", required=True), FactSpec("陪同人员", "escort")),
    method="看",
    levels=("campus", "school"),
    layer="决策",
)

KINDS: tuple[RecordKind, ...] = (LESSON, LESSON_PLAN, INTERVIEW, DEPARTMENT, CAMPUS)
METHODS: tuple[str, ...] = ("看", "听", "查", "访", "交流")


def kind_of(code: str) -> RecordKind | None:
    return next((kind for kind in KINDS if kind.code == code), None)


def subject_kind(subject: str) -> RecordKind | None:
    """The kind whose tasks are about 课堂, 处室, 校区 …"""
    return next((kind for kind in KINDS if kind.subject == subject), None)


def lines(text: str) -> list[str]:
    """One entry per line that says something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def share(part: int, whole: int) -> str:
    """25%, a half rounded up; or — when there is nothing to count."""
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else "—"


def headline(kind: RecordKind, facts: Mapping[str, object], subject: str) -> str:
    """What the record is called: 五年级2班 语文《草船借箭》, or the subject with the matter."""
    if kind.about == "unit":
        return _joined((subject, facts.get("检查内容")))
    topic = f"《{facts['课题']}》" if facts.get("课题") else kind.name
    return _joined((facts.get("班级"), f"{facts.get('学科') or ''}{topic}"))


def _joined(parts: Iterable[object]) -> str:
    return " ".join(str(part) for part in parts if part)
