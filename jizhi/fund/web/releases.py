"""What is published of a fund: quarters, their corrections, and the effect sheet with its records."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from jizhi.access.gate import may, require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.evidence.models import Evidence
from jizhi.fund.actions import correct_release, publish_quarter, record_effect, strike_effect
from jizhi.fund.actions.results import Came
from jizhi.fund.forms import EffectForm, ReasonForm
from jizhi.fund.models import Effect, Fund, Release
from jizhi.fund.models.ledger import PaymentKind
from jizhi.fund.models.releases import EffectKind
from jizhi.fund.periods import Quarter
from jizhi.fund.queries.ledger import fund_for
from jizhi.fund.queries.releases import difference, effect_sheet, quarters_over, releases
from jizhi.fund.web.answers import day, done, listed, money, tried
from jizhi.ui import clock, export

EARLIEST = 2000

RELEASES: export.Columns = (
    ("季度", lambda row: row[0].words),
    ("公布", lambda row: _round(row[1]) if row[1] else "还没有公布"),
    ("更正原因", lambda row: row[1] and row[1].reason),
    ("日期", lambda row: row[1] and day(row[1].day)),
    ("由", lambda row: row[1] and (row[1].by.name if row[1].by else "系统")),
    ("与现在核对", lambda row: row[1] and ("已更正" if not row[2] else f"不符：{row[3]}" if row[3] else "一致")),
)


def _round(release: Release) -> str:
    return f"{release}（第 {release.round} 次）" if release.round > 1 else str(release)


@require_safe
def listing(request: ActingRequest, pk: int) -> HttpResponse:
    """Every quarter that is over: published, corrected, still to come, or not agreeing with the books."""
    found, today = fund_for(request.actor, pk), clock.today()
    by_quarter: dict[Quarter, list[Release]] = {}
    for release in releases(found):
        by_quarter.setdefault(Quarter(release.year, release.quarter), []).append(release)
    newest = {one.pk for rows in by_quarter.values() for one in _newest(rows)}
    rows = [
        (quarter, [(one, one.pk in newest, one.publication.remark) for one in by_quarter.get(quarter, [])])
        for quarter in reversed(quarters_over(found, today=today))
    ]
    if export.asked(request):
        flat: list[tuple[Quarter, Release | None, bool, str]] = []
        for quarter, published in rows:
            flat += [(quarter, *one) for one in published] or [(quarter, None, False, "")]
        return listed(request, found, "季度公布", RELEASES, flat)
    context = {"fund": found, "rows": rows, "can_publish": may(request.actor, "fund.publish", found)}
    return render(request, "fund/releases.html", context)


def _newest(rows: list[Release]) -> list[Release]:
    kinds: dict[str, Release] = {}
    for one in rows:  # newest round first
        kinds.setdefault(one.kind, one)
    return list(kinds.values())


def publish(request: ActingRequest, pk: int, year: int, quarter: int) -> HttpResponse:
    """Before its day, or where the program was not running."""
    found = fund_for(request.actor, pk)
    require(request.actor, "fund.publish", found)
    if quarter not in (1, 2, 3, 4) or not EARLIEST <= year <= clock.today().year:
        raise Http404
    one = Quarter(year, quarter)
    if request.method == "POST":
        done(request, lambda: publish_quarter(found, one, by=request.actor, today=clock.today()), f"{one.words}的收支和成效已公布")
    return redirect("fund_releases", pk)


def correct(request: ActingRequest, pk: int) -> HttpResponse:
    release = get_object_or_404(visible(request.actor, Release.objects.select_related("fund__unit", "publication")), pk=pk)
    require(request.actor, "fund.publish", release)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if made := tried(form, lambda: correct_release(release, reason=reason, by=request.actor, today=clock.today())):
            messages.success(request, f"{made}已重新公布，原来的一份保留并注明已更正")
            return redirect("fund_releases", release.fund_id)
    context = {"fund": release.fund, "release": release, "form": form, "differs": difference(release, release.fund)}
    return render(request, "fund/correct.html", context)


EFFECTS: export.Columns = (
    ("类别", lambda one: one.get_kind_display()),
    ("名称", lambda one: one.name),
    ("面积（亩）", lambda one: one.mu),
    ("人次", lambda one: one.people),
    ("日期", lambda one: day(one.day)),
    ("说明", lambda one: one.note),
    ("相关事项", lambda one: one.case and str(one.case)),
)
HELPED: export.Columns = (
    ("事项", lambda one: str(one.case)),
    ("用途", lambda one: f"{one.purpose}（借款）" if one.kind == PaymentKind.LOAN else one.purpose),
    ("日期", lambda one: day(one.day)),
    ("金额（元）", lambda one: money(one.fen)),
)
STRUCK: export.Columns = (
    ("名称", lambda one: one.name),
    ("划去日期", lambda one: day(one.struck_on)),
    ("划去原因", lambda one: one.struck_why),
)


@require_safe
def effects(request: ActingRequest, pk: int) -> HttpResponse:
    """The effect sheet of a year; every number leads to its records below it."""
    found, today = _effect_fund(request, pk), clock.today()
    named = request.GET.get("year", "")
    year = int(named) if named.isdecimal() and len(named) == 4 and EARLIEST <= int(named) <= today.year else today.year
    sheet = effect_sheet(found, since=date(year, 1, 1), until=min(date(year, 12, 31), today))
    struck = Effect.objects.filter(fund=found, day__year=year).exclude(struck_on=None).select_related("by")
    if export.asked(request):
        sheets = [
            export.sheet("帮扶", HELPED, sheet.payments),
            export.sheet("成效记录", EFFECTS, sheet.records),
            export.sheet("已划去", STRUCK, struck),
        ]
        return export.book(request, f"{found.unit.name}{year}年帮扶成效", sheets)
    context = {
        "fund": found, "sheet": sheet, "year": year, "years": range(today.year, found.opened_on.year - 1, -1), "struck": struck,
        "groups": [(kind.value, kind.label, sheet.of(kind)) for kind in EffectKind], "files": _files([*sheet.records]),
        "can_record": may(request.actor, "fund.record_effect", found.unit), "can_read": may(request.actor, "fund.read", found),
    }  # fmt: skip
    return render(request, "fund/effects.html", context)


def effect_new(request: ActingRequest, pk: int) -> HttpResponse:
    found = _effect_fund(request, pk)
    require(request.actor, "fund.record_effect", found.unit)
    form = EffectForm(request.POST or None, request.FILES or None, fund=found, initial={"day": clock.today()})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        day, key, upload = typed.pop("day"), typed.pop("key"), typed.pop("evidence")
        act = {"day": day, "key": key, "upload": upload, "by": request.actor, "today": clock.today(), "now": clock.now()}
        if made := tried(form, lambda: record_effect(found, Came(**typed), **act)):
            messages.success(request, f"已登记：{made}")
            return redirect("fund_effects", pk)
    return render(request, "fund/effect_new.html", {"fund": found, "form": form})


def effect_strike(request: ActingRequest, pk: int) -> HttpResponse:
    effect = get_object_or_404(visible(request.actor, Effect.objects.select_related("fund__unit")), pk=pk)
    require(request.actor, "fund.record_effect", effect)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: strike_effect(effect, reason=reason, by=request.actor, today=clock.today())):
            messages.success(request, f"已划去“{effect}”，记录保留")
            return redirect("fund_effects", effect.fund_id)
    return render(request, "fund/effect_strike.html", {"fund": effect.fund, "effect": effect, "form": form})


def _effect_fund(request: ActingRequest, pk: int) -> Fund:
    """The fund, for whoever may see its effects: the clerk, who sees no accounts, too."""
    found = get_object_or_404(Fund.objects.select_related("unit"), pk=pk)
    if not may(request.actor, "fund.read_effect", found.unit):
        raise Http404
    return found


def _files(records: list[Effect]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for row in Evidence.objects.filter(about_type=Effect._meta.label, about_id__in=[str(one.pk) for one in records]):
        found.setdefault(int(row.about_id), []).append(row)
    return found
