"""Evidence: text, or a photo or file (never required). Type by content, size limits, position data stripped."""

from django.db import models

from jizhi.org.models import Person, Unit


class Evidence(models.Model):
    unit = models.ForeignKey(Unit, models.PROTECT)
    about_type = models.CharField(max_length=60)  # app.Model of what it belongs to
    about_id = models.CharField(max_length=40)
    text = models.TextField("文字", blank=True)
    file = models.FileField("文件", upload_to="evidence/%Y/%m", blank=True)
    name = models.CharField("文件名", max_length=200, blank=True)
    mime = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["about_type", "about_id"])]

    def __str__(self) -> str:
        return self.name or self.text[:40]
