"""Computed results, frozen when published (triggers, migration 0002); a correction is a new result that names the old one."""

from django.db import models

from jizhi.org.models import Person, Unit
from jizhi.regulation.models import Edition


class Result(models.Model):
    """A ranking of subjects by one standard. ``places`` rows belong to it. Computed once per period, then only corrected."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    edition = models.ForeignKey(Edition, models.PROTECT)
    standard = models.CharField(max_length=60)
    period = models.CharField("学期", max_length=30)
    seed = models.CharField("抽签种子", max_length=64)
    computed_on = models.DateField()
    published_on = models.DateField(null=True, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    reason = models.CharField("更正理由", max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "standard", "period"], condition=models.Q(corrects=None), name="result_computed_once_per_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.period}{self.standard}排名"


class Place(models.Model):
    """One subject's place. ``decided_by`` is the reason against the place above; ``derivation`` how the score came."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="places")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    rank = models.PositiveIntegerField(null=True)  # None: a red line stopped grading
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    grade = models.CharField(max_length=20, blank=True)
    decided_by = models.TextField(blank=True)
    derivation = models.JSONField(default=dict)  # as rules.derivation writes it

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["result", "rank"], condition=~models.Q(rank=None), name="place_rank_strict"),
            models.UniqueConstraint(fields=["result", "subject_type", "subject_id"], name="place_subject_once"),
        ]

    def __str__(self) -> str:
        return self.name
