"""Who stands behind an address today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from jizhi.kernel.workdays import china
from jizhi.org.models import Person, Post, Seat
from jizhi.org.queries import posts_held, seats_held
from jizhi.procedure.docket import Docket
from jizhi.procedure.rules import Address, addresses
from jizhi.rulebook import judgement
from jizhi.rulebook.language import Who


def people_at(address: Address, *, today: date) -> dict[Person, judgement.Held]:
    """The people an address reaches today, each with the post or seat that makes him reachable."""
    return reached([address], today=today)[address]


def reached(asked: Sequence[Address], *, today: date) -> dict[Address, dict[Person, judgement.Held]]:
    """The same for several addresses, from at most three queries."""
    ids = [int(one.person) for one in asked if one.person]
    people = Person.objects.in_bulk(ids) if ids else {}
    wanted = _any(q for one in asked for q in _of_posts(one))
    posts = list(posts_held(on=today).filter(wanted).select_related("person")) if wanted else []
    wanted = _any(q for one in asked for q in _of_seats(one))
    seats = list(seats_held(on=today).filter(wanted).select_related("person", "body")) if wanted else []
    return {one: _behind(one, people, posts, seats) for one in asked}


def _any(found: Iterable[Q]) -> Q:
    return reduce(or_, found, Q())


def _of_posts(at: Address) -> list[Q]:
    if at.person or at.body:
        return []
    return [Q(unit=int(at.unit), head=True) if at.head else Q(unit=int(at.unit), title=at.post)]


def _of_seats(at: Address) -> list[Q]:
    """A post may be the full title of a seat: 督导组组长 is the 组长 of the 督导组."""
    if at.person or at.head:
        return []
    if at.body:
        return [Q(body__unit=int(at.unit), body__kind=at.body)]
    return [Q(body__unit=int(at.unit), title__in=[at.post[n:] for n in range(1, len(at.post))])]


def _behind(at: Address, people: Mapping[int, Person], posts: Sequence[Post], seats: Sequence[Seat]) -> dict[Person, judgement.Held]:
    if at.person:
        person = people.get(int(at.person))
        return {person: judgement.Held(title="", unit=at.unit)} if person else {}
    mine = [post for post in posts if str(post.unit_id) == at.unit and (post.head if at.head else post.title == at.post)]
    held = {post.person: judgement.Held(post.title, at.unit, head=post.head) for post in mine if not at.body}
    for seat in seats:
        named = seat.body.kind == at.body if at.body else seat.full_title == at.post
        if not at.head and named and str(seat.body.unit_id) == at.unit:
            held[seat.person] = judgement.Held(seat.full_title, at.unit, seat.body.kind)
    return held


def roster(docket: Docket, whos: Sequence[Who], *, today: date) -> dict[Person, judgement.Actor]:
    """Everyone whom ``whos`` could mean today, before exclusions."""
    asked = addresses(whos, docket.facts, docket.acts)
    if unknown := [one for one in asked if (one, today) not in docket.reached]:
        docket.reached.update({(one, today): people for one, people in reached(unknown, today=today).items()})
    held: dict[Person, list[judgement.Held]] = {}
    for one in asked:
        for person, holding in docket.reached[one, today].items():
            held.setdefault(person, []).append(holding)
    serving = _serving(docket, held, today=today)
    return {
        person: judgement.Actor(str(person.pk), person.name, tuple(titles), serves=serving.get(person.pk, frozenset()))
        for person, titles in held.items()
    }


def _serving(docket: Docket, people: Iterable[Person], *, today: date) -> dict[int, frozenset[str]]:
    """Where else these people hold posts, if 任职 keeps anybody from a step of this procedure."""
    rules = docket.procedure.recusal.who if docket.procedure.recusal else ()
    whos = [exclusion for step in docket.procedure.steps for who in step.by for exclusion in who.excluding]
    if not any(one.serves for one in (*rules, *whos)):
        return {}
    found: dict[int, set[str]] = {}
    for person, unit in posts_held(on=today).filter(person__in=list(people)).values_list("person", "unit"):
        found.setdefault(person, set()).add(str(unit))
    return {person: frozenset(units) for person, units in found.items()}


def without(people: Iterable[Person], barred: Sequence[int]) -> list[Person]:
    return [person for person in people if person.pk not in barred]


def refusal_of(
    docket: Docket,
    name: str,
    outcome: str | None,
    values: Mapping[str, Any],
    *,
    by: judgement.Actor,
    today: date,
    everyone: Sequence[judgement.Actor] | None = None,
) -> judgement.Refusal | None:
    """The rulebook's answer. Where a refusal may be due to 人手不足, once more with everyone who could be entitled in view
    (``everyone``, where the caller knows them): that can only let someone in."""
    if everyone is None and not by.system and judgement.collects(docket.procedure, name, docket.acts, outcome):
        turn = (*judgement.whose_turn(docket.procedure, name, docket.acts, outcome), *docket.procedure.short_handed)
        everyone = list(roster(docket, turn, today=today).values())
    refused = _refusal(docket, name, outcome, values, by=by, today=today, roster=everyone)
    if refused is None or everyone is not None or not docket.procedure.short_handed:
        return refused
    whos = judgement.whose_turn(docket.procedure, name, docket.acts, outcome)
    known = list(roster(docket, whos, today=today).values())
    return _refusal(docket, name, outcome, values, by=by, today=today, roster=known)


def _refusal(
    docket: Docket,
    name: str,
    outcome: str | None,
    values: Mapping[str, Any],
    *,
    by: judgement.Actor,
    today: date,
    roster: Sequence[judgement.Actor] | None,
) -> judgement.Refusal | None:
    return judgement.refusal(
        docket.procedure,
        docket.regulation,
        docket.facts,
        docket.acts,
        name,
        outcome,
        values,
        by=by,
        today=today,
        calendar=china(),
        roster=roster,
        place=docket.standing,
    )
