"""A body of a unit beside the rule of its regulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jizhi.org.models import Body, Person, Seat, Unit
from jizhi.org.queries import path_range, posts_held, seats_held
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import adoptions_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import language
from jizhi.rulebook.composition import Breach, Member, breaches


@dataclass(frozen=True)
class BodyRule:
    """What the regulation in force says of a body."""

    edition: Edition
    regulation: language.Regulation
    body: language.Body


def rules_in_force(unit: Unit, *, on: date) -> dict[str, BodyRule]:
    """Kind → rule, of every body that the regulations in force know for units of this level."""
    found = {}
    for adoption in adoptions_in_force(unit, on=on).values():
        regulation = regulation_of(adoption.edition)
        if regulation.applies_to == unit.get_level_display():
            found.update({kind: BodyRule(adoption.edition, regulation, body) for kind, body in regulation.bodies.items()})
    return found


def seat_titles(unit: Unit, *, on: date) -> frozenset[str]:
    """督导组组长, 督导组督学 …: what only a seat of the unit's bodies may be called. A post of that name would be taken for it."""
    return frozenset(f"{kind}{seat.name}" for kind, rule in rules_in_force(unit, on=on).items() for seat in rule.body.seats)


def members(body: Body, *, on: date) -> list[Member]:
    """The seats held on a day as the rulebook judges them, each with the posts of its holder."""
    seats = list(seats_held(on=on).filter(body=body).select_related("person"))
    held = _held([seat.person_id for seat in seats], body.unit, on=on)
    return [_member(seat.person, seat.title, seat.employment, held) for seat in seats]


def member(person: Person, seat: str, employment: str, unit: Unit, *, on: date) -> Member:
    """A person as a (future) member, with his posts and the bodies he sits in there and below."""
    return _member(person, seat, employment, _held([person.pk], unit, on=on))


def _member(person: Person, seat: str, employment: str, held: Mapping[int, tuple[list[str], list[str]]]) -> Member:
    posts, bodies = held[person.pk]
    return Member(str(person.pk), person.name, seat, tuple(posts), employment, tuple(dict.fromkeys(bodies)))


def _held(people: Sequence[int], unit: Unit, *, on: date) -> dict[int, tuple[list[str], list[str]]]:
    """By person: titles of posts and kinds of bodies, in the unit and below it."""
    found: dict[int, tuple[list[str], list[str]]] = {pk: ([], []) for pk in people}
    posts = posts_held(on=on).filter(path_range("unit__path", unit.path), person__in=people)
    for pk, title in posts.values_list("person", "title"):
        found[pk][0].append(title)
    seats = seats_held(on=on).filter(path_range("body__unit__path", unit.path), person__in=people)
    for pk, kind in seats.values_list("person", "body__kind"):
        found[pk][1].append(kind)
    return found


def composition(body: Body, *, on: date) -> Sequence[Breach]:
    """What is wrong or waived in a body as it stands; nothing when its regulation is no longer in force."""
    rule = rules_in_force(body.unit, on=on).get(body.kind)
    return breaches(rule.body, members(body, on=on)) if rule else ()


def waivers(body: Body, *, on: date) -> list[Seat]:
    """Seats that stand by a waived 原则上 rule, with the reason."""
    return list(seats_held(on=on).filter(body=body).exclude(waiver="").select_related("person"))
