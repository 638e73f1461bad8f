"""Issuing a paper: the next number without a gap, and what was issued, frozen."""

from collections.abc import Mapping
from datetime import date

from django.db import models, transaction

from jizhi.access.actor import Actor
from jizhi.audit.actions import record
from jizhi.org.models import Unit
from jizhi.papers.models import Paper, Serial


@transaction.atomic
def issue_paper(kind: str, *, unit: Unit, title: str, about: models.Model, snapshot: Mapping[str, object], by: Actor, today: date) -> Paper:
    """Number and keep a paper as part of the act that issues it, which has asked for the permission.

    The number stands or falls with that act's transaction: a rolled back act leaves no gap, and whoever comes second waits.
    """
    if by.person is None:
        raise ValueError("a paper is issued by a person")
    serial, _ = Serial.objects.select_for_update().get_or_create(unit=unit, kind=kind, year=today.year)
    serial.last += 1
    serial.save(update_fields=["last"])
    paper = Paper.objects.create(
        unit=unit, kind=kind, year=today.year, number=serial.last, title=title,
        about_type=about._meta.label, about_id=str(about.pk), snapshot=dict(snapshot), by=by.person, day=today,
    )  # fmt: skip
    record("papers.issue_paper", paper, by=by, label=f"{paper.label} {title}", unit=unit, fields={"文号": paper.label, "内容": snapshot})
    return paper
