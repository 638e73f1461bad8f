"""The sheets that a step asks for (评分): who has handed in, what is missing, where to fill one in."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.procedure.docket import Docket
from jizhi.rulebook import joining
from jizhi.rulebook.language import Step


@dataclass(frozen=True)
class Marking:
    """What to say about it on the case page; ``link`` leads to the sheet for who may take the step and has not rated."""

    text: str
    link: str = ""


def marking_of(docket: Docket, step: Step, actor: Actor) -> Marking | None:
    need, found = step.marking, docket.facts.marks.get(step.name)
    if need is None or found is None:
        return None
    if not found.drawn:
        return Marking(f"本事项没有被抽中，不必填“{need.standard}”评分表。")
    missing = joining.unmarked(step, docket.facts, actor.rulebook())
    text = f"{missing}。" if missing else f"已有 {len(found.raters)} 人提交“{need.standard}”{need.role or '评分'}表。"
    rated = actor.id in found.raters
    return Marking(text, "" if rated or actor.person is None else reverse("case_sheet", args=[docket.case.pk]))
