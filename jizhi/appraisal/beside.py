"""What stands beside a case of a campaign: the page on which its rater scores many units at once."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.appraisal.models import Campaign
from jizhi.appraisal.queries.scores import may_score
from jizhi.procedure.beside import Beside, Shown
from jizhi.procedure.models import Case


def together(case: Case, actor: Actor, today: date) -> Shown | None:
    campaign = Campaign.objects.filter(case=case.parent_id).select_related("case__edition").first() if case.parent_id else None
    if campaign is None or case.end or not may_score(campaign, actor, case):
        return None
    note = "同一步的单位可以在一页里一起评分，和单村评分表是同一份。"
    return Shown("评分", note=note, links=(("多村一起评分", reverse("appraisal_scores", args=[campaign.pk])),))


BESIDE: tuple[Beside, ...] = (Beside("考评.一起评分", together, "给同一步的多个单位在一页里评分"),)
