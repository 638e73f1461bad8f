"""What the fund does when a step of a regulation is taken. The case's form says how much and for what; the applicant is paid."""

from __future__ import annotations

from datetime import date

from jizhi.access.actor import Actor
from jizhi.fund.actions.decisions import publish_decision
from jizhi.fund.actions.payments import fund_of, pay, repay, write_off
from jizhi.fund.cases import AMOUNT, APPLICANT, PURPOSE
from jizhi.fund.models import Payment, Reward
from jizhi.fund.refusals import refused
from jizhi.kernel.money import NotMoney, fen_of
from jizhi.procedure.docket import form_now
from jizhi.procedure.effects import Effect
from jizhi.procedure.models import Act, Case
from jizhi.regulation.reading import regulation_of
from jizhi.ui.templatetags.jizhi import cn_date

REPAYMENT = "基金.还款"


def pay_out(case: Case, act: Act, *, by: Actor, today: date) -> Payment:
    """发放. Where the case goes on to repayments (偿还), the money is lent."""
    form = form_now(case)  # as it was last in publicity
    payee = case.parties.get(APPLICANT, {}).get("name") or act.form.get("收款人") or form.get("收款人") or case.unit.name
    purpose = str(form.get(PURPOSE, case.procedure))
    fen = _fen(act.form.get(AMOUNT) or form.get(AMOUNT))
    key = f"act{act.pk}"
    made = pay(case, amount_fen=fen, purpose=purpose, payee=payee, by=by, today=today, key=key, repayable=_is_lent(case), act=act)
    publish_decision(case, act, granted=True, by=by, today=today)
    return made


def reward(case: Case, act: Act, *, by: Actor, today: date) -> Payment:
    """奖励: paid, and the household is marked; a second reward of one household is refused by the database too."""
    fund_of(case)  # locked: two of one household at once: the second waits here and hears why not
    household = next((row.person.household for row in case.party_rows.select_related("person__household") if row.person), None)
    if household is None:
        raise refused("没有户籍", "申请人没有登记在本村的户里，不能奖励，请先核对户籍册")
    if earlier := Reward.objects.filter(household=household, taken_back=False).select_related("payment").first():
        raise refused("已经奖励", f"{household}已于{cn_date(earlier.payment.day, 'long')}领过脱贫奖励，每户只奖励一次")
    made = pay_out(case, act, by=by, today=today)
    Reward.objects.create(household=household, case=case, payment=made)
    return made


def tell_refusal(case: Case, act: Act, *, by: Actor, today: date) -> object:
    """公布决定: what was refused, without the person; the applicant hears why."""
    return publish_decision(case, act, granted=False, by=by, today=today)


def _is_lent(case: Case) -> bool:
    """Whether the case now stands where repayments are recorded; a step that only waits for a receipt makes no loan."""
    steps = regulation_of(case.edition).procedures[case.procedure].steps
    return any(step.name == case.step and step.record is not None and step.record.effect == REPAYMENT for step in steps)


def pay_back(case: Case, act: Act, *, by: Actor, today: date) -> Payment:
    """还款: the amount typed into the act."""
    return repay(case, amount_fen=_fen(act.form.get(AMOUNT)), by=by, today=today, key=f"act{act.pk}")


def give_up(case: Case, act: Act, *, by: Actor, today: date) -> Payment:
    """核销: what is left of the loan; the act cites the resolution."""
    return write_off(case, reason=act.opinion or act.outcome, by=by, today=today, key=f"act{act.pk}")


def _fen(value: object) -> int:
    try:
        return fen_of("" if value is None else str(value))
    except NotMoney as wrong:
        raise refused("没有金额", str(wrong)) from None


EFFECTS: tuple[Effect, ...] = (
    Effect("基金.发放", pay_out, "从本村基金把表单里的金额付给申请人；案件还要偿还的记为借款"),
    Effect("基金.奖励", reward, "发放脱贫奖励，每户一次"),
    Effect("基金.公布决定", tell_refusal, "公布不予的决定，不写个人，并告诉申请人理由和怎样提出意见"),
    Effect(REPAYMENT, pay_back, "登记借款还款，可以分次"),
    Effect("基金.核销", give_up, "把收不回的借款余额记为支出"),
)
