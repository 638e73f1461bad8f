"""Campaigns as lists and pages read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.appraisal.models import Campaign, Verdict
from jizhi.appraisal.rules import STARS, VERDICT
from jizhi.org.models import Level, Unit
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Act, Case
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import adoptions_in_force, family
from jizhi.regulation.reading import regulation_of
from jizhi.results.models import Place, Result
from jizhi.rulebook.facts import AGAIN, REDONE, SENT_BACK
from jizhi.rulebook.fanout import STARS as COMPUTE
from jizhi.rulebook.language import Procedure, Regulation, Standard


def campaigns(actor: Actor) -> QuerySet[Campaign]:
    """Those the actor may see, newest first."""
    found = visible(actor, Campaign.objects.all()).select_related("case__edition", "case__unit", "unit")
    return found.defer("case__edition__text").order_by("-year", "-id")


def computing_procedures(regulation: Regulation) -> dict[str, str]:
    """Procedure → standard, of every campaign that a regulation declares."""
    found = {}
    for procedure in regulation.procedures.values():
        step = next((step for step in procedure.steps if step.auto and step.auto.effect == COMPUTE), None)
        if step is not None and step.auto is not None:
            found[procedure.name] = str(step.auto.args["定星"])
    return found


def standard_for(case: Case) -> Standard:
    """The standard of a campaign's case, or of one of its children."""
    root = case.parent or case
    regulation = regulation_of(root.edition)
    return regulation.standards[computing_procedures(regulation)[root.procedure]]


def towns_of(case: Case) -> dict[str, str]:
    """Child id → its town."""
    rows = Case.objects.filter(parent=case).values_list("pk", "unit__parent__name", "unit__parent__level")
    return {str(pk): name if level == Level.TOWN else "" for pk, name, level in rows}


def ready_to_begin(unit: Unit, *, on: date) -> list[tuple[Edition, str]]:
    """(edition, procedure) of the campaigns that a unit may run: its own level's, and those of the levels above it that are
    begun by its own posts (the county's regulation, run by a town). What it has put its own text upon (基于) it runs by that."""
    editions = [adoption.edition for adoption in adoptions_in_force(unit, on=on).values()]
    based_on = {edition.base.code for edition in editions if edition.base is not None}
    return [
        (edition, name) for edition in editions if edition.code not in based_on for name in computing_procedures(regulation_of(edition))
    ]


def verdicts() -> QuerySet[Verdict]:
    """As they stand: those that no later one corrects."""
    return Verdict.objects.filter(corrected_by=None)


def awarded_of(child: Case) -> Verdict | None:
    """The unit's result as it stands; None before it was awarded, and once a later year's was decided."""
    found = verdicts().filter(case=child).select_related("campaign__case__edition", "campaign__case__unit").first()
    if found is None:
        return None
    later = verdicts().filter(organiser=found.organiser_id, code__in=family(child.edition), standard=found.standard, unit=found.unit_id)
    return None if later.filter(year__gt=found.year).exists() else found


def rewards_of(case: Case) -> Mapping[str, Any]:
    """The table of rewards with which a campaign awards, as it was on that day."""
    acts = Act.objects.filter(case=case, facts__has_key="自动").order_by("-number").values_list("facts", flat=True)
    return next((facts["自动"]["奖励"] for facts in acts if facts["自动"].get("奖励")), {})


def underway(child: Case) -> bool:
    """Whether a unit is being appraised: before its end, and again once it was sent back after the others' end."""
    ended = child.parent is None or child.parent.end
    return not child.end and (not ended or child.acts.filter(step=SENT_BACK).exists())


def taken_up(case: Case) -> dict[str, str]:
    """Child id → why it was decided again: 第 1 号异议成立，重新复核、审定."""
    found: dict[str, str] = {}
    for kept in Act.objects.filter(case=case, step=AGAIN).order_by("number").values_list("facts", flat=True):
        found |= {pk: f"第 {'、'.join(map(str, row['异议']))} 号异议成立，重新审定" for pk, row in kept[REDONE].items()}
    return found


def result_of(campaign: Campaign) -> Result | None:
    """The newest computed result of a campaign."""
    from jizhi.procedure.many import period_of

    standing = Result.objects.filter(
        unit=campaign.unit_id, edition=campaign.case.edition_id, standard=campaign.standard, period=period_of(campaign.case),
        corrected_by=None,
    )  # fmt: skip
    return standing.order_by("pk").last()


def places_by_unit(result: Result | None) -> dict[int, Place]:
    return {int(place.subject_id): place for place in result.places.all()} if result else {}


def decided(case: Case) -> dict[str, dict[str, str]]:
    """Child id → what the deciding batch said of it."""
    from jizhi.procedure.queries.batch import rows_decided

    return {pk: dict(row) for pk, row in rows_decided(docket_of(case)).items()}


def column_of(procedure: Procedure) -> str:
    """星级 or 评定, whichever the deciding step decides."""
    named = (step.batch.default[1] for step in procedure.steps if step.batch and step.batch.default)
    return next((name for name in named if name in (STARS, VERDICT)), STARS)


def children_of(campaign: Campaign, actor: Actor) -> list[Case]:
    rows = visible(actor, Case.objects.filter(parent=campaign.case_id))
    return list(rows.select_related("unit__parent", "edition").defer("edition__text").order_by("unit__path", "pk"))


def frozen_of(campaign: Campaign) -> dict[str, dict[str, object]]:
    """What the announcement froze: 细则, 名单, 附表, each with its digest."""
    for act in Act.objects.filter(case=campaign.case_id).order_by("-number"):
        if "冻结" in act.facts:
            return dict(act.facts["冻结"])
    return {}


def names(rows: Iterable[Case]) -> str:
    return "、".join(row.unit.name for row in rows)
