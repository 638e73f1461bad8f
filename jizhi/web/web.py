"""The workbench, one's own page, and the messages."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from jizhi.access.gate import require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.messages.actions import mark_read
from jizhi.messages.models import Message
from jizhi.procedure.queries.lists import begun_by, done_by
from jizhi.ui import clock
from jizhi.ui.paging import page_of
from jizhi.web import menu, on_time
from jizhi.web.workbench import bench_of


def workbench(request: ActingRequest) -> HttpResponse:
    """待办 by default; 已办 and 我发起的 are pages of the same place."""
    actor, today, tab = request.actor, clock.today(), request.GET.get("tab", "")
    bench = bench_of(actor, menu.duties_of(request), today=today, now=clock.now())
    context: dict[str, object] = {
        "bench": bench,
        "formula": on_time.FORMULA,
        "quick": menu.quick(actor),
        "tab": tab,
        "band": request.GET.get("band", ""),
    }
    if tab == "done":
        context["page"] = page_of(done_by(actor), request)
    elif tab == "begun":
        context["page"] = page_of(begun_by(actor), request)
    return render(request, "web/workbench.html", context)


def due_in_month(request: ActingRequest) -> HttpResponse:
    """The findings behind one month of the rate."""
    require(request.actor, "supervision.read_register")
    today = clock.today()
    try:
        first = date.fromisoformat(f"{request.GET.get('month') or f'{today:%Y-%m}'}-01")
    except ValueError:
        first = today.replace(day=1)
    rows = on_time.in_month(on_time.due_list(request.actor, since=first, today=today), first)
    context = {"rows": rows, "first": first, "kept": sum(row.in_time for row in rows), "formula": on_time.FORMULA}
    return render(request, "web/on_time.html", context)


def me(request: ActingRequest) -> HttpResponse:
    """Who I am today, in which post I act; on phones also the whole menu."""
    return render(request, "web/me.html", {"groups": menu.groups(request.actor, request.path)})


def messages(request: ActingRequest) -> HttpResponse:
    return render(request, "web/messages.html", {"page": page_of(visible(request.actor, Message.objects.all()), request)})


@require_POST
def open_message(request: ActingRequest, pk: int) -> HttpResponse:
    """Marks the message read and goes where it points."""
    message = get_object_or_404(visible(request.actor, Message.objects.all()), pk=pk)
    mark_read(message.pk, by=request.actor, now=clock.now())
    return redirect(message.link or "messages")


urlpatterns = [
    path("", workbench, name="workbench"),
    path("due/", due_in_month, name="due_in_month"),
    path("me/", me, name="me"),
    path("messages/", messages, name="messages"),
    path("messages/<int:pk>/", open_message, name="open_message"),
]
