"""The workbench, one's own page, and the messages."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.messages.actions import mark_read
from jizhi.messages.models import Message
from jizhi.ui import clock
from jizhi.ui.paging import page_of
from jizhi.web import menu
from jizhi.web.workbench import workbench_of


def workbench(request: ActingRequest) -> HttpResponse:
    bench = workbench_of(request.actor, tab=request.GET.get("tab", ""), today=clock.today(), now=clock.now())
    return render(request, "web/workbench.html", {"bench": bench})


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
    path("me/", me, name="me"),
    path("messages/", messages, name="messages"),
    path("messages/<int:pk>/", open_message, name="open_message"),
]
