"""To-do rows and messages: renewed whenever a case moves, addressed as the regulation names people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.messages.actions import Told, send_each, send_to_all
from jizhi.org.models import Person
from jizhi.procedure.docket import Docket
from jizhi.procedure.models import Case, Todo
from jizhi.procedure.queries.people import reached, refusal_of, roster
from jizhi.procedure.rules import Address, addresses
from jizhi.rulebook import judgement
from jizhi.rulebook.facts import Filed
from jizhi.rulebook.language import Step, Who
from jizhi.rulebook.publicity import ADMITTED, CHANGES, NUMBER, OBJECTION, turn

LENGTH = 120  # of a title and a note
TOGETHER = 200  # addresses of one query


@dataclass(frozen=True)
class Wanted:
    """A to-do that the case's standing asks for."""

    address: Address
    verb: str
    note: str
    due: date | None
    barred: tuple[int, ...] = ()


def renew(docket: Docket, *, today: date, now: datetime) -> None:
    """Make the open to-do rows those that the standing asks for. Nobody gets a message as well: they are on the desk."""
    case = docket.case
    wanted = _wanted(docket, today=today)
    late = judgement.overdue(docket.procedure, docket.standing, today)
    rows = list(case.todos.filter(kind__in=("do", "escalated"), done_at=None))
    kept = {_wanted_of(row) for row in rows if row.kind == "do"}
    if done := [row.pk for row in rows if (_wanted_of(row) not in wanted if row.kind == "do" else not late)]:
        Todo.objects.filter(pk__in=done).update(done_at=now)
    Todo.objects.bulk_create([_row(case, want) for want in wanted if want not in kept])


def first_todos(docket: Docket, *, today: date) -> list[Todo]:
    """What a case that has just begun asks for, not saved yet."""
    return [_row(docket.case, want) for want in _wanted(docket, today=today)]


def remind(case: Case, verb: str, why: str) -> None:
    """Whoever began the case hears why the system could not take a step; once for each reason, until the case moves."""
    if case.began_by is None:
        return
    row = _row(case, Wanted(Address(str(case.unit_id), str(case.began_by_id)), verb[:20], why[:LENGTH], None))
    if not case.todos.filter(person=case.began_by, verb=row.verb, note=row.note, done_at=None).exists():
        case.todos.filter(person=case.began_by, verb=row.verb, done_at=None).delete()
        row.save()


def escalate(docket: Docket, tell: Who, *, verb: str, note: str, due: date, today: date) -> list[Wanted]:
    """To-do rows at the level above about something overdue."""
    found = [Wanted(address, verb, note[:LENGTH], due) for address in addresses([tell], docket.facts, docket.acts)]
    Todo.objects.bulk_create([_row(docket.case, want, kind="escalated") for want in found])
    return found


def announce(docket: Docket, *, by: Actor, now: datetime, key: str) -> None:
    """The parties and whoever began it hear that the case has ended."""
    case = docket.case
    if docket.standing.end:
        told = [person for person in _concerned(docket) if person.pk != _id(by)]
        send_to_all(told, f"已办结：{case.title}"[:LENGTH], text=f"结果：{case.end}", link=address_of(case), key=key, now=now)


def announce_all(dockets: Sequence[Docket], *, today: date, now: datetime) -> None:
    """The same for many cases that the system ended at once, from few queries."""
    parties = {docket.case.pk: _party_addresses(docket) for docket in dockets}
    asked = list(dict.fromkeys(address for found in parties.values() for address in found))
    behind: dict[Address, dict[Person, judgement.Held]] = {}
    for n in range(0, len(asked), TOGETHER):
        behind |= reached(asked[n : n + TOGETHER], today=today)
    rows = [
        Told(person, f"已办结：{docket.case.title}"[:LENGTH], f"结果：{docket.case.end}", address_of(docket.case), _end_key(docket))
        for docket in dockets
        for person in dict.fromkeys(person for address in parties[docket.case.pk] for person in behind[address])
    ]
    send_each(rows, now=now)


def address_of(case: Case) -> str:
    return reverse("case", args=[case.pk])


def _wanted(docket: Docket, *, today: date) -> list[Wanted]:
    place = docket.standing
    step = docket.step(place.step or "")
    if step is None:  # the end: only what stopped a single row may still wait for its answer
        return _about_objections(docket, today=today) if docket.standing.stopped_rows else []
    note = _note(docket)
    whos = step.by
    people = roster(docket, whos, today=today) if _excludes(docket, step) else {}
    barred = _barred(docket, step.name, people, today=today)
    said = _spoken(docket, step.name, people, barred)
    if docket.procedure.short_handed and people and len(barred) == len(people):
        whos, people = docket.procedure.short_handed, roster(docket, docket.procedure.short_handed, today=today)
        barred = _barred(docket, step.name, people, today=today) if docket.procedure.recusal else ()
        said = _spoken(docket, step.name, people, barred)
    due = place.step_due or place.due
    barred = tuple(sorted({*barred, *said}))
    found = [Wanted(address, step.name, note, due, barred) for address in addresses(whos, docket.facts, docket.acts)]
    for name in place.pending:
        side = docket.side_act(name)
        if side is not None:
            asked = addresses(side.approve, docket.facts, docket.acts)
            people = roster(docket, side.approve, today=today) if judgement.collects(docket.procedure, name, docket.acts) else {}
            said = _spoken(docket, name, people, ())
            found += [Wanted(address, f"审批{name}"[:20], note, place.due, said) for address in asked]
    found += _about_objections(docket, today=today)
    return [want for want in found if want.address.person is None or int(want.address.person) not in barred]


