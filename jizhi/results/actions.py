"""Computing, publishing and correcting a result. Each act asks the ``permission`` of the domain whose result it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.org.models import Person, Unit
from jizhi.regulation.models import Edition
from jizhi.results.models import Place, Result
from jizhi.results.queries import rows_now
from jizhi.results.rules import Row
from jizhi.rulebook.scoring import Problem
from jizhi.sheets.actions import standard_of
from jizhi.sheets.queries import sheets_standing


class ResultRefused(Exception):  # noqa: N818 (errors here are values for the page)
    """Why there is no result: one sentence, and each problem of the sheets where these are the reason.

    ``result`` is the one that stands in the way (computed before), if any: a double submit can be answered with it.
    """

    def __init__(self, text: str, problems: Sequence[Problem] = (), result: Result | None = None) -> None:
        super().__init__(text)
        self.text, self.problems, self.result = text, tuple(problems), result


@transaction.atomic
def compute_result(
    *, unit: Unit, edition: Edition, standard: str, period: str, permission: str, by: Actor, today: date, seed: str = ""
) -> Result:
    """Score and rank every subject that has handed-in sheets for the period. The default seed is the standard's code and
    the period, so that nobody can choose the draw by choosing when to compute."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, permission, unit)
    if before := Result.objects.filter(unit=unit, standard=standard, period=period, corrects=None).first():
        raise ResultRefused(f"{period}的{standard}排名已经算过；评分有更正的，请重新计算并写明理由", result=before)
    seed = (seed or f"{standard_of(edition, standard).code}·{period}")[:64]
    result = Result(unit=unit, edition=edition, standard=standard, period=period, seed=seed, computed_on=today, by=_person(by))
    _fill(result)
    record("results.compute_result", result, by=by, fields=_content(result))
    return result


@transaction.atomic
def correct_result(result_id: int, *, reason: str, permission: str, by: Actor, today: date) -> Result:
    """Compute again from the sheets as they stand now: a new result that names the old one, with the same seed."""
    old = Result.objects.select_for_update().get(pk=result_id)
    require(by, permission, old.unit)
    if not reason.strip():
        raise ResultRefused("请写明更正理由")
    if after := Result.objects.filter(corrects=old).first():
        raise ResultRefused("这个结果已经更正过，请在更正后的结果上办理", result=after)
    result = Result(
        unit=old.unit, edition=old.edition, standard=old.standard, period=old.period, seed=old.seed,
        computed_on=today, corrects=old, reason=reason.strip()[:300], by=_person(by),
    )  # fmt: skip
    _fill(result)
    record("results.correct_result", result, by=by, fields={"更正": old.pk, "理由": result.reason, **_content(result)})
    return result


@transaction.atomic
def keep_result(
    *, unit: Unit, edition: Edition, standard: str, period: str, seed: str, places: Sequence[Row], permission: str, person: Person,
    by: Actor, today: date, reason: str = "",
) -> Result:  # fmt: skip
    """Keep what a domain computed itself (an appraisal of several parts) in the same place: the first of a period, else a
    correction of the last. ``person`` answers for it where the system computes."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, permission, unit)
    old = Result.objects.filter(unit=unit, standard=standard, period=period, corrected_by=None).order_by("pk").last()
    result = Result.objects.create(
        unit=unit, edition=edition, standard=standard, period=period, seed=seed[:64], computed_on=today, corrects=old,
        reason=reason[:300] if old else "", by=person,
    )  # fmt: skip
    _places(result, places)
    record("results.keep_result", result, by=by, fields={"更正": old.pk if old else "", **_content(result)})
    return result


@transaction.atomic
def publish_result(result_id: int, *, permission: str, by: Actor, today: date) -> Result:
    """Publish; from then on neither the result nor its places change (the database refuses). Publishing twice is once.

    Whether it is time to publish (appeals closed, talks held) is for the domain's own act that calls this one.
    """
    result = Result.objects.select_for_update().get(pk=result_id)
    require(by, permission, result.unit)
    if result.published_on:
        return result
    if Result.objects.filter(corrects=result).exists():
        raise ResultRefused("这个结果已被更正，请公布更正后的结果")
    result.published_on = today
    result.save(update_fields=["published_on"])
    record("results.publish_result", result, by=by, fields={"公布日期": today, **_content(result)})
    return result


def _fill(result: Result) -> None:
    """Save the result with its places, or raise with everything that is wrong with the sheets."""
    places, problems = rows_now(result)
    if problems:
        sheets = sheets_standing(unit=result.unit, edition=result.edition, standard=result.standard, period=result.period)
        text = "还没有提交的评分，无法计算" if not sheets.exists() else f"评分有 {len(problems)} 个问题，请先改正"
        raise ResultRefused(text, problems)
    result.save()
    _places(result, places)


def _places(result: Result, places: Sequence[Row]) -> None:
    for row in places:
        kind, _, number = row.key.partition(":")
        Place.objects.create(
            result=result, subject_type=kind, subject_id=number, name=row.name, rank=row.rank, score=row.score,
            grade=row.grade, decided_by=row.decided_by, derivation=row.derivation,
        )  # fmt: skip


def _content(result: Result) -> dict[str, object]:
    places = {place.name: f"{place.rank or '不排名'} {place.score}" for place in result.places.all()}
    return {"细则": result.standard, "学期": result.period, "种子": result.seed, "名次": places}


def _person(by: Actor) -> Person:
    if by.person is None:
        raise ResultRefused("结果须由人计算，系统不能代办")
    return by.person
