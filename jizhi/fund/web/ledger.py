"""The ledger: funds, accounts, vouchers, the trial balance."""

from __future__ import annotations

from decimal import Decimal

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
from jizhi.fund.web.answers import day, listed, money, tried
from jizhi.ui import clock
from jizhi.ui.export import Columns, asked, sent, table
from jizhi.ui.paging import count_words, page_of

FUNDS: Columns = (
    ("基金", lambda fund: fund.name),
    ("村", lambda fund: fund.unit.name),
    ("开户行", lambda fund: fund.bank),
    ("账号", lambda fund: fund.account_masked),
    ("设立", lambda fund: day(fund.opened_on)),
)
BALANCES: Columns = (
    ("类别", lambda row: row.account.get_kind_display()),
    ("科目", lambda row: str(row.account)),
    ("余额（元）", lambda row: money(row.shown)),
)
ENTRIES: Columns = (
    ("日期", lambda row: day(row.voucher.day)),
    ("凭证", lambda row: row.voucher.label),
    ("摘要", lambda row: row.voucher.summary),
    ("借方（元）", lambda row: _debit(row.fen)),
    ("贷方（元）", lambda row: _debit(-row.fen)),
)
VOUCHERS: Columns = (
    ("凭证", lambda voucher: voucher.label),
    ("日期", lambda voucher: day(voucher.day)),
    ("种类", lambda voucher: voucher.get_kind_display() + ("，已冲销" if hasattr(voucher, "reversed_by") else "")),
    ("摘要", lambda voucher: voucher.summary),
    ("制单", lambda voucher: voucher.by.name if voucher.by else "系统"),
)
TRIAL: Columns = (
    ("科目", lambda row: str(row.account)),
    ("类别", lambda row: row.account.get_kind_display()),
    ("借方余额（元）", lambda row: _debit(row.fen)),
    ("贷方余额（元）", lambda row: _debit(-row.fen)),
)


def _debit(fen: int) -> Decimal | None:
    """What stands on the side of this sign."""
    return money(fen) if fen > 0 else None


@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    require(request.actor, "fund.read")
    if asked(request):
        return table(request, "帮扶基金", FUNDS, funds(request.actor))
    found = list(funds(request.actor)[:200])
    if len(found) == 1:
        return redirect("fund", found[0].pk)
    return render(request, "fund/funds.html", {"funds": found})


@require_safe
def fund(request: ActingRequest, pk: int) -> HttpResponse:
    """The accounts with their balances; every figure opens its entries."""
    found = fund_for(request.actor, pk)
    by_kind = groups(found)
    if asked(request):
        return listed(request, found, "科目余额", BALANCES, [row for group in by_kind for row in group.rows])
    cash = cash_of(found)
    context = {
        "fund": found,
        "groups": by_kind,
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
    rows, order = entries(found), ("-voucher__day", "-id")
    if asked(request):
        return listed(request, found.fund, f"{found}明细", ENTRIES, rows.order_by(*order))
    page = page_of(rows, request, order=order)
    return render(request, "fund/account.html", {"account": found, "fund": found.fund, "page": page, "total": count_words(rows)})


@require_safe
def voucher_list(request: ActingRequest, pk: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    rows, order = vouchers(request.actor).filter(fund=found), ("-day", "-id")
    if asked(request):
        return listed(request, found, "记账凭证", VOUCHERS, rows.order_by(*order))
    page = page_of(rows, request, order=order)
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
    if asked(request):
        return listed(request, found, "试算平衡表", TRIAL, rows)
    debit, credit = sum(row.fen for row in rows if row.fen > 0), -sum(row.fen for row in rows if row.fen < 0)
    can = may(request.actor, "fund.export", found)
    context = {"fund": found, "rows": rows, "debit": debit, "credit": credit, "faults": faults(found), "can_export": can}
    return render(request, "fund/trial.html", context)


@require_safe
def export(request: ActingRequest, pk: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.export", found)
    return sent(beancount(found), f"fund-{found.unit.code}.beancount", "text/plain; charset=utf-8")
