"""Issuing a paper: the next number without a gap, and what was issued, frozen. Showing something to the public, and taking it down."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models, transaction

from jizhi.access.actor import SYSTEM, Actor
from jizhi.audit.actions import record
from jizhi.org.models import Unit
from jizhi.org.queries import ancestor_ids
from jizhi.papers import rules
from jizhi.papers.models import Paper, Publication
from jizhi.papers.numbers import take_number

DEEPEST = 5


@transaction.atomic
def issue_paper(kind: str, *, unit: Unit, title: str, about: models.Model, snapshot: Mapping[str, object], by: Actor, today: date) -> Paper:
    """Number and keep a paper as part of the act that issues it, which has asked for the permission.

    The number stands or falls with that act's transaction: a rolled back act leaves no gap, and whoever comes second waits.
    """
    if by.person is None:
        raise ValueError("a paper is issued by a person")
    number = take_number(kind, unit=unit, year=today.year)
    paper = Paper.objects.create(
        unit=unit, kind=kind, year=today.year, number=number, title=title,
        about_type=about._meta.label, about_id=str(about.pk), snapshot=dict(snapshot), by=by.person, day=today,
    )  # fmt: skip
    record("papers.issue_paper", paper, by=by, label=f"{paper.label} {title}", unit=unit, fields={"文号": paper.label, "内容": snapshot})
    return paper


@transaction.atomic
def publish(
    kind: str,
    *,
    unit: Unit,
    title: str,
    about: models.Model,
    snapshot: Mapping[str, Any],
    by: Actor,
    today: date,
    until: date | None = None,
    down_on: date | None = None,
    listed: bool = True,
    indexed: bool = True,
    open_to_objection: bool = False,
    replaces: Publication | None = None,
) -> Publication:
    """Show something to the public as part of the act that decides it, which has asked for the permission.

    The caller masks names and leaves out what need not leave; identity, mobile and card numbers are masked here again, and
    the title names nobody, for it stays. Raises Unpublishable for a snapshot of anything but declared plain text. What it
    ``replaces`` is taken down when it was to be shown for a time only, else it stays and says by what it was replaced.
    """
    if down_on is not None and down_on <= (until or today):
        raise rules.Unpublishable("what is published is shown at least until its last full day")
    shown = rules.clean_snapshot(snapshot)
    above = ancestor_ids(unit)[: DEEPEST + 1]
    publication = Publication.objects.create(
        unit=unit, kind=kind, title=rules.without_numbers(title)[:120], about_type=about._meta.label, about_id=str(about.pk),
        snapshot=shown, digest=rules.digest_of(shown), posted_on=today, until=until, down_on=down_on, listed=listed,
        indexed=indexed, open_to_objection=open_to_objection, replaces=replaces,
        **{f"at_{depth}": pk for depth, pk in enumerate(above)},
    )  # fmt: skip
    fields = {
        "公开编号": publication.public_id, "类别": kind, "标题": publication.title, "内容摘要": publication.digest,
        "公布日期": today, "公示期满": until, "下架日期": down_on, "取代": replaces.public_id if replaces else "",
    }  # fmt: skip
    publication.entry_id = record("papers.publish", publication, by=by, label=publication.title, unit=unit, fields=fields).pk
    publication.save(update_fields=["entry_id"])
    if replaces is not None and replaces.down_on is not None:
        left = {"fields": [["情况", f"内容有改动，{today.isoformat()} 已重新公布"]]}
        take_down(replaces, reduced=left, by=by, today=today)
    return publication


@transaction.atomic
def take_down(publication: Publication, *, reduced: Mapping[str, Any], by: Actor, today: date) -> Publication:
    """Leave only ``reduced`` (the shape of a snapshot: statistics, nobody named) and the digest. Twice is once."""
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    if publication.taken_down_on is not None:
        return publication
    publication.snapshot, publication.reduced, publication.taken_down_on = {}, rules.clean_snapshot(reduced), today
    publication.open_to_objection = False
    publication.save(update_fields=["snapshot", "reduced", "taken_down_on", "open_to_objection"])
    fields = {"公开编号": publication.public_id, "内容摘要": publication.digest, "下架日期": today, "保留": publication.reduced}
    record("papers.take_down", publication, by=by, label=publication.title, unit=publication.unit, fields=fields)
    return publication


@transaction.atomic
def remark_publication(publication: Publication, text: str, *, by: Actor, today: date) -> Publication:
    """Say beside what was published what has become of it since; the content stays as it was. The same text twice is once."""
    publication = Publication.objects.select_for_update(of=("self",)).select_related("unit").get(pk=publication.pk)
    text = rules.without_numbers(text)[:600]
    if publication.remark != text:
        publication.remark = text
        publication.save(update_fields=["remark"])
        fields = {"公开编号": publication.public_id, "公布后的情况": text, "日期": today}
        record("papers.remark_publication", publication, by=by, label=publication.title, unit=publication.unit, fields=fields)
    return publication


def take_down_due(*, today: date) -> list[str]:
    """Take down what is over and what its own domain has not taken down; a line for each. Part of ``jizhi tick``."""
    over = Publication.objects.filter(taken_down_on=None, down_on__lte=today).order_by("pk").values_list("pk", flat=True)
    return [line for pk in list(over) if (line := _take_down_over(pk, today=today))]


def _take_down_over(pk: int, *, today: date) -> str:
    with transaction.atomic():
        one = Publication.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
        if one.taken_down_on is not None:  # another machine was first
            return ""
        left = rules.statistics(one.kind, one.snapshot, posted_on=one.posted_on, until=one.until)
        take_down(one, reduced=left, by=SYSTEM, today=today)
        return f"{one.unit.name}《{one.title}》公布期满，已下架，只留统计"
