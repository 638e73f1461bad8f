"""Drafts and large type: what every form and page needs."""

import json
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from jizhi.org.models import Draft, User
from jizhi.ui import drafts
from jizhi.ui.context import LARGE_COOKIE

YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """GET ?key= gives what is kept; POST key and data (a JSON object) keeps it, without data forgets it."""
    user = cast(User, request.user)
    key = (request.POST if request.method == "POST" else request.GET).get("key", "")
    if not key.startswith("/") or len(key) > drafts.KEY_LENGTH or "\x00" in key:  # an address; rooms keep their own under words
        return JsonResponse({"error": "草稿没有写明是哪一张表，请刷新页面后再填。"}, status=400)
    if request.method == "GET":
        return JsonResponse(_answer(drafts.kept(user, key)))
    text = request.POST.get("data", "")
    if not text:
        drafts.drop(user, key)
        return JsonResponse(_answer(None))
    data = _object(text)
    if data is None:
        return JsonResponse({"error": "草稿存不下，请先提交，或把长文另存为文件。"}, status=400)
    return JsonResponse(_answer(drafts.keep(user, key, data)))


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > drafts.LARGEST or "\x00" in text or "\\u0000" in text:
        return None
    try:
        data = json.loads(text, parse_constant=_no_number)
        json.dumps(data, ensure_ascii=False).encode()  # half of a surrogate pair is a ValueError
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _no_number(word: str) -> None:
    """NaN and Infinity are no JSON: databases refuse them."""
    raise ValueError(word)


def _answer(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {"data": None, "saved": ""}
    return {"data": draft.data, "saved": f"{timezone.localtime(draft.saved_at):%H:%M} 已保存"}


@login_not_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Turns large type on or off: kept with the person, or in a cookie before he logs in."""
    user = request.user
    response = redirect(_back(request))
    if user.is_authenticated:
        user.large_type = not user.large_type
        user.save(update_fields=["large_type"])
        response.delete_cookie(LARGE_COOKIE)
    elif request.COOKIES.get(LARGE_COOKIE) == "1":
        response.delete_cookie(LARGE_COOKIE)
    else:
        response.set_cookie(LARGE_COOKIE, "1", max_age=YEAR, samesite="Lax", httponly=True)
    return response


def _back(request: HttpRequest) -> str:
    """Where the person came from, on this site only."""
    target = request.POST.get("back", "")
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else "/"


urlpatterns = [
    path("draft/", draft, name="draft"),
    path("type/", large_type, name="large_type"),
]
