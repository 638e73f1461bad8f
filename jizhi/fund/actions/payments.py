"""What cases pay out and get back. Steps of a regulation do it by their effects; whoever decided does not pay."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.fund.actions.ledger import Line, post
from jizhi.fund.chart import Head, account_of, accounts_of
from jizhi.fund.models import Account, Fund, Payment, Voucher
from jizhi.fund.models.ledger import Kind, PaymentKind, VoucherKind
from jizhi.fund.refusals import refused
from jizhi.kernel.money import yuan
from jizhi.procedure.models import Act, Case, CaseParty

WRITTEN_OFF = "借款核销"


@transaction.atomic
def pay(
    case: Case,
    *,
    amount_fen: int,
    purpose: str,
    payee: str,
    by: Actor,
    today: date,
    key: str,
    repayable: bool = False,
    act: Act | None = None,
) -> Payment:
    """Pay a case from the bank account, from what was given for this purpose first. ``repayable``: it is lent and stands in
    an account of the case until it is paid back. ``act`` is the step of paying itself; whoever took any other step of the
    case, or is a party to it, may not pay. The same key pays once."""
    fund = fund_of(case)
    require(by, "fund.pay", fund)
    if made := _made(fund, key):
        return made
    _check_apart(case, act, by)
    kind, name = (Kind.LOAN, f"{payee}借款") if repayable else (Kind.EXPENSE, purpose)
    given = Account.objects.filter(fund=fund, kind=Kind.BANK, restricted_to=purpose).exclude(restricted_to="")
    pot = given.select_related("balance").first()
    own = min(amount_fen, pot.balance.fen) if pot else 0
    heads: list[tuple[Head, int]] = []
    for fen, restricted in ((own, purpose), (amount_fen - own, "")):
        if fen:
            heads += [(Head(kind, name, restricted, case if repayable else None), fen), (Head(Kind.BANK, "", restricted), -fen)]
    accounts = accounts_of(fund, [head for head, _ in heads])
    lines = [Line(account, fen) for account, (_, fen) in zip(accounts, heads, strict=True)]
    done = PaymentKind.LOAN if repayable else PaymentKind.GRANT
    return _book(fund, case, done, lines, amount_fen, purpose=purpose, payee=payee, by=by, today=today, key=key)


@transaction.atomic
def repay(case: Case, *, amount_fen: int, by: Actor, today: date, key: str, channel: str = Kind.BANK) -> Payment:
    """Money of a loan comes back, at most what is outstanding, into the pot that it came from."""
    fund = fund_of(case)
    require(by, "fund.repay", fund)
    if made := _made(fund, key):
        return made
    lines: list[Line] = []
    for loan, fen in _settled(fund, case, amount_fen):
        lines += [Line(account_of(fund, channel, restricted_to=loan.restricted_to), fen), Line(loan, -fen)]
    return _book(fund, case, PaymentKind.REPAYMENT, lines, amount_fen, purpose="还款", payee=fund.name, by=by, today=today, key=key)


@transaction.atomic
def write_off(case: Case, *, reason: str, by: Actor, today: date, key: str) -> Payment:
    """What will not come back becomes spending. The regulation asks for the resolution that decides it; ``reason`` names it."""
    fund = fund_of(case)
    require(by, "fund.write_off", fund)
    if made := _made(fund, key):
        return made
    left = sum(loan.balance.fen for loan in loans(fund, case))
    lines: list[Line] = []
    for loan, fen in _settled(fund, case, left):
        lost = account_of(fund, Kind.EXPENSE, loan.restricted_to or WRITTEN_OFF, restricted_to=loan.restricted_to)
        lines += [Line(lost, fen), Line(loan, -fen)]
    return _book(fund, case, PaymentKind.WRITE_OFF, lines, left, purpose=WRITTEN_OFF, payee=reason[:60], by=by, today=today, key=key)


def fund_of(case: Case) -> Fund:
    """The fund of the case's own village, locked: no case can reach another's."""
    fund = Fund.objects.select_for_update(of=("self",)).select_related("unit").filter(unit=case.unit_id).first()
    if fund is None:
        raise refused("没有基金", f"{case.unit.name}还没有设立帮扶基金，请先由管理领导小组设立")
    return fund


def loans(fund: Fund, case: Case) -> list[Account]:
    """The case's loan accounts, what was given for the purpose first."""
    rows = Account.objects.filter(fund=fund, case=case, kind=Kind.LOAN).select_related("balance")
    return list(rows.order_by("-restricted_to", "pk"))


def _settled(fund: Fund, case: Case, fen: int) -> list[tuple[Account, int]]:
    """Which of the case's loans an amount settles."""
    left = {loan: loan.balance.fen for loan in loans(fund, case)}
    if fen <= 0 or fen > sum(left.values()):
        raise refused("超过未还", f"这笔借款未还 {yuan(sum(left.values()))} 元，不能登记 {yuan(fen)} 元")
    found = []
    for loan, due in left.items():
        part = min(fen, due)
        if part:
            found.append((loan, part))
            fen -= part
    return found


def _made(fund: Fund, key: str) -> Payment | None:
    if not key:
        raise ValueError("a payment has a key, so that a second submit pays nothing")
    return Payment.objects.filter(fund=fund, voucher__key=key).first()


def _check_apart(case: Case, act: Act | None, by: Actor) -> None:
    """不得兼办, in the ledger too: who took another step of the case, or has a part in it, does not pay it."""
    others = Act.objects.filter(case=case, by=by.person)
    if act is not None:
        others = others.exclude(pk=act.pk).exclude(step=act.step)
    if earlier := others.order_by("number").first():
        raise refused("不得兼办", f"{by.name}办过本案的“{earlier.step}”，不能再发放，请由没有参与的人办理")
    if CaseParty.objects.filter(case=case, person=by.person).exists():
        raise refused("当事人", f"{by.name}是本案当事人，不能发放，请由别人办理")


def _book(
    fund: Fund, case: Case, kind: PaymentKind, lines: list[Line], fen: int, *, purpose: str, payee: str, by: Actor, today: date, key: str
) -> Payment:
    if fen <= 0:
        raise refused("没有金额", "金额要大于 0")
    voucher_kind = {PaymentKind.REPAYMENT: VoucherKind.RECEIPT, PaymentKind.WRITE_OFF: VoucherKind.TRANSFER}.get(kind, VoucherKind.PAYMENT)
    summary = f"{kind.label}：{case.number or case.title}（{purpose}）"
    voucher: Voucher = post(fund, lines, kind=voucher_kind, summary=summary, day=today, by=by, today=today, key=key)
    made = Payment.objects.create(
        fund=fund, case=case, kind=kind, voucher=voucher, fen=fen, purpose=purpose[:40], payee=payee[:60], by=by.person, day=today
    )
    action = {PaymentKind.REPAYMENT: "fund.repay", PaymentKind.WRITE_OFF: "fund.write_off"}.get(kind, "fund.pay")
    fields = {"案件": case.pk, "金额": yuan(fen), "用途": purpose, "收款人": payee, "凭证": voucher.label, "日期": today}
    record(action, case, by=by, unit=fund.unit, fields=fields)
    return made
