"""What an appraisal keeps beside its cases and sheets: own tasks, marks, vetoes, linked polls, what was decided, pay."""

from __future__ import annotations

from django.db import models

from jizhi.org.models import Person, Unit
from jizhi.polling.models import Poll
from jizhi.procedure.models import Case
from jizhi.regulation.models import Edition


class Campaign(models.Model):
    """A case that appraises the units below it by one standard, for a year. Once per unit, standard and year."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="campaign")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="组织单位")
    standard = models.CharField("细则", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return self.case.title


class OwnTasks(models.Model):
    """A unit's rows of a schedule (附表) for a year, agreed by those whom the regulation names, frozen at the announcement."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="own_tasks", verbose_name="单位")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name="制度")
    schedule = models.CharField("附表", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    agreed = models.JSONField("商定", default=dict)  # place in 商定 → {"person", "name", "post", "day"}; gone when a row changes
    digest = models.CharField("摘要", max_length=64, blank=True)
    frozen_on = models.DateField("冻结日期", null=True, blank=True)

    class Meta:
        ordering = ["unit__path"]
        constraints = [models.UniqueConstraint(fields=["unit", "edition", "schedule", "year"], name="own_tasks_once")]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.year}年{self.schedule}"


class ScheduleRow(models.Model):
    """One row: its cells by the schedule's columns. ``done`` is what came of it, entered when the results are verified."""

    tasks = models.ForeignKey(OwnTasks, models.CASCADE, related_name="rows")
    number = models.PositiveSmallIntegerField("序号")
    cells = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["tasks", "number"], name="schedule_row_numbered")]

    def __str__(self) -> str:
        return str(self.cells.get("名称") or f"第 {self.number} 项")

    @property
    def unit(self) -> Unit:
        return self.tasks.unit


class Achievement(models.Model):
    """What came of a row, with what proves it. The newest counts; earlier ones stay."""

    row = models.ForeignKey(ScheduleRow, models.PROTECT, related_name="achievements")
    done = models.CharField("完成值", max_length=30)
    proof = models.CharField("依据", max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="核验人")
    day = models.DateField("核验日期")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.row}完成 {self.done}"

    @property
    def unit(self) -> Unit:
        return self.row.tasks.unit


class Mark(models.Model):
    """A mark beside the indicators: a part with marks of its own (述职), or an item of 加减分 with the fact. The newest of a
    rater and item counts."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="marks_given")
    item = models.CharField("项目", max_length=60)
    value = models.CharField("分", max_length=20)
    fact = models.CharField("依据", max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="评分人")
    day = models.DateField("日期")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"

    @property
    def unit(self) -> Unit:
        return self.case.unit


class Veto(models.Model):
    """否决: off unless the document and whatever else its red line asks for are named. The unit answers; people decide."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="vetoes")
    matter = models.CharField("事项", max_length=60)
    document = models.CharField("依据文件（文号）", max_length=120, blank=True)
    authority = models.CharField("认定机关", max_length=80, blank=True)
    decided_on = models.DateField("认定日期", null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="登记人")
    day = models.DateField("登记日期")
    defence = models.CharField("申辩", max_length=500, blank=True)
    defended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申辩人")
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    withdrawn_why = models.CharField("撤销理由", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "vetoes"

    def __str__(self) -> str:
        return self.matter

    @property
    def unit(self) -> Unit:
        return self.case.unit


class CampaignPoll(models.Model):
    """A 民意测评 whose sealed counts a campaign uses."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="polls")
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="campaign_link")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.poll.title

    @property
    def unit(self) -> Unit:
        return self.poll.unit


class Verdict(models.Model):
    """What was decided for a unit in a year, beside what was proposed; kept for good, a correction names the one before. Next
    year reads it as 往年. Without case and campaign: from before this program, entered from the files of that year."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="verdicts")  # the unit's own case
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="verdicts", verbose_name="单位")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="verdicts")
    organiser = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="组织单位")
    code = models.CharField(max_length=60)  # of the regulation
    standard = models.CharField("细则", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    town = models.CharField("乡镇", max_length=80, blank=True)
    grade = models.CharField("等次", max_length=20, blank=True)
    stars = models.PositiveSmallIntegerField("星级", null=True)
    rank = models.PositiveIntegerField("名次", null=True)
    score = models.DecimalField("得分", max_digits=9, decimal_places=4, null=True)
    award_fen = models.BigIntegerField("奖励（分）", default=0)
    proposed = models.CharField("测算建议", max_length=40, blank=True)
    reason = models.CharField("与测算不同的理由", max_length=300, blank=True)
    moved = models.CharField("升降", max_length=2, blank=True)
    moved_why = models.CharField("升降理由", max_length=300, blank=True)
    veto = models.OneToOneField(Veto, models.PROTECT, null=True, blank=True, related_name="lowered")  # by which it was lowered
    because = models.CharField("重新定的缘由", max_length=300, blank=True)  # an upheld objection, a veto found later
    decided_on = models.DateField("定的日期")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")

    class Meta:
        ordering = ["-year", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["organiser", "code", "standard", "year", "unit"], condition=models.Q(corrects=None), name="verdict_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.year}年{self.grade}{f'{self.stars}星' if self.stars else ''}"


class Cadre(models.Model):
    """A village official in the pay plan of a year. ``review`` is his own year-end review."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="cadres")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=40)
    review = models.CharField("年终考核", max_length=20)
    seniority = models.PositiveSmallIntegerField("工龄（年）", default=0)
    months = models.PositiveSmallIntegerField("任职月数", default=12)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "name", "post"], name="cadre_once")]

    def __str__(self) -> str:
        return f"{self.post}{self.name}"

    @property
    def unit(self) -> Unit:
        return self.case.unit


class PayPlan(models.Model):
    """The pay of a village's cadres as published: frozen with how each share came about. Where the village's award was
    corrected, the next plan names the one before."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pay_plans")
    award_fen = models.BigIntegerField("本村奖励（分）")
    shares = models.JSONField()  # [{"name", "post", "base", "seniority", "performance", "how"}], in fen
    digest = models.CharField("摘要", max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    published_on = models.DateField("公布日期")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=models.Q(corrects=None), name="pay_plan_once")]

    def __str__(self) -> str:
        return f"{self.case.unit.name}待遇方案"

    @property
    def unit(self) -> Unit:
        return self.case.unit
