"""The ledger: funds, accounts, vouchers, the trial balance."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.fund.actions import book_plain, reverse_voucher
from jizhi.fund.export import beancount
from jizhi.fund.forms import ReasonForm, VoucherForm
from jizhi.fund.models.ledger import PLAIN
from jizhi.fund.printed import voucher_pdf
from jizhi.fund.queries.ledger import accounts, cash_of, entries, faults, fund_for, funds, goods, groups, rows_of, totals, vouchers
from jizhi.fund.web.answers import tried
from jizhi.ui import clock
from jizhi.ui.export import sent
from jizhi.ui.paging import count_words, page_of


@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    require(request.actor, "fund.read")
    found = list(funds(request.actor)[:200])
    if len(found) == 1:
        return redirect("fund", found[0].pk)
    return render(request, "fund/funds.html", {"funds": found})


@require_safe
def fund(request: ActingRequest, pk: int) -> HttpResponse:
    """The accounts with their balances; every figure opens its entries."""
    found = fund_for(request.actor, pk)
    cash = cash_of(found)
    context = {
        "fund": found,
        "groups": groups(found),
        "free": cash.get("", 0),
        "restricted": [(name, fen) for name, fen in cash.items() if name],
        "goods": goods(found)[:1],
        "can": {act: may(request.actor, f"fund.{act}", found) for act in ("post_voucher", "record_donation", "export", "import_opening")},
        "begun": found.vouchers.filter(posted=True).exists(),
    }
    return render(request, "fund/fund.html", context)


@require_safe
def account(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(accounts(request.actor), pk=pk)
    rows = entries(found)
    page = page_of(rows, request, order=("-voucher__day", "-id"))
    return render(request, "fund/account.html", {"account": found, "fund": found.fund, "page": page, "total": count_words(rows)})


@require_safe
def voucher_list(request: ActingRequest, pk: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    rows = vouchers(request.actor).filter(fund=found)
    page = page_of(rows, request, order=("-day", "-id"))
    can = may(request.actor, "fund.post_voucher", found)
    return render(request, "fund/vouchers.html", {"fund": found, "page": page, "total": count_words(rows), "can_post": can})


def voucher(request: ActingRequest, pk: int) -> HttpResponse:
    """One voucher; POST reverses it."""
    found = get_object_or_404(vouchers(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        require(request.actor, "fund.reverse_voucher", found)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            made = tried(form, lambda: reverse_voucher(found, reason=reason, by=request.actor, today=clock.today()))
            if made:
                messages.success(request, f"已用{made.label}冲销，请另记一张正确的凭证")
                return redirect("fund_voucher", made.pk)
    rows = rows_of(found)
    context = {
        "voucher": found, "fund": found.fund, "rows": rows, "total": sum(row.debit or 0 for row in rows), "form": form,
        "payment": getattr(found, "payment", None), "donation": getattr(found, "donation", None),
        "reversed_by": getattr(found, "reversed_by", None),
        "can_reverse": not found.reverses_id and not hasattr(found, "reversed_by") and may(request.actor, "fund.reverse_voucher", found),
    }  # fmt: skip
    return render(request, "fund/voucher.html", context)


@require_safe
def voucher_print(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(vouchers(request.actor), pk=pk)
    return sent(voucher_pdf(found), f"voucher-{found.month}-{found.number}.pdf", "application/pdf")


def voucher_new(request: ActingRequest, pk: int) -> HttpResponse:
    """What the accountant books without a case."""
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.post_voucher", found)
    form = VoucherForm(request.POST or None, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        what = PLAIN[typed.pop("what")]
        made = tried(form, lambda: book_plain(found, what, **typed, by=request.actor, today=clock.today()))
        if made:
            messages.success(request, f"已记账：{made.label}")
            return redirect("fund_voucher", made.pk)
    return render(request, "fund/voucher_new.html", {"fund": found, "form": form})


@require_safe
def trial(request: ActingRequest, pk: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    rows = totals(found)
    debit, credit = sum(row.fen for row in rows if row.fen > 0), -sum(row.fen for row in rows if row.fen < 0)
    can = may(request.actor, "fund.export", found)
    context = {"fund": found, "rows": rows, "debit": debit, "credit": credit, "faults": faults(found), "can_export": can}
    return render(request, "fund/trial.html", context)


@require_safe
def export(request: ActingRequest, pk: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.export", found)
    return sent(beancount(found), f"fund-{found.unit.code}.beancount", "text/plain; charset=utf-8")
