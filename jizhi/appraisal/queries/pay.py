"""A village's pay plan as it stands: from the award decided, its cadres and the regulation's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jizhi.appraisal.models import Cadre, PayPlan
from jizhi.appraisal.queries.campaigns import standard_for, verdicts
from jizhi.appraisal.queries.records import region_of
from jizhi.procedure.models import Case
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.appraisal import data
from jizhi.rulebook.appraisal.pay import Rates, pay_plan
from jizhi.rulebook.parameters import parameter


@dataclass(frozen=True)
class Plan:
    award: int
    shares: tuple[data.Share, ...]
    problems: tuple[str, ...]
    decided: bool


def rates_of(case: Case, *, on: date) -> Rates:
    """The parameters that 待遇 names, in force on a day; LookupError where the regulation has no pay plan."""
    rule = standard_for(case).pay
    if rule is None:
        raise LookupError("no pay plan")
    regulation, region = regulation_of(case.edition), region_of(case.unit)
    base, seniority, posts, reviews = (
        parameter(regulation, name, on=on, region=region) if name else None
        for name in (rule.base, rule.seniority, rule.posts, rule.reviews)
    )
    return Rates(base if base is not None else 0, seniority if seniority is not None else 0, posts or {}, reviews or {})


def has_pay(case: Case) -> bool:
    return standard_for(case).pay is not None


def published_plan(case: Case) -> PayPlan | None:
    """The one that no later one corrects."""
    return PayPlan.objects.filter(case=case, corrected_by=None).first()


def plan_of(case: Case, *, on: date) -> Plan:
    """Nothing is split before the village's result is decided."""
    verdict = verdicts().filter(case=case).first()
    award = verdict.award_fen if verdict else 0
    cadres = [
        data.Cadre(case.unit.name, one.name, one.post, one.review, one.seniority, one.months) for one in Cadre.objects.filter(case=case)
    ]
    problems = data.Problems()
    shares = pay_plan(award, cadres, rates_of(case, on=on), problems)
    return Plan(award, shares, tuple(one.text for one in problems.found), verdict is not None)
