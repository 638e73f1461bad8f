"""Reads of rankings, all through the gate: before publication a department sees its own place alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.org.models import Level, Person, Unit
from jizhi.org.queries import posts_held, units_open
from jizhi.procedure.models import Act
from jizhi.regulation.reading import regulation_of
from jizhi.results.models import Place, Result
from jizhi.rulebook.formula import plain
from jizhi.rulebook.indicators import folded, index, leaves
from jizhi.sheets.models import Sheet
from jizhi.sheets.queries import sheets_standing
from jizhi.supervision.ranking import rules
from jizhi.supervision.ranking.models import Feedback, PayFactor


@dataclass(frozen=True)
class Row:
    """One department on the page. ``reason`` is the one against the row above."""

    place: Place
    score: str
    remark: str  # 5 人评分，上学期第 2
    reason: str
    flag: str
    margin: str
    drawing: rules.Drawing | None
    status: tuple[str, str]
    case: int | None


def rankings(actor: Actor) -> QuerySet[Result]:
    """Rankings of departments that the actor may see, corrections beside what they correct, newest first."""
    found = visible(actor, Result.objects.filter(edition__code=rules.CODE, standard=rules.STANDARD))
    return found.select_related("unit", "edition", "corrects", "corrected_by").order_by("-pk")


def newest(result: Result) -> Result:
    """The last correction of a result."""
    while (after := Result.objects.filter(corrects=result).first()) is not None:
        result = after
    return result


def places(actor: Actor, result: Result) -> list[Place]:
    """In order of rank, those stopped by a red line last."""
    found = visible(actor, result.places.select_related("feedback__case", "result").prefetch_related("feedback__case__acts"))
    return sorted(found, key=lambda place: (place.rank is None, place.rank or 0, place.pk))


def sheets_of(place: Place) -> QuerySet[Sheet]:
    result = place.result
    found = sheets_standing(unit=result.unit, edition=result.edition, standard=result.standard, period=result.period)
    return found.filter(subject_type=place.subject_type, subject_id=place.subject_id).select_related("rater")


def raters_of(place: Place) -> list[Person]:
    return list(dict.fromkeys(sheet.rater for sheet in sheets_of(place)))


def standings(result: Result) -> list[rules.Standing]:
    """Where each department's case stands; for the act that publishes, and for those who see the whole ranking."""
    return standings_by_result([result])[result.pk]


def standings_by_result(results: Sequence[Result]) -> dict[int, list[rules.Standing]]:
    """By result id, in three queries however many results there are."""
    rows = Feedback.objects.filter(place__result__in=results).select_related("place", "case").prefetch_related("case__acts")
    found: dict[int, list[rules.Standing]] = {result.pk: [] for result in results}
    for row in rows.order_by("place__rank", "place"):
        found[row.place.result_id].append(standing_of(row))
    return found


def standing_of(feedback: Feedback) -> rules.Standing:
    case = feedback.case
    acts = [act for act in case.acts.all() if act.step in (rules.APPEAL, rules.ANSWER)]  # in order of their number
    answer = next((act for act in reversed(acts) if act.step == rules.ANSWER), None)
    return rules.Standing(
        name=feedback.place.name,
        step=case.step,
        end=case.end,
        appealed=any(act.outcome == rules.APPEALED for act in acts),
        answered=answer.outcome if answer else "",
        recomputed=bool(answer and answer.number <= feedback.after_act),
        due=case.due,
    )


def can_amend(place: Place) -> bool:
    """Whether an appeal about this place was answered 更正 and nothing has been computed since."""
    feedback = getattr(place, "feedback", None)
    if feedback is None or place.result.published_on or Result.objects.filter(corrects=place.result).exists():
        return False
    standing = standing_of(feedback)
    return standing.answered == rules.CORRECTED and not standing.recomputed


@dataclass(frozen=True)
class Rated:
    """One leaf of a sheet as it was entered."""

    code: str
    name: str
    full: str
    entry: str
    points: str


def rated(sheet: Sheet) -> list[Rated]:
    standard = regulation_of(sheet.edition).standards[sheet.standard]
    scores = {score.indicator: score for score in sheet.scores.all()}
    found = []
    for leaf in leaves(*standard.indicators):
        score = scores.get(leaf.code)
        points = "—" if score is None or score.points is None else plain(score.points)
        entry = "" if score is None else score.how or points
        found.append(Rated(leaf.code, leaf.name, plain(leaf.points), entry, points))
    return found


def rows(found: Sequence[Place]) -> tuple[list[Row], rules.Scale | None]:
    """The rows of the page on one printed scale."""
    figures = [(place.score, _margin(place)) for place in found if place.score is not None]
    scale = rules.scale(figures)
    return [
        _row(place, scale, neighbour=number > 0 and found[number - 1].rank == (place.rank or 0) - 1) for number, place in enumerate(found)
    ], scale


def _row(place: Place, scale: rules.Scale | None, *, neighbour: bool) -> Row:
    feedback = getattr(place, "feedback", None)
    kept: dict[str, Any] = place.derivation
    margin = _margin(place)
    ratings = kept.get("ratings", [])
    before = f"，上学期第 {kept['previous']}" if kept.get("previous") else ""
    return Row(
        place=place,
        score=shown(place),
        remark=f"{len(ratings)} 人评分{before}",
        reason=place.decided_by if neighbour or place.rank is None else "",
        flag=kept.get("flag", "") if neighbour else "",
        margin=plain(margin, 1) if margin is not None else "",
        drawing=rules.drawing(place.score, margin, scale) if scale and place.score is not None else None,
        status=rules.appeal_words(standing_of(feedback) if feedback else None),
        case=feedback.case_id if feedback else None,
    )


