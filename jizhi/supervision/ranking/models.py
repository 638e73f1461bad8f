"""What a department's place needs beside the result: the case that shows it to the department, and the school's factors."""

from django.db import models
from django.db.models import Q

from jizhi.org.models import Person, Unit
from jizhi.procedure.models import Case
from jizhi.results.models import Place


class Feedback(models.Model):
    """The case by which a department sees its place, appeals, is answered and is talked to before publication. A correction
    that changes nothing for a department keeps its case; ``after_act`` is the last act that the place could know of."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="feedback")
    case = models.ForeignKey(Case, models.PROTECT, related_name="feedback")
    after_act = models.PositiveSmallIntegerField(default=0)


class PayFactor(models.Model):
    """The factor that a school itself sets for a rank of a period. None are shipped."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pay_factors", verbose_name="学校")
    period = models.CharField("学期", max_length=30)
    rank = models.PositiveSmallIntegerField("名次")
    factor = models.DecimalField("系数", max_digits=6, decimal_places=3)
    set_on = models.DateField("设定日期")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "rank"], name="pay_factor_once"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="pay_factor_positive"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="pay_factor_rank_from_one"),
        ]
