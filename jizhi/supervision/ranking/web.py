"""Pages of rankings: list and compute, the ranking with its derivations, the pay table, the spreadsheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.org.models import Unit
from jizhi.org.queries import school_of
from jizhi.procedure.actions import Refused
from jizhi.results.actions import ResultRefused
from jizhi.results.models import Place, Result
from jizhi.sheets.actions import SheetRefused
from jizhi.supervision.ranking import preview, queries, rules
from jizhi.supervision.ranking.actions import (
    NotYet,
    amend_rating,
    compute_ranking,
    correct_ranking,
    deliver_ranking,
    publish_ranking,
    set_pay_factors,
)
from jizhi.supervision.ranking.export import ranking_sheets
from jizhi.supervision.ranking.forms import AmendForm, ComputeForm, CorrectForm, FactorForm, UpheldForm
from jizhi.ui import clock, export
from jizhi.ui.export import book
from jizhi.ui.paging import page_of

LIST: export.Columns = (
    ("学期", lambda line: line.result.period),
    ("学校", lambda line: line.result.unit.name),
    ("现在", lambda line: "已被更正" if line.corrected else "已公布" if line.result.published_on else line.stage),
    ("计算", lambda line: line.result.computed_on),
    ("公布", lambda line: line.result.published_on),
    ("说明", lambda line: f"更正：{line.result.reason}" if line.result.corrects_id else ""),
)
PAY: export.Columns = (
    ("名次", lambda row: row.rank),
    ("处室", lambda row: row.name),
    ("负责人", lambda row: row.heads),
    ("系数", lambda row: "未设定" if row.factor is None else row.factor),
)


def ranking_list(request: ActingRequest) -> HttpResponse:
    """Every ranking one may see; who may compute, chooses a period here."""
    unit = _own_school(request)
    form = None
    problems: list[str] = []
    if unit is not None and may(request.actor, "supervision.compute_ranking", unit):
        form = ComputeForm(request.POST or None, periods=queries.periods(unit))
    if request.method == "POST":
        require(request.actor, "supervision.compute_ranking", unit)
        assert form is not None and unit is not None  # noqa: PT018
        if form.is_valid():
            try:
                result = compute_ranking(unit, form.cleaned_data["period"], by=request.actor, today=clock.today())
                return redirect("ranking", pk=result.pk)
            except ResultRefused as refused:
                form.add_error(None, refused.text)
                problems = [problem.text for problem in refused.problems]
            except Refused as refused:
                form.add_error(None, refused.refusal.text)
    rankings = queries.rankings(request.actor)
    if export.asked(request):
        return export.table(request, "处室考核", LIST, queries.summaries(list(rankings.order_by("-id"))))
    page = page_of(rankings, request)
    context = {"page": page, "lines": queries.summaries(page.rows), "form": form, "problems": problems}
    return render(request, "supervision/ranking_list.html", context, status=422 if form and form.errors else 200)


@require_safe
def ranking(request: ActingRequest, pk: int) -> HttpResponse:
    return _ranking_page(request, _found(request, pk))


def _ranking_page(request: ActingRequest, result: Result, *, form: CorrectForm | None = None, status: int = 200) -> HttpResponse:
    found = queries.places(request.actor, result)
    rows, scale = queries.rows(found)
    chosen = next((place for place in found if str(place.pk) == request.GET.get("place")), None) or (found[0] if len(found) == 1 else None)
    whole = len(found) == result.places.count()
    told = [place for place in found if hasattr(place, "feedback")]
    standings = [queries.standing_of(place.feedback) for place in told]
    context: dict[str, Any] = {
        "result": result,
        "rows": rows,
        "scale": scale,
        "whole": whole,
        "chosen": queries.derivation(chosen) if chosen else None,
        "stage": rules.stage(standings, published=bool(result.published_on)),
        "obstacles": [] if result.published_on else rules.obstacles(standings, expected=len(found)),
        "until": max((one.due for one in standings if one.step == rules.APPEAL and one.due), default=None),
        "open_appeals": [place for place, one in zip(told, standings, strict=True) if one.step == rules.ANSWER],
        "undelivered": any(one.step == rules.DELIVERY for one in standings),
        "order": queries.order_words(result),
        "unrated": queries.unrated(result.unit, found, on=clock.today()) if whole else [],
        "correction": getattr(result, "corrected_by", None),
        "can_compute": may(request.actor, "supervision.compute_ranking", result),
        "can_publish": may(request.actor, "supervision.publish_ranking", result),
        "can_pay": may(request.actor, "supervision.read_pay", result.unit),
        "amendable": list(queries.sheets_of(chosen)) if chosen and queries.can_amend(chosen) else [],
        "form": form or CorrectForm(),
        **(_upheld(request, chosen) if chosen else {}),
    }
    return render(request, "supervision/ranking.html", context, status=status)


def _upheld(request: ActingRequest, place: Place) -> dict[str, Any]:
    """若申诉成立: for who decides an open appeal with a form, for who appealed by what the appeal itself asks for."""
    appeal = preview.open_appeal(place)
    reader = preview.looks(request.actor, place, appeal, today=clock.today()) if appeal else ""
    if appeal is None or not reader:
        return {}
    decides, claimed = reader == preview.DECIDES, preview.claimed(place, appeal)
    asked = request.GET if decides and "item" in request.GET else claimed if any(claimed.values()) else None
    form = UpheldForm(asked, place=place, sheets=list(queries.sheets_of(place)))
    found = None
    if form.is_valid():
        found = preview.upheld(place, form.chosen(), form.cleaned_data["item"], form.cleaned_data["entry"], whole=decides)
    return {"upheld": found, "upheld_form": form, "decides": decides}


@require_POST
def ranking_deliver(request: ActingRequest, pk: int) -> HttpResponse:
    result = _found(request, pk)
    try:
        count = deliver_ranking(result.pk, by=request.actor, today=clock.today())
        messages.success(request, f"已送达 {count} 个处室")
    except Refused as refused:
        messages.error(request, refused.refusal.text)
    return redirect("ranking", pk=pk)


@require_POST
def ranking_publish(request: ActingRequest, pk: int) -> HttpResponse:
    result = _found(request, pk)
    try:
        publish_ranking(result.pk, by=request.actor, today=clock.today(), now=clock.now())
        messages.success(request, "已公布，全校可以看到")
    except NotYet as early:
        messages.error(request, f"还不能公布（第十条）：{'；'.join(early.obstacles)}")
    except ResultRefused as refused:
        messages.error(request, refused.text)
    return redirect("ranking", pk=pk)


@require_POST
def ranking_correct(request: ActingRequest, pk: int) -> HttpResponse:
    result, form = _found(request, pk), CorrectForm(request.POST)
    require(request.actor, "supervision.compute_ranking", result)
    if form.is_valid():
        try:
            fresh = correct_ranking(result.pk, reason=form.cleaned_data["reason"], by=request.actor, today=clock.today())
            messages.success(request, "已重新计算")
            return redirect("ranking", pk=fresh.pk)
        except ResultRefused as refused:
            if refused.result is not None:
                return redirect("ranking", pk=refused.result.pk)
            form.add_error(None, "；".join([refused.text, *(problem.text for problem in refused.problems)]))
        except Refused as refused:
            form.add_error(None, refused.refusal.text)
    return _ranking_page(request, result, form=form, status=422)


def ranking_amend(request: ActingRequest, pk: int, sheet: int) -> HttpResponse:
    """Correct one rater's entries after an appeal answered 更正."""
    result = _found(request, pk)
    require(request.actor, "supervision.compute_ranking", result)
    found = next((one for place in result.places.all() for one in queries.sheets_of(place) if one.pk == sheet), None)
    if found is None:
        raise Http404
    place = result.places.get(subject_type=found.subject_type, subject_id=found.subject_id)
    form = AmendForm(request.POST or None, rated=queries.rated(found))
    if request.method == "POST" and form.is_valid():
        try:
            amend_rating(place.pk, sheet, form.changes(), reason=form.cleaned_data["reason"], by=request.actor, now=clock.now())
            messages.success(request, "评分已更正，请重新计算名次")
            return redirect(f"{reverse('ranking', args=[pk])}?place={place.pk}")
        except SheetRefused as refused:
            for name, text in refused.fields.items():
                form.add_error(name if name in form.fields else None, text)
            if not refused.fields:
                form.add_error(None, refused.text)
    context = {"result": result, "place": place, "sheet": found, "form": form, "allowed": queries.can_amend(place)}
    return render(request, "supervision/ranking_amend.html", context, status=422 if form.errors else 200)


