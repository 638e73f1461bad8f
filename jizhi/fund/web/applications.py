"""Applying, the list of applications, and the papers for those who do it on paper."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.fund.cases import CODE
from jizhi.fund.models import Fund, Payment
from jizhi.fund.printed import slip_pdf
from jizhi.fund.queries.applications import STATES, applications, described, openings, places
from jizhi.fund.web.answers import day
from jizhi.kernel.ids import id_of
from jizhi.kernel.money import NotMoney, fen_of, in_yuan
from jizhi.org.models import Unit
from jizhi.procedure.models import Case
from jizhi.procedure.web_launch import place_of
from jizhi.ui import clock, export
from jizhi.ui.export import sent
from jizhi.ui.paging import count_words, page_of

PDF = "application/pdf"
ORDER = ("-began_on", "-id")


@require_safe
def apply(request: ActingRequest) -> HttpResponse:
    """What the person may apply for, with limits and papers; for a clerk also in another's name."""
    today = clock.today()
    found = [(unit, openings(request.actor, unit, today=today)) for unit in places(request.actor)]
    rows = [(unit, [one for one in launches if one.refusal is None], [one for one in launches if one.refusal]) for unit, launches in found]
    return render(request, "fund/apply.html", {"places": rows})


@require_safe
def begin(request: ActingRequest, unit: int, procedure: str) -> HttpResponse:
    """A short address of the form."""
    return redirect("case_new", place_of(request, unit).pk, CODE, procedure)


@require_safe
def slip(request: ActingRequest, pk: int) -> HttpResponse:
    """What the applicant signs on paper when he has the money."""
    case = get_object_or_404(visible(request.actor, Case.objects.filter(edition__code=CODE).select_related("unit")), pk=pk)
    payment = (
        Payment.objects.filter(case=case, kind__in=("grant", "loan"), voucher__reversed_by=None).select_related("fund", "voucher").last()
    )
    if payment is None:
        raise Http404
    return sent(slip_pdf(payment), f"slip-{case.pk}.pdf", PDF)


TABLE: export.Columns = (
    ("事项", lambda row: row.case.title),
    ("村", lambda row: row.case.unit.name),
    ("用途", lambda row: row.use),
    ("金额（元）", lambda row: _amount(row.amount)),
    ("现在", lambda row: row.case.end or row.case.step),
    ("轮到谁", lambda row: row.holder),
    ("申请日期", lambda row: day(row.case.began_on)),
    ("状态", lambda row: row.words),
)


def _amount(text: str) -> Decimal | str:
    """What was typed as an amount, as a number."""
    try:
        return in_yuan(fen_of(text))
    except NotMoney:
        return text


@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    given, today = request.GET, clock.today()
    fund = visible(request.actor, Fund.objects.select_related("unit")).filter(pk=id_of(given.get("fund"))).first()
    unit: Unit | None = fund.unit if fund else None
    text = given.get("q", "").replace("\x00", "").strip()[:40]
    rows = applications(request.actor, state=given.get("state", ""), unit=unit, text=text)
    if export.asked(request):
        found = list(rows.order_by(*ORDER)[: export.MOST + 1])
        return export.table(request, "帮扶申请", TABLE, described(found, today=today))
    page = page_of(rows, request, order=ORDER)
    context = {
        "page": page, "rows": described(page.rows, today=today), "total": count_words(rows), "states": STATES, "given": given,
        "fund": fund, "can_apply": bool(places(request.actor)), "apply": reverse("fund_apply"),
    }  # fmt: skip
    return render(request, "fund/applications.html", context)
