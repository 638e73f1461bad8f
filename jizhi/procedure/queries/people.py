"""Who stands behind an address today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Concat

from jizhi.kernel.workdays import china
from jizhi.org.models import Person
from jizhi.org.queries import posts_held, seats_held
from jizhi.procedure.docket import Docket
from jizhi.procedure.rules import Address, addresses
from jizhi.rulebook import judgement
from jizhi.rulebook.language import Who


def people_at(address: Address, *, today: date) -> dict[Person, judgement.Held]:
    """The people an address reaches today, each with the post or seat that makes him reachable."""
    unit = address.unit
    if address.person:
        person = Person.objects.filter(pk=address.person).first()
        return {person: judgement.Held(title="", unit=unit)} if person else {}
    posts = posts_held(on=today).filter(unit=int(unit)).select_related("person")
    seats = seats_held(on=today).filter(body__unit=int(unit)).select_related("person", "body")
    if address.head:
        return {post.person: judgement.Held(post.title, unit, head=True) for post in posts.filter(head=True)}
    if address.body:
        return {seat.person: judgement.Held(seat.full_title, unit, seat.body.kind) for seat in seats.filter(body__kind=address.body)}
    full = Concat(F("body__kind"), Value(""), F("title"), output_field=CharField())
    seated = seats.annotate(full=full).filter(full=address.post)
    return {
        **{post.person: judgement.Held(post.title, unit, head=post.head) for post in posts.filter(title=address.post)},
        **{seat.person: judgement.Held(seat.full_title, unit, seat.body.kind) for seat in seated},
    }


def roster(docket: Docket, whos: Sequence[Who], *, today: date) -> dict[Person, judgement.Actor]:
    """Everyone whom ``whos`` could mean today, before exclusions."""
    held: dict[Person, list[judgement.Held]] = {}
    for address in addresses(whos, docket.facts, docket.acts):
        for person, holding in people_at(address, today=today).items():
            held.setdefault(person, []).append(holding)
    return {person: judgement.Actor(str(person.pk), person.name, tuple(titles)) for person, titles in held.items()}


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
    """The rulebook's answer, with everyone who could be entitled in view (人手不足)."""
    if everyone is None and docket.procedure.short_handed:
        whos = judgement.whose_turn(docket.procedure, name, docket.acts, outcome)
        everyone = list(roster(docket, whos, today=today).values())
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
        roster=everyone,
    )
