"""What is entered while results are verified: marks beside the indicators, linked polls."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require, visible
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Campaign, CampaignPoll, Mark
from jizhi.appraisal.queries.campaigns import standard_for, underway
from jizhi.appraisal.rules import as_decimal
from jizhi.audit.actions import record
from jizhi.org.models import Person, Unit
from jizhi.polling.models import Poll
from jizhi.procedure.models import Case
from jizhi.rulebook.language import Standard


@transaction.atomic
def give_mark(case_id: int, *, item: str, value: str, fact: str = "", by: Actor, today: date) -> Mark:
    """A mark for a part with marks of its own (0 to 100), or an item of 加减分 with the fact that proves it. The newest of a
    rater counts (of 加减分, the newest of all); an empty value takes the item back."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "edition", "parent__edition").get(pk=case_id)
    require(by, "appraisal.give_mark", case.unit)
    person = _person(by)
    if not underway(case):
        raise AppraisalRefused("这个单位的考评已经办结，不能再登记")
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
    if poll.is_draft:
        raise AppraisalRefused("请选测评", {"poll": "这次测评还没有开始，题目和等次还会改。请先开始，再用于考评"})
    if poll.aspects:
        raise AppraisalRefused("请选测评", {"poll": f"这次测评每个对象分{'、'.join(poll.aspects)}评，细则按一个等次计，不能用"})
    units = {str(pk) for pk in Case.objects.filter(parent=campaign.case_id).values_list("unit", flat=True)}
    asked = set(poll.items.filter(subject_type=Unit._meta.label).values_list("subject_id", flat=True))
    rule = standard_for(campaign.case).poll
    if not asked & units:
        raise AppraisalRefused("请选测评", {"poll": "这次测评没有测评参评单位"})
    if rule is not None and [name for name, _ in poll.grades] != list(rule.coefficients):
        raise AppraisalRefused("请选测评", {"poll": f"这次测评的等次不是{'、'.join(rule.coefficients)}，与细则不符"})
    if rule is not None and rule.groups and set(rule.groups) != set(poll.weights):
        raise AppraisalRefused("请选测评", {"poll": f"细则按{'、'.join(rule.groups)}分组计，这次测评的分组和权重不是这样"})
    made = CampaignPoll.objects.create(campaign=campaign, poll=poll, by=person, day=today)
    record("appraisal.link_poll", made, by=by, unit=campaign.unit, fields={"测评": poll.title, "日期": today})
    return made


def _person(by: Actor) -> Person:
    if by.person is None:
        raise Forbidden("登记由人办理，系统不能代办")
    return by.person
