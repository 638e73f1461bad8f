"""The accountant's month: the bank's lines beside the ledger's, and months that are closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.fund.actions import close_month, explain_item, match_lines, reopen_month, unmatch_line
from jizhi.fund.forms import ExplainForm, ReasonForm
from jizhi.fund.models import BankLine, Closing, Reopening, Voucher
from jizhi.fund.queries.bank import closing_problems, closings, lines_of, matched, reconciliation
from jizhi.fund.queries.ledger import fund_for, months, vouchers
from jizhi.fund.templatetags.fund import month_words
from jizhi.fund.web.answers import day, done, listed, money, tried
from jizhi.kernel.ids import id_of
from jizhi.ui import clock, export
from jizhi.ui.paging import page_of

PAIRS: export.Columns = (
    ("银行流水", lambda row: _line(row[0])),
    ("凭证", lambda row: row[1].label),
    ("摘要", lambda row: row[1].summary),
    ("依据", lambda row: row[2]),
    ("金额（元）", lambda row: money(row[0].fen)),
)
LINES: export.Columns = (
    ("银行流水", lambda line: _line(line)),
    ("金额（元）", lambda line: money(line.fen)),
    ("说明", lambda line: _why(line)),
)
OPEN: export.Columns = (
    ("凭证", lambda row: row[0].label),
    ("摘要", lambda row: row[0].summary),
    ("日期", lambda row: day(row[0].day)),
    ("银行存款变动（元）", lambda row: money(row[1])),
    ("说明", lambda row: _why(row[0])),
)
MATCHED: export.Columns = (
    ("银行流水", lambda match: _line(match.line)),
    ("凭证", lambda match: match.voucher.label),
    ("谁对的", lambda match: match.by.name),
    ("对账日期", lambda match: day(match.day)),
    ("金额（元）", lambda match: money(match.line.fen)),
)
MONTHS: export.Columns = (
    ("月份", lambda row: month_words(row[0])),
    ("状态", lambda row: "未结账" if row[1] is None else "已重开" if _reopening(row[1]) else "已结账"),
    ("谁结的", lambda row: row[1] and row[1].by.name),
    ("结账日期", lambda row: row[1] and day(row[1].day)),
    ("重开", lambda row: _reopened(row[1]) if row[1] else ""),
)


def _line(line: BankLine) -> str:
    return " ".join(part for part in (day(line.day), line.other, line.memo) if part)


def _why(thing: BankLine | Voucher) -> str:
    known = getattr(thing, "explanation", None)
    return known.text if known else ""


def _reopening(closing: Closing) -> Reopening | None:
    return getattr(closing, "reopening", None)


def _reopened(closing: Closing) -> str:
    one = _reopening(closing)
    return f"{one.by.name}在{day(one.day)}重开：{one.reason}" if one else ""


@require_safe
def bank(request: ActingRequest, pk: int) -> HttpResponse:
    """What looks the same is proposed; nothing is matched before somebody confirms it."""
    found = fund_for(request.actor, pk)
    pairs, lines, open_vouchers = reconciliation(found)
    done_already, order = matched(found), ("-line__day", "-id")
    if export.asked(request):
        sheets = [
            export.sheet("看来是同一笔", PAIRS, pairs),
            export.sheet("银行有账上没有", LINES, lines),
            export.sheet("账上有银行没有", OPEN, open_vouchers),
            export.sheet("已经对上", MATCHED, done_already.order_by(*order)),
        ]
        return export.book(request, f"{found.unit.name}银行对账", sheets)
    page = page_of(done_already, request, order=order)
    context = {
        "fund": found, "pairs": pairs, "lines": lines, "vouchers": open_vouchers, "page": page,
        "can": {act: may(request.actor, f"fund.{act}", found) for act in ("match_line", "explain_item", "import_statement")},
    }  # fmt: skip
    return render(request, "fund/bank.html", context)


@require_POST
def match(request: ActingRequest, pk: int) -> HttpResponse:
    """``pair`` is line-voucher; a line without a proposal is chosen with ``line`` and ``voucher``."""
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.match_line", found)
    pairs = [pair for text in request.POST.getlist("pair") if (pair := _pair(text))]
    if chosen := _pair(f"{request.POST.get('line', '')}-{request.POST.get('voucher', '')}"):
        pairs.append(chosen)
    if pairs:
        done(request, lambda: match_lines(found, pairs, by=request.actor, today=clock.today()), f"已对上 {len(pairs)} 笔")
    else:
        messages.error(request, "还没有选要对上的流水和凭证")
    return redirect("fund_bank", pk)


def _pair(text: str) -> tuple[int, int] | None:
    line, _, voucher = text.partition("-")
    pair = id_of(line), id_of(voucher)
    return pair if all(pair) else None


def explain(request: ActingRequest, pk: int, what: str, item: int) -> HttpResponse:
    """Why a line of the bank, or a voucher, has no counterpart yet."""
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.explain_item", found)
    thing: BankLine | Voucher
    if what == "line":
        thing = get_object_or_404(lines_of(found), pk=item)
    else:
        thing = get_object_or_404(vouchers(request.actor).filter(fund=found), pk=item)
    known = getattr(thing, "explanation", None)
    form = ExplainForm(request.POST or None, initial={"text": known.text if known else ""})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if tried(form, lambda: explain_item(found, thing, text=text, by=request.actor, today=clock.today())):
            messages.success(request, "已写明，结账时不再算作没有对上")
            return redirect("fund_bank", pk)
    return render(request, "fund/explain.html", {"fund": found, "thing": thing, "is_line": what == "line", "form": form})


def unmatch(request: ActingRequest, pk: int, line: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.match_line", found)
    thing = get_object_or_404(lines_of(found), pk=line)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: unmatch_line(thing, reason=reason, by=request.actor, today=clock.today())):
            messages.success(request, "已取消对账")
            return redirect("fund_bank", pk)
    return render(request, "fund/unmatch.html", {"fund": found, "line": thing, "form": form})


@require_safe
def month_list(request: ActingRequest, pk: int) -> HttpResponse:
    found, today = fund_for(request.actor, pk), clock.today()
    closed = {closing.month: closing for closing in reversed(closings(found))}
    rows = [(month, closed.get(month)) for month in months(found, today=today)]
    if export.asked(request):
        return listed(request, found, "月末结账", MONTHS, rows)
    waiting = next((month for month, one in reversed(rows) if one is None or hasattr(one, "reopening")), None)
    context = {
        "fund": found, "rows": rows, "waiting": waiting, "problems": closing_problems(found, waiting, today=today) if waiting else [],
        "can_close": may(request.actor, "fund.close_month", found), "can_reopen": may(request.actor, "fund.reopen_month", found),
    }  # fmt: skip
    return render(request, "fund/months.html", context)


@require_POST
def close(request: ActingRequest, pk: int, month: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.close_month", found)
    done(request, lambda: close_month(found, month, by=request.actor, today=clock.today()), f"{month // 100}年{month % 100}月已结账")
    return redirect("fund_months", pk)


def reopen(request: ActingRequest, pk: int, month: int) -> HttpResponse:
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.reopen_month", found)
    closing = get_object_or_404(found.closings.filter(reopening=None), month=month)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: reopen_month(closing, reason=reason, by=request.actor, today=clock.today())):
            messages.success(request, f"{closing.label}已重开")
            return redirect("fund_months", pk)
    return render(request, "fund/reopen.html", {"fund": found, "closing": closing, "form": form})
