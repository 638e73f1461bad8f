"""What a regulation's scores say in a pilot: how many units were scored and how high, beside the others and a year before.

Where results of a standard were computed, their places count; where there are only sheets (a lesson, a campus), what each
subject's sheets come to by the standard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import or_
from statistics import median
from typing import cast

from django.db.models import Q, QuerySet
from django.utils import timezone

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.org.models import Unit
from jizhi.org.queries import path_range
from jizhi.regulation.models import Pilot
from jizhi.regulation.reading import regulation_of
from jizhi.results.models import Place
from jizhi.rulebook.formula import rounded
from jizhi.rulebook.language import Standard
from jizhi.rulebook.scoring import score
from jizhi.sheets.actions import standard_of
from jizhi.sheets.models import Sheet
from jizhi.sheets.queries import scoring_input, subject_key

TOP = 5000  # places or sheets read for one standard and year; more are not counted, and the page says so
UNIT = Unit._meta.label
PILOTING, OTHERS = "试点单位", "其他单位"


@dataclass(frozen=True)
class Scored:
    """One subject's score. ``unit`` is that of the table's row to which it belongs; no score: its sheets do not make one yet."""

    unit: int
    name: str
    period: str
    day: date
    points: Decimal | None


@dataclass(frozen=True)
class Figure:
    """Of some subjects: how many were scored, in how many units, mean and median of their scores."""

    count: int
    units: int
    mean: Decimal | None
    middle: Decimal | None


@dataclass(frozen=True)
class Line:
    """A row: a unit, or all that pilot it, or all the others. ``who`` names it in the address of its records."""

    name: str
    who: str
    piloting: bool
    whole: bool
    now: Figure
    before: Figure


@dataclass(frozen=True)
class Table:
    standard: str
    full: Decimal
    lines: Sequence[Line]
    cut: bool  # there are more than TOP

    @property
    def has_before(self) -> bool:
        return any(line.before.count for line in self.lines)


def span(pilot: Pilot, *, today: date, before: bool = False) -> tuple[date, date]:
    """From the pilot's first day to today, or the same days a year earlier."""
    return (_year_before(pilot.since), _year_before(today)) if before else (pilot.since, today)


def tables(actor: Actor, pilot: Pilot, units: Sequence[tuple[Unit, bool]], *, today: date) -> list[Table]:
    """One for each standard of the regulation, over ``units`` (and whether each pilots it), as far as the actor sees scores."""
    return [_table(actor, pilot, standard, units, today=today) for standard in regulation_of(pilot.edition).standards.values()]


def records(
    actor: Actor, pilot: Pilot, standard: str, units: Iterable[Unit], *, today: date, before: bool = False
) -> QuerySet[Place] | QuerySet[Sheet]:
    """What a figure counts: places of results as they stand, else sheets handed in."""
    found = places(actor, pilot, standard, today=today)
    if found.exists() or places(actor, pilot, standard, today=today, before=True).exists():
        return places(actor, pilot, standard, today=today, before=before).filter(_within(units, "result__unit__path"))
    return sheets(actor, pilot, standard, today=today, before=before).filter(_within(units, "unit__path"))


def places(actor: Actor, pilot: Pilot, standard: str, *, today: date, before: bool = False) -> QuerySet[Place]:
    within = Q(result__computed_on__range=span(pilot, today=today, before=before)) & path_range("result__unit__path", pilot.unit.path)
    standing = Place.objects.filter(within, result__edition__code=pilot.edition.code, result__standard=standard, result__corrected_by=None)
    return visible(actor, standing).select_related("result__unit")


def sheets(actor: Actor, pilot: Pilot, standard: str, *, today: date, before: bool = False) -> QuerySet[Sheet]:
    """Without what units said of themselves (评分: 作为: 自评)."""
    first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in span(pilot, today=today, before=before))
    found = Sheet.objects.filter(
        path_range("unit__path", pilot.unit.path), edition__code=pilot.edition.code, standard=standard, replaced_by=None,
        handed_in_at__gte=first, handed_in_at__lt=last + timedelta(days=1),
    )  # fmt: skip
    procedures = regulation_of(pilot.edition).procedures.values()
    roles = {step.marking.role for procedure in procedures for step in procedure.steps if step.marking and step.marking.role}
    for role in roles:
        found = found.exclude(period__endswith=f"·{role}")
    return visible(actor, found).select_related("unit", "rater", "edition")


