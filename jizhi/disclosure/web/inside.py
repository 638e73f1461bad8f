"""What officials do: look over what their unit publishes, enter what came on paper or by telephone, answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jizhi.access.gate import may, require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.disclosure import queries
from jizhi.disclosure.actions import Closed, answer_tip, file_objection, file_tip, forget_contact, keep_desk, withdraw_publication
from jizhi.disclosure.forms import AnswerForm, DeskForm, EnteredObjectionForm, EnteredTipForm, WithdrawForm
from jizhi.disclosure.models import Desk, Tip
from jizhi.disclosure.templatetags.disclosure import gist
from jizhi.disclosure.web.writing import rows_of
from jizhi.org.models import Unit
from jizhi.papers.models import Publication
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.ui import clock, export
from jizhi.ui.paging import page_of

PUBLISHED: export.Columns = (
    ("标题", lambda one: one.title),
    ("说明", gist),
    ("类别", lambda one: one.kind),
    ("单位", lambda one: one.unit.name),
    ("公布日期", lambda one: one.posted_on),
    ("公示至", lambda one: one.until),
    ("撤下", lambda one: one.taken_down_on or one.down_on),
)
RECEIVED: export.Columns = (
    ("编号", lambda tip: tip.label),
    ("类型", lambda tip: tip.kind),
    ("地方", lambda tip: tip.about.name),
    ("提出", lambda tip: tip.filed_on),
    ("渠道", lambda tip: tip.channel),
    ("状态", lambda tip: "已答复" if tip.answered_on else "待答复"),
)


def publications(request: ActingRequest) -> HttpResponse:
    """What one's unit and those below it published, over and taken down too."""
    require(request.actor, "disclosure.see_publications")
    rows = visible(request.actor, Publication.objects.select_related("unit"))
    state = request.GET.get("state", "")
    rows = queries.in_state(rows, state, today=clock.today())
    if export.asked(request):
        return export.table(request, "公开事项", PUBLISHED, rows.order_by(*queries.NEWEST_FIRST))
    page = page_of(rows, request, order=queries.NEWEST_FIRST)
    context = {"page": page, "today": clock.today(), "state": state, "states": queries.STATES}
    return render(
        request,
        "disclosure/publications.html",
        context
        | {
            "desk": _own_desk(request),
            "may_keep": may(request.actor, "disclosure.keep_desk"),
            "may_enter": may(request.actor, "disclosure.enter_tip") and not may(request.actor, "disclosure.read_tips"),
        },
    )


def publication(request: ActingRequest, pk: int) -> HttpResponse:
    """One of them: where it stands, who objected, and what can be done."""
    one = _publication(request, pk)
    today = clock.today()
    waiting, shown = one.until is not None and today <= one.until, one.is_shown(today)
    context = {
        "one": one,
        "shown": shown,
        "slips": queries.slips_of(one),
        "form": WithdrawForm(),
        "may_enter": one.open_to_objection and waiting and may(request.actor, "disclosure.enter_objection", one),
        "may_withdraw": shown and not waiting and may(request.actor, "disclosure.withdraw_publication", one),
    }
    return render(request, "disclosure/publication.html", context)


def _publication(request: ActingRequest, pk: int) -> Publication:
    return get_object_or_404(visible(request.actor, Publication.objects.select_related("unit")), pk=pk)


def withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    """Take it down before its time."""
    one = _publication(request, pk)
    require(request.actor, "disclosure.withdraw_publication", one)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_publication(one.pk, reason=form.cleaned_data["reason"], by=request.actor, today=clock.today())
            messages.success(request, f"“{one.title}”已撤下，原处写明原因")
            return redirect("publication", one.pk)
        except Closed as closed:
            form.add_error(None, str(closed))
    return render(request, "disclosure/withdraw.html", {"one": one, "form": form})


