"""Serial numbers without gaps per unit, kind and year; issued papers."""

from django.db import models

from jizhi.org.models import Person, Unit


class Serial(models.Model):
    """The last number given; the row is locked while a number is taken."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    kind = models.CharField("字", max_length=10)  # 督改, 督简
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year"], name="serial_once")]


class Paper(models.Model):
    """A numbered paper about something; ``snapshot`` is what was issued, frozen."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    about_type = models.CharField(max_length=60)
    about_id = models.CharField(max_length=40)
    snapshot = models.JSONField(default=dict)
    by = models.ForeignKey(Person, models.PROTECT)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year", "number"], name="paper_number_once")]
        indexes = [models.Index(fields=["about_type", "about_id"])]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """太安督改〔2026〕7号"""
        return f"{self.unit.short or self.unit.name}{self.kind}〔{self.year}〕{self.number}号"
