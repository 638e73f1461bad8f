"""否决: recorded with its papers, answered by the unit, withdrawn; and, found within the year after the award, what it takes
from the stars or the grade by a recorded decision."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Verdict, Veto
from jizhi.appraisal.public import show_results
from jizhi.appraisal.queries.campaigns import awarded_of, rewards_of, standard_for, underway
from jizhi.appraisal.rules import award_of, lowered, verdict_text
from jizhi.audit.actions import record
from jizhi.kernel.money import plain_yuan
from jizhi.org.models import Person
from jizhi.procedure.models import Case
from jizhi.rulebook.appraisal.checks import lacking

WHOLE = Veto.objects.select_related("case__unit", "case__edition", "case__parent__edition", "case__parent__unit")


@transaction.atomic
def record_veto(case_id: int, *, matter: str, document: str, authority: str, decided_on: date | None, by: Actor, today: date) -> Veto:
    """An entry of 否决, while the unit is appraised or within the year after its award. Without the document that its red line
    asks for it stays off; the unit may answer it in any case."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "edition", "parent__edition").get(pk=case_id)
    require(by, "appraisal.record_veto", case.unit)
    person = _person(by)
    _open(case)
    known = [line.name for line in standard_for(case).red_lines if line.vetoes]
    wrong = {}
    if matter not in known:
        wrong["matter"] = f"否决事项由制度写明，请从{'、'.join(known)}中选择" if known else "本细则没有否决事项"
    if decided_on is not None and decided_on > today:
        wrong["decided_on"] = "认定日期不能晚于今天"
    if wrong:
        raise AppraisalRefused("有填写不对的地方", wrong)
    same = {
        "case": case,
        "matter": matter,
        "document": document.strip()[:120],
        "authority": authority.strip()[:80],
        "decided_on": decided_on,
    }
    if before := Veto.objects.filter(**same, withdrawn_on=None).first():
        return before
    made = Veto.objects.create(**same, by=person, day=today)
    fields = {"事项": matter, "文号": made.document, "认定机关": made.authority, "认定日期": decided_on, "日期": today}
    record("appraisal.record_veto", made, by=by, unit=case.unit, fields=fields)
    return made


@transaction.atomic
def answer_veto(veto_id: int, *, defence: str, by: Actor, today: date) -> Veto:
    """申辩: the unit's own words about a veto, kept as they are; written before anything is decided by it."""
    veto = WHOLE.select_for_update(of=("self",)).get(pk=veto_id)
    require(by, "appraisal.answer_veto", veto)
    person = _person(by)
    _open(veto.case)
    if veto.withdrawn_on is not None:
        raise AppraisalRefused("这一条已经撤销，不用申辩")
    if Verdict.objects.filter(veto=veto).exists():
        raise AppraisalRefused("已经据此作出决定，申辩不能再改；不服的请向作出决定的机关申诉")
    text = defence.replace("\x00", "").strip()
    if not text or len(text) > 500:
        raise AppraisalRefused("请写申辩", {"defence": "请写明意见，500 字以内；没有意见的写“已告知，未申辩”"})
    if veto.defence == text:
        return veto
    veto.defence, veto.defended_by = text, person
    veto.save(update_fields=["defence", "defended_by"])
    record("appraisal.answer_veto", veto, by=by, unit=veto.case.unit, fields={"申辩": text, "日期": today})
    return veto


@transaction.atomic
def withdraw_veto(veto_id: int, *, reason: str, by: Actor, today: date) -> Veto:
    """After the answer, or because the authority took it back. What was lowered by it is given back."""
    veto = WHOLE.select_for_update(of=("self",)).get(pk=veto_id)
    require(by, "appraisal.withdraw_veto", veto)
    if not reason.strip():
        raise AppraisalRefused("请写理由", {"reason": "请写明为什么撤销"})
    if veto.withdrawn_on is not None:
        return veto
    veto.withdrawn_on, veto.withdrawn_why = today, reason.strip()[:300]
    veto.save(update_fields=["withdrawn_on", "withdrawn_why"])
    given_back = _given_back(veto, by=by, today=today)
    fields = {"理由": veto.withdrawn_why, "日期": today, **({"恢复为": given_back} if given_back else {})}
    record("appraisal.withdraw_veto", veto, by=by, unit=veto.case.unit, fields=fields)
    return veto


