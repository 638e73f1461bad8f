"""Computing a campaign and awarding what was decided: parts of the campaign's own steps, taken by the system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Campaign, Verdict
from jizhi.appraisal.public import show_results
from jizhi.appraisal.queries.campaigns import decided, rewards_of, standard_for, taken_up, towns_of, verdicts
from jizhi.appraisal.queries.records import Records, records_of, report_of, seed_of, verdicts_before
from jizhi.appraisal.rules import STARS, VERDICT, as_decimal, award_of, derivation, read_verdict, verdict_text, year_of
from jizhi.audit.actions import record
from jizhi.kernel.money import plain_yuan
from jizhi.org.models import Level, Unit
from jizhi.org.queries import units_open
from jizhi.procedure.actions import Refused
from jizhi.procedure.many import period_of
from jizhi.procedure.models import Act, Case
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import family
from jizhi.regulation.reading import regulation_of
from jizhi.results.actions import keep_result, publish_result
from jizhi.results.models import Result
from jizhi.results.rules import Row
from jizhi.rulebook.appraisal.data import Report
from jizhi.rulebook.judgement import Refusal
from jizhi.rulebook.language import Standard

SHOWN_PROBLEMS = 3


def compute_children(case: Case, standard_name: str, *, today: date) -> Mapping[str, Any]:
    """What ``测算`` keeps for each child: 星级, 等次, 评定, 得分, 名次, 奖励. Refused while anything is missing, with what."""
    standard = regulation_of(case.edition).standards[standard_name]
    records, report = _computed(case, standard, today=today)
    rows = {}
    for one in report.results:
        pk = str(records.child(one.unit.name).pk)
        rows[pk] = {
            "单位": one.unit.name, STARS: str(one.stars or 0), "等次": one.grade, VERDICT: verdict_text(one.grade, one.stars or None),
            "得分": format(one.score, "f"), "名次": one.rank or "", "奖励": plain_yuan(one.award),
        }  # fmt: skip
    return {"子件": rows, "细则": standard_name, "种子": seed_of(case, standard)}


def _computed(case: Case, standard: Standard, *, today: date) -> tuple[Records, Report]:
    records = records_of(case, standard)
    report = report_of(case, standard, records, on=today)
    if report.problems:
        first = "；".join(f"{one.sheet}：{one.text}" if one.sheet else one.text for one in report.problems[:SHOWN_PROBLEMS])
        more = f"；共 {len(report.problems)} 处" if len(report.problems) > SHOWN_PROBLEMS else ""
        raise Refused(Refusal("不能测算", f"还不能测算：{first}{more}"))
    return records, report


@transaction.atomic
def keep_computed(case: Case, act: Act, *, by: Actor, today: date) -> Result:
    """The same results as rows with their derivation; computed again after a return they correct the earlier ones."""
    standard = standard_for(case)
    records, report = _computed(case, standard, today=today)
    places = [
        Row(
            key=f"{Unit._meta.label}:{records.child(one.unit.name).unit_id}",
            name=one.unit.name,
            rank=one.rank,
            score=one.score,
            grade=one.grade,
            decided_by=one.decided_by,
            derivation=derivation(one),
        )
        for one in report.results
    ]
    person = case.began_by
    if person is None:
        raise Refused(Refusal("没有发起人", "考评须由人发起，才有人对测算负责"))
    return keep_result(
        unit=case.unit, edition=case.edition, standard=standard.name, period=period_of(case), seed=seed_of(case, standard), places=places,
        permission="appraisal.keep_result", person=person, by=by, today=today, reason="有单位退回重办，重新测算",
    )  # fmt: skip


@transaction.atomic
def award_rows(case: Case, act: Act, *, by: Actor, today: date) -> list[Verdict]:
    """What was decided for each unit, for good, and published. A row that an objection stops gets none until it is settled
    and decided anew."""
    standard, towns = standard_for(case), towns_of(case)
    campaign = Campaign.objects.get(case=case)
    rewards = rewards_of(case)
    result = Result.objects.filter(
        unit=case.unit, standard=standard.name, period=period_of(case), corrected_by=None
    ).order_by("pk").last()  # fmt: skip
    places = {place.subject_id: place for place in result.places.all()} if result else {}
    children = {str(child.pk): child for child in Case.objects.filter(parent=case).select_related("unit")}
    before = {row.unit_id: row for row in verdicts_before(case, standard)}
    known, again = set(verdicts().filter(campaign=campaign).values_list("case_id", flat=True)), taken_up(case)
    made = []
    for pk, row in decided(case).items():
        child = children[pk]
        if child.pk in known:
            continue
        grade, stars = read_verdict(row["值"], standard)
        place = places.get(str(child.unit_id))
        moved, why = _moved(before.get(child.unit_id), standard, grade, stars, row, place.derivation if place else {})
        made.append(
            Verdict.objects.create(
                case=child, unit=child.unit, campaign=campaign, organiser=case.unit, code=case.edition.code, standard=standard.name,
                year=year_of(period_of(case)), town=towns.get(pk, ""), grade=grade, stars=stars, rank=place.rank if place else None,
                score=place.score if place else None, award_fen=award_of(rewards, grade, stars), proposed=row.get("默认", ""),
                reason=row.get("理由", ""), moved=moved, moved_why=why[:300], because=again.get(pk, ""), decided_on=today,
            )
        )  # fmt: skip
    if result is not None:
        publish_result(result.pk, permission="appraisal.keep_result", by=by, today=today)
    total = sum(one.award_fen for one in made)
    given = [one for one in made if one.award_fen]
    rows = {one.unit.name: f"{verdict_text(one.grade, one.stars)} {plain_yuan(one.award_fen)}元" for one in made}
    fields = {"单位数": len(made), "受奖": len(given), "奖金合计": plain_yuan(total), "结果": rows, "日期": today}
    record("appraisal.award_rows", campaign, by=by, unit=case.unit, label=case.title, fields=fields)
    if made:
        show_results(campaign, by=by, today=today)
    return made


@transaction.atomic
def award_settled(campaign_id: int, *, by: Actor, today: date) -> list[Verdict]:
    """The units that an objection had stopped, once it is settled and what was decided stands. Twice is once."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("case__edition", "case__unit", "unit").get(pk=campaign_id)
    require(by, "appraisal.award_settled", campaign)
    act = Act.objects.filter(case=campaign.case, facts__has_key="自动").order_by("number").last()
    if act is None or not campaign.case.end:
        raise AppraisalRefused("还没有到授星（兑现）这一步，不用补定")
    return award_rows(campaign.case, act, by=by, today=today)