def _about_objections(docket: Docket, *, today: date) -> list[Wanted]:
    """To screen and to answer objections, wherever the case stands."""
    found: list[Wanted] = []
    for one in docket.standing.objections:
        if not one.open:
            continue
        outcome = CHANGES[one.state][0]
        whos, barred = _hearing(docket, one, outcome, today=today)
        verb = "受理异议" if outcome == ADMITTED else "答复异议"
        note = f"第 {one.number} 号，{one.filed.month}月{one.filed.day}日提出"
        found += [Wanted(address, verb, note, one.due, barred) for address in addresses(whos, docket.facts, docket.acts)]
    return found


def _hearing(docket: Docket, one: Filed, outcome: str, *, today: date) -> tuple[Sequence[Who], tuple[int, ...]]:
    """Whose turn an objection is, and who of them is kept from it; those who stand in (人手不足) where all are."""
    whos: Sequence[Who] = turn(docket.procedure, one.step, outcome)
    if docket.procedure.recusal is None and not any(who.excluding for who in whos):
        return whos, ()
    about = {NUMBER: str(one.number)}

    def barred(people: dict[Person, judgement.Actor]) -> tuple[int, ...]:
        refused = (person.pk for person, by in people.items() if refusal_of(docket, OBJECTION, outcome, about, by=by, today=today))
        return tuple(sorted(refused))

    people = roster(docket, whos, today=today)
    if docket.procedure.short_handed and people and len(barred(people)) == len(people):
        whos = docket.procedure.short_handed
        people = roster(docket, whos, today=today)
    return whos, barred(people)


def _spoken(docket: Docket, name: str, people: dict[Person, judgement.Actor], barred: Sequence[int]) -> tuple[int, ...]:
    """Members who have said their word; nobody where all have and do not agree."""
    said = judgement.spoken(docket.procedure, judgement.counted(docket.procedure, docket.acts), name)
    left = {person.pk for person in people if person.pk not in barred}
    mine = {int(one) for one in said} & left
    return () if mine == left else tuple(sorted(mine))


def _excludes(docket: Docket, step: Step) -> bool:
    """Whether somebody who could take the step may be kept from it."""
    if docket.procedure.recusal is not None or judgement.collects(docket.procedure, step.name, docket.acts):
        return True
    return any(who.excluding for who in step.by) or any(step.name in duties for duties in docket.procedure.incompatible)


def _barred(docket: Docket, step: str, people: dict[Person, judgement.Actor], *, today: date) -> tuple[int, ...]:
    """Those of the roster whom an exclusion keeps from this step."""
    everyone = list(people.values())
    return tuple(
        sorted(
            person.pk
            for person, actor in people.items()
            if refusal_of(docket, step, None, {}, by=actor, today=today, everyone=everyone) is not None
        )
    )


def _note(docket: Docket) -> str:
    """Who handed it over: 教务处 3月27日申请销号."""
    last = next((act for act in reversed(docket.acts) if docket.side_act(act.step) is None), None)
    return f"{last.by_name} {last.day.month}月{last.day.day}日{last.step}"[:LENGTH] if last else ""


def _concerned(docket: Docket) -> list[Person]:
    at = _party_addresses(docket)
    people: dict[Person, object] = {person: None for found in reached(at, today=docket.standing.since).values() for person in found}
    if docket.case.began_by is not None:
        people[docket.case.began_by] = None
    return list(people)


def _party_addresses(docket: Docket) -> list[Address]:
    parties = [party for party in docket.facts.parties.values() if party.person or party.unit]
    return [Address(party.unit or docket.facts.unit, person=party.person, head=party.person is None) for party in parties]


def _end_key(docket: Docket) -> str:
    return f"case{docket.case.pk}-{docket.rows[-1].number}"


def _id(by: Actor) -> int:
    return by.person.pk if by.person else 0


def _wanted_of(row: Todo) -> Wanted:
    address = Address(str(row.unit_id), str(row.person_id) if row.person_id else None, row.body, row.post, row.head)
    return Wanted(address, row.verb, row.note, row.due, tuple(row.except_ids))


def _row(case: Case, want: Wanted, *, kind: str = "do") -> Todo:
    at = want.address
    return Todo(
        case=case,
        unit_id=int(at.unit),
        person_id=int(at.person) if at.person else None,
        body=at.body,
        post=at.post,
        head=at.head,
        verb=want.verb,
        title=case.title,
        note=want.note,
        link=address_of(case),
        due=want.due,
        except_ids=list(want.barred),
        kind=kind,
    )
