"""What a unit's case must have before its campaign goes on: counts of what is still missing."""

from __future__ import annotations

from decimal import Decimal

from jizhi.appraisal.models import Achievement, CampaignPoll, Mark, OwnTasks
from jizhi.appraisal.queries.campaigns import standard_for
from jizhi.appraisal.rules import year_of
from jizhi.org.models import Unit
from jizhi.polling.models import Result
from jizhi.procedure.figures import Figure
from jizhi.procedure.many import period_of
from jizhi.procedure.models import Case


def unverified_rows(case: Case) -> Decimal:
    """Own tasks without a 完成值; one where the unit has no rows at all."""
    own = standard_for(case).own_tasks
    if own is None:
        return Decimal(0)
    table = OwnTasks.objects.filter(
        unit=case.unit_id, edition=case.edition_id, schedule=own.schedule, year=year_of(period_of(case))
    ).first()
    if table is None:
        return Decimal(1)
    done = Achievement.objects.filter(row__tasks=table).values("row").distinct().count()
    return Decimal(max(table.rows.count() - done, 0))


def unmarked_parts(case: Case) -> Decimal:
    """Parts with marks of their own (述职) that nobody has marked."""
    parts = [part.name for part in standard_for(case).parts if part.source == "评分"]
    given = Mark.objects.filter(case=case, item__in=parts).values("item").distinct().count()
    return Decimal(len(parts) - given)


def unsealed_polls(case: Case) -> Decimal:
    """1 until a sealed poll of the campaign says something of the unit."""
    polls = CampaignPoll.objects.filter(campaign__case=case.parent_id).values("poll")
    sealed = Result.objects.filter(
        poll__in=polls, enough=True, poll__items__subject_type=Unit._meta.label, poll__items__subject_id=str(case.unit_id)
    )
    return Decimal(0 if sealed.exists() else 1)


FIGURES: tuple[Figure, ...] = (
    Figure("考评.个性任务未核验", unverified_rows, "本单位还没有登记完成值的个性任务数"),
    Figure("考评.述职未评分", unmarked_parts, "本单位还没有评分的述职等项数"),
    Figure("考评.测评未封存", unsealed_polls, "本单位的民意测评还没有封存的为 1，否则为 0"),
)
