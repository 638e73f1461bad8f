"""What an act reads from outside the case: who its members are, whom a form names, which other case it cites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.kernel.ids import id_of
from jizhi.org.models import Person, Unit
from jizhi.org.queries import ancestor_ids, people_in
from jizhi.procedure.docket import Docket, party_json
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import roster
from jizhi.regulation.models import Edition
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import judgement
from jizhi.rulebook.amounts import CITED
from jizhi.rulebook.decisions import CHALLENGED
from jizhi.rulebook.history import APPROVE, DECLINE
from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.language import Cited, FieldSpec, Procedure
from jizhi.rulebook.tally import RECORDED
from jizhi.ui.templatetags.jizhi import cn_date

DEEPEST = 5  # at_0 … at_5
MOST = 200  # cases or people offered for a choice


def facts_of_act(
    docket: Docket, name: str, outcome: str, specs: Sequence[FieldSpec], values: Mapping[str, Any], *, by: Actor, today: date
) -> dict[str, Any]:
    """What judging this act reads and a replay needs again."""
    step = docket.step(name)
    found: dict[str, Any] = dict(docket.facts.figures) if step is not None else {}
    if step is not None or outcome not in (APPROVE, DECLINE):
        found |= judgement.recording_facts(docket.procedure, docket.facts, by.rulebook(), name)
    if step is not None and step.record is not None and outcome == step.record.name:
        return {**found, RECORDED: step.record.effect}
    if judgement.collects(docket.procedure, name, docket.acts, outcome) and not by.system:
        whos = (*judgement.whose_turn(docket.procedure, name, docket.acts, outcome), *docket.procedure.short_handed)
        everyone = tuple(roster(docket, whos, today=today).values())
        acts = judgement.counted(docket.procedure, docket.acts)
        found |= judgement.decision(docket.procedure, name, outcome, by.rulebook(), docket.facts, acts, everyone)
    for spec in specs:
        if spec.cited is not None and (cited := citable(docket, spec.cited, by=by).filter(pk=id_of(values.get(spec.name))).first()):
            found[CITED] = {"id": cited.pk, "事项": cited.title, "编号": cited.number, "终点": cited.end, "日期": cited.since.isoformat()}
    return found


def problems(docket: Docket, specs: Sequence[FieldSpec], values: Mapping[str, Any], *, by: Actor, today: date) -> list[Problem]:
    """People whom the field may not name, and cases that are no such evidence."""
    found: list[Problem] = []
    for spec in specs:
        value = values.get(spec.name)
        if value in (None, ""):
            continue
        if spec.kind == "人" and not nameable(docket, spec, today=today).filter(pk=id_of(value)).exists():
            clause = f"（{spec.clause}）" if spec.clause else ""
            among = f"须是{docket.case.unit.name}户籍册上的人" if spec.status else "没有这个人"
            found.append(Problem(spec.name, f"“{spec.name}”{among}，请从名单中选择{clause}。"))
        if spec.cited is not None and not citable(docket, spec.cited, by=by).filter(pk=id_of(value)).exists():
            found.append(Problem(spec.name, _not_citable(docket, spec, id_of(value), by=by)))
    return found


def registered(unit: Unit) -> QuerySet[Person]:
    """Everyone on the register (户籍) of a village who is still there."""
    return Person.objects.filter(household__unit=unit, left_on=None).order_by("pk")


def nameable(docket: Docket, spec: FieldSpec, *, today: date) -> QuerySet[Person]:
    """Whom a field of the kind 人 may name: people on the register where it says so, of whom may be recused those who could
    take a step, else the unit's own people and those on its register."""
    unit = docket.case.unit
    if spec.status is not None:
        return registered(unit)
    if spec.name == CHALLENGED:
        whos = [who for step in docket.procedure.steps for who in step.by if who.body or who.post]
        return Person.objects.filter(pk__in=[one.pk for one in roster(docket, whos, today=today)]).order_by("pk")
    own = Q(pk__in=people_in(unit).values("pk")) | Q(household__unit=unit)
    return Person.objects.filter(own, left_on=None).order_by("pk")


