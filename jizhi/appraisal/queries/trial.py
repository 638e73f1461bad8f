"""试算: another edition on the records of a campaign."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from jizhi.appraisal.models import Campaign
from jizhi.appraisal.queries.campaigns import standard_for
from jizhi.appraisal.queries.records import records_of, region_of, seed_of
from jizhi.org.queries import ancestor_ids
from jizhi.regulation.models import Edition
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.appraisal.data import Problem
from jizhi.rulebook.appraisal.preview import Preview, preview


def editions_for(campaign: Campaign, *, on: date) -> list[Edition]:
    """Other editions that have a standard of the same name, shipped or of a unit above."""
    near = Q(owner=None) | Q(owner__in=ancestor_ids(campaign.unit))
    rows = Edition.objects.filter(near).exclude(pk=campaign.case.edition_id).select_related("owner").order_by("code", "-since", "-pk")
    return [one for one in rows if one.code == campaign.case.edition.code or campaign.standard in regulation_of(one).standards]


def trial_of(campaign: Campaign, edition: Edition, *, on: date) -> Preview:
    """Both by the same records and the same seed. An edition without such a standard is a problem, not a fault."""
    standard = standard_for(campaign.case)
    other = regulation_of(edition)
    if standard.name not in other.standards:
        return Preview(problems=(Problem(f"《{other.name}》没有细则“{standard.name}”，不能试算"),))
    new = other.standards[standard.name]
    records = records_of(campaign.case, standard)
    again = records_of(campaign.case, new)
    tasks = again.campaign if new.own_tasks is None else records.campaign
    return preview(
        (regulation_of(campaign.case.edition), standard), (other, new), records.campaign, new_campaign=tasks,
        seed=seed_of(campaign.case, standard), on=on, region=region_of(campaign.unit),
    )  # fmt: skip
