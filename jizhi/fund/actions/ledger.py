"""Vouchers: the only way money moves. Everything that posts locks the fund's row first, so that writers of one fund queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.fund.actions.flags import flag_differences
from jizhi.fund.chart import Head, accounts_of
from jizhi.fund.models import Account, Balance, Fund, Goods, GoodsMove, Posting, Reward, Voucher
from jizhi.fund.models.ledger import BANK_FEES, BOUNDED, Kind, Plain, VoucherKind, month_of
from jizhi.fund.queries.bank import last_closed
from jizhi.fund.refusals import person_of, refused
from jizhi.fund.rules import imbalance
from jizhi.kernel.money import yuan
from jizhi.org.models import Unit
from jizhi.ui.templatetags.jizhi import cn_date


@dataclass(frozen=True)
class Line:
    """An account and signed fen, debit positive."""

    account: Account
    fen: int


@transaction.atomic
def open_fund(unit: Unit, *, name: str, bank: str, holder: str, account_tail: str, by: Actor, today: date) -> Fund:
    """A village's one fund with its dedicated account."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "fund.open_fund", unit)
    if Fund.objects.filter(unit=unit).exists():
        raise refused("已有基金", f"{unit.name}已经设立帮扶基金，每村只有一个")
    fund = Fund.objects.create(unit=unit, name=name, bank=bank, holder=holder, account_tail=account_tail, opened_on=today)
    record("fund.open_fund", fund, by=by, fields={"名称": name, "开户行": bank, "户名": holder, "账号": fund.account_masked, "日期": today})
    return fund


@transaction.atomic
def post_voucher(
    fund: Fund, lines: Sequence[Line], *, summary: str, day: date, by: Actor, today: date, key: str = "", kind: str = VoucherKind.TRANSFER
) -> Voucher:
    """A voucher of the accountant's own: interest, bank fees, cash to the bank. Help is paid by cases alone, loans too.

    The key comes from a browser: it is kept apart from those of payments, which would else take this voucher for theirs."""
    fund, key = locked(fund), f"own:{key}" if key else ""
    require(by, "fund.post_voucher", fund)
    return _post_own(fund, lines, kind=kind, summary=summary, day=day, by=by, today=today, key=key)


def _post_own(fund: Fund, lines: Sequence[Line], *, kind: str, summary: str, day: date, by: Actor, today: date, key: str) -> Voucher:
    """Of a locked fund, once the accountant has been let in."""
    for line in lines:
        if line.account.kind == Kind.LOAN or (line.account.kind == Kind.EXPENSE and line.account.name != BANK_FEES):
            raise refused("须经案件", f"“{line.account}”须经申请、公示和审核，由案件发放或收回，不能直接记账")
    if key and (made := Voucher.objects.filter(fund=fund, key=key).first()):
        return made
    return post(fund, lines, kind=kind, summary=summary, day=day, by=by, today=today, key=key)


@transaction.atomic
def book_plain(
    fund: Fund, what: Plain, *, fen: int, day: date, summary: str, by: Actor, today: date, restricted_to: str = "", key: str = ""
) -> Voucher:
    """One of PLAIN, as a voucher."""
    fund = locked(fund)
    require(by, "fund.post_voucher", fund)
    pots = Account.objects.filter(fund=fund, kind__in=(Kind.BANK, Kind.CASH), restricted_to=restricted_to)
    if restricted_to and (BANK_FEES in (what.debit[1], what.credit[1]) or not pots.exists()):
        raise refused("限定用途", f"没有限定“{restricted_to}”的钱可以这样动用，请核对写法；手续费和利息不分限定用途")
    debit, credit = accounts_of(fund, [Head(kind, name, restricted_to) for kind, name in (what.debit, what.credit)])
    lines, key = [Line(debit, fen), Line(credit, -fen)], f"own:{key}" if key else ""
    return _post_own(fund, lines, kind=VoucherKind.TRANSFER, summary=summary or what.name, day=day, by=by, today=today, key=key)