def worth(found: Sequence[Sheet]) -> dict[str, Decimal]:
    """``type:id`` → what the sheets of a subject come to. A subject whose sheets do not make a score yet is absent."""
    by_subject: dict[str, list[Sheet]] = {}
    for sheet in found:
        by_subject.setdefault(subject_key(sheet), []).append(sheet)
    results = {key: score(standard_of(rows[0].edition, rows[0].standard), scoring_input(rows)).results for key, rows in by_subject.items()}
    return {key: made[0].score for key, made in results.items() if made}


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _within(units: Iterable[Unit], path: str) -> Q:
    """About one of the units, or about what is in them: a department of a school, a lesson given there."""
    chosen = list(units)
    if not chosen:
        return Q(pk__in=[])
    inside = Unit.objects.filter(reduce(or_, (path_range("path", unit.path) for unit in chosen)))
    about = Q(subject_type=UNIT, subject_id__in=[str(pk) for pk in inside.values_list("pk", flat=True)])
    return about | (~Q(subject_type=UNIT) & reduce(or_, (path_range(path, unit.path) for unit in chosen)))


def _table(actor: Actor, pilot: Pilot, standard: Standard, units: Sequence[tuple[Unit, bool]], *, today: date) -> Table:
    every = [unit for unit, _ in units]
    found = {before: _read(records(actor, pilot, standard.name, every, today=today, before=before), every) for before in (False, True)}
    groups = [(PILOTING, "pilot", True, {unit.pk for unit, own in units if own})]
    groups.append((OTHERS, "others", False, {unit.pk for unit, own in units if not own}))
    lines = [
        Line(f"{name}合计", who, piloting, whole=True, now=_figure(found[False], ids), before=_figure(found[True], ids))
        for name, who, piloting, ids in groups
    ]
    lines += [
        Line(unit.name, str(unit.pk), own, whole=False, now=_figure(found[False], {unit.pk}), before=_figure(found[True], {unit.pk}))
        for unit, own in units
    ]
    return Table(standard.name, standard.full, lines, any(len(rows) >= TOP for rows in found.values()))


def _read(rows: QuerySet[Place] | QuerySet[Sheet], units: Sequence[Unit]) -> list[Scored]:
    of = {unit.path: unit.pk for unit in units}
    if rows.model is Place:
        computed = list(rows.order_by("-pk")[:TOP])
        paths = _paths(computed)
        return [
            Scored(_row(one, paths, of, one.result.unit), one.name, one.result.period, one.result.computed_on, one.score)
            for one in computed
        ]
    kept = list(cast("QuerySet[Sheet]", rows).prefetch_related("scores").order_by("-pk")[:TOP])
    paths, points = _paths(kept), worth(kept)
    made: dict[str, Scored] = {}
    for sheet in kept:
        day, key = timezone.localdate(sheet.handed_in_at), subject_key(sheet)
        made.setdefault(key, Scored(_row(sheet, paths, of, sheet.unit), sheet.subject_name, sheet.period, day, points.get(key)))
    return list(made.values())


def _paths(found: Sequence[Place] | Sequence[Sheet]) -> dict[int, str]:
    """Of the subjects that are units."""
    ids = {int(one.subject_id) for one in found if one.subject_type == UNIT}
    return dict(Unit.objects.filter(pk__in=ids).values_list("pk", "path"))


def _row(one: Place | Sheet, paths: Mapping[int, str], of: Mapping[str, int], unit: Unit) -> int:
    """The unit of the table in which the subject lies."""
    path = paths.get(int(one.subject_id), "") if one.subject_type == UNIT else unit.path
    return next((pk for above, pk in of.items() if path.startswith(above)), 0)


def _figure(rows: Sequence[Scored], units: set[int]) -> Figure:
    mine = [row for row in rows if row.unit in units]
    points = sorted(row.points for row in mine if row.points is not None)
    mean = rounded(Fraction(sum(points, Decimal(0))) / len(points), 2) if points else None
    return Figure(len(mine), len({row.unit for row in mine}), mean, rounded(Fraction(median(points)), 2) if points else None)
