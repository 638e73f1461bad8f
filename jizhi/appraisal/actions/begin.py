"""Beginning a campaign. Its steps are taken on the case's own pages; the first one announces and freezes."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Campaign
from jizhi.appraisal.queries.campaigns import computing_procedures, ready_to_begin
from jizhi.audit.actions import record
from jizhi.org.models import Unit
from jizhi.procedure.actions import begin
from jizhi.regulation.queries import family
from jizhi.regulation.reading import regulation_of


@transaction.atomic
def begin_campaign(unit: Unit, *, code: str, procedure: str, year: int, by: Actor, today: date) -> Campaign:
    """Once per unit, regulation and year: beginning again gives the one there is. Raises what ``procedure.begin`` raises."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "appraisal.begin_campaign", unit)
    known = {(edition.code, name): edition for edition, name in ready_to_begin(unit, on=today)}
    edition = known.get((code, procedure))
    if edition is None:
        raise AppraisalRefused(f"{unit.name}没有采用写明“{procedure}”的考评制度，请先在“制度”页采用")
    if not today.year - 1 <= year <= today.year + 1:
        raise AppraisalRefused("年度不对", {"year": f"请填 {today.year - 1} 到 {today.year + 1} 之间的年度"})
    standard = computing_procedures(regulation_of(edition))[procedure]
    before = Campaign.objects.filter(unit=unit, standard=standard, year=year, case__edition__code__in=family(edition)).first()
    if before is not None:
        return before
    title = f"{unit.name}{year}年{procedure.removeprefix('年度')}"
    key = f"campaign{unit.pk}-{code}-{year}"[:64]
    case = begin(code, procedure, unit=unit, title=title, parties={}, form={"年度": f"{year}年"}, by=by, today=today, key=key)
    made = Campaign.objects.create(case=case, unit=unit, standard=standard, year=year)
    record(
        "appraisal.begin_campaign", made, by=by, unit=unit, label=case.title, fields={"年度": year, "细则": made.standard, "日期": today}
    )
    return made
