"""What the menu of every page needs to know of a person, from one query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from jizhi.access.actor import Actor
from jizhi.messages.queries import unread_of
from jizhi.org.models import Level
from jizhi.org.queries import ancestor_ids, path_range
from jizhi.procedure.models import Todo
from jizhi.procedure.permissions import my_todos
from jizhi.procedure.queries.lists import DESK
from jizhi.regulation.models import Adoption


@dataclass(frozen=True)
class Mechanism:
    """``codes``: how the codes of its regulations begin; none: all that no other mechanism has. ``levels``: of the units to which
    a regulation adopted above them hands it down; none: all."""

    name: str
    codes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


SUPERVISION, FUND = "督导", "帮扶基金"
APPRAISAL = "考评"  # whatever text a place writes down to appraise by, under a code of its own
MECHANISMS = (
    Mechanism(SUPERVISION, ("school.", "district."), (Level.SCHOOL, Level.CAMPUS, Level.DEPARTMENT, Level.OFFICE)),
    Mechanism(FUND, ("fund.", "deliberation."), (Level.TOWN, Level.VILLAGE)),
    Mechanism(APPRAISAL),
)


@dataclass(frozen=True)
class Marks:
    """``reached``: the mechanisms that a regulation put in force in the unit, above or below it, or that something waiting
    for the person belongs to."""

    waiting: int
    unread: int
    reached: frozenset[str]


def marks_of(actor: Actor, *, today: date) -> Marks:
    assert actor.person is not None  # visitors have no menu
    unread = unread_of(actor.person).order_by().values(kind=_word("unread")).annotate(number=Count("pk"))
    rows = unread.values_list("kind", "number", _word(""), _word(""), _word("")).union(_waiting(actor), _adopted(actor, today))
    news, waiting, reached = 0, 0, set[str]()
    for kind, number, kept_from, code, base in rows:
        if kind == "unread":
            news = number
        elif kind == "adopted":
            reached |= {one.name for one in _mechanisms(code, base) if number >= _depth(actor) or _handed_down(one, actor)}
        elif actor.person.pk not in json.loads(kept_from):
            waiting += 1
            reached |= {one.name for one in _mechanisms(code)}
    return Marks(min(waiting, DESK), news, frozenset(reached))


def _mechanisms(*codes: str) -> list[Mechanism]:
    """Those to which regulations belong, by their codes."""
    return [mechanism_of(code) for code in codes if code]


def mechanism_of(code: str) -> Mechanism:
    return next(one for one in MECHANISMS if not one.codes or code.startswith(one.codes))


def _handed_down(mechanism: Mechanism, actor: Actor) -> bool:
    return actor.unit is not None and (not mechanism.levels or actor.unit.level in mechanism.levels)


def _depth(actor: Actor) -> int:
    return actor.unit.depth if actor.unit else 0


def _waiting(actor: Actor) -> QuerySet[Todo, tuple[object, ...]]:
    """What waits for the person, with those it is kept from, and the code of the case's regulation: not the desk's whole rows."""
    rows = Todo.objects.filter(my_todos(actor), done_at=None).order_by()
    return rows.values_list(_word("todo"), "pk", Cast("except_ids", TextField()), _code("case__edition__code"), _word(""))


def _adopted(actor: Actor, today: date) -> QuerySet[Adoption, tuple[object, ...]]:
    """Codes of what was ever put in force in the unit, above or below it, with what each is based on (基于)."""
    unit = actor.unit
    place = Q(unit__in=ancestor_ids(unit)) | path_range("unit__path", unit.path) if unit else Q(pk__in=[])
    rows = Adoption.objects.filter(place, since__lte=today).order_by().distinct()
    return rows.values_list(_word("adopted"), "unit__depth", _word(""), F("edition__code"), _code("edition__base__code"))


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())


def _code(lookup: str) -> Coalesce:
    return Coalesce(F(lookup), _word(""))
