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
from jizhi.fund.web.answers import tried
from jizhi.ui import clock
from jizhi.ui.export import sent
from jizhi.ui.paging import count_words, page_of


@require_safe
def listing(request: ActingRequest, pk: int) -> HttpResponse:
    """In order of date; nobody is ranked."""
    found = fund_for(request.actor, pk)
    rows = donations(request.actor).filter(fund=found)
    page = page_of(rows, request, order=("-day", "-id"))
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
    can = may(request.actor, "fund.give_goods", found)
    return render(request, "fund/store.html", {"fund": found, "goods": goods_of(found), "can_give": can})


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


@require_safe
def mine(request: ActingRequest) -> HttpResponse:
    """我的捐款去了哪里: first in, first out; uses only, nobody is named."""
    told = [Told(gift, sorted(spent.uses.items(), key=lambda one: -one[1]), spent.left) for gift, spent in my_gifts(request.actor)]
    return render(request, "fund/my_gifts.html", {"told": told})
