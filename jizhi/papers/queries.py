"""Issued papers, and what the public may see of what was published."""

from datetime import date

from django.db import models
from django.db.models import Q, QuerySet

from jizhi.org.models import Unit
from jizhi.papers.models import Paper, Publication


def papers_about(obj: models.Model) -> QuerySet[Paper]:
    """What was issued about an object that the caller may see, oldest first."""
    about = Paper.objects.filter(about_type=obj._meta.label, about_id=str(obj.pk))
    return about.select_related("unit", "by").order_by("pk")


def published_about(obj: models.Model) -> QuerySet[Publication]:
    """What was ever published about an object, newest first; taken down ones too."""
    return Publication.objects.filter(about_type=obj._meta.label, about_id=str(obj.pk)).order_by("-pk")


def shown_to_all(*, today: date) -> QuerySet[Publication]:
    """What anyone may find today: listed, not over, not taken down, not replaced. Also when nobody ran ``jizhi tick``."""
    up = Publication.objects.filter(listed=True, taken_down_on=None, posted_on__lte=today, replaced_by=None)
    return up.filter(Q(down_on=None) | Q(down_on__gt=today))


def shown_at(unit: Unit, *, today: date) -> QuerySet[Publication]:
    """The same of a unit and everything below it, by the column of its depth."""
    return shown_to_all(today=today).filter(**{f"at_{min(unit.depth, 5)}": unit.pk})


def in_publicity(rows: QuerySet[Publication], *, today: date) -> QuerySet[Publication]:
    """Those whose last full day has not passed."""
    return rows.filter(until__gte=today)


def indexed(*, today: date) -> QuerySet[Publication]:
    """What search engines may list."""
    return shown_to_all(today=today).filter(indexed=True)
