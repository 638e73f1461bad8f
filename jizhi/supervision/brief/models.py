"""A brief and the problem items of its second part. Where it stands is its case alone."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from jizhi.org.models import Person, Unit
from jizhi.papers.models import Paper
from jizhi.procedure.models import Case


class Brief(models.Model):
    """Three parts about one period. ``version`` counts saves, so that two editors do not overwrite one another. What was
    published is ``paper.snapshot``; ``published_to`` are the units that read it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="briefs", verbose_name="学校")
    case = models.OneToOneField(Case, models.PROTECT, related_name="brief")
    period = models.CharField("学期", max_length=30, blank=True)
    since = models.DateField("自")
    until = models.DateField("至")
    title = models.CharField("标题", max_length=80)
    strengths = models.TextField("主要成绩与经验", blank=True)
    problems_text = models.TextField("存在的突出问题", blank=True)
    requirements = models.TextField("整改要求", blank=True)
    report_to = models.CharField("报", max_length=200, blank=True)
    send_to = models.CharField("送", max_length=200, blank=True)
    issue_to = models.CharField("发", max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField("印数", default=0)
    editor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="编辑")
    version = models.PositiveIntegerField(default=1)
    issue = models.PositiveIntegerField("期号", null=True, blank=True)  # within the year
    total = models.PositiveIntegerField("总期号", null=True, blank=True)
    paper = models.OneToOneField(Paper, models.PROTECT, null=True, blank=True, related_name="brief")
    published_on = models.DateField("发布日期", null=True, blank=True)
    published_to = models.ManyToManyField(Unit, related_name="+", verbose_name="发布范围")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "total"], condition=~Q(total=None), name="brief_total_once"),
            models.CheckConstraint(condition=Q(until__gte=models.F("since")), name="brief_period_in_order"),
            models.CheckConstraint(
                condition=Q(paper=None, published_on=None, issue=None, total=None)
                | Q(paper__isnull=False, published_on__isnull=False, issue__isnull=False, total__isnull=False),
                name="brief_published_numbered",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("brief", args=[self.pk])

    @property
    def number_line(self) -> str:
        """第3期（总第12期）, empty before it is numbered."""
        return f"第{self.issue}期（总第{self.total}期）" if self.issue else ""


class BriefItem(models.Model):
    """One problem of part two; ``finding`` is the ledger item it came from, None when an editor wrote it in."""

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    text = models.CharField("问题", max_length=500)
    finding = models.ForeignKey("supervision.Finding", models.PROTECT, null=True, blank=True, related_name="brief_items")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "number"], name="brief_item_numbered"),
            models.UniqueConstraint(fields=["brief", "finding"], condition=~Q(finding=None), name="brief_item_finding_once"),
        ]