@require_safe
def ranking_export(request: ActingRequest, pk: int) -> HttpResponse:
    """The rows and columns that the page shows to the same person."""
    result = _found(request, pk)
    rows, _ = queries.rows(queries.places(request.actor, result))
    title = f"{result.unit.name}{result.period}处室考核排名"
    name = f"{result.period}_{result.unit.name}_处室考核排名_{clock.today():%Y%m%d}"
    return book(request, name, ranking_sheets(title, rows))


def ranking_pay(request: ActingRequest, pk: int) -> HttpResponse:
    """The pay table, and for the principal the factors it follows from."""
    result = _found(request, pk)
    require(request.actor, "supervision.read_pay", result.unit)
    factors = queries.factors_of(result.unit, result.period)
    kept = {factor.rank: factor.factor for factor in factors}
    may_set = may(request.actor, "supervision.set_pay_factors", result.unit) and not (factors and result.published_on)
    ranks = result.places.exclude(rank=None).count()
    form = FactorForm(request.POST or None, ranks=ranks, kept=kept)
    if request.method == "POST":
        require(request.actor, "supervision.set_pay_factors", result.unit)
        if form.is_valid():
            set_pay_factors(result.unit, result.period, form.factors, by=request.actor, today=clock.today())
            messages.success(request, "系数已设定")
            return redirect("ranking_pay", pk=pk)
    rows = queries.pay_rows(result, on=clock.today())
    if export.asked(request):
        return export.table(request, "待遇挂钩表", PAY, rows)
    context = {"result": result, "factors": factors, "rows": rows, "form": form if may_set or form.errors else None}
    return render(request, "supervision/ranking_pay.html", context, status=422 if form.errors else 200)


def _found(request: ActingRequest, pk: int) -> Result:
    return get_object_or_404(queries.rankings(request.actor), pk=pk)


def _own_school(request: ActingRequest) -> Unit | None:
    return school_of(request.actor.unit) if request.actor.unit else None


urlpatterns = [
    path("supervision/ranking/", ranking_list, name="ranking_list"),
    path("supervision/ranking/<int:pk>/", ranking, name="ranking"),
    path("supervision/ranking/<int:pk>/deliver/", ranking_deliver, name="ranking_deliver"),
    path("supervision/ranking/<int:pk>/publish/", ranking_publish, name="ranking_publish"),
    path("supervision/ranking/<int:pk>/correct/", ranking_correct, name="ranking_correct"),
    path("supervision/ranking/<int:pk>/amend/<int:sheet>/", ranking_amend, name="ranking_amend"),
    path("supervision/ranking/<int:pk>/pay/", ranking_pay, name="ranking_pay"),
    path("supervision/ranking/<int:pk>/ranking.xlsx", ranking_export, name="ranking_export"),
]
