"""Reads of units, people, posts and bodies. Callers above filter what they show through access.visible."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Value

from jizhi.org.models import WIDTH, Body, Kinship, Level, Person, Post, Seat, Term, Unit
from jizhi.rulebook import judgement

DIVISIONS = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE})
UNIT = tuple(field.attname for field in Unit._meta.concrete_fields)
AFTER = "~"  # sorts after every character of a path
Posts = QuerySet[Post]
Seats = QuerySet[Seat]


def path_range(lookup: str, path: str) -> Q:
    """Rows whose unit path lies in the subtree of ``path``; ``lookup`` leads to the path column. A range uses the index,
    startswith would scan the table (measured)."""
    return Q(**{f"{lookup}__gte": path, f"{lookup}__lt": path + AFTER})


def subtree(unit: Unit) -> QuerySet[Unit]:
    """The unit and everything below it, in the order of the tree."""
    return Unit.objects.filter(path_range("path", unit.path))


def ancestor_ids(unit: Unit) -> list[int]:
    """Ids from the root down to the unit itself, read from its path."""
    return [int(unit.path[i : i + WIDTH], 36) for i in range(0, len(unit.path), WIDTH)]


def ancestors(unit: Unit, *, itself: bool = False) -> list[Unit]:
    """The units above, nearest first."""
    found = {one.pk: one for one in Unit.objects.filter(pk__in=ancestor_ids(unit)).order_by()}
    above = [found[pk] for pk in reversed(ancestor_ids(unit))]
    return above if itself else above[1:]


def school_of(unit: Unit) -> Unit:
    """The school that a department or campus belongs to; the unit itself where there is none above."""
    if unit.level not in (Level.CAMPUS, Level.DEPARTMENT):  # no school stands below a school
        return unit
    return next((u for u in ancestors(unit, itself=True) if u.level == Level.SCHOOL), unit)


def region_of(unit: Unit) -> str:
    """The division code that dated parameters go by: the nearest ancestor that is a division."""
    return region_among(ancestors(unit, itself=True))


def region_among(above: Iterable[Unit]) -> str:
    """The same of a unit with its ancestors, nearest first."""
    return next((unit.code for unit in above if unit.level in DIVISIONS), "")


def units_open(unit: Unit, *, on: date) -> QuerySet[Unit]:
    """The subtree without what was closed before the day."""
    return subtree(unit).filter(Q(closed_on=None) | Q(closed_on__gt=on))


def people_in(unit: Unit) -> QuerySet[Person]:
    """Everyone whose unit is this one or below it."""
    return Person.objects.filter(path_range("unit__path", unit.path))


def _held(on: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}since__lte": on}) & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": on}))


def _here(on: date) -> Q:
    return Q(person__left_on=None) | Q(person__left_on__gte=on)


def posts_held(*, on: date) -> Posts:
    """Posts held on a day by people who have not left, in units that are not closed."""
    return Post.objects.filter(_held(on), _here(on), Q(unit__closed_on=None) | Q(unit__closed_on__gt=on))


def seats_held(*, on: date) -> Seats:
    """Seats held on a day in bodies that stand that day."""
    return Seat.objects.filter(_held(on), _here(on), _held(on, "body__"))


@dataclass(frozen=True)
class HeldRow:
    """A post or a seat that somebody holds; ``body`` is the kind of the seat's body, empty for a post."""

    pk: int
    title: str
    head: bool
    body: str
    unit: Unit


def held_by(person: Person, *, on: date) -> list[HeldRow]:
    """His posts, then his seats, in the order they were given: one query, since every request asks it."""
    posts = posts_held(on=on).filter(person=person).order_by()
    seats = seats_held(on=on).filter(person=person).order_by()
    rows = posts.values_list("pk", "title", "head", Value(""), *(f"unit__{name}" for name in UNIT)).union(
        seats.values_list("pk", "title", Value(False), "body__kind", *(f"body__unit__{name}" for name in UNIT)), all=True
    )
    found = [HeldRow(pk, title, head, body, Unit.from_db(rows.db, UNIT, row)) for pk, title, head, body, *row in rows]
    return sorted(found, key=lambda row: (bool(row.body), row.pk))


def bodies_standing(unit: Unit, *, on: date) -> QuerySet[Body]:
    """The bodies of this very unit on a day."""
    return Body.objects.filter(_held(on), unit=unit)


def kin_of(person: Person) -> Mapping[int, str]:
    """Person id → relation word, declared from either side."""
    return kin_among([person.pk])[person.pk]


def kin_among(people: Collection[int]) -> Mapping[int, Mapping[int, str]]:
    """The same for several people by their ids, from one query."""
    declared = Kinship.objects.filter(Q(person__in=people) | Q(other__in=people), withdrawn_on=None).order_by("pk")
    rows = list(declared) if people else []
    found: dict[int, dict[int, str]] = {pk: {} for pk in people}
    for row in rows:
        if row.other_id in found:
            found[row.other_id][row.person_id] = row.relation
    for row in rows:  # what he declared himself goes before
        if row.person_id in found:
            found[row.person_id][row.other_id] = row.relation
    return found


def people_matching(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """By part of the name, by the staff number, or by the beginning of the pinyin or its initials."""
    text = text.strip().lower()
    if not text:
        return people
    return people.filter(Q(name__icontains=text) | Q(number__iexact=text) | Q(pinyin__startswith=text) | Q(initials__startswith=text))


def rulebook_actors(unit: Unit, *, on: date) -> list[judgement.Actor]:
    """Everyone who holds a post or seat in the unit or above it, and inside the school where the unit is (part of) one;
    one Actor per person with all that he holds."""
    place = Q(pk__in=ancestor_ids(unit))
    if unit.level in (Level.SCHOOL, Level.CAMPUS, Level.DEPARTMENT):
        place |= path_range("path", school_of(unit).path)
    units = Unit.objects.filter(place).values("pk")
    held: dict[int, tuple[str, list[judgement.Held]]] = {}
    for post in posts_held(on=on).filter(unit__in=units).select_related("person"):
        one = judgement.Held(title=post.title, unit=str(post.unit_id), head=post.head)
        held.setdefault(post.person_id, (post.person.name, []))[1].append(one)
    for seat in seats_held(on=on).filter(body__unit__in=units).select_related("person", "body"):
        one = judgement.Held(title=seat.full_title, unit=str(seat.body.unit_id), body=seat.body.kind)
        held.setdefault(seat.person_id, (seat.person.name, []))[1].append(one)
    return [judgement.Actor(id=str(pk), name=name, held=tuple(items)) for pk, (name, items) in sorted(held.items())]


def term_on(region: str, day: date) -> Term | None:
    """The school term of a region that a day falls in; the longest matching region wins."""
    terms = [term for term in Term.objects.filter(starts__lte=day, ends__gte=day) if region.startswith(term.region)]
    return max(terms, key=lambda term: len(term.region), default=None)
