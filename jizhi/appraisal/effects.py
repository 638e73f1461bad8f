"""What the appraisal room does in a campaign's steps: compute, freeze own tasks, check quotas, award."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jizhi.access.actor import Actor
from jizhi.appraisal.actions.results import award_rows, compute_children, keep_computed
from jizhi.appraisal.actions.tasks import freeze_rows
from jizhi.appraisal.queries.campaigns import standard_for, towns_of
from jizhi.appraisal.rules import STARS, VERDICT, over_quota, read_verdict, star_options, verdict_options
from jizhi.procedure.effects import Column, Effect, Freeze
from jizhi.procedure.models import Act, Case
from jizhi.rulebook.fanout import STARS as COMPUTE


def compute(case: Case, args: Mapping[str, Any], *, by: Actor, today: date) -> Mapping[str, Any]:
    return compute_children(case, str(args["定星"]), today=today)


def computed(case: Case, act: Act, *, by: Actor, today: date) -> None:
    keep_computed(case, act, by=by, today=today)


def award(case: Case, act: Act, *, by: Actor, today: date) -> None:
    award_rows(case, act, by=by, today=today)


def _stars(case: Case) -> Sequence[str]:
    return star_options(standard_for(case))


def _verdicts(case: Case) -> Sequence[str]:
    return verdict_options(standard_for(case))


def check_quota(case: Case, values: Mapping[str, str]) -> Mapping[str, str]:
    """名额 of what a body is about to decide, by child id."""
    standard = standard_for(case)
    given = {pk: read_verdict(value, standard) for pk, value in values.items()}
    wrong = over_quota(standard, given, towns_of(case))
    return {"": wrong} if wrong else {}


EFFECTS: tuple[Effect, ...] = (
    Effect(COMPUTE, computed, "按细则测算各单位的得分、名次、等次、星级和奖励，只提建议", facts=compute),
    Effect("考评.授星", award, "按审定的结果记各单位的等次、星级和奖励，并向社会公布"),
)
COLUMNS: tuple[Column, ...] = (
    Column(STARS, options=_stars, check=check_quota),
    Column(VERDICT, options=_verdicts, check=check_quota),
)
FREEZES: tuple[Freeze, ...] = (Freeze("附表", freeze_rows),)
