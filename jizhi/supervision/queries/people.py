"""Who can be inspected and who inspects: the choices of forms. Which school and which term."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.org.models import Level, Person, Term, Unit
from jizhi.org.queries import ancestor_ids, people_in, posts_held, region_of, school_of, seats_held, subtree
from jizhi.rulebook.parameters import significant

Units = QuerySet[Unit]
BODIES = ("督导组", "督导室")  # of the school, of the district


def school_for(actor: Actor) -> Unit | None:
    """The school that the acting holding belongs to; None for those above schools."""
    school = school_of(actor.unit) if actor.unit else None
    return school if school and school.level == Level.SCHOOL else None


def schools_for(actor: Actor) -> QuerySet[Unit]:
    """The schools at or below the acting holding's unit."""
    return visible(actor, subtree(actor.unit) if actor.unit else Unit.objects.none()).filter(level=Level.SCHOOL, closed_on=None)


def teachers_of(unit: Unit) -> QuerySet[Person]:
    """Everyone who works in the school, by pinyin."""
    return people_in(unit).filter(left_on=None).order_by("pinyin", "name")


def departments_of(unit: Unit) -> QuerySet[Unit]:
    return subtree(unit).filter(level=Level.DEPARTMENT, closed_on=None)


def inspectable_units(unit: Unit) -> QuerySet[Unit]:
    """Departments, campuses and the school itself."""
    return subtree(unit).filter(level__in=(Level.DEPARTMENT, Level.CAMPUS, Level.SCHOOL), closed_on=None)


def inspectors_of(unit: Unit, *, on: date) -> QuerySet[Person]:
    """Members of the school's supervision body, and of the office above it."""
    seats = seats_held(on=on).filter(body__unit__in=ancestor_ids(unit), body__kind__in=BODIES)
    return Person.objects.filter(pk__in=seats.values("person")).order_by("pinyin", "name")


def heads_of(unit: Unit, *, on: date) -> QuerySet[Person]:
    """Who holds a head post of the unit."""
    return Person.objects.filter(pk__in=posts_held(on=on).filter(unit=unit, head=True).values("person"))


def headed_by(person: Person, *, on: date) -> list[int]:
    """Ids of the units whose head post the person holds."""
    return list(posts_held(on=on).filter(person=person, head=True).values_list("unit_id", flat=True))


def period_of(unit: Unit, day: date) -> str:
    """The term of a day in the unit's region: 2025-2026学年第二学期; empty where no term is on file."""
    region = region_of(unit)
    terms = [term for term in Term.objects.filter(starts__lte=day, ends__gte=day) if region.startswith(significant(term.region))]
    term = max(terms, key=lambda found: len(significant(found.region)), default=None)
    return f"{term.school_year}学年{term.name}" if term else ""


def periods_of(unit: Unit) -> list[str]:
    """All terms on file for the unit's region, newest first."""
    region = region_of(unit)
    found = (term for term in Term.objects.order_by("-starts") if region.startswith(significant(term.region)))
    return list(dict.fromkeys(f"{term.school_year}学年{term.name}" for term in found))


def departments_for(actor: Actor) -> Units:
    """Departments of what the actor reaches."""
    return (
        visible(actor, subtree(_top(actor)) if actor.unit else Unit.objects.none()).filter(level=Level.DEPARTMENT).select_related("parent")
    )


def filter_schools(actor: Actor) -> Units:
    """Schools to choose from in a filter; none where there is only one."""
    schools = schools_for(actor)
    return schools if schools.count() > 1 else schools.none()


def filter_units(actor: Actor) -> Units:
    """Schools and departments to choose from in a filter."""
    return filter_schools(actor) if filter_schools(actor).exists() else departments_for(actor)


def _top(actor: Actor) -> Unit:
    assert actor.unit is not None
    return school_of(actor.unit)
