"""Symposia: list, record, opinions and what became of them, the scanned signature sheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.evidence.actions import add_evidence
from jizhi.evidence.queries import evidence_about
from jizhi.evidence.rules import Unusable
from jizhi.polling import queries
from jizhi.polling.actions import PollRefused, add_opinion, answer_opinion, finish_symposium, record_symposium
from jizhi.polling.forms.make import AnswerForm, OpinionForm, SymposiumForm
from jizhi.polling.models import Symposium
from jizhi.polling.web.make import editions_for, own_unit
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("议题", lambda one: one.topic),
    ("为哪项征求意见", lambda one: one.precedes),
    ("单位", lambda one: one.unit.name),
    ("日期", lambda one: one.day),
    ("状态", lambda one: "已定稿" if one.done_on else "记录中"),
)


def listing(request: ActingRequest) -> HttpResponse:
    rows = queries.symposia(request.actor)
    if export.asked(request):
        return export.table(request, "座谈会", TABLE, rows.order_by("-day", "-id"))
    context = {
        "page": page_of(rows, request, order=("-day", "-id")),
        "total": count_words(rows),
        "can_make": may(request.actor, "polling.organise"),
    }
    return render(request, "polling/symposia.html", context)


def new(request: ActingRequest) -> HttpResponse:
    unit = own_unit(request)
    form = SymposiumForm(request.POST if request.method == "POST" else None, editions=editions_for(request), today=clock.today())
    if request.method != "POST" or not form.is_valid():
        return render(request, "polling/symposium_new.html", {"form": form, "unit": unit})
    data = form.cleaned_data
    words = {name: data[name] for name in ("topic", "day", "place", "chair", "precedes", "minutes", "attendees", "key")}
    made = record_symposium(unit, **words, edition=data.get("edition"), by=request.actor, today=clock.today())
    messages.success(request, "已登记，接着把会上的意见一条一条记下来")
    return redirect("symposium", made.pk)


def symposium(request: ActingRequest, pk: int) -> HttpResponse:
    """The record; POST adds an opinion, or makes the record final."""
    found = _seen(request, pk)
    if export.asked(request):
        return export.book(request, "座谈会记录", _sheets(found))
    form = OpinionForm(request.POST if request.method == "POST" and "finish" not in request.POST else None)
    if request.method == "POST":
        try:
            if "finish" in request.POST:
                finish_symposium(pk, by=request.actor, today=clock.today())
                messages.success(request, "已定稿，以后只能答复意见")
                return redirect("symposium", pk)
            if form.is_valid():
                add_opinion(pk, **form.cleaned_data, by=request.actor, today=clock.today())
                messages.success(request, "已登记这条意见")
                return redirect("symposium", pk)
        except PollRefused as refused:
            messages.error(request, refused.text)
            return redirect("symposium", pk)
    context = {
        "found": found, "attendees": found.attendees.all(), "opinions": found.opinions.all(), "form": form,
        "present": found.attendees.filter(present=True).count(), "scans": evidence_about(found),
        "can_organise": may(request.actor, "polling.organise", found),
    }  # fmt: skip
    return render(request, "polling/symposium.html", context)


def _sheets(found: Symposium) -> list[export.Sheet]:
    came = [(one.name, one.role, "到会" if one.present else "缺席") for one in found.attendees.all()]
    heard = [(one.text, one.speaker or "不留名", one.taken or "待答复", one.answer) for one in found.opinions.all()]
    return [export.Sheet("名单", ("姓名", "身份", "到会"), came), export.Sheet("意见", ("意见", "提出人", "采纳情况", "说明"), heard)]


def answer(request: ActingRequest, pk: int, opinion: int) -> HttpResponse:
    """What became of an opinion."""
    found = _seen(request, pk)
    one = get_object_or_404(found.opinions, pk=opinion)
    require(request.actor, "polling.organise", found)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"taken": one.taken, "answer": one.answer})
    if request.method == "POST" and form.is_valid():
        try:
            answer_opinion(one.pk, **form.cleaned_data, by=request.actor, today=clock.today())
        except PollRefused as refused:
            for name, text in refused.fields.items():
                form.add_error(name, text)
        else:
            messages.success(request, "已保存答复")
            return redirect("symposium", pk)
    return render(request, "polling/opinion.html", {"found": found, "opinion": one, "form": form})


@require_POST
def scan(request: ActingRequest, pk: int) -> HttpResponse:
    """The signature sheet that was passed round on paper, where there is one. Never required."""
    found = _seen(request, pk)
    require(request.actor, "polling.organise", found)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, "还没有选签名表的文件，请先选文件再附上")
        return redirect("symposium", pk)
    try:
        add_evidence(found, unit=found.unit, text="签名表", upload=upload, by=request.actor, now=clock.now())
    except Unusable as unusable:
        messages.error(request, str(unusable))
    else:
        messages.success(request, "已附上签名表")
    return redirect("symposium", pk)


def _seen(request: ActingRequest, pk: int) -> Symposium:
    return get_object_or_404(queries.symposia(request.actor).select_related("secretary"), pk=pk)