def shown(place: Place) -> str:
    return "—" if place.score is None else plain(place.score)


def _margin(place: Place) -> Decimal | None:
    kept = place.derivation.get("margin")
    return None if kept is None else Decimal(kept)


@dataclass(frozen=True)
class Derivation:
    """How one place's score came about: lines, raters' totals with their dots, the appeal."""

    place: Place
    score: str
    lines: list[dict[str, Any]]
    notes: list[str]
    checks: list[str]
    margin: str
    flag: str
    ratings: list[tuple[str, str]]  # (x of the dot, total)
    mean: str  # x of the mean
    ends: tuple[str, str]  # of the printed scale
    appeals: list[Act]
    standing: rules.Standing | None
    case: int | None


CHART = (12, 316)  # the raters' chart


def derivation(place: Place) -> Derivation:
    kept: dict[str, Any] = place.derivation
    totals = [Decimal(str(rating["total"])) for rating in kept.get("ratings", [])]
    feedback = getattr(place, "feedback", None)
    acts = Act.objects.filter(case=feedback.case, step__in=(rules.APPEAL, rules.ANSWER, rules.TALK)) if feedback else Act.objects.none()
    scale = rules.scale([(total, None) for total in (*totals, place.score or Decimal(0))]) if totals and place.score is not None else None
    margin = _margin(place)
    return Derivation(
        place=place,
        score=shown(place),
        lines=[{**line, "top": line["depth"] == 0} for line in kept.get("lines", [])],
        notes=kept.get("notes", []),
        checks=kept.get("checks", []),
        margin=plain(margin, 1) if margin is not None else "",
        flag=kept.get("flag", ""),
        ratings=[(_x(total, scale), plain(total, 1)) for total in totals] if scale else [],
        mean=_x(place.score, scale) if scale and place.score is not None else "",
        ends=(plain(scale.low), plain(scale.high)) if scale else ("", ""),
        appeals=list(acts.order_by("number")),
        standing=standing_of(feedback) if feedback else None,
        case=feedback.case_id if feedback else None,
    )


def _x(value: Decimal, scale: rules.Scale) -> str:
    left, right = CHART
    return f"{left + float((value - scale.low) / (scale.high - scale.low)) * (right - left):.1f}"


def unrated(unit: Unit, found: Sequence[Place], *, on: date) -> list[Unit]:
    """Departments without a place: nobody has handed in a sheet for them."""
    ranked = {place.subject_id for place in found}
    return [one for one in units_open(unit, on=on).filter(level=Level.DEPARTMENT) if str(one.pk) not in ranked]


def heads_in(result: Result, *, on: date) -> list[Person]:
    """Who heads the departments of a ranking."""
    ids = [int(pk) for pk in result.places.values_list("subject_id", flat=True)]
    return list(dict.fromkeys(post.person for post in posts_held(on=on).filter(unit__in=ids, head=True).select_related("person")))


def pay_rows(result: Result, *, on: date) -> list[rules.PayRow]:
    """The pay table of a result by the school's own factors."""
    factors = dict(PayFactor.objects.filter(unit=result.unit, period=result.period).values_list("rank", "factor"))
    heads: dict[str, list[str]] = {}
    ids = [int(pk) for pk in result.places.values_list("subject_id", flat=True)]
    for post in posts_held(on=on).filter(unit__in=ids, head=True).select_related("person"):
        heads.setdefault(str(post.unit_id), []).append(post.person.name)
    ranked = [
        (place.rank, place.name, "、".join(heads.get(place.subject_id, []))) for place in result.places.all() if place.rank is not None
    ]
    return rules.pay_table(ranked, factors)


def factors_of(unit: Unit, period: str) -> list[PayFactor]:
    return list(PayFactor.objects.filter(unit=unit, period=period).select_related("by"))


def periods(unit: Unit) -> list[str]:
    """Periods with handed-in sheets for departments, newest first."""
    found = Sheet.objects.filter(unit=unit, standard=rules.STANDARD, edition__code=rules.CODE, handed_in_at__isnull=False).exclude(
        period=""
    )
    return sorted(set(found.values_list("period", flat=True)), reverse=True)


@dataclass(frozen=True)
class Summary:
    """One line of the list."""

    result: Result
    stage: str
    corrected: bool


def summaries(results: Sequence[Result]) -> list[Summary]:
    """The lines of the list, in a fixed number of queries."""
    standing = standings_by_result(results)
    corrected = set(Result.objects.filter(corrects__in=results).values_list("corrects", flat=True))
    return [
        Summary(result, rules.stage(standing[result.pk], published=bool(result.published_on)), result.pk in corrected) for result in results
    ]


def order_words(result: Result) -> list[str]:
    """The declared order of comparison, in the words of the standard: 总分, 执行与落实, …"""
    standard = regulation_of(result.edition).standards[result.standard]
    known = index(standard)
    return [known[folded(word)].name if folded(word) in known else word for word in standard.tie_breaks]
