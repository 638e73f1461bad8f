"""The tablet of the hall. Starting it logs the official out of the device: what is left is a session that can only show the
lock screen, the roll behind the official's digits, and one ballot. It never holds who is voting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jizhi.access.actor import Actor, actor_of
from jizhi.access.gate import Forbidden, require
from jizhi.access.middleware import ActingRequest
from jizhi.org.models import Person
from jizhi.polling import box, queries
from jizhi.polling.actions import PollRefused, issue_mark, start_tablet, take_back
from jizhi.polling.forms.run import BallotForm, PinForm
from jizhi.polling.models import Channel, Poll
from jizhi.polling.web.ballot import public
from jizhi.polling.web.make import seen
from jizhi.ui import clock

KIOSK, WRONG = "kiosk", 5  # session key; wrong digits before the tablet must be started anew


def start(request: ActingRequest, pk: int) -> HttpResponse:
    """The official chooses his digits and hands the device over."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    form = PinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            start_tablet(found.pk, by=request.actor, today=clock.today())
        except PollRefused as refused:
            form.add_error(None, refused.text)
        else:
            actor = request.actor
            assert actor.person is not None  # of a log-in
            kiosk = {"poll": found.pk, "person": actor.person.pk, "key": actor.acting.key if actor.acting else ""}
            logout(request)
            request.session[KIOSK] = {**kiosk, "pin": make_password(form.cleaned_data["pin"]), "wrong": 0, "desk": False, "code": ""}
            return redirect("tablet")
    return render(request, "polling/tablet_start.html", {"poll": found, "form": form})


@public
def tablet(request: HttpRequest) -> HttpResponse:
    """Lock screen, desk or ballot, whichever the session stands at; every POST says what it does."""
    kiosk: dict[str, Any] | None = request.session.get(KIOSK)
    poll = Poll.objects.select_related("unit").filter(pk=kiosk["poll"]).first() if kiosk else None
    if kiosk is None or poll is None:
        return redirect("account_login")
    if request.method == "POST":
        does = {"unlock": _unlock, "lock": _lock, "hand": _hand, "cast": _cast, "abort": _abort, "end": _end}
        answer = does.get(request.POST.get("do", ""), _lock)(request, kiosk, poll)
        if KIOSK in request.session:
            request.session[KIOSK] = kiosk
        return answer
    return _screen(request, kiosk, poll)


def _screen(request: HttpRequest, kiosk: dict[str, Any], poll: Poll, **more: Any) -> HttpResponse:
    if kiosk["code"]:
        return render(request, "polling/tablet_ballot.html", {"poll": poll, "form": BallotForm(poll=poll), **more})
    if kiosk["desk"]:
        text = request.GET.get("q", "").replace("\x00", "")[:40]
        rows = queries.roll_matching(poll, text)[:20] if text.strip() else []
        return render(request, "polling/tablet_desk.html", {"poll": poll, "rows": rows, "q": text, **more})
    return render(request, "polling/tablet_lock.html", {"poll": poll, "form": PinForm(), **more})


def _unlock(request: HttpRequest, kiosk: dict[str, Any], poll: Poll) -> HttpResponse:
    if _right_pin(request, kiosk):
        kiosk["desk"] = True
    return _after(request, kiosk, poll)


def _lock(request: HttpRequest, kiosk: dict[str, Any], poll: Poll) -> HttpResponse:
    kiosk["desk"] = False
    return redirect("tablet")


def _hand(request: HttpRequest, kiosk: dict[str, Any], poll: Poll) -> HttpResponse:
    """Mark the person on the roll; from here to the ballot nothing goes along but the code."""
    if not kiosk["desk"] or kiosk["code"]:
        return redirect("tablet")
    number = request.POST.get("number", "").replace("\x00", "")
    try:
        kiosk["code"] = issue_mark(poll.pk, [number], Channel.TABLET, by=_official(kiosk), today=clock.today())
    except PollRefused as refused:
        messages.error(request, refused.text)
        return redirect("tablet")
    kiosk["desk"] = False
    return redirect("tablet")


def _cast(request: HttpRequest, kiosk: dict[str, Any], poll: Poll) -> HttpResponse:
    if not kiosk["code"]:  # sent twice
        return redirect("tablet")
    form = BallotForm(request.POST, poll=poll)
    if not form.is_valid():
        return _screen(request, kiosk, poll, form=form)
    try:
        box.cast(kiosk["code"], form.answers, poll=poll)
    except box.BallotRefused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, "已投入票箱，谢谢。请把平板交还工作人员。")
    kiosk["code"] = ""
    return redirect("tablet")


def _abort(request: HttpRequest, kiosk: dict[str, Any], poll: Poll) -> HttpResponse:
    """The person does not vote here after all: the official lifts the mark."""
    if not kiosk["code"] or not _right_pin(request, kiosk):
        return _after(request, kiosk, poll)
    number = request.POST.get("number", "").replace("\x00", "")
    try:
        take_back(poll.pk, number, kiosk["code"], by=_official(kiosk), today=clock.today())
    except PollRefused as refused:
        messages.error(request, refused.text)
        return redirect("tablet")
    kiosk["code"], kiosk["desk"] = "", True
    return redirect("tablet")


def _end(request: HttpRequest, kiosk: dict[str, Any], poll: Poll) -> HttpResponse:
    if not kiosk["code"] and _right_pin(request, kiosk):
        request.session.flush()
        return redirect("account_login")
    return _after(request, kiosk, poll)


def _right_pin(request: HttpRequest, kiosk: dict[str, Any]) -> bool:
    if check_password(request.POST.get("pin", "")[:8], kiosk["pin"]):
        kiosk["wrong"] = 0
        return True
    kiosk["wrong"] += 1
    return False


def _after(request: HttpRequest, kiosk: dict[str, Any], poll: Poll) -> HttpResponse:
    """Too many wrong digits end the tablet: the official logs in and starts it again."""
    if kiosk["wrong"] >= WRONG:
        request.session.flush()
        return redirect("account_login")
    if kiosk["wrong"]:
        messages.error(request, f"解锁数字不对，还可以试 {WRONG - kiosk['wrong']} 次")
    return redirect("tablet")


def _official(kiosk: dict[str, Any]) -> Actor:
    """Who handed the tablet over, in the post he then acted in; refused once he no longer holds it."""
    person = Person.objects.filter(pk=kiosk["person"]).first()
    actor = actor_of(person, today=clock.today(), key=kiosk["key"] or None) if person else None
    if actor is None or (kiosk["key"] and (actor.acting is None or actor.acting.key != kiosk["key"])):
        raise Forbidden("启用平板的工作人员已不担任当时的职务，请由工作人员重新登录后启用")
    return actor
