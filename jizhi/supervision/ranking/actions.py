"""The acts on a ranking: computed, delivered, corrected, published; and the school's own factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.messages.actions import send_to_all
from jizhi.org.models import Unit
from jizhi.procedure import actions as procedure
from jizhi.procedure.models import Case
from jizhi.regulation.queries import edition_in_force
from jizhi.results.actions import ResultRefused, compute_result, correct_result, publish_result
from jizhi.results.models import Place, Result
from jizhi.results.queries import result_published
from jizhi.rulebook.judgement import Party
from jizhi.sheets.actions import amend_sheet
from jizhi.sheets.models import Sheet
from jizhi.supervision.ranking import queries, rules
from jizhi.supervision.ranking.models import Feedback, PayFactor

COMPUTE, PUBLISH = "supervision.compute_ranking", "supervision.publish_ranking"


class NotYet(Exception):  # noqa: N818  an outcome, not a fault
    """The ranking cannot be published yet; every obstacle."""

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("；".join(obstacles))
        self.obstacles = tuple(obstacles)


@transaction.atomic
def compute_ranking(unit: Unit, period: str, *, by: Actor, today: date) -> Result:
    """Rank the departments of a school by their sheets of the period and begin a case for each, which will show it its
    place. Computing the same period again returns the result that stands. Raises ResultRefused or procedure.Refused."""
    require(by, COMPUTE, unit)
    edition = edition_in_force(unit, rules.CODE, on=today)
    if edition is None:
        raise ResultRefused(f"{unit.name}还没有采用处室督导评估细则，请先在“制度”页采用")
    try:
        result = compute_result(unit=unit, edition=edition, standard=rules.STANDARD, period=period, permission=COMPUTE, by=by, today=today)
    except ResultRefused as refused:
        if refused.result is None:
            raise
        return queries.newest(refused.result)
    for place in result.places.all():
        _begin(place, by=by, today=today)
    record("supervision.compute_ranking", result, by=by, fields={"学期": period, "处室": result.places.count()}, unit=unit)
    return result


@transaction.atomic
def deliver_ranking(result_id: int, *, by: Actor, today: date) -> int:
    """Show every department that has not seen it its place: the step 送达 of each case. How many were delivered."""
    result = Result.objects.select_related("unit").get(pk=result_id)
    require(by, COMPUTE, result)
    cases = Case.objects.filter(feedback__place__result=result, step=rules.DELIVERY).order_by("pk")
    for case in cases:
        procedure.act(case.pk, rules.DELIVERY, rules.DELIVERY, {}, by=by, today=today)
    record("supervision.deliver_ranking", result, by=by, fields={"送达": len(cases)}, unit=result.unit)
    return len(cases)


@transaction.atomic
def amend_rating(place_id: int, sheet_id: int, entries: Mapping[str, str | None], *, reason: str, by: Actor, now: datetime) -> Sheet:
    """Correct entries of one rater's sheet, which only an appeal answered 更正 allows; the ranking is then computed again."""
    place = Place.objects.select_related("result__unit", "feedback__case").get(pk=place_id)
    require(by, COMPUTE, place.result)
    if not queries.can_amend(place):
        raise Forbidden("评分只在申诉答复“更正”以后才能改；请先由督导组答复申诉")
    if not queries.sheets_of(place).filter(pk=sheet_id).exists():
        raise Forbidden("这份评分不是这个处室本学期的，或者已经更正过")
    sheet = amend_sheet(sheet_id, entries=entries, reason=reason, permission=COMPUTE, by=by, now=now)
    record("supervision.amend_rating", place, by=by, fields={"评分": sheet.pk, "更正": sheet_id, "理由": reason}, unit=place.result.unit)
    return sheet


@transaction.atomic
def correct_ranking(result_id: int, *, reason: str, by: Actor, today: date) -> Result:
    """A new result from the sheets as they stand now. A department keeps its case where it can still appeal, where its own
    appeal asked for this, or where nothing changed for it; the others are shown their new place by a new case."""
    old = Result.objects.select_for_update().get(pk=result_id)
    result = correct_result(old.pk, reason=reason, permission=COMPUTE, by=by, today=today)
    before = {place.subject_id: place for place in old.places.select_related("feedback__case")}
    for place in result.places.all():
        known = before.get(place.subject_id)
        if known and not old.published_on and _keeps_case(known, place):
            _link(place, known.feedback.case)
        else:
            _begin(place, by=by, today=today)
    record("supervision.correct_ranking", result, by=by, fields={"更正": old.pk, "理由": reason}, unit=result.unit)
    return result


@transaction.atomic
def publish_ranking(result_id: int, *, by: Actor, today: date, now: datetime) -> Result:
    """Publish when every department's case has come to its end; NotYet with the reasons otherwise."""
    result = Result.objects.select_for_update().get(pk=result_id)
    require(by, PUBLISH, result)
    if found := rules.obstacles(queries.standings(result), expected=result.places.count()):
        raise NotYet(found)
    result = publish_result(result.pk, permission=PUBLISH, by=by, today=today)
    title = f"{result.period}处室考核排名已公布"
    send_to_all(queries.heads_in(result, on=today), title, link=f"/supervision/ranking/{result.pk}/", key=f"ranking-{result.pk}", now=now)
    record("supervision.publish_ranking", result, by=by, fields={"公布日期": today}, unit=result.unit)
    return result


@transaction.atomic
def set_pay_factors(unit: Unit, period: str, factors: Mapping[int, Decimal], *, by: Actor, today: date) -> list[PayFactor]:
    """The school's own factors by rank. Once a ranking of the period is published, what was set stays."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "supervision.set_pay_factors", unit)
    assert by.person is not None
    rows = PayFactor.objects.filter(unit=unit, period=period)
    if rows.exists() and result_published(unit, rules.STANDARD, period):
        raise Forbidden("这个学期的名次已经公布，系数不能再改")
    rows.delete()
    made = [PayFactor(unit=unit, period=period, rank=rank, factor=factor, set_on=today, by=by.person) for rank, factor in factors.items()]
    PayFactor.objects.bulk_create(made)
    fields = {"学期": period, "系数": {str(rank): str(factor) for rank, factor in factors.items()}}
    record("supervision.set_pay_factors", unit, by=by, fields=fields, label=f"{unit.name}{period}待遇挂钩系数", unit=unit)
    return made


def _begin(place: Place, *, by: Actor, today: date) -> None:
    """A department's case: itself, and everyone who rated it (whom the answer to an appeal leaves out)."""
    department = Unit.objects.get(pk=place.subject_id)
    raters = queries.raters_of(place)
    names = "、".join(rater.name for rater in raters)
    ids = [str(rater.pk) for rater in raters]
    case = procedure.begin(
        rules.CODE,
        rules.PROCEDURE,
        unit=place.result.unit,
        title=f"{department.name}{place.result.period}考核名次",
        parties={"被考核": department, "评分人": Party(names, ids[0], others=tuple(ids[1:]))},
        form={},
        by=by,
        today=today,
        key=f"place{place.pk}",
        subject=place,
    )
    _link(place, case)


def _link(place: Place, case: Case) -> None:
    last = case.acts.order_by("number").last()
    Feedback.objects.create(place=place, case=case, after_act=last.number if last else 0)


def _keeps_case(known: Place, new: Place) -> bool:
    case = known.feedback.case
    if case.step in (rules.DELIVERY, rules.APPEAL, rules.ANSWER):
        return True
    same = (known.rank, known.score, known.decided_by) == (new.rank, new.score, new.decided_by)
    return same or queries.standing_of(known.feedback).answered == rules.CORRECTED
