"""The tablet of the hall. Starting it logs the official out of the device: what is left is a session that knows nothing but the
tablet's row, and through it the lock screen, the roll behind the official's digits, and one ballot."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.polling import queries, tablets
from jizhi.polling.actions import PollRefused, start_tablet
from jizhi.polling.forms.run import BallotForm, PinForm
from jizhi.polling.models import Tablet
from jizhi.polling.web.ballot import public
from jizhi.polling.web.make import seen
from jizhi.ui import clock

KIOSK = "kiosk"  # session key: the tablet's id


def start(request: ActingRequest, pk: int) -> HttpResponse:
    """The official chooses his digits and hands the device over."""
    found = seen(request, pk)
    require(request.actor, "polling.work", found)
    form = PinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            tablet = start_tablet(found.pk, form.cleaned_data["pin"], by=request.actor, today=clock.today())
        except PollRefused as refused:
            form.add_error(None, refused.text)
        else:
            logout(request)
            request.session[KIOSK] = tablet.pk
            return redirect("tablet")
    return render(request, "polling/tablet_start.html", {"poll": found, "form": form, "most": tablets.MOST})


@public
def tablet(request: HttpRequest) -> HttpResponse:
    """Lock screen, desk or ballot, wherever the tablet stands; every POST says what it does."""
    found = Tablet.objects.select_related("poll__unit").filter(pk=request.session.get(KIOSK, 0)).first()
    if found is None or (found.wrong >= tablets.MOST and not found.code):  # a ballot begun is still cast
        request.session.pop(KIOSK, None)
        return redirect("account_login")
    if request.method == "POST":
        does = {"unlock": _unlock, "lock": _lock, "hand": _hand, "cast": _cast, "abort": _abort, "end": _end}
        return does.get(request.POST.get("do", ""), _lock)(request, found)
    return _screen(request, found)


def _screen(request: HttpRequest, found: Tablet, **more: Any) -> HttpResponse:
    poll = found.poll
    if found.code:
        return render(request, "polling/tablet_ballot.html", {"poll": poll, "form": BallotForm(poll=poll), **more})
    if found.desk:
        text = request.GET.get("q", "").replace("\x00", "")[:40]
        rows = queries.roll_matching(poll, text)[:20] if text.strip() else []
        return render(request, "polling/tablet_desk.html", {"poll": poll, "rows": rows, "q": text, **more})
    return render(request, "polling/tablet_lock.html", {"poll": poll, "form": PinForm(), **more})


def _unlock(request: HttpRequest, found: Tablet) -> HttpResponse:
    if _right_pin(request, found):
        Tablet.objects.filter(pk=found.pk, code="").update(desk=True)
    return redirect("tablet")


def _lock(request: HttpRequest, found: Tablet) -> HttpResponse:
    Tablet.objects.filter(pk=found.pk).update(desk=False)
    return redirect("tablet")


def _hand(request: HttpRequest, found: Tablet) -> HttpResponse:
    try:
        tablets.hand_over(found.pk, request.POST.get("number", "").replace("\x00", ""), today=clock.today())
    except PollRefused as refused:
        messages.error(request, refused.text)
    return redirect("tablet")


def _cast(request: HttpRequest, found: Tablet) -> HttpResponse:
    form = BallotForm(request.POST, poll=found.poll)
    if found.code and not form.is_valid():
        return _screen(request, found, form=form)
    if found.code:
        why = tablets.cast_here(found.pk, form.answers)
        messages.add_message(request, messages.ERROR if why else messages.SUCCESS, why or "已投入票箱，谢谢。请把平板交还工作人员。")
    return redirect("tablet")


def _abort(request: HttpRequest, found: Tablet) -> HttpResponse:
    if found.code and _right_pin(request, found):
        try:
            tablets.call_off(found.pk, request.POST.get("number", "").replace("\x00", ""), today=clock.today())
        except PollRefused as refused:
            messages.error(request, refused.text)
    return redirect("tablet")


def _end(request: HttpRequest, found: Tablet) -> HttpResponse:
    if not found.code and _right_pin(request, found):
        found.delete()
        request.session.flush()
        return redirect("account_login")
    return redirect("tablet")


def _right_pin(request: HttpRequest, found: Tablet) -> bool:
    """Too many wrong digits end the tablet: an official logs in and starts it again."""
    if tablets.guessed(found, request.POST.get("pin", "")):
        return True
    left = tablets.MOST - found.wrong
    messages.error(
        request, f"解锁数字不对，还可以试 {left} 次" if left > 0 else "解锁数字错得太多，这台平板已经停用，请工作人员登录后重新启用"
    )
    return False
