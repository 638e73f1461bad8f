"""A sheet: one rater's scores for one subject on one standard of one edition."""

from django.db import models

from jizhi.org.models import Person, Unit
from jizhi.regulation.models import Edition


class Sheet(models.Model):
    unit = models.ForeignKey(Unit, models.PROTECT)
    edition = models.ForeignKey(Edition, models.PROTECT)
    standard = models.CharField("细则", max_length=60)  # its name in the edition
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_name = models.CharField("对象", max_length=80)
    period = models.CharField("学期", max_length=30, blank=True)
    rater = models.ForeignKey(Person, models.PROTECT, verbose_name="评分人")
    group = models.CharField("评分组", max_length=30, blank=True)
    red_lines = models.JSONField(default=list)  # names of red lines met, each with its fact
    bonuses = models.JSONField(default=dict)  # {name: [points text, fact]}
    handed_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"]), models.Index(fields=["unit", "standard", "period"])]


class Score(models.Model):
    """One leaf's score: points as Decimal, None is N/A (不适用); ``how`` keeps what was entered (优, 11/12, 扣 2 项)."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="scores")
    indicator = models.CharField(max_length=30)  # code
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    how = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "indicator"], name="score_once")]
