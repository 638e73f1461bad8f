"""Plans, the year's list, and what a new plan is measured by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.org.models import Level, Person, Unit
from jizhi.org.queries import region_of, seats_held, units_open
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.supervision.plan.models import ListItem, Plan, PlannedSchool
from jizhi.supervision.plan.rules import COMPREHENSIVE, Limits, limits_of, school_year

CODE = "district.plan"


def plans(actor: Actor) -> QuerySet[Plan]:
    return visible(actor, Plan.objects.all()).select_related("unit", "item").annotate(places=Count("schools", distinct=True))


def items(actor: Actor, year: int) -> QuerySet[ListItem]:
    return visible(actor, ListItem.objects.filter(year=year)).annotate(used=Count("plans"))


def limits(unit: Unit, *, on: date) -> Limits | None:
    """The numbers in force; None where the district has not adopted the rules."""
    edition = edition_in_force(unit, CODE, on=on)
    return limits_of(regulation_of(edition), on=on, region=region_of(unit)) if edition else None


def schools_of(unit: Unit, *, on: date) -> QuerySet[Unit]:
    return units_open(unit, on=on).filter(level=Level.SCHOOL)


def inspectors_of(unit: Unit, *, on: date) -> QuerySet[Person]:
    """Members of the district's 督导室."""
    return Person.objects.filter(pk__in=seats_held(on=on).filter(body__unit=unit, body__kind="督导室").values("person")).order_by("pk")


def comprehensive_before(schools: Iterable[Unit], day: date) -> dict[str, list[str]]:
    """By school: the comprehensive supervisions of that day's school year."""
    rows = PlannedSchool.objects.filter(school__in=list(schools), kind=COMPREHENSIVE, school_year=school_year(day))
    found: dict[str, list[str]] = {}
    for row in rows.select_related("plan", "school").order_by("pk"):
        found.setdefault(row.school.name, []).append(row.plan.title)
    return found
