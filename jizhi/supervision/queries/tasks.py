"""Tasks with the state that follows from their records."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.supervision.models import Task

STATES = (("open", "未完成"), ("late", "逾期"), ("done", "已完成"))


def tasks(actor: Actor, *, state: str = "", form: str = "", kind: str = "", text: str = "", today: date) -> QuerySet[Task]:
    """Those the actor may see, with ``made`` (how many records name them)."""
    found = visible(actor, Task.objects.all()).annotate(made=Count("records", distinct=True))
    if form:
        found = found.filter(form=form)
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(title__icontains=text)
    match state:
        case "done":
            found = found.filter(made__gt=0)
        case "open":
            found = found.filter(made=0)
        case "late":
            found = found.filter(made=0, planned_on__lt=today)
    return found.select_related("unit", "subject_unit", "subject_person").prefetch_related("inspectors")


def mine(actor: Actor, *, today: date) -> QuerySet[Task]:
    """Open tasks given to the actor, the most urgent first."""
    return tasks(actor, state="open", today=today).filter(inspectors=actor.person).order_by("planned_on", "pk")
