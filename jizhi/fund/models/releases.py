"""What was published of a fund for a period, what a household got once, and what the village records of its effects."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jizhi.fund.models.ledger import Fund, Payment
from jizhi.fund.periods import Quarter
from jizhi.org.models import Household, Person, Unit
from jizhi.papers.models import Publication
from jizhi.procedure.models import Case


class ReleaseKind(models.TextChoices):
    ACCOUNTS = "收支", "收支"
    EFFECT = "成效", "成效"


class Release(models.Model):
    """A quarter of a fund as it was published. A correction is the next ``round``."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="releases")
    kind = models.CharField("类别", max_length=4, choices=ReleaseKind.choices)
    year = models.PositiveSmallIntegerField("年")
    quarter = models.PositiveSmallIntegerField("季度")
    round = models.PositiveSmallIntegerField("次", default=1)
    publication = models.OneToOneField(Publication, models.PROTECT, related_name="+")
    reason = models.CharField("更正原因", max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # None: the system
    day = models.DateField("公布日期")

    class Meta:
        ordering = ["-year", "-quarter", "-round"]
        constraints = [models.UniqueConstraint(fields=["fund", "kind", "year", "quarter", "round"], name="release_once")]

    def __str__(self) -> str:
        return f"{Quarter(self.year, self.quarter).words}{self.kind}"


class Reward(models.Model):
    """A household's reward for leaving poverty: once. Taken back when its voucher is reversed."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="rewards")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="reward")
    taken_back = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household"], condition=Q(taken_back=False), name="reward_once_per_household")]


class EffectKind(models.TextChoices):
    OWNER = "owner", "引进业主"
    TRAINING = "training", "技能培训"
    WORK = "work", "公益设施"


class Effect(models.Model):
    """Something that came of the fund, as the village records it: an owner introduced, a training held, a work built."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="effects")
    kind = models.CharField("类别", max_length=10, choices=EffectKind.choices)
    name = models.CharField("名称", max_length=80)
    mu = models.DecimalField("面积（亩）", max_digits=9, decimal_places=2, null=True)
    people = models.PositiveIntegerField("人次", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", verbose_name="相关事项")
    day = models.DateField("日期")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="登记人")
    struck_on = models.DateField("划去日期", null=True)
    struck_why = models.CharField("划去原因", max_length=120, blank=True)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], condition=~Q(key=""), name="effect_submitted_once"),
            models.CheckConstraint(condition=~Q(kind="training") | Q(people__gt=0), name="effect_training_counts_people"),
        ]
        indexes = [models.Index(fields=["fund", "-day", "-id"], name="effect_by_day")]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> Unit:
        return self.fund.unit
