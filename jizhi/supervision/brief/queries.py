"""Reads for briefs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.documents.brief import BriefPaper
from jizhi.org.models import Body, Level, Person, Unit
from jizhi.org.queries import people_in, posts_held, units_open
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Act
from jizhi.supervision.brief import rules
from jizhi.supervision.brief.models import Brief
from jizhi.supervision.models import Finding, Record

PLACES = {"lesson": "课堂教学", "lesson-plan": "备课与教案", "interview": "学生访谈"}
CLOCK = "整改期"


def briefs(actor: Actor) -> QuerySet[Brief]:
    """The briefs one may see, newest first."""
    return visible(actor, Brief.objects.select_related("unit", "case", "editor", "paper"))


def place_of(record: Record) -> str:
    """The department, or the kind of work: a brief goes to the whole school and names no teacher."""
    return record.department.name if record.department else PLACES.get(record.kind, record.record_kind.name)


def inspected(unit: Unit, since: date, until: date) -> list[rules.Inspected]:
    """The records of a period, those that only help a teacher along left out."""
    rows = Record.objects.filter(unit=unit, day__range=(since, until), counts=True).select_related("department").order_by("day", "id")
    return [rules.Inspected(row.record_kind.name, place_of(row), tuple(row.strength_list)) for row in rows]


def ledger(unit: Unit, since: date, until: date) -> list[rules.Ledger]:
    """The established problems of a period: notified, and not set aside since."""
    notified = Act.objects.filter(step=rules.NOTIFIED).values("case")
    rows = Finding.objects.filter(record__unit=unit, record__day__range=(since, until), case__in=notified)
    rows = rows.exclude(case__end="不予认定").select_related("record__department", "case__edition", "case__unit", "case__about")
    rows = rows.prefetch_related("case__acts")
    return [
        rules.Ledger(row.pk, place_of(row.record), row.text, _due(row), closed=bool(row.case.end))
        for row in rows.order_by("record__day", "record_id", "number")
    ]


def pending_count(unit: Unit, since: date, until: date) -> int:
    """Problems of the period that are still heard or answered and therefore stand in no brief."""
    rows = Finding.objects.filter(record__unit=unit, record__day__range=(since, until), case__end="")
    return rows.exclude(case__in=Act.objects.filter(step=rules.NOTIFIED).values("case")).count()


def audience_of(unit: Unit, *, on: date) -> list[Unit]:
    """To whom a school's brief can go: the whole school, or single departments."""
    return [unit, *units_open(unit, on=on).filter(level__in=(Level.DEPARTMENT, Level.CAMPUS))]


def office_above(unit: Unit) -> str:
    """The supervision office of the unit above, to which a brief is reported; empty when there is none."""
    body = Body.objects.filter(unit=unit.parent, kind="督导室", until=None).first() if unit.parent else None
    return body.name if body else ""


def readers(units: Iterable[Unit], *, on: date) -> list[Person]:
    """Who is told: the heads of the departments, and everyone where it goes to the whole school."""
    units = list(units)
    found = {person.pk: person for unit in units if unit.level == Level.SCHOOL for person in people_in(unit).filter(left_on=None)}
    heads = posts_held(on=on).filter(unit__in=units, head=True).select_related("person")
    return list({**found, **{post.person.pk: post.person for post in heads}}.values())


def can_edit(brief: Brief) -> bool:
    """While its case stands at the first step: what has been handed in is changed only after it came back."""
    return not brief.published_on and not brief.case.end and brief.case.step == first_step(brief)


def first_step(brief: Brief) -> str:
    return docket_of(brief.case).procedure.steps[0].name


def paper_of(brief: Brief) -> BriefPaper:
    """What the brief prints: the frozen snapshot once it is published, else as it stands."""
    if brief.paper:
        return replace(_thawed(brief.paper.snapshot), issue=brief.issue, total=brief.total)
    return as_paper(brief, day=brief.until, reviewer="", signer="")


def as_paper(brief: Brief, *, day: date, reviewer: str, signer: str) -> BriefPaper:
    return BriefPaper(
        unit=f"{brief.unit.name}督导组",
        title=brief.title,
        day=day,
        strengths=brief.strengths,
        problems_text=brief.problems_text,
        problems=tuple(item.text for item in brief.items.all()),
        requirements=brief.requirements,
        issue=brief.issue,
        total=brief.total,
        report_to=rules.names(brief.report_to),
        send_to=rules.names(brief.send_to),
        issue_to=rules.names(brief.issue_to),
        copies=brief.copies,
        editor=brief.editor.name,
        reviewer=reviewer,
        signer=signer,
    )


def frozen(paper: BriefPaper) -> dict[str, Any]:
    """As a paper's snapshot keeps it; its number comes with the paper."""
    return {**asdict(paper), "day": paper.day.isoformat()}


def _thawed(snapshot: dict[str, Any]) -> BriefPaper:
    lists = ("problems", "report_to", "send_to", "issue_to")
    kept: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in snapshot.items()}
    kept["day"] = date.fromisoformat(snapshot["day"])
    return BriefPaper(**kept)


def _due(finding: Finding) -> date | None:
    if finding.case.end:
        return None
    clocks = docket_of(finding.case).standing.clocks
    return next((clock.due for clock in clocks if clock.name == CLOCK), None)
