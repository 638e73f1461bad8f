"""Puts ``request.actor`` on every request: the person with the acting holding that the session remembers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jizhi.access.actor import Actor, actor_of
from jizhi.access.gate import Forbidden

ACTING = "acting"  # session key of the chosen holding
READING = ("GET", "HEAD")  # requests that change nothing


class ActingRequest(HttpRequest):
    """A request of someone logged in: what every view gets that is not marked ``login_not_required``."""

    actor: Actor
    belongs: str  # the address of the list a page belongs to, set where the page's own does not tell


class ActingMiddleware:
    """Deny by default: visitors come only to views marked ``login_not_required``, a log-in without a person also to
    allauth's own; a Forbidden becomes the page that says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = requesting_actor(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"  # shared machines: nothing stays behind after log-out
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: Any) -> HttpResponseBase | None:
        if "\x00" in request.path:  # no address of ours, and PostgreSQL takes it in no question
            raise Http404
        if not getattr(view, "login_required", True):  # django's login_not_required says so
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.actor is None and not view.__module__.startswith("allauth."):  # type: ignore[attr-defined]
            left = request.user.person is not None
            why = "您已登记离任，不能再办理和查看业务" if left else "您的帐号还没有对应的人员"
            return _refused(request, f"{why}，请联系本单位的系统管理员办理")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _refused(request, exception.reason) if isinstance(exception, Forbidden) else None


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "403.html", {"reason": reason}, status=403)


def requesting_actor(request: HttpRequest) -> Actor | None:
    """None for visitors, for log-ins without a person, and for who has left."""
    if not request.user.is_authenticated or request.user.person is None:
        return None
    person, today = request.user.person, timezone.localdate()
    if person.left_on is not None and person.left_on < today:
        return None
    actor = actor_of(person, today=today, key=request.session.get(ACTING))
    return replace(actor, answers={}) if request.method in READING else actor