def _moved(
    before: Verdict | None, standard: Standard, grade: str, stars: int | None, row: Mapping[str, str], kept: Mapping[str, Any]
) -> tuple[str, str]:
    """升, 降 or 平 against the year before, by grade and then by stars where both years have them, with the reason."""
    order = [band.grade for band in standard.bands][::-1]
    if before is None or (before.stars is None and before.grade not in order):
        return "", ""
    starred = before.stars is not None

    def level(a_grade: str, a_stars: int | None) -> tuple[int, int]:
        return (order.index(a_grade) if a_grade in order else -1, (a_stars or 0) if starred else 0)

    now, then = level(grade, stars), level(before.grade, before.stars)
    moved = "升" if now > then else "降" if now < then else "平"
    said = f"{before.year}年{verdict_text(before.grade, before.stars)}，本年{verdict_text(grade, stars)}"
    why = row.get("理由") or kept.get("stars_why") or kept.get("grade_why") or ""
    return moved, f"{said}：{why}" if why else said


@transaction.atomic
def record_past(
    unit: Unit, *, edition: Edition, standard: str, year: int, rows: Sequence[Mapping[str, str]], by: Actor, today: date
) -> list[Verdict]:
    """Results of a year before this program, from that year's files (``rows``: unit, rank, grade, stars, score as text): all or
    none, once per unit. They are what two years last, previous ranks and moves are told by."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "appraisal.record_past", unit)
    rule = regulation_of(edition).standards[standard]
    below = {one.name: one for one in units_open(unit, on=today).select_related("parent")}
    past = verdicts().filter(organiser=unit, code__in=family(edition), standard=standard, year=year)
    known = set(past.values_list("unit__name", flat=True))
    if wrong := _past_problems(rows, set(below), known, [band.grade for band in rule.bands], year=year, today=today):
        raise AppraisalRefused(f"有 {len(wrong)} 处要改，没有导入", wrong)
    made = Verdict.objects.bulk_create(
        Verdict(
            unit=below[row["unit"]], organiser=unit, code=edition.code, standard=standard, year=year, town=_town(below[row["unit"]]),
            grade=row.get("grade", ""), stars=int(row["stars"]) if row.get("stars") else None,
            rank=int(row["rank"]) if row.get("rank") else None, score=as_decimal(row.get("score")), decided_on=date(year, 12, 31),
        )
        for row in rows
        if row["unit"] not in known
    )  # fmt: skip
    fields = {"年度": year, "细则": standard, "单位": [one.unit.name for one in made], "日期": today}
    record("appraisal.record_past", None, by=by, unit=unit, label=f"{unit.name}{year}年考评结果（补录）", fields=fields)
    return made


def _town(unit: Unit) -> str:
    return unit.parent.name if unit.parent is not None and unit.parent.level == Level.TOWN else ""


def _past_problems(
    rows: Sequence[Mapping[str, str]], below: set[str], known: set[str], grades: list[str], *, year: int, today: date
) -> dict[str, str]:
    """``2-rank`` (the row from 1) → sentence. Ranks are strict; rows that are there already are passed over."""
    wrong = {} if 2000 <= year < today.year + 1 else {"year": "年度不对"}
    ranks: dict[str, int] = {}
    names: set[str] = set()
    for n, row in enumerate(rows, 1):
        if row["unit"] not in below:
            wrong[f"{n}-unit"] = f"“{row['unit']}”不是本单位下辖的单位"
        if row["unit"] in names:
            wrong[f"{n}-unit"] = f"“{row['unit']}”重复"
        names.add(row["unit"])
        if row.get("rank") and (not row["rank"].isdecimal() or not 0 < int(row["rank"]) < 10**6 or row["rank"] in ranks):
            wrong[f"{n}-rank"] = f"名次“{row['rank']}”应当是不重复的正整数"
        ranks[row.get("rank", "")] = n
        if row.get("grade") and grades and row["grade"] not in grades:
            wrong[f"{n}-grade"] = f"等次请从{'、'.join(grades)}中选择"
        if row.get("stars") and (not row["stars"].isdecimal() or int(row["stars"]) > 5):
            wrong[f"{n}-stars"] = "星级请填 0 到 5"
        if row.get("score") and as_decimal(row["score"]) is None:
            wrong[f"{n}-score"] = "得分请填数"
    return wrong
