"""How far the children of a case have come, and which like cases can be taken in one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import refusal_of
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.language import Step


@dataclass(frozen=True)
class Share:
    """How many children stand at a step or have come to an end; ``link`` lists them."""

    name: str
    count: int
    link: str
    ended: bool


def progress(case: Case, actor: Actor) -> list[Share]:
    """The children that the actor may see, by step in the order of the regulation, then by end. Empty where there are none."""
    regulation = regulation_of(case.edition)
    names = [step.fan_out.procedure for step in regulation.procedures[case.procedure].steps if step.fan_out]
    if not names:
        return []
    counted = visible(actor, Case.objects.filter(parent=case)).order_by().values_list("procedure", "step", "end")
    found = {(procedure, step, end): count for procedure, step, end, count in counted.annotate(count=Count("pk"))}
    shares = []
    for name in dict.fromkeys(names):
        child = regulation.procedures[name]
        shares += [_share(case, step.name, found.get((name, step.name, ""), 0)) for step in child.steps]
        shares += [_share(case, end, found.get((name, "", end), 0), ended=True) for end in dict.fromkeys(child.ends.values())]
    return shares if found else []


def like_cases(docket: Docket, step: Step, actor: Actor) -> QuerySet[Case]:
    """The cases of the same campaign (else of the same unit) at the same step that the actor sees."""
    case = docket.case
    beside = {"parent": case.parent_id} if case.parent_id else {"parent": None, "unit": case.unit_id}
    same = Case.objects.filter(edition=case.edition_id, procedure=case.procedure, step=step.name, end="", **beside)
    return visible(actor, same.select_related("unit", "edition", "parent"))


def takeable(cases: Sequence[Case], step: Step, actor: Actor, *, today: date) -> list[Case]:
    """Those of them whose step the actor may take now."""
    by = actor.rulebook()
    return [one for one in cases if refusal_of(docket_of(one), step.name, None, {}, by=by, today=today) is None]


def _share(case: Case, name: str, count: int, *, ended: bool = False) -> Share:
    asked = {"parent": case.pk, "state": "已办结", "end": name} if ended else {"parent": case.pk, "step": name}
    return Share(name, count, f"{reverse('cases')}?{urlencode(asked)}", ended)
