"""What judging a case reads of other cases and of sheets: its children, its parent, who has rated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from jizhi.kernel.draw import sample
from jizhi.org.models import Unit
from jizhi.procedure.models import Act, Case
from jizhi.procedure.rules import share_of
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import joining, judgement
from jizhi.rulebook.facts import AGAIN, REDONE, SENT_BACK, Child, Marks
from jizhi.rulebook.language import Marking, Procedure, Regulation, Step
from jizhi.sheets.models import Sheet


def children_of(case: Case, procedure: Procedure, regulation: Regulation) -> tuple[Child, ...]:
    """The children of a fan-out as they stand, in the order of the unit tree."""
    fan = joining.fan_out_of(procedure)
    if fan is None or case.pk is None:
        return ()
    redone = set(Act.objects.filter(case__parent=case, step=SENT_BACK).values_list("case_id", flat=True))
    rows = Case.objects.filter(parent=case).order_by("unit__path", "pk").values_list("pk", "unit_id", "unit__name", "step", "end")
    found = []
    for pk, unit, name, step, end in rows:
        child = Child(str(pk), str(unit), name, step or None, end or None)
        redo = pk in redone and not joining.has_come(fan, regulation, child)
        found.append(Child(child.id, child.unit, child.name, child.step, child.end, redo))
    return tuple(found)


def passed_by(procedure: Procedure, acts: Sequence[judgement.Act], since: int = 0) -> dict[str, str]:
    """Step of the parent → the outcome by which it was left last, by an act later than ``since``."""
    moved = judgement.moving(procedure, judgement.counted(procedure, acts))
    steps = {step.name for step in procedure.steps}  # of a body only the word that settled it
    return {act.step: act.outcome for act in moved if act.step in steps and act.number > since}


def sent_back_by(children: Sequence[int]) -> dict[int, int]:
    """Child → the number of the parent's act that sent it back last: what it waits for must come after that."""
    kept = Act.objects.filter(case__in=children, step=SENT_BACK).order_by("number").values_list("case_id", "facts")
    return {pk: int(facts.get("父件", {}).get("办理", 0)) for pk, facts in kept}


def marks_of(case: Case, procedure: Procedure) -> dict[str, Marks]:
    """Who has rated for the step where the case stands; nothing is asked for the others."""
    step = judgement.step_named(procedure, case.step)
    if step is None or step.marking is None or case.pk is None:
        return {}
    raters = sheets_for(case, step, step.marking).values_list("rater_id", flat=True)
    return {step.name: Marks(tuple(str(pk) for pk in raters), drawn=_drawn(case, step, step.marking))}


def group_of(case: Case, step: Step, need: Marking) -> str:
    """The 评分组 of the sheets of a step: its role or its own name, or nothing where the standard has groups of its own."""
    groups = regulation_of(case.edition).standards[need.standard].groups
    word = need.role or step.name
    return word if not groups or word in groups else ""


def sheets_for(case: Case, step: Step, need: Marking) -> QuerySet[Sheet]:
    """The handed-in sheets about the case's unit that count for a step."""
    group = group_of(case, step, need)
    found = Sheet.objects.filter(
        edition_id=case.edition_id, standard=need.standard, subject_type=Unit._meta.label, subject_id=str(case.unit_id),
        period=period_of(case, need), handed_in_at__isnull=False, replaced_by=None,
    )  # fmt: skip
    return (found.filter(group=group) if group else found).order_by("pk")


def period_of(case: Case, need: Marking | None = None) -> str:
    """The 学期 of the sheets of a campaign: the parent's 年度 (else the year it began), and the role (自评) where the step
    names one, so that a unit's own sheet never counts with the raters'."""
    root = case.parent or case
    year = str(root.form.get("年度") or f"{root.began_on.year}年")[:20]
    return f"{year}·{need.role}" if need and need.role else year


def _drawn(case: Case, step: Step, need: Marking) -> bool:
    """Whether the sample (抽查) takes this child; the seed is the parent's number and the step, so that anyone can repeat it."""
    if need.share is None or case.parent_id is None:
        return True
    keys = [str(pk) for pk in Case.objects.filter(parent=case.parent_id).order_by("pk").values_list("pk", flat=True)]
    return str(case.pk) in sample(keys, share_of(len(keys), need.share), seed=seed_of(case, step))


def seed_of(case: Case, step: Step) -> str:
    return f"{case.parent_id}·{step.name}"


def redone(rows: Sequence[Act]) -> Mapping[str, Mapping[str, Any]]:
    """Where the case went back for some rows alone (个别重办): their children by id, with 单位 and 异议. Empty for all."""
    return next((row.facts[REDONE] for row in reversed(rows) if row.step == AGAIN), {})


def frozen_units(rows: tuple[Act, ...]) -> list[int] | None:
    """The units kept when the list was frozen (冻结: 名单), by the last act that did."""
    kept = next((row.facts["冻结"]["名单"] for row in reversed(rows) if "名单" in row.facts.get("冻结", {})), None)
    return None if kept is None else [int(pk) for pk in kept["单位"]]


__all__ = [
    "children_of",
    "frozen_units",
    "group_of",
    "marks_of",
    "passed_by",
    "period_of",
    "redone",
    "seed_of",
    "sent_back_by",
    "sheets_for",
]
