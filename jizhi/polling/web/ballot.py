"""Ballots of the public: a slip's code, typed or scanned, and the open link. No log-in, no scripts; the only cookie is the one
against forged forms. Nothing of the visitor is kept: no address, no time, no session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jizhi.polling import box
from jizhi.polling.forms.run import BallotForm, CodeForm
from jizhi.polling.models import Channel, NamedAnswer, Poll, Token
from jizhi.polling.rules import code_hash, code_typed

WRONG_CODES, OPEN_ANSWERS, WINDOW = 30, 120, 60  # per address and this many seconds; a hall shares one address
View = Callable[..., HttpResponse]
BUSY = "这个网络一分钟内的次数太多，请过一分钟再试；也可以找工作人员用纸质票。"


def public(view: View) -> View:
    """Without log-in, not indexed, not kept by the browser."""

    @login_not_required
    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store"
        return response

    return shown


@public
def by_hand(request: HttpRequest) -> HttpResponse:
    """A code typed from the slip."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = code_typed(form.cleaned_data["code"])
        if _token(code) or _named(code):
            return redirect("ballot", code)
        if _too_often(request, "code", WRONG_CODES):
            return _busy(request)
        form.add_error("code", "没有这张凭条，请核对编码；容易认错的字母和数字（o、0、1、l、i）编码里没有")
    return render(request, "polling/ballot_code.html", {"form": form})


@public
def ballot(request: HttpRequest, code: str) -> HttpResponse:
    """One ballot by its slip; by somebody's own slip where the questionnaire is named."""
    code = code_typed(code)
    found = _token(code) or _named(code)
    if found is None:
        if _too_often(request, "code", WRONG_CODES):
            return _busy(request)
        raise Http404
    poll, why = found.poll, _why_not(found)
    form = BallotForm(request.POST if request.method == "POST" and not why else None, poll=poll)
    if request.method == "POST" and not why and form.is_valid():
        try:
            (box.cast_named if poll.named else box.cast)(code, form.answers, poll=poll)
        except box.BallotRefused as refused:
            why = refused.text
        else:
            return redirect("named_done" if poll.named else "ballot_done")
    return render(request, "polling/ballot.html", {"poll": poll, "form": form, "why": why, "person": getattr(found, "entry", None)})


@public
def wall(request: HttpRequest, wall: str) -> HttpResponse:
    """One answer by the open link; it says what it cannot ensure."""
    poll = Poll.objects.filter(wall=wall).exclude(wall="").first()
    if poll is None or poll.is_draft:
        raise Http404
    why = "已经结束，不再收答卷。" if poll.is_closed else ""
    form = BallotForm(request.POST if request.method == "POST" and not why else None, poll=poll)
    if request.method == "POST" and not why and form.is_valid():
        if _too_often(request, f"wall {poll.pk}", OPEN_ANSWERS):
            return _busy(request)
        try:
            box.cast_open(form.cleaned_data["key"], form.answers, poll=poll)
        except box.BallotRefused as refused:
            why = refused.text
        else:
            return redirect("ballot_done")
    return render(request, "polling/ballot.html", {"poll": poll, "form": form, "why": why, "open_link": True})


@public
def done(request: HttpRequest, *, named: bool = False) -> HttpResponse:
    return render(request, "polling/ballot_done.html", {"named": named})


def _token(code: str) -> Token | None:
    """A slip by its code; tablets keep theirs to themselves."""
    return Token.objects.select_related("poll__unit").filter(digest=code_hash(code), channel=Channel.SLIP).first()


def _named(code: str) -> NamedAnswer | None:
    """Somebody's own slip of a named questionnaire."""
    return NamedAnswer.objects.select_related("entry__poll__unit").filter(digest=code_hash(code)).first()


def _why_not(found: Token | NamedAnswer) -> str:
    if isinstance(found, Token) and found.void:
        return "这张凭条已经收回作废。请找现场工作人员。"
    if found.used:
        return box.SPENT
    if not found.poll.is_open:
        return "已经结束，不再收票。" if found.poll.is_closed else "还没有开始。"
    return ""


def _too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more from this address; kept in memory for a minute, never in the database."""
    key = f"polling {what} {request.META.get('REMOTE_ADDR', '')}".replace(" ", ":")
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two lines
        return False


def _busy(request: HttpRequest) -> HttpResponse:
    return render(request, "polling/ballot_busy.html", {"why": BUSY}, status=429)
