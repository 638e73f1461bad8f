"""What an act reads from outside the case: who its members are, whom a form names, which other case it cites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.org.models import Person, Unit
from jizhi.org.queries import ancestor_ids
from jizhi.procedure.docket import Docket, party_json
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import roster
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import judgement
from jizhi.rulebook.amounts import CITED
from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.language import Cited, FieldSpec, Procedure
from jizhi.rulebook.tally import RECORDED

LONGEST_ID = 18  # digits that every database takes
MOST = 200  # cases or people offered for a choice


def facts_of_act(
    docket: Docket, name: str, outcome: str, specs: Sequence[FieldSpec], values: Mapping[str, Any], *, by: Actor, today: date
) -> dict[str, Any]:
    """What judging this act reads and a replay needs again."""
    step = docket.step(name)
    found: dict[str, Any] = dict(docket.facts.figures) if step is not None else {}
    if step is not None and step.record is not None and outcome == step.record.name:
        return {**found, RECORDED: step.record.effect}
    if judgement.collects(docket.procedure, name, docket.acts, outcome) and not by.system:
        whos = (*judgement.whose_turn(docket.procedure, name, docket.acts, outcome), *docket.procedure.short_handed)
        everyone = tuple(roster(docket, whos, today=today).values())
        acts = judgement.counted(docket.procedure, docket.acts)
        found |= judgement.decision(docket.procedure, name, outcome, by.rulebook(), docket.facts, acts, everyone)
    for spec in specs:
        if spec.cited is not None and (cited := citable(docket.case, spec.cited, by=by).filter(pk=_id(values.get(spec.name))).first()):
            found[CITED] = {"id": cited.pk, "事项": cited.title, "编号": cited.number, "终点": cited.end, "日期": cited.since.isoformat()}
    return found


def problems(docket: Docket, specs: Sequence[FieldSpec], values: Mapping[str, Any], *, by: Actor) -> list[Problem]:
    """People who are not on the register, and cases that are no such evidence."""
    found: list[Problem] = []
    for spec in specs:
        value = values.get(spec.name)
        if value in (None, ""):
            continue
        if spec.status is not None and not registered(docket.case.unit).filter(pk=_id(value)).exists():
            clause = f"（{spec.clause}）" if spec.clause else ""
            found.append(Problem(spec.name, f"“{spec.name}”须是{docket.case.unit.name}户籍册上的人，请从名单中选择{clause}。"))
        if spec.cited is not None and not citable(docket.case, spec.cited, by=by).filter(pk=_id(value)).exists():
            text = f"“{spec.name}”须是一件您看得到、已经“{spec.cited.end}”的案件（{spec.cited.case}），这一件不是，请另选。"
            found.append(Problem(spec.name, text))
    return found


def registered(unit: Unit) -> QuerySet[Person]:
    """Everyone on the register (户籍) of a village who is still there."""
    return Person.objects.filter(household__unit=unit, left_on=None).order_by("pk")


def citable(case: Case, cited: Cited, *, by: Actor) -> QuerySet[Case]:
    """The ended cases of this unit, or of one above it, that may be cited. A code may name the procedure too."""
    code, _, procedure = cited.case.rpartition(".")
    rows = visible(by, Case.objects.filter(end=cited.end, unit__in=ancestor_ids(case.unit)).exclude(pk=case.pk))
    whole, part = rows.filter(edition__code=cited.case), rows.filter(edition__code=code)
    named = (
        [row.pk for row in part.select_related("edition") if regulation_of(row.edition).procedures[row.procedure].code == procedure]
        if code
        else []
    )
    return rows.filter(pk__in=[*whole.values_list("pk", flat=True), *named]).order_by("-since", "-pk")


def choices(case: Case, spec: FieldSpec, *, by: Actor) -> list[tuple[str, str]] | None:
    """What a field of people on the register or of cited cases offers; None for every other field."""
    if spec.status is not None:
        return [(str(one.pk), one.name) for one in registered(case.unit)[:MOST]]
    if spec.cited is not None:
        return [(str(one.pk), f"{one.number} {one.title}（{one.since}）".strip()) for one in citable(case, spec.cited, by=by)[:MOST]]
    return None


def parties_of(procedure: Procedure, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parties that the launch form names by a field of people."""
    people = {field.name for field in procedure.launch.form if field.kind == "人"} if procedure.launch else set()
    named = {name: _id(values.get(ref.path[0])) for name, ref in procedure.parties.items() if ref.root == "表单" and ref.path[0] in people}
    found = Person.objects.in_bulk([pk for pk in named.values() if pk])
    return {name: party_json(found[pk]) for name, pk in named.items() if pk in found}


def _id(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < LONGEST_ID else 0
