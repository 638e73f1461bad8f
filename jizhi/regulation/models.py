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
    by = models.ForeignKey(Person, models.PROTECT)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        ordering = ["-since", "-id"]
