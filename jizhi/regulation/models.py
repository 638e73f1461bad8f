"""Editions of regulations and their adoption by units. An edition's text never changes once adopted."""

from django.db import models

from jizhi.org.models import Person, Unit


class Edition(models.Model):
    """One text of a regulation. ``text`` is the YAML as written; ``digest`` its SHA-256."""

    code = models.CharField("代号", max_length=60)
    name = models.CharField("制度", max_length=80)
    since = models.DateField("施行")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    shipped = models.BooleanField(default=False)  # from jizhi/library
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)  # None: the library
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="overlays", verbose_name="上位制度")  # 基于

    class Meta:
        ordering = ["code", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["code", "digest"], condition=models.Q(owner=None), name="edition_text_once"),
            models.UniqueConstraint(fields=["code", "digest", "owner"], name="edition_text_once_per_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.since.year}年版）"


class Adoption(models.Model):
    """A unit runs an edition from a day on. The newest begun adoption of a code is in force."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="adoptions")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="adoptions")
    since = models.DateField("启用")
    until = models.DateField("用至", null=True, blank=True)  # a pilot that was stopped
    by = models.ForeignKey(Person, models.PROTECT)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering = ["-since", "-id"]


class Pilot(models.Model):
    """An edition tried in chosen units before all below ``unit`` run it. The chosen units' adoptions name their pilot."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pilots", verbose_name="试点单位的上级")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="pilots", verbose_name="制度")
    units = models.ManyToManyField(Unit, related_name="piloting", verbose_name="试点单位")
    since = models.DateField("试点自")
    review_by = models.DateField("评估期限")
    aim = models.CharField("试点要回答的问题", max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    review = models.TextField("评估意见", blank=True)
    reviewed_on = models.DateField("评估日期", null=True, blank=True)
    decision = models.CharField("决定", max_length=10, blank=True, choices=[("roll_out", "全面推开"), ("stop", "停止试点")])
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("决定理由", max_length=300, blank=True)

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "edition"], condition=models.Q(decision=""), name="pilot_once_open"),
        ]

    def __str__(self) -> str:
        return f"{self.unit.name}试点《{self.edition.name}》"