@transaction.atomic
def lower_stars(veto_id: int, *, document: str, decided_on: date, reason: str, by: Actor, today: date) -> Verdict:
    """A decision recorded within the year after the award: the unit loses what the red line of its veto says. The earlier
    result stays, the corrected one names it; the public result follows. Twice is once."""
    veto = WHOLE.select_for_update(of=("self",)).get(pk=veto_id)
    require(by, "appraisal.lower_stars", veto)
    if done := Verdict.objects.filter(veto=veto).first():
        return done
    old, line = awarded_of(veto.case), next((one for one in standard_for(veto.case).red_lines if one.name == veto.matter), None)
    if old is None or old.campaign is None or line is None or veto.withdrawn_on is not None:
        raise AppraisalRefused("这个单位还没有授星（兑现），或者这一条已经撤销，不能降星")
    _open(veto.case)
    if missing := lacking(line, veto):
        raise AppraisalRefused(f"否决事项还没有写明{'、'.join(missing)}，要件齐了才能据此降星")
    document, reason = document.replace("\x00", "").strip(), reason.replace("\x00", "").strip()
    wrong = {} if document else {"document": "请写作出决定的文件的文号"}
    if not reason:
        wrong["reason"] = "请写明为什么这样定"
    if decided_on > today or (veto.decided_on and decided_on < veto.decided_on):
        wrong["decided_on"] = "决定日期不能晚于今天，也不能早于认定日期"
    if wrong:
        raise AppraisalRefused("有填写不对的地方", wrong)
    grade, stars = lowered(line, standard_for(veto.case), old.grade, old.stars)
    if (grade, stars) == (old.grade, old.stars):
        raise AppraisalRefused(f"现在是{verdict_text(old.grade, old.stars)}，已经不高于“{line.then}”，不用再降")
    because = f"{veto.authority}{veto.document}认定“{veto.matter}”，{decided_on.isoformat()}{document}决定{line.then}：{reason}"
    made = _corrected(old, grade, stars, because=because, veto=veto, today=today)
    fields = {
        "原结果": verdict_text(old.grade, old.stars), "改为": verdict_text(grade, stars), "决定文号": document, "决定日期": decided_on,
        "理由": reason, "奖励（元）": plain_yuan(made.award_fen), "日期": today,
    }  # fmt: skip
    record("appraisal.lower_stars", made, by=by, unit=veto.case.unit, label=str(made), fields=fields)
    show_results(old.campaign, by=by, today=today)
    return made


def _given_back(veto: Veto, *, by: Actor, today: date) -> str:
    """What the unit had before it was lowered by this veto stands again."""
    done = Verdict.objects.filter(veto=veto).select_related("corrects", "campaign__case").first()
    if done is None or done.corrects is None or done.campaign is None:
        return ""
    if Verdict.objects.filter(corrects=done).exists():
        raise AppraisalRefused("这个单位的结果后来又更正过，请先撤销后来的一条")
    before = done.corrects
    because = f"“{veto.matter}”{today.isoformat()}撤销：{veto.withdrawn_why}"
    _corrected(done, before.grade, before.stars, because=because, veto=None, today=today)
    show_results(done.campaign, by=by, today=today)
    return verdict_text(before.grade, before.stars)


def _corrected(old: Verdict, grade: str, stars: int | None, *, because: str, veto: Veto | None, today: date) -> Verdict:
    """A verdict that takes the place of another; everything else stays as it was."""
    kept = ("case", "unit", "campaign", "organiser", "code", "standard", "year", "town", "rank", "score", "proposed", "reason")
    said = f"{verdict_text(old.grade, old.stars)}改为{verdict_text(grade, stars)}"
    rewards = rewards_of(old.campaign.case) if old.campaign else {}
    return Verdict.objects.create(
        **{name: getattr(old, name) for name in kept}, grade=grade, stars=stars, award_fen=award_of(rewards, grade, stars),
        moved=old.moved, moved_why=old.moved_why, because=f"{said}：{because}"[:300], decided_on=today, corrects=old, veto=veto,
    )  # fmt: skip


def _open(case: Case) -> None:
    """While the unit is appraised, and after its award until the next year's result is decided."""
    if not underway(case) and awarded_of(case) is None:
        raise AppraisalRefused("这个单位的考评已经办结，不能再登记")


def _person(by: Actor) -> Person:
    if by.person is None:
        raise Forbidden("登记由人办理，系统不能代办")
    return by.person
