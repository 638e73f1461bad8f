"""What the fund does when a step of a regulation is taken. The case's form says how much and for what; the applicant is paid."""

from __future__ import annotations

from datetime import date

from jizhi.access.actor import Actor
from jizhi.fund.actions.payments import pay, repay, write_off
from jizhi.fund.models import Payment
from jizhi.fund.refusals import refused
from jizhi.kernel.money import NotMoney, fen_of
from jizhi.procedure.docket import form_now
from jizhi.procedure.effects import Effect
from jizhi.procedure.models import Act, Case
from jizhi.regulation.reading import regulation_of

AMOUNT, PURPOSE, APPLICANT = "金额", "用途", "申请人"
REPAYMENT = "基金.还款"


def pay_out(case: Case, act: Act, *, by: Actor, today: date) -> Payment:
    """发放. Where the case goes on to repayments (偿还), the money is lent."""
    form = form_now(case)  # as it was last in publicity
    payee = case.parties.get(APPLICANT, {}).get("name") or act.form.get("收款人") or form.get("收款人") or case.unit.name
    purpose = str(form.get(PURPOSE, case.procedure))
    fen = _fen(act.form.get(AMOUNT) or form.get(AMOUNT))
    key = f"act{act.pk}"
    return pay(case, amount_fen=fen, purpose=purpose, payee=payee, by=by, today=today, key=key, repayable=_is_lent(case), act=act)


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
    Effect(REPAYMENT, pay_back, "登记借款还款，可以分次"),
    Effect("基金.核销", give_up, "把收不回的借款余额记为支出"),
)
