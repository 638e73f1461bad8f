"""Inspection: the task, the record made on it, the findings begun inside the record, and the answers of who was inspected."""

from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.urls import reverse

from jizhi.org.models import Person, Unit
from jizhi.procedure.models import Case
from jizhi.sheets.models import Sheet
from jizhi.supervision import rules
from jizhi.supervision.brief.models import Brief, BriefItem
from jizhi.supervision.plan.models import ListItem, Plan, PlannedSchool
from jizhi.supervision.ranking.models import Feedback, PayFactor


class Form(models.TextChoices):
    """The four organising forms: the first two are the main ones."""

    REGULAR = "regular", "定期"
    ROUTINE = "routine", "常规"
    RANDOM = "random", "随机"
    SPECIAL = "special", "专题"


class Task(models.Model):
    """What is to be inspected, when and by whom. Done when a record names it; it has no state of its own."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name="学校")
    title = models.CharField("任务", max_length=80)
    form = models.CharField("组织形式", max_length=10, choices=Form.choices)
    kind = models.CharField("检查类型", max_length=20, choices=[(kind.code, kind.name) for kind in rules.KINDS])
    subject_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受检处室")
    subject_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受检教师")
    planned_on = models.DateField("计划日期")
    inspectors = models.ManyToManyField(Person, related_name="tasks", verbose_name="检查人")
    note = models.CharField("要点", max_length=300, blank=True)
    planned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: the system
    key = models.CharField(max_length=64, blank=True)  # double submits of the same form make one task

    class Meta:
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="task_submitted_once"),
            models.CheckConstraint(condition=Q(subject_unit=None) | Q(subject_person=None), name="task_one_subject"),
        ]
        indexes = [models.Index(fields=["unit", "planned_on"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("record", args=[self.pk])

    @property
    def record_kind(self) -> rules.RecordKind:
        return next(kind for kind in rules.KINDS if kind.code == self.kind)

    @property
    def form_link(self) -> str:
        """Where the record on this task is written."""
        return f"{reverse('record_new')}?{urlencode({'kind': self.kind, 'task': self.pk})}"

    @property
    def subject_name(self) -> str:
        """Whom it is about; a random task may leave it open."""
        return str(self.subject_person or self.subject_unit or "")


class Record(models.Model):
    """One inspection as written down; never changed once submitted (drafts live in org.Draft). Exactly one of ``person``
    and ``department`` is set. Strengths, problems and suggestions are one per line, at least one each."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="records", verbose_name="学校")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="records", verbose_name="任务")
    kind = models.CharField("检查类型", max_length=20, choices=[(kind.code, kind.name) for kind in rules.KINDS])
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="inspected", verbose_name="教师")
    department = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="inspected", verbose_name="处室")
    title = models.CharField("事项", max_length=120)  # 五年级2班 语文《草船借箭》
    facts = models.JSONField(default=dict)  # by the names of rules.FactSpec
    day = models.DateField("检查日期")
    period = models.CharField("学期", max_length=30, blank=True)
    inspector = models.ForeignKey(Person, models.PROTECT, related_name="inspections", verbose_name="检查人")
    methods = models.JSONField(default=list)  # of rules.METHODS
    sheet = models.OneToOneField(Sheet, models.PROTECT, null=True, blank=True, related_name="record")
    strengths = models.TextField("优点")
    problems = models.TextField("问题")
    suggestions = models.TextField("建议")
    follow_up_on = models.DateField("跟踪日期", null=True, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="跟踪")
    counts = models.BooleanField("计入考核", default=True)  # False: 发展性听课
    submitted_at = models.DateTimeField("提交时间")
    key = models.CharField(max_length=64, blank=True)  # double submits of the same form make one record

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="record_submitted_once"),
            models.CheckConstraint(
                condition=Q(person=None, department__isnull=False) | Q(person__isnull=False, department=None), name="record_one_subject"
            ),
            models.CheckConstraint(condition=~Q(strengths="") & ~Q(problems="") & ~Q(suggestions=""), name="record_opinions_given"),
            models.CheckConstraint(condition=~Q(methods=[]), name="record_method_given"),
            models.CheckConstraint(condition=Q(follow_up_on=None) | Q(follow_up_on__gte=models.F("day")), name="record_follow_up_later"),
        ]
        indexes = [
            models.Index(fields=["unit", "day", "id"]),
            models.Index(fields=["person", "day"]),
            models.Index(fields=["department", "day"]),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("record", args=[self.pk])

    @property
    def record_kind(self) -> rules.RecordKind:
        return next(kind for kind in rules.KINDS if kind.code == self.kind)

    @property
    def subject(self) -> Person | Unit:
        subject = self.person or self.department
        assert subject is not None  # record_one_subject
        return subject

    @property
    def strength_list(self) -> list[str]:
        return rules.lines(self.strengths)

    @property
    def problem_list(self) -> list[str]:
        return rules.lines(self.problems)

    @property
    def suggestion_list(self) -> list[str]:
        return rules.lines(self.suggestions)


class Finding(models.Model):
    """A problem of a record that is to be put right: its case runs the loop. State lives in the case alone."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="findings")
    case = models.OneToOneField(Case, models.PROTECT, related_name="finding")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("问题", max_length=500)
    area = models.CharField("领域", max_length=60, blank=True)  # first-level indicator: 教学过程与方法

    class Meta:
        ordering = ["record", "number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="finding_numbered"),
            models.CheckConstraint(condition=~Q(text=""), name="finding_text_given"),
        ]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """What the inspected teacher, or the head of the inspected department, says to a record; added, never changed."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="answers")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    post = models.CharField("以何职务", max_length=60, blank=True)
    text = models.TextField("回应")
    at = models.DateTimeField("时间")
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="answer_submitted_once"),
            models.CheckConstraint(condition=~Q(text=""), name="answer_text_given"),
        ]


__all__ = [
    "Answer",
    "Brief",
    "BriefItem",
    "Feedback",
    "Finding",
    "Form",
    "ListItem",
    "PayFactor",
    "Plan",
    "PlannedSchool",
    "Record",
    "Task",
]