def objection_enter(request: ActingRequest, pk: int) -> HttpResponse:
    """What came on paper, by telephone or by word of mouth."""
    one = _publication(request, pk)
    require(request.actor, "disclosure.enter_objection", one)
    form = EnteredObjectionForm(request.POST or None, rows=rows_of(one))
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data.get(name, "") for name in ("name", "group", "contact", "text", "row", "channel", "key")}
        try:
            slip = file_objection(one.pk, **data, by=request.actor, today=clock.today())
            address = request.build_absolute_uri(reverse("public_objection", args=[slip.public_id]))
            messages.success(request, f"已登记为异议 {slip.objection.number} 号，请把编号和网址告诉提出人：{address}")
            return redirect("publication", one.pk)
        except FormProblems as problems:
            form.take(problems)
        except (Closed, Refused) as problem:
            form.add_error(None, str(problem))
    return render(request, "disclosure/objection_enter.html", {"one": one, "form": form})


def tips(request: ActingRequest) -> HttpResponse:
    """What was sent to one's unit and those below it."""
    require(request.actor, "disclosure.read_tips")
    rows = visible(request.actor, Tip.objects.select_related("unit", "about"))
    state = request.GET.get("state", "")
    rows = rows.filter(answered_on=None) if state == "open" else rows.exclude(answered_on=None) if state == "answered" else rows
    if export.asked(request):
        return export.table(request, "意见建议", RECEIVED, rows.order_by("-id"))
    context = {"page": page_of(rows, request), "state": state, "may_enter": may(request.actor, "disclosure.enter_tip")}
    return render(request, "disclosure/tips.html", context)


def tip(request: ActingRequest, pk: int) -> HttpResponse:
    """One tip: read and answer it."""
    found = get_object_or_404(visible(request.actor, Tip.objects.select_related("unit", "about", "answered_by")), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        require(request.actor, "disclosure.answer_tip", found)
        if form.is_valid():
            try:
                answer_tip(found.pk, **form.cleaned_data, by=request.actor, today=clock.today(), now=clock.now())
                messages.success(request, f"{found.label}已答复，提出人凭网址看到")
                return redirect("tips")
            except Closed as closed:
                form.add_error(None, str(closed))
    return render(request, "disclosure/tip.html", {"tip": found, "form": form})


@require_POST
def contact_forget(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, Tip.objects.all()), pk=pk)
    forget_contact(found.pk, by=request.actor, today=clock.today())
    messages.success(request, "姓名和联系方式已删除")
    return redirect("tip", found.pk)


def tip_enter(request: ActingRequest) -> HttpResponse:
    """What came on paper, by telephone or by word of mouth about one's own unit."""
    require(request.actor, "disclosure.enter_tip")
    unit = _own_unit(request)
    form = EnteredTipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("kind", "text", "name", "contact", "channel", "key")}
        made = file_tip(unit, **data, by=request.actor, today=clock.today())
        address = request.build_absolute_uri(reverse("public_tip", args=[made.public_id]))
        messages.success(request, f"已登记为{made.label}，请把编号和网址告诉提出人：{address}")
        return redirect("tips" if may(request.actor, "disclosure.read_tips") else "publications")
    return render(request, "disclosure/tip_enter.html", {"form": form, "unit": unit})


def _own_unit(request: ActingRequest) -> Unit:
    return get_object_or_404(Unit, pk=request.actor.unit.pk if request.actor.unit else 0)


def _own_desk(request: ActingRequest) -> Desk | None:
    return Desk.objects.filter(unit=request.actor.unit).first() if request.actor.unit else None


def desk(request: ActingRequest) -> HttpResponse:
    """Where the public reaches one's unit."""
    require(request.actor, "disclosure.keep_desk")
    unit, kept = _own_unit(request), _own_desk(request)
    initial: dict[str, Any] = {name: getattr(kept, name) for name in ("receiver", "phone", "place", "hours")} if kept else {}
    form = DeskForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        keep_desk(unit, **form.cleaned_data, by=request.actor, today=clock.today())
        messages.success(request, f"{unit.name}的受理处已登记，公开页上就是这样写的")
        return redirect("publications")
    return render(request, "disclosure/desk_edit.html", {"form": form, "unit": unit})