def citable(docket: Docket, cited: Cited, *, by: Actor) -> QuerySet[Case]:
    """The ended cases of this unit, or of one above it, that were begun about this very case and that it has not cited yet."""
    return _evidence(docket.case, cited, by=by).filter(about=docket.case).exclude(pk__in=_cited_in(docket))


def _evidence(case: Case, cited: Cited, *, by: Actor) -> QuerySet[Case]:
    """Ended as is asked, about whatever. A code may name the procedure too."""
    code, _, procedure = cited.case.rpartition(".")
    rows = visible(by, Case.objects.filter(end=cited.end, unit__in=ancestor_ids(case.unit)).exclude(pk=case.pk))
    whole, part = rows.filter(edition__code=cited.case), rows.filter(edition__code=code)
    named = (
        [row.pk for row in part.select_related("edition") if regulation_of(row.edition).procedures[row.procedure].code == procedure]
        if code
        else []
    )
    return rows.filter(pk__in=[*whole.values_list("pk", flat=True), *named]).order_by("-since", "-pk")


def _cited_in(docket: Docket) -> list[int]:
    counted = judgement.counted(docket.procedure, docket.acts)
    return [act.facts[CITED]["id"] for act in counted if CITED in act.facts]


def _not_citable(docket: Docket, spec: FieldSpec, pk: int, *, by: Actor) -> str:
    """Why a case is no evidence for this one, and what would be."""
    assert spec.cited is not None  # asked of fields that cite
    found = _evidence(docket.case, spec.cited, by=by).select_related("about").filter(pk=pk).first()
    if found is None:
        why = f"须是一件您看得到、已经“{spec.cited.end}”的案件（{spec.cited.case}），这一件不是"
    elif found.pk in _cited_in(docket):
        why = "只能引用一次，这一件已经引用过"
    else:
        why = f"须是登记时写明关于“{docket.case.title}”的，这一件{'是关于别的事项的' if found.about_id else '没有写明关于哪件事项'}"
    return f"“{spec.name}”{why}，请另选，或者先登记一件关于本事项的。"


def waiting_for(unit: Unit, code: str, procedure: Procedure, *, by: Actor) -> QuerySet[Case]:
    """The open cases of a unit and below it that could cite a case of this procedure where they stand."""
    names = {code, f"{code}.{procedure.code}"}
    rows = visible(by, Case.objects.filter(end="", **{f"at_{min(unit.depth, DEEPEST)}": unit.pk}))
    asking = Q(pk__in=[])
    editions = Edition.objects.in_bulk(rows.order_by().values_list("edition", flat=True).distinct())
    for edition, name, at in rows.order_by().values_list("edition", "procedure", "step").distinct():
        step = regulation_of(editions[edition]).procedures[name].step_by_name.get(at)
        branches = [branch for outcome in step.outcomes for branch in outcome.branches] if step else []
        if any(need.case in names for branch in branches for need in branch.needs):
            asking |= Q(edition=edition, procedure=name, step=at)
    return rows.filter(asking).order_by("title", "pk")


def choices(docket: Docket, spec: FieldSpec, *, by: Actor, today: date) -> list[tuple[str, str]] | None:
    """What a field of people on the register, of whom to recuse or of cited cases offers; None for every other field."""
    if spec.status is not None or spec.name == CHALLENGED:
        return [(str(one.pk), one.name) for one in nameable(docket, spec, today=today)[:MOST]]
    if spec.cited is not None:
        cases = citable(docket, spec.cited, by=by)[:MOST]
        return [(str(one.pk), f"{one.number} {one.title}（{cn_date(one.since, 'year')}）".strip()) for one in cases]
    return None


def parties_of(procedure: Procedure, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parties that the launch form names by a field of people."""
    people = {field.name for field in procedure.launch.form if field.kind == "人"} if procedure.launch else set()
    asked = {name: ref.path[0] for name, ref in procedure.parties.items() if ref.root == "表单" and ref.path[0] in people}
    named = {name: id_of(values.get(field)) for name, field in asked.items()}
    found = Person.objects.in_bulk([pk for pk in named.values() if pk])
    return {name: party_json(found[pk]) for name, pk in named.items() if pk in found}
