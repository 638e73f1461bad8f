"""Which units of a campaign wait for the scores of the acting post, and what he has given them so far."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.appraisal.models import Campaign
from jizhi.kernel.draw import sample
from jizhi.org.models import Unit
from jizhi.org.queries import ancestor_ids
from jizhi.procedure.docket import Docket, facts_of
from jizhi.procedure.many import period_of, seed_of
from jizhi.procedure.models import Case, Todo
from jizhi.procedure.permissions import my_todos
from jizhi.procedure.rules import share_of
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import joining
from jizhi.rulebook.language import Marking, Procedure, Step
from jizhi.sheets.models import Sheet


def rated_steps(campaign: Campaign) -> list[Step]:
    """The steps of the units' own procedure that ask for sheets."""
    procedure = _childs(campaign)
    return [step for step in procedure.steps if step.marking is not None] if procedure else []


def steps_waiting(campaign: Campaign, actor: Actor) -> list[Step]:
    """Those at which some unit waits for the acting post, in the order of the regulation."""
    standing = set(_waiting(campaign, actor).order_by().values_list("step", flat=True).distinct())
    return [step for step in rated_steps(campaign) if step.name in standing]


def units_waiting(campaign: Campaign, step: Step, actor: Actor) -> QuerySet[Case]:
    """The units' cases that stand at the step and were handed to the acting post; of a sample (抽查) the drawn ones."""
    rows = _waiting(campaign, actor).filter(step=step.name).select_related("unit__parent").order_by("unit__path", "id")
    need = step.marking
    if need is None or need.share is None:
        return rows
    keys = [str(pk) for pk in Case.objects.filter(parent=campaign.case_id).order_by("pk").values_list("pk", flat=True)]
    return rows.filter(pk__in=sample(keys, share_of(len(keys), need.share), seed=seed_of(Case(parent_id=campaign.case_id), step)))


def may_score(campaign: Campaign, actor: Actor, case: Case | None = None) -> bool:
    """Whether the page of scores has anything for the acting post; about one unit, whether that one is among it."""
    rows = _waiting(campaign, actor)
    return (rows if case is None else rows.filter(pk=case.pk)).exists()


def dockets_of(campaign: Campaign, rows: Sequence[Case]) -> list[Docket]:
    """The same as ``docket_of`` for the units of one page, what they share asked once. Only for a step that waits for nothing."""
    regulation = regulation_of(campaign.case.edition)
    acts = {row.pk: tuple(row.acts.all()) for row in rows}
    above = _lines([row.unit for row in rows])
    found = []
    for row in rows:
        row.parent, row.edition = campaign.case, campaign.case.edition
        procedure = regulation.procedures[row.procedure]
        found.append(Docket(row, regulation, procedure, facts_of(row, procedure, above[row.unit_id], passed={}), acts[row.pk]))
    return found


def my_sheets(campaign: Campaign, need: Marking, rows: Iterable[Case], actor: Actor) -> dict[int, Sheet]:
    """Unit id → the acting person's sheet about it, begun or handed in."""
    case = campaign.case
    units = [str(row.unit_id) for row in rows]
    found = Sheet.objects.filter(
        rater=actor.person, edition=case.edition_id, standard=need.standard, subject_type=Unit._meta.label, subject_id__in=units,
        period=period_of(case, need), replaced_by=None,
    )  # fmt: skip
    return {int(one.subject_id): one for one in found.order_by("pk").prefetch_related("scores")}


def entries_of(sheet: Sheet | None) -> dict[str, str]:
    """Code → what was entered."""
    return {score.indicator: score.how for score in sheet.scores.all()} if sheet else {}


def seen_of(sheet: Sheet | None) -> str:
    """What tells a sheet as a page showed it from what became of it since; empty where there was none."""
    if sheet is None:
        return ""
    kept = [sheet.pk, bool(sheet.handed_in_at), sorted(entries_of(sheet).items()), sheet.bonuses, sheet.red_lines]
    return sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def _childs(campaign: Campaign) -> Procedure | None:
    regulation = regulation_of(campaign.case.edition)
    fan = joining.fan_out_of(regulation.procedures[campaign.case.procedure])
    return regulation.procedures[fan.procedure] if fan else None


def _waiting(campaign: Campaign, actor: Actor) -> QuerySet[Case]:
    if actor.person is None:
        return Case.objects.none()
    names = [step.name for step in rated_steps(campaign)]
    mine = my_todos(replace(actor, holdings=(actor.acting,) if actor.acting else ()))  # in the post in which he acts now
    todos = Todo.objects.filter(mine, case__parent=campaign.case_id, kind="do", done_at=None)
    return visible(actor, Case.objects.filter(parent=campaign.case_id, end="", step__in=names, pk__in=todos.values("case")))


def _lines(units: Sequence[Unit]) -> dict[int, list[Unit]]:
    """Unit id → itself and those above it, nearest first, from one query."""
    ids = {unit.pk: ancestor_ids(unit) for unit in units}
    known = Unit.objects.in_bulk({pk for line in ids.values() for pk in line})
    return {pk: [known[one] for one in reversed(line)] for pk, line in ids.items()}
