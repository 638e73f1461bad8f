"""The pay plan of a village: its cadres, then the plan, published once and locked."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Cadre, PayPlan
from jizhi.appraisal.queries.pay import plan_of, published_plan, rates_of
from jizhi.appraisal.rules import digest, shares_json
from jizhi.audit.actions import record
from jizhi.kernel.money import plain_yuan
from jizhi.procedure.models import Case


@transaction.atomic
def save_cadre(
    case_id: int, *, name: str, post: str, review: str, seniority: int, months: int, by: Actor, today: date, drop: bool = False
) -> Cadre:
    """A cadre of a village by name and post, entered or written over; ``drop`` takes him out. Locked once the plan is published."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "edition", "parent__edition").get(pk=case_id)
    require(by, "appraisal.save_cadre", case.unit)
    if published_plan(case) is not None:
        raise AppraisalRefused("待遇方案已经公布，不能再改")
    name, post = name.replace("\x00", "").strip()[:40], post.strip()[:40]
    rates = rates_of(case, on=today)
    wrong = {} if name else {"name": "请填姓名"}
    if post not in rates.posts:
        wrong["post"] = f"请从{'、'.join(rates.posts)}中选择"
    if review not in rates.reviews:
        wrong["review"] = f"请从{'、'.join(rates.reviews)}中选择"
    if not 0 <= seniority <= 60:
        wrong["seniority"] = "请填 0 到 60 的整年数"
    if not 0 <= months <= 12:
        wrong["months"] = "请填 0 到 12"
    if wrong:
        raise AppraisalRefused("有填写不对的地方", wrong)
    kept, _ = Cadre.objects.update_or_create(
        case=case, name=name, post=post, defaults={"review": review, "seniority": seniority, "months": months}
    )
    fields = {"姓名": name, "职务": post, "考核": review, "工龄": seniority, "月数": months, "移出": drop, "日期": today}
    record("appraisal.save_cadre", kept, by=by, unit=case.unit, fields=fields)
    if drop:
        kept.delete()
    return kept


@transaction.atomic
def publish_pay(case_id: int, *, by: Actor, today: date) -> PayPlan:
    """Freeze the plan with every share explained. Only after the village's result is decided; twice is once. Where the
    village's award was corrected since, the plan is worked out anew by the rates of the day of the first one."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "edition", "parent__edition").get(pk=case_id)
    require(by, "appraisal.publish_pay", case.unit)
    if by.person is None:
        raise Forbidden("待遇方案由人公布，系统不能代办")
    before = published_plan(case)
    plan = plan_of(case, on=before.published_on if before else today)
    if before is not None and before.award_fen == plan.award:
        return before
    if not plan.decided:
        raise AppraisalRefused("本村的等次和奖励还没有定，定了以后才能公布待遇方案")
    if plan.problems or not plan.shares:
        raise AppraisalRefused("；".join(plan.problems) or "还没有登记干部")
    if plan.award != sum(share.performance for share in plan.shares):
        raise AppraisalRefused("实绩奖励没有分完：各干部的系数合计为 0，请核对年终考核")
    kept = shares_json(plan.shares)
    made = PayPlan.objects.create(
        case=case, award_fen=plan.award, shares=kept, digest=digest(kept), by=by.person, published_on=today, corrects=before
    )
    shares = {f"{share.post}{share.name}": plain_yuan(share.total) for share in plan.shares}
    fields = {"本村奖励": plain_yuan(plan.award), "各人": shares, "摘要": made.digest, "日期": today}
    record("appraisal.publish_pay", made, by=by, unit=case.unit, fields=fields)
    return made
