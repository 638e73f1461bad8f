"""Donations, receipts, goods, and a donor's own page."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.fund.actions import Gift, give_goods, record_donation, void_receipt
from jizhi.fund.forms import GiftForm, GiveForm, VoidForm
from jizhi.fund.models import Donation, Receipt
from jizhi.fund.printed import receipt_pdf
from jizhi.fund.queries.gifts import donation_of, donations, goods_of, my_gifts, receipts
from jizhi.fund.queries.ledger import fund_for
from jizhi.fund.templatetags.fund import count
from jizhi.fund.web.answers import day, listed, money, tried
from jizhi.ui import clock
from jizhi.ui.export import Columns, asked, sent, table
from jizhi.ui.paging import count_words, page_of

GIFTS: Columns = (
    ("捐赠", str),
    ("日期", lambda gift: day(gift.day)),
    ("来源", lambda gift: gift.get_source_display()),
    ("方式", lambda gift: gift.get_channel_display() + (f"：{_goods(gift)}" if gift.goods else "")),
    ("限定用途", lambda gift: gift.restricted_to or "不限"),
    ("可以公开", lambda gift: gift.get_disclosure_display()),
    ("金额（元）", lambda gift: money(gift.fen)),
)
STORE: Columns = (
    ("品名", lambda move: str(move.goods)),
    ("日期", lambda move: day(move.day)),
    ("收发", lambda move: "收" if move.quantity > 0 else "发"),
    ("对方", lambda move: move.donation.donor_name if move.donation else move.to),
    ("用途", lambda move: move.purpose),
    ("数量", lambda move: move.quantity),
    ("计量单位", lambda move: move.goods.measure),
    ("结存", lambda move: move.goods.quantity),
)
MINE: Columns = (
    ("日期", lambda row: day(row[0].day)),
    ("基金", lambda row: row[0].fund.name),
    ("捐赠（元）", lambda row: money(row[0].fen)),
    ("实物", lambda row: _goods(row[0]) if row[0].goods else ""),
    ("用到哪里", lambda row: row[1]),
    ("金额（元）", lambda row: money(row[2])),
)


def _goods(gift: Donation) -> str:
    return f"{gift.goods.name} {count(gift.quantity)}{gift.goods.measure}" if gift.goods else ""


@require_safe
def listing(request: ActingRequest, pk: int) -> HttpResponse:
    """In order of date; nobody is ranked."""
    found = fund_for(request.actor, pk)
    rows, order = donations(request.actor).filter(fund=found), ("-day", "-id")
    if asked(request):
        return listed(request, found, "捐赠与收据", GIFTS, rows.order_by(*order))
    page = page_of(rows, request, order=order)
    can = may(request.actor, "fund.record_donation", found)
    return render(request, "fund/donations.html", {"fund": found, "page": page, "total": count_words(rows), "can_record": can})


def new(request: ActingRequest, pk: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.record_donation", found)
    form = GiftForm(request.POST or None, fund=found, today=clock.today(), initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        day, key = typed.pop("day"), typed.pop("key")
        if typed["channel"] != "goods":
            typed |= {"goods": "", "measure": "", "quantity": None}
        made = tried(form, lambda: record_donation(found, Gift(**typed), day=day, by=request.actor, today=clock.today(), key=key))
        if made:
            messages.success(request, f"已登记，收据{made.receipts.latest('pk')}可以打印")
            return redirect("fund_donation", made.pk)
    return render(request, "fund/donation_new.html", {"fund": found, "form": form})


def donation(request: ActingRequest, pk: int) -> HttpResponse:
    """One gift with its receipts; POST voids the valid one."""
    found = donation_of(request.actor, pk)
    form = VoidForm(request.POST or None)
    valid = found.receipts.filter(void=None).first()
    if request.method == "POST":
        require(request.actor, "fund.void_receipt", valid or found.fund)
        if valid is not None and form.is_valid():
            typed = form.cleaned_data
            if tried(form, lambda: void_receipt(valid, **typed, by=request.actor, today=clock.today())):
                messages.success(request, f"收据{valid}已作废，号码保留")
                return redirect("fund_donation", pk)
    context = {
        "donation": found, "fund": found.fund, "form": form, "receipts": found.receipts.select_related("paper", "publication", "void"),
        "can_void": valid is not None and may(request.actor, "fund.void_receipt", valid),
        "can_read": may(request.actor, "fund.read", found.fund),
    }  # fmt: skip
    return render(request, "fund/donation.html", context)


@require_safe
def receipt_print(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(receipts(request.actor), pk=pk)
    content = receipt_pdf(found, check=check_address(request, found))
    return sent(content, f"receipt-{found.paper.year}-{found.paper.number}.pdf", "application/pdf")


def check_address(request: ActingRequest, receipt: Receipt) -> str:
    """Where anyone can look the receipt up."""
    return request.build_absolute_uri(reverse("public_receipt", args=[receipt.publication.public_id]))


@require_safe
def store(request: ActingRequest, pk: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    things = goods_of(found)
    if asked(request):
        return listed(request, found, "实物收发", STORE, [move for thing in things for move in thing.moves.all()])
    can = may(request.actor, "fund.give_goods", found)
    return render(request, "fund/store.html", {"fund": found, "goods": things, "can_give": can})


def give(request: ActingRequest, pk: int, goods: int) -> HttpResponse:
    """Goods out of the store."""
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.give_goods", found)
    thing = get_object_or_404(goods_of(found), pk=goods)
    form = GiveForm(request.POST or None, initial={"purpose": thing.restricted_to})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if tried(form, lambda: give_goods(thing, **typed, by=request.actor, today=clock.today())):
            messages.success(request, f"已发放{thing.name}，记入收发记录")
            return redirect("fund_goods", pk)
    return render(request, "fund/give.html", {"fund": found, "goods": thing, "form": form})


@dataclass(frozen=True)
class Told:
    """One of the person's gifts and where it went."""

    donation: Donation
    uses: list[tuple[str, int]]
    left: int

    @property
    def rows(self) -> list[tuple[str, int]]:
        """What it was used for, and what is there of it; nothing for what was never booked or went back."""
        only = f"，只能用于{self.donation.restricted_to}" if self.donation.restricted_to else ""
        return [*self.uses, (f"还没有动用{only}", self.left)] if self.uses or self.left else []


@require_safe
def mine(request: ActingRequest) -> HttpResponse:
    """我的捐款去了哪里: first in, first out; uses only, nobody is named."""
    told = [Told(gift, sorted(spent.uses.items(), key=lambda one: -one[1]), spent.left) for gift, spent in my_gifts(request.actor)]
    if asked(request):
        rows: list[tuple[Donation, str, int | None]] = []
        for one in told:
            rows += [(one.donation, use, fen) for use, fen in one.rows] or [(one.donation, "", None)]
        return table(request, "我的捐款去了哪里", MINE, rows)
    return render(request, "fund/my_gifts.html", {"told": told})
