"""When and as what the demo's people act."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Person


def noon(day: date) -> datetime:
    """The moment that a demo act of a day is stamped with."""
    return timezone.make_aware(datetime.combine(day, time(10, 30)))


def acting(person: Person, *, today: date, body: str | None = None, title: str | None = None) -> Actor:
    """The person in the seat of a body, or in a post by title, else as he comes."""
    actor = actor_of(person, today=today)
    for holding in actor.holdings:
        if (body and holding.body == body) or (title and holding.title == title):
            return actor_of(person, today=today, key=holding.key)
    return actor
