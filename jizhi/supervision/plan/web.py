"""Pages of the year's list and of plans."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_safe

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.supervision.plan import queries
from jizhi.supervision.plan.actions import PlanProblems, file_item, make_plan
from jizhi.supervision.plan.forms import ItemForm, PlanForm
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("计划", lambda plan: plan.title),
    ("类型", lambda plan: plan.get_kind_display()),
    ("清单事项", lambda plan: plan.item.title if plan.item else f"清单外：{plan.off_list_reason}"),
    ("公告", lambda plan: plan.announced_on),
    ("开始", lambda plan: plan.starts_on),
    ("学校", lambda plan: plan.places),
)


@require_safe
def plan_list(request: ActingRequest) -> HttpResponse:
    found, year = queries.plans(request.actor), clock.today().year
    if export.asked(request):
        return export.table(request, "督导计划", TABLE, found.order_by("-starts_on", "-id"))
    context = {
        "page": page_of(found, request, order=("-starts_on", "-id")),
        "total": count_words(found),
        "items": queries.items(request.actor, year),
        "year": year,
        "can_plan": may(request.actor, "supervision.make_plan"),
        "can_file": may(request.actor, "supervision.file_item"),
    }
    return render(request, "supervision/plans.html", context)


@require_safe
def plan(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.plans(request.actor), pk=pk)
    return render(request, "supervision/plan.html", {"plan": found, "schools": found.schools.select_related("school")})


def plan_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "supervision.make_plan")
    unit, today = request.actor.unit, clock.today()
    assert unit is not None  # a seat is held
    form = PlanForm(request.POST or None, unit=unit, today=today, initial={"announced_on": today, "key": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            made = make_plan(unit, form.typed(), by=request.actor, today=today)
        except PlanProblems as wrong:
            for field, texts in wrong.problems.items():
                for text in texts:
                    form.add_error(field, text)
        else:
            messages.success(request, f"已安排“{made.title}”")
            return redirect(made)
    return render(request, "supervision/plan_new.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


def item_new(request: ActingRequest) -> HttpResponse:
    require(request.actor, "supervision.file_item")
    assert request.actor.unit is not None  # a seat is held
    form = ItemForm(request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        item = file_item(request.actor.unit, **form.cleaned_data, by=request.actor, today=clock.today())
        messages.success(request, f"已列入清单：{item}")
        return redirect("plan_list")
    return render(request, "supervision/plan_item_new.html", {"form": form}, status=422 if form.errors else 200)


urlpatterns = [
    path("supervision/plans/", plan_list, name="plan_list"),
    path("supervision/plans/new/", plan_new, name="plan_new"),
    path("supervision/plans/<int:pk>/", plan, name="plan"),
    path("supervision/plans/items/new/", item_new, name="plan_item_new"),
]
