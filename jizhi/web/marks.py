# ruff: noqa: S608  (the SQL is written here, what comes from people is passed beside it)
"""What the menu of every page needs to know of a person, from one query."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from jizhi.access.actor import Actor
from jizhi.org.models import Level, Person, Unit
from jizhi.org.queries import AFTER, ancestor_ids
from jizhi.procedure.queries.lists import DESK

Part = tuple[str, list[Any]]  # of the query: its text and its values


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
    """One query, and that as text: every page asks it, and Django takes thirty times as long to put it together."""
    assert actor.person is not None  # visitors have no menu
    parts = (_unread(actor.person), _waiting(actor.person, actor), _adopted(actor.unit, today))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(text for text, _ in parts), [value for _, values in parts for value in values])
        rows = cursor.fetchall()
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


def _unread(person: Person) -> Part:
    return "SELECT 'unread', COUNT(*), '', '', '' FROM jizhi_messages_message WHERE to_id = %s AND read_at IS NULL", [person.pk]


def _waiting(person: Person, actor: Actor) -> Part:
    """What procedure.permissions.my_todos finds, with whom each is kept from and the code of its case's regulation."""
    mine: list[str] = ["todo.person_id = %s"]
    values: list[Any] = [person.pk]
    for held in actor.holdings:
        body = [held.body] if held.body else []
        words = ["todo.post = %s", *("todo.body = %s" for _ in body), *(["todo.head"] if held.head else [])]
        mine.append(f"(todo.unit_id = %s AND ({' OR '.join(words)}))")
        values += [held.unit.pk, held.title, *body]
    return (
        f"""
        SELECT 'todo', todo.id, CAST(todo.except_ids AS text), COALESCE(edition.code, ''), ''
        FROM procedure_todo todo
        LEFT JOIN procedure_case of_case ON of_case.id = todo.case_id
        LEFT JOIN regulation_edition edition ON edition.id = of_case.edition_id
        WHERE todo.done_at IS NULL AND ({" OR ".join(mine)})
    """,
        values,
    )


def _adopted(unit: Unit | None, today: date) -> Part:
    """Codes of what was ever put in force in the unit, above or below it, with what each is based on (基于) and how deep that is."""
    above = ancestor_ids(unit) if unit else [0]
    path = unit.path if unit else AFTER
    return (
        f"""
        SELECT DISTINCT 'adopted', unit.depth, '', edition.code, COALESCE(base.code, '')
        FROM regulation_adoption adoption
        JOIN org_unit unit ON unit.id = adoption.unit_id
        JOIN regulation_edition edition ON edition.id = adoption.edition_id
        LEFT JOIN regulation_edition base ON base.id = edition.base_id
        WHERE adoption.since <= %s
            AND (adoption.unit_id IN ({", ".join("%s" for _ in above)}) OR (unit.path >= %s AND unit.path < %s))
    """,
        [connection.ops.adapt_datefield_value(today), *above, path, path + AFTER],
    )