@transaction.atomic
def reverse_voucher(voucher: Voucher, *, reason: str, by: Actor, today: date, key: str = "") -> Voucher:
    """红字冲销: the same entries with the sign turned, today. The wrong voucher stays as it is."""
    fund, key = locked(voucher.fund), f"back:{key}" if key else ""
    require(by, "fund.reverse_voucher", voucher)
    if key and (made := Voucher.objects.filter(fund=fund, key=key).first()):
        return made
    voucher = Voucher.objects.get(pk=voucher.pk)
    if voucher.reverses_id is not None:
        raise refused("红字凭证", "红字凭证不能再冲销，请另记一张正确的凭证")
    if done := Voucher.objects.filter(reverses=voucher).first():
        raise refused("已冲销", f"{voucher.label}已由{done.label}冲销")
    given = getattr(voucher, "donation", None)
    if given is not None and given.receipts.filter(void=None).exists():
        raise refused("收据有效", f"这笔捐赠的收据{given.receipts.get(void=None)}还有效，请先作废收据")
    lines = [Line(row.account, -row.fen) for row in voucher.postings.select_related("account")]
    summary = f"冲销{voucher.label}：{reason}"[:120]
    made = post(fund, lines, kind=VoucherKind.REVERSAL, summary=summary, day=today, by=by, today=today, key=key, reverses=voucher)
    _goods_back(voucher, made, by=by, today=today)
    flag_differences(fund, voucher.day, by=by, today=today)  # what was paid then is no effect any more
    Reward.objects.filter(payment__voucher=voucher, taken_back=False).update(taken_back=True)
    record("fund.reverse_voucher", made, by=by, unit=fund.unit, fields={"冲销": voucher.label, "原因": reason, "日期": today})
    return made


def _goods_back(voucher: Voucher, reversal: Voucher, *, by: Actor, today: date) -> None:
    for move in GoodsMove.objects.filter(voucher=voucher).select_related("goods"):
        move_goods(move.goods, -move.quantity, voucher=reversal, to="冲销", by=by, today=today)


def move_goods(goods: Goods, quantity: Decimal, *, by: Actor, today: date, **more: Any) -> GoodsMove:
    """In or out of the store, whose fund is locked."""
    goods = Goods.objects.select_for_update().get(pk=goods.pk)
    goods.quantity += quantity
    if goods.quantity < 0:
        raise refused("实物不足", f"{goods}的结存不够，请核对数量")
    goods.save(update_fields=["quantity"])
    return GoodsMove.objects.create(goods=goods, quantity=quantity, by=person_of(by), day=today, **more)


def locked(fund: Fund) -> Fund:
    """The fund with its row locked: the first thing any writer of its ledger does."""
    return Fund.objects.select_for_update(of=("self",)).select_related("unit").get(pk=fund.pk)


def post(
    fund: Fund,
    lines: Sequence[Line],
    *,
    kind: str,
    summary: str,
    day: date,
    by: Actor,
    today: date,
    key: str = "",
    reverses: Voucher | None = None,
) -> Voucher:
    """Number, write and post a voucher of a locked fund. Whoever gives a key has asked what it made before: a second voucher
    with it the database refuses."""
    _check(fund, lines, day=day, today=today)
    month = month_of(day)
    last = Voucher.objects.filter(fund=fund, month=month).aggregate(number=Max("number"))["number"] or 0  # no number is left out
    voucher = Voucher.objects.create(
        fund=fund, month=month, number=last + 1, day=day, kind=kind,
        summary=summary[:120], reverses=reverses, by=by.person, entered_on=today, key=key,
    )  # fmt: skip
    Posting.objects.bulk_create([Posting(voucher=voucher, account=line.account, fen=line.fen) for line in lines])
    voucher.posted = True
    voucher.save(update_fields=["posted"])  # the trigger checks and counts
    fields = {"凭证": voucher.label, "摘要": voucher.summary, "日期": day, "分录": [f"{line.account} {yuan(line.fen)}" for line in lines]}
    record("fund.post_voucher", voucher, by=by, unit=fund.unit, fields=fields)
    flag_differences(fund, day, by=by, today=today)
    return voucher


def _check(fund: Fund, lines: Sequence[Line], *, day: date, today: date) -> None:
    """What the database would refuse too, in words for whoever is at the desk."""
    if day > today:
        raise refused("日期未到", f"凭证日期{cn_date(day, 'long')}还没有到，请写今天或以前的日期")
    if (closed := last_closed(fund)) and closed.month >= month_of(day):
        why = f"{closed.label}已经结账，不能再记{day.year}年{day.month}月的账"
        raise refused("已结账", f"{why}；请记在以后的月份，或由别人说明原因重开")
    if problem := imbalance([(line.account.restricted_to, line.fen) for line in lines]):
        raise refused("借贷不平", problem)
    change: dict[Account, int] = defaultdict(int)
    for line in lines:
        if line.account.fund_id != fund.pk:
            raise refused("别的基金", f"“{line.account}”不是{fund.name}的科目，一个村的钱不能替另一个村付")
        change[line.account] += line.fen
    balances = dict(Balance.objects.filter(account__in=change).values_list("account", "fen"))
    for account, fen in change.items():
        if account.kind in BOUNDED and balances[account.pk] + fen < 0:
            short = -(balances[account.pk] + fen)
            raise refused("余额不足", f"“{account}”余额 {yuan(balances[account.pk])} 元，还差 {yuan(short)} 元，不能支出 {yuan(-fen)} 元")
