"""Pages of pilots: the list, one with its figures, starting, reviewing, deciding."""

from datetime import timedelta
from decimal import Decimal
from typing import cast

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from jizhi.access.gate import require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.office import pilots, pilots_scores, queries
from jizhi.office.actions.pilots import decide_pilot, review_pilot, start_pilot
from jizhi.office.forms import DecisionForm, PilotForm, ReviewForm
from jizhi.office.web.acts import answer
from jizhi.office.web.offered import can
from jizhi.regulation.models import Pilot
from jizhi.regulation.reading import regulation_of
from jizhi.results.models import Place
from jizhi.sheets.models import Sheet
from jizhi.sheets.queries import subject_key
from jizhi.ui import clock, export
from jizhi.ui.paging import Page, count_words, page_of

PILOTS = Pilot.objects.select_related("unit", "edition", "by", "decided_by").prefetch_related("units")


TABLE: export.Columns = (
    ("制度", lambda pilot: pilot.edition.name),
    ("单位", lambda pilot: pilot.unit.name),
    ("试点单位", lambda pilot: "、".join(unit.name for unit in pilot.units.all())),
    ("试点自", lambda pilot: pilot.since),
    ("评估期限", lambda pilot: pilot.review_by),
    ("决定", lambda pilot: pilot.get_decision_display()),
)


FIGURES: export.Columns = (
    ("单位", lambda row: row.unit.name),
    ("试点", lambda row: row.piloting),
    ("在用版本", lambda row: row.edition),
    ("发起", lambda row: row.begun),
    ("办结", lambda row: row.ended),
    ("逾期", lambda row: row.late),
    ("用时（天）", lambda row: None if row.days is None else Decimal(str(row.days))),
)


SCORES: export.Columns = (
    ("单位", lambda line: line.name),
    ("试点", lambda line: line.piloting),
    ("评了几个单位", lambda line: line.now.units if line.whole else None),
    ("评了几个对象", lambda line: line.now.count),
    ("平均分", lambda line: line.now.mean),
    ("中位数", lambda line: line.now.middle),
    ("去年同期评了几个对象", lambda line: line.before.count),
    ("去年同期平均分", lambda line: line.before.mean),
    ("去年同期中位数", lambda line: line.before.middle),
)

PLACES: export.Columns = (
    ("对象", lambda place: place.name),
    ("单位", lambda place: place.result.unit.name),
    ("学期或年度", lambda place: place.result.period),
    ("测算日期", lambda place: place.result.computed_on),
    ("得分", lambda place: place.score),
)
SHEETS: export.Columns = (
    ("对象", lambda sheet: sheet.subject_name),
    ("单位", lambda sheet: sheet.unit.name),
    ("学期或年度", lambda sheet: sheet.period),
    ("评分人", lambda sheet: sheet.rater.name),
    ("提交日期", lambda sheet: localdate(sheet.handed_in_at)),
    ("得分", lambda sheet: pilots_scores.worth([sheet]).get(subject_key(sheet))),
)


@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    found = visible(request.actor, PILOTS)
    if export.asked(request):
        return export.table(request, "制度试点", TABLE, found.order_by("-since", "-id"))
    page = page_of(found, request, order=("-since", "-id"))
    return render(request, "office/pilots.html", {"page": page, "total": count_words(found)})


@require_safe
def pilot(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, PILOTS), pk=pk)
    today, regulation = clock.today(), regulation_of(found.edition)
    units = pilots.compared(found, today=today)
    rows = pilots.figures(request.actor, found, units, today=today) if regulation.procedures else []
    tables = pilots_scores.tables(request.actor, found, units, today=today)
    if export.asked(request):
        cases = [export.sheet("办理", FIGURES, rows)] if regulation.procedures else []
        return export.book(request, "试点情况", [*cases, *(export.sheet(f"评分 {one.standard}", SCORES, one.lines) for one in tables)])
    context = {
        "pilot": found,
        "rows": rows,
        "tables": tables,
        "top": pilots_scores.TOP,
        "has_cases": bool(regulation.procedures),
        "can": can(request, found, "review_pilot", "decide_pilot"),
    }
    return render(request, "office/pilot.html", context)


@require_safe
def scores(request: ActingRequest, pk: int) -> HttpResponse:
    """What one figure of the scores counts."""
    found = get_object_or_404(visible(request.actor, PILOTS), pk=pk)
    today, asked = clock.today(), request.GET.get("who", "pilot")
    standards = regulation_of(found.edition).standards
    standard = standards.get(request.GET.get("standard", next(iter(standards), "")))
    units = pilots.compared(found, today=today)
    chosen = [unit for unit, own in units if asked in (str(unit.pk), "pilot" if own else "others")]
    if standard is None or not chosen:
        raise Http404
    before = bool(request.GET.get("before"))
    rows = pilots_scores.records(request.actor, found, standard.name, chosen, today=today, before=before)
    computed = rows.model is Place
    columns = PLACES if computed else SHEETS
    if export.asked(request):
        return export.table(request, "试点评分", columns, rows.order_by("-pk"))
    page: Page[Place] | Page[Sheet] = (
        page_of(cast("QuerySet[Place]", rows), request)
        if computed
        else page_of(cast("QuerySet[Sheet]", rows).prefetch_related("scores"), request)
    )
    context = {
        "pilot": found,
        "standard": standard,
        "who": {"pilot": pilots_scores.PILOTING, "others": pilots_scores.OTHERS}.get(asked) or chosen[0].name,
        "span": pilots_scores.span(found, today=today, before=before),
        "heads": [head for head, _ in columns],
        "lines": [[(head, cell(row)) for head, cell in columns] for row in page.rows],
        "page": page,
        "total": count_words(rows),
        "computed": computed,
    }
    return render(request, "office/pilot_scores.html", context)


def new(request: ActingRequest, pk: int) -> HttpResponse:
    edition = get_object_or_404(queries.editions(request.actor), pk=pk)
    require(request.actor, "office.start_pilot", request.actor.unit)
    unit, today = request.actor.unit, clock.today()
    assert unit is not None  # a post or seat is held
    start = max(today, edition.since)
    form = PilotForm(request.POST or None, actor=request.actor, initial={"since": start, "review_by": start + timedelta(days=180)})
    return answer(
        request,
        form,
        lambda data: start_pilot(unit, edition, **data | {"units": list(data["units"])}, by=request.actor, today=today),
        title=f"试点《{edition.name}》",
        button="开始试点",
        to=_page,
        back=reverse("regulation_edition", args=[edition.pk]),
        hint="试点期间，只有试点单位按这个版本办新事，其他单位不提供；评估以后由一项决定推开或者停止。",
    )


def review(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, PILOTS), pk=pk)
    require(request.actor, "office.review_pilot", found)
    form = ReviewForm(request.POST or None, initial={"review": found.review})
    return answer(
        request,
        form,
        lambda data: review_pilot(found, review=data["review"], by=request.actor, today=clock.today()),
        title=f"评估：{found}",
        button="保存评估意见",
        to=_page,
        back=_page(found),
        hint=f"试点要回答的问题：{found.aim}",
    )


def decide(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, PILOTS), pk=pk)
    require(request.actor, "office.decide_pilot", found)
    form = DecisionForm(request.POST or None, initial={"since": clock.today()})
    return answer(
        request,
        form,
        lambda data: decide_pilot(found, **data, by=request.actor, today=clock.today()),
        title=f"决定：{found}",
        button="作出决定",
        to=_page,
        back=_page(found),
        hint=found.review and f"评估意见：{found.review}",
    )


def _page(pilot: Pilot) -> str:
    return reverse("pilot", args=[pilot.pk])
