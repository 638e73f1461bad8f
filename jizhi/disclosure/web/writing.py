"""What the public sends in, and where the sender sees how it stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jizhi.access.actor import PUBLIC
from jizhi.disclosure import queries, rules
from jizhi.disclosure.actions import Closed, file_objection, file_tip, forget_contact
from jizhi.disclosure.forms import ObjectionForm, TipForm
from jizhi.disclosure.models import Slip, Tip
from jizhi.disclosure.sending import may_send, sender
from jizhi.disclosure.templatetags.disclosure import wants_large
from jizhi.disclosure.web.public import for_all, place_coded
from jizhi.papers.models import Publication
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.ui import clock

FULL = "今天从这里提交的已经很多，请明天再提，或者打电话、当面、书面提出。"


@csrf_exempt  # nobody is logged in here: there is no authority to abuse, and no cookie is needed
@for_all
@never_cache
@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, public_id: str) -> HttpResponse:
    """Object to a notice in publicity."""
    today = clock.today()
    one = get_object_or_404(queries.published(public_id, today=today), open_to_objection=True, until__gte=today)
    form = ObjectionForm(request.POST or None, rows=rows_of(one))
    context: dict[str, Any] = {"one": one, "form": form, "desk": queries.desk_of(one.unit), "way": queries.way_to(one.unit)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "disclosure/object.html", context)
    if not may_send(sender(request), today=today):
        return render(request, "disclosure/object.html", context | {"refused": FULL}, status=429)
    data = {name: form.cleaned_data.get(name, "") for name in ("name", "group", "contact", "text", "row", "key")}
    try:
        slip = file_objection(one.pk, **data, channel=rules.WEBSITE, by=PUBLIC, today=today)
    except FormProblems as problems:
        form.take(problems)
        return render(request, "disclosure/object.html", context)
    except (Closed, Refused) as problem:
        return render(request, "disclosure/object.html", context | {"refused": str(problem)}, status=409)
    return redirect(with_type(request, reverse("public_objection", args=[slip.public_id])))


def rows_of(one: Publication) -> list[str]:
    """The rows of a list one may object to, named by their first column."""
    table = one.snapshot.get("table") or {"rows": []}
    return [row[0] for row in table["rows"] if row and row[0]]


def with_type(request: HttpRequest, address: str) -> str:
    return f"{address}?type=large" if wants_large(request) else address


@for_all
@never_cache
@require_GET
def objection(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where an objection stands, for whoever has its address."""
    slip = get_object_or_404(Slip.objects.select_related("objection", "publication__unit"), public_id=public_id)
    context = {
        "slip": slip,
        "one": slip.publication,
        "stages": queries.stages_of(slip.objection),
        "desk": queries.desk_of(slip.publication.unit),
    }
    return hidden(render(request, "disclosure/objection.html", context))


@csrf_exempt
@for_all
@never_cache
@require_http_methods(["GET", "POST"])
def tip_new(request: HttpRequest, code: str) -> HttpResponse:
    """Send a suggestion or a report about a place."""
    today = clock.today()
    unit = place_coded(code, today=today)
    form = TipForm(request.POST or None)
    context: dict[str, Any] = {"unit": unit, "form": form, "desk": queries.desk_of(unit), "way": queries.way_to(unit)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "disclosure/tip_new.html", context)
    if not may_send(sender(request), today=today):
        return render(request, "disclosure/tip_new.html", context | {"refused": FULL}, status=429)
    data = {name: form.cleaned_data[name] for name in ("kind", "text", "name", "contact", "key")}
    tip = file_tip(unit, **data, channel=rules.WEBSITE, by=PUBLIC, today=today)
    return redirect(with_type(request, reverse("public_tip", args=[tip.public_id])))


@for_all
@never_cache
@require_GET
def tip(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a tip stands and what was answered, for its sender."""
    found = get_object_or_404(Tip.objects.select_related("unit", "about"), public_id=public_id)
    return hidden(render(request, "disclosure/tip_public.html", {"tip": found, "desk": queries.desk_of(found.about)}))


@csrf_exempt
@for_all
@never_cache
@require_POST
def tip_forget(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sender deletes his name and contact."""
    found = get_object_or_404(Tip, public_id=public_id)
    forget_contact(found.pk, by=PUBLIC, today=clock.today())
    return redirect(with_type(request, reverse("public_tip", args=[public_id])))


def hidden(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response
