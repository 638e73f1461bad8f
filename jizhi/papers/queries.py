"""Issued papers."""

from django.db import models
from django.db.models import QuerySet

from jizhi.papers.models import Paper


def papers_about(obj: models.Model) -> QuerySet[Paper]:
    """What was issued about an object that the caller may see, oldest first."""
    about = Paper.objects.filter(about_type=obj._meta.label, about_id=str(obj.pk))
    return about.select_related("unit", "by").order_by("pk")
