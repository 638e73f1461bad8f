"""Serial numbers without gaps per unit, kind and year; issued papers."""

import secrets
from datetime import date

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


def random_id() -> str:
    """An address nobody can guess or count up: 22 characters, 128 bits."""
    return secrets.token_urlsafe(16)


class Publication(models.Model):
    """Something shown to the public. ``snapshot`` is all that ever leaves: declared fields only, masked, frozen by its digest.

    It is shown under ``public_id`` until ``down_on``; taken down, only ``reduced`` (statistics) is left. Changed content is a
    new publication that names the old one.
    """

    public_id = models.CharField(max_length=32, unique=True, default=random_id)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="publications")
    # ids of the unit and its ancestors by depth, as on a case
    at_0 = models.BigIntegerField(null=True)
    at_1 = models.BigIntegerField(null=True)
    at_2 = models.BigIntegerField(null=True)
    at_3 = models.BigIntegerField(null=True)
    at_4 = models.BigIntegerField(null=True)
    at_5 = models.BigIntegerField(null=True)
    kind = models.CharField("类别", max_length=20)  # 公示, 决定, 收支, 成效, 星级, 收据
    title = models.CharField("标题", max_length=120)
    about_type = models.CharField(max_length=60)
    about_id = models.CharField(max_length=40)
    snapshot = models.JSONField(default=dict)  # {"fields": [[name, text]], "table": {"columns": [], "rows": []}, "note": ""}
    digest = models.CharField("内容摘要", max_length=64)  # SHA-256 of the snapshot as canonical JSON
    posted_on = models.DateField("公布日期")
    until = models.DateField("公示期满", null=True, blank=True)  # last full day of the wait
    down_on = models.DateField("下架日期", null=True, blank=True)  # the first day it is no longer shown
    taken_down_on = models.DateField(null=True, blank=True)
    reduced = models.JSONField(default=dict)
    listed = models.BooleanField(default=True)  # a receipt is found by its id only
    indexed = models.BooleanField("允许检索", default=True)
    open_to_objection = models.BooleanField(default=False)
    remark = models.CharField("公布后的情况", max_length=600, blank=True)  # shown with it: it no longer agrees with the books
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    entry_id = models.BigIntegerField(null=True)  # the log entry that proves it

    class Meta:
        indexes = [
            *(models.Index(fields=[f"at_{d}", "kind", "-posted_on", "-id"], name=f"publication_at_{d}") for d in range(6)),
            models.Index(fields=["about_type", "about_id"], name="publication_about"),
            models.Index(fields=["-posted_on", "-id"], name="publication_newest"),
            models.Index(fields=["until", "id"], name="publication_until"),
            models.Index(fields=["down_on"], condition=models.Q(taken_down_on=None), name="publication_due_down"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_shown(self, today: date) -> bool:
        """Whether its content may be seen today, by whoever has the address."""
        return self.taken_down_on is None and self.posted_on <= today and (self.down_on is None or today < self.down_on)


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
