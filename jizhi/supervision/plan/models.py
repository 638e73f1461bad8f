"""The annual list of supervisions that a district filed, and its plans."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from jizhi.org.models import Person, Unit
from jizhi.supervision.plan.rules import COMPREHENSIVE, KINDS


class ListItem(models.Model):
    """One line of the year's list (年度督查检查考核清单)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("事项", max_length=80)
    basis = models.CharField("报备文号", max_length=80)
    filed_on = models.DateField("报备日期")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-year", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "title"], name="list_item_once")]

    def __str__(self) -> str:
        return f"{self.year}年：{self.title}（{self.basis}）"


class Plan(models.Model):
    """A supervision that the district plans at schools. Never changed: what is wrong is planned anew."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name="单位")
    kind = models.CharField("类型", max_length=14, choices=KINDS)
    title = models.CharField("名称", max_length=80)
    item = models.ForeignKey(ListItem, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="清单事项")
    off_list_reason = models.CharField("清单外的理由", max_length=300, blank=True)
    content = models.TextField("内容、范围、方式")
    announced_on = models.DateField("公告日期")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    short_notice_reason = models.CharField("公告不足一个月的理由", max_length=300, blank=True)
    inspectors = models.ManyToManyField(Person, related_name="plans", verbose_name="督导小组")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="plan_submitted_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class PlannedSchool(models.Model):
    """A school of a plan. ``turn`` numbers its comprehensive supervisions of a school year; the rest have none."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="schools")
    school = models.ForeignKey(Unit, models.PROTECT, related_name="planned")
    kind = models.CharField(max_length=14, choices=KINDS)
    school_year = models.CharField("学年", max_length=9)
    turn = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "turn"], condition=Q(kind=COMPREHENSIVE), name="comprehensive_turn_once"
            ),
            models.UniqueConstraint(fields=["plan", "school"], name="planned_school_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school}：{self.plan}"
