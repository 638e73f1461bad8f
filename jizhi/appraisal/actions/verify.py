"""What is entered while results are verified: marks beside the indicators, vetoes with the unit's answer, linked polls."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require, visible
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Campaign, CampaignPoll, Mark, Veto
from jizhi.appraisal.queries.campaigns import standard_for
from jizhi.appraisal.rules import as_decimal
from jizhi.audit.actions import record
from jizhi.org.models import Person, Unit
from jizhi.polling.models import Poll
from jizhi.procedure.models import Case
from jizhi.rulebook.facts import SENT_BACK
from jizhi.rulebook.language import Standard


@transaction.atomic
def give_mark(case_id: int, *, item: str, value: str, fact: str = "", by: Actor, today: date) -> Mark:
    """A mark for a part with marks of its own (0 to 100), or an item of 加减分 with the fact that proves it. The newest of a
    rater counts (of 加减分, the newest of all); an empty value takes the item back."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "edition", "parent__edition").get(pk=case_id)
    require(by, "appraisal.give_mark", case.unit)
    person = _person(by)
    _underway(case)
    standard = standard_for(case)
    value, fact = value.replace("\x00", "").strip(), fact.replace("\x00", "").strip()
    if wrong := _mark_problems(standard, item, value, fact):
        raise AppraisalRefused("有填写不对的地方", wrong)
    last = Mark.objects.filter(case=case, item=item, by=person).last()
    if last is not None and (last.value, last.fact) == (value, fact[:300]):
        return last
    made = Mark.objects.create(case=case, item=item, value=value, fact=fact[:300], by=person, day=today)
    fields = {"项目": item, "分": value, "依据": made.fact, "日期": today}
    record("appraisal.give_mark", made, by=by, unit=case.unit, fields=fields)
    return made


def _mark_problems(standard: Standard, item: str, value: str, fact: str) -> dict[str, str]:
    parts = {part.name for part in standard.parts if part.source == "评分"}
    items = {one.name: one for one in standard.adjustments.items} if standard.adjustments else {}
    given = as_decimal(value)
    if item in parts:
        return {} if given is not None and 0 <= given <= 100 else {"value": "请填 0 到 100 的数"}
    if item not in items:
        return {"item": f"请从{'、'.join([*parts, *items])}中选择"}
    wrong = {}
    most = abs(items[item].most)
    if value and (given is None or not 0 <= given <= most):
        wrong["value"] = f"请填 0 到 {most} 的数；不加不减的留空"
    if value and not fact:
        wrong["fact"] = f"请写明依据（{items[item].needs or '文件、记录'}）"
    return wrong


@transaction.atomic
def record_veto(case_id: int, *, matter: str, document: str, authority: str, decided_on: date | None, by: Actor, today: date) -> Veto:
    """An entry of 否决. Without the document that its red line asks for it stays off; the unit may answer it in any case."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "edition", "parent__edition").get(pk=case_id)
    require(by, "appraisal.record_veto", case.unit)
    person = _person(by)
    _underway(case)
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
    """申辩: the unit's own words about a veto, kept as they are; written before the results are computed."""
    veto = Veto.objects.select_for_update(of=("self",)).select_related("case__unit", "case__parent").get(pk=veto_id)
    require(by, "appraisal.answer_veto", veto)
    person = _person(by)
    _underway(veto.case)
    if veto.withdrawn_on is not None:
        raise AppraisalRefused("这一条已经撤销，不用申辩")
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
    """After the answer, or because the authority took it back."""
    veto = Veto.objects.select_for_update(of=("self",)).select_related("case__unit", "case__parent").get(pk=veto_id)
    require(by, "appraisal.withdraw_veto", veto)
    if not reason.strip():
        raise AppraisalRefused("请写理由", {"reason": "请写明为什么撤销"})
    if veto.withdrawn_on is not None:
        return veto
    veto.withdrawn_on, veto.withdrawn_why = today, reason.strip()[:300]
    veto.save(update_fields=["withdrawn_on", "withdrawn_why"])
    record("appraisal.withdraw_veto", veto, by=by, unit=veto.case.unit, fields={"理由": veto.withdrawn_why, "日期": today})
    return veto


@transaction.atomic
def link_poll(campaign_id: int, *, poll_id: int, by: Actor, today: date) -> CampaignPoll:
    """Use a 民意测评 for a campaign: a poll that asks about units of it, by grades."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("case__edition", "unit").get(pk=campaign_id)
    require(by, "appraisal.link_poll", campaign)
    person = _person(by)
    poll = visible(by, Poll.objects.filter(pk=poll_id)).first()
    if poll is None:
        raise AppraisalRefused("请选测评", {"poll": "请从列表里选一次民意测评"})
    if before := CampaignPoll.objects.filter(poll=poll).select_related("campaign").first():
        if before.campaign_id == campaign.pk:
            return before
        raise AppraisalRefused("请选测评", {"poll": "这次测评已经用于别的考评"})
    units = {str(pk) for pk in Case.objects.filter(parent=campaign.case_id).values_list("unit", flat=True)}
    asked = set(poll.items.filter(subject_type=Unit._meta.label).values_list("subject_id", flat=True))
    rule = standard_for(campaign.case).poll
    if not asked & units:
        raise AppraisalRefused("请选测评", {"poll": "这次测评没有测评参评单位"})
    if rule is not None and [name for name, _ in poll.grades] != list(rule.coefficients):
        raise AppraisalRefused("请选测评", {"poll": f"这次测评的等次不是{'、'.join(rule.coefficients)}，与细则不符"})
    made = CampaignPoll.objects.create(campaign=campaign, poll=poll, by=person, day=today)
    record("appraisal.link_poll", made, by=by, unit=campaign.unit, fields={"测评": poll.title, "日期": today})
    return made


def _underway(case: Case) -> None:
    """A unit that was sent back after the others' end (an upheld objection) is underway again."""
    if case.end or case.parent is None or (case.parent.end and not case.acts.filter(step=SENT_BACK).exists()):
        raise AppraisalRefused("这个单位的考评已经办结，不能再登记")


def _person(by: Actor) -> Person:
    if by.person is None:
        raise Forbidden("登记由人办理，系统不能代办")
    return by.person
