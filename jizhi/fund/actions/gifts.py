"""Donations and their receipts; goods out of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.fund.actions.ledger import Line, locked, move_goods, post
from jizhi.fund.chart import Head, account_of, accounts_of, balance_of
from jizhi.fund.models import Donation, Fund, Goods, GoodsMove, Receipt, ReceiptVoid
from jizhi.fund.models.gifts import Disclosure, Source
from jizhi.fund.models.ledger import Kind, VoucherKind
from jizhi.fund.refusals import person_of, refused
from jizhi.fund.rules import plain_count
from jizhi.kernel.money import capitals, yuan
from jizhi.org.models import Person
from jizhi.papers.actions import issue_paper, publish, take_down
from jizhi.ui.templatetags.jizhi import cn_date

SERIES = "帮收"  # 虎城村帮收〔2026〕7号
NOT_DEDUCTIBLE = "本收据为内部收据，不作税前扣除凭证"


@dataclass(frozen=True)
class Gift:
    """A gift as it is handed over. ``fen`` None: goods whose value nobody states."""

    source: str
    channel: str  # bank | cash | goods
    fen: int | None = None
    name: str = ""  # empty: anonymous
    donor: Person | None = None
    disclosure: str = Disclosure.NOTHING
    restricted_to: str = ""
    goods: str = ""
    measure: str = ""
    quantity: Decimal | None = None


@transaction.atomic
def record_donation(fund: Fund, gift: Gift, *, day: date, by: Actor, today: date, key: str) -> Donation:
    """Take a gift in: the voucher, the goods, and the receipt. The same key takes it in once."""
    fund = locked(fund)
    require(by, "fund.record_donation", fund)
    if key and (made := Donation.objects.filter(fund=fund, key=key).first()):
        return made
    voucher, goods = None, _goods(fund, gift)
    if gift.fen:
        kind = Kind.GOODS if goods else Kind(gift.channel)
        pot = gift.restricted_to
        heads = [Head(kind, goods.name if goods else "", pot), Head(Kind.INCOME, f"{Source(gift.source).label}捐赠", pot)]
        into, income = accounts_of(fund, heads)
        lines, summary = [Line(into, gift.fen), Line(income, -gift.fen)], f"收到{gift.name or '匿名'}捐赠"
        voucher = post(
            fund, lines, kind=VoucherKind.RECEIPT, summary=summary, day=day, by=by, today=today, key=f"gift:{key}" if key else ""
        )
    elif day > today:
        raise refused("日期未到", f"捐赠日期{cn_date(day, 'long')}还没有到")
    made = Donation.objects.create(
        fund=fund, donor=gift.donor, name=gift.name, source=gift.source, fen=gift.fen or None, goods=goods, quantity=gift.quantity,
        channel=gift.channel, restricted_to=gift.restricted_to, disclosure=gift.disclosure, voucher=voucher, by=person_of(by),
        day=day, key=key,
    )  # fmt: skip
    if goods and gift.quantity:
        move_goods(goods, gift.quantity, donation=made, voucher=voucher, by=by, today=today)
    fields = {"捐赠人": made.donor_name, "金额": yuan(made.fen) if made.fen else "未计价", "限定用途": made.restricted_to, "日期": day}
    record("fund.record_donation", made, by=by, unit=fund.unit, label=fund.name, fields=fields)
    _issue(made, by=by, today=today)
    return made


@transaction.atomic
def void_receipt(receipt: Receipt, *, reason: str, by: Actor, today: date, reissue: bool = False) -> ReceiptVoid:
    """The receipt keeps its number and says that it is void; ``reissue`` gives the donation a new one."""
    fund = locked(receipt.donation.fund)
    require(by, "fund.void_receipt", receipt)
    if done := ReceiptVoid.objects.filter(receipt=receipt).first():
        return done
    void = ReceiptVoid.objects.create(receipt=receipt, reason=reason, by=person_of(by), day=today)
    reduced = {"fields": [["收据编号", str(receipt)], ["状态", "已作废"], ["作废日期", cn_date(today, "long")]]}
    take_down(receipt.publication, reduced=reduced, by=by, today=today)
    record(
        "fund.void_receipt",
        receipt,
        by=by,
        unit=fund.unit,
        label=str(receipt),
        fields={"收据": str(receipt), "原因": reason, "日期": today},
    )
    if reissue:
        _issue(receipt.donation, by=by, today=today)
    return void


@transaction.atomic
def give_goods(goods: Goods, *, quantity: Decimal, to: str, purpose: str, by: Actor, today: date, key: str) -> GoodsMove:
    """Goods leave the store, with their share of the value they have in the ledger."""
    fund = locked(goods.fund)
    require(by, "fund.give_goods", goods)
    if made := GoodsMove.objects.filter(goods=goods, key=key).first():
        return made
    goods = Goods.objects.select_for_update().get(pk=goods.pk)
    if goods.restricted_to and purpose != goods.restricted_to:
        raise refused("限定用途", f"{goods.name}只能用于{goods.restricted_to}，不能用于{purpose}")
    if quantity <= 0 or quantity > goods.quantity:
        raise refused("实物不足", f"{goods.name}结存 {plain_count(goods.quantity)} {goods.measure}，不能发放 {plain_count(quantity)}")
    voucher = None
    store = account_of(fund, Kind.GOODS, goods.name, restricted_to=goods.restricted_to)
    value = balance_of(store) if quantity == goods.quantity else int(balance_of(store) * quantity / goods.quantity)
    if value:
        spent = account_of(fund, Kind.EXPENSE, purpose, restricted_to=goods.restricted_to)
        lines, summary = [Line(spent, value), Line(store, -value)], f"发放{goods.name} {plain_count(quantity)}{goods.measure}（{purpose}）"
        voucher = post(
            fund, lines, kind=VoucherKind.TRANSFER, summary=summary, day=today, by=by, today=today, key=f"goods:{goods.pk}:{key}"
        )
    moved = move_goods(goods, -quantity, to=to, purpose=purpose, voucher=voucher, key=key, by=by, today=today)
    fields = {"品名": goods.name, "数量": str(quantity), "领用人": to, "用途": purpose, "日期": today}
    record("fund.give_goods", goods, by=by, unit=fund.unit, fields=fields)
    return moved


def _goods(fund: Fund, gift: Gift) -> Goods | None:
    if gift.channel != "goods":
        return None
    found, _ = Goods.objects.get_or_create(fund=fund, name=gift.goods, measure=gift.measure, restricted_to=gift.restricted_to)
    return found


def _issue(donation: Donation, *, by: Actor, today: date) -> Receipt:
    """The numbered paper, and what the public may check: only what the donor lets be published."""
    unit = donation.fund.unit
    paper = issue_paper(
        SERIES, unit=unit, title="捐赠收据", about=donation, snapshot=receipt_snapshot(donation), by=by, today=today
    )  # fmt: skip
    publication = publish(
        "收据", unit=unit, title=f"捐赠收据{paper.label}", about=donation, snapshot=public_snapshot(donation, paper.label),
        by=by, today=today, listed=False, indexed=False,
    )  # fmt: skip
    return Receipt.objects.create(donation=donation, paper=paper, publication=publication)


def receipt_snapshot(donation: Donation) -> dict[str, Any]:
    """What stands on the receipt."""
    goods = donation.goods
    return {
        "基金": donation.fund.name,
        "捐赠人": donation.donor_name,
        "日期": cn_date(donation.day, "long"),
        "方式": donation.get_channel_display(),
        "金额": yuan(donation.fen) if donation.fen else "",
        "大写": capitals(donation.fen) if donation.fen else "",
        "实物": f"{goods.name} {plain_count(donation.quantity or 0)}{goods.measure}" if goods else "",
        "限定用途": donation.restricted_to,
        "经手人": donation.by.name,
        "说明": NOT_DEDUCTIBLE,
    }


def public_snapshot(donation: Donation, label: str) -> dict[str, Any]:
    shows = donation.disclosure
    named = shows in (Disclosure.BOTH, Disclosure.NAME) and donation.name
    amount = yuan(donation.fen) + " 元" if donation.fen else "实物，未计价"
    fields = [
        ["收据编号", label],
        ["基金", donation.fund.name],
        ["捐赠人", donation.name if named else "不公开"],
        ["金额", amount if shows in (Disclosure.BOTH, Disclosure.AMOUNT) else "不公开"],
        ["捐赠日期", cn_date(donation.day, "long")],
        ["状态", "有效"],
    ]
    return {"fields": fields, "note": NOT_DEDUCTIBLE}
