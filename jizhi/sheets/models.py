"""A sheet: one rater's scores for one subject on one standard of one edition."""

from django.db import models

from jizhi.org.models import Person, Unit
from jizhi.regulation.models import Edition


class Sheet(models.Model):
    """A draft until handed in, then never changed: an amendment is a new sheet that ``replaces`` it, with its reason."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    edition = models.ForeignKey(Edition, models.PROTECT)
    standard = models.CharField("细则", max_length=60)  # its name in the edition
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_name = models.CharField("对象", max_length=80)
    period = models.CharField("学期", max_length=30, blank=True)
    rater = models.ForeignKey(Person, models.PROTECT, verbose_name="评分人")
    group = models.CharField("评分组", max_length=30, blank=True)
    red_lines = models.JSONField(default=list)  # [[name, fact]] of the red lines met
    bonuses = models.JSONField(default=dict)  # {name: [points text, fact]}
    handed_in_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    reason = models.CharField("更正理由", max_length=300, blank=True)
    amended_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正人")

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"]), models.Index(fields=["unit", "standard", "period"])]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "edition", "standard", "subject_type", "subject_id", "period", "rater"],
                condition=models.Q(replaces=None),
                name="sheet_once_per_rater",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_name}（{self.standard}细则评分）"


class Score(models.Model):
    """One leaf's score: ``points`` as Decimal for showing, None is N/A (不适用); ``how`` keeps what was entered (优, 11/12,
    扣 2 项, 9.5), from which totals are computed exactly."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="scores")
    indicator = models.CharField(max_length=30)  # code
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    how = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "indicator"], name="score_once")]
