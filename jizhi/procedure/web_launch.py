"""Beginning a case by the form that its regulation declares."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from jizhi.access.middleware import ActingRequest
from jizhi.org.models import Unit, User
from jizhi.procedure import actions
from jizhi.procedure.queries.launching import OBJECT, Launch, launch_of, title_of
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import LAUNCH, Problem
from jizhi.ui import clock, drafts


def begin(request: ActingRequest, unit: int, code: str, procedure: str) -> HttpResponse:
    """The form; POST begins the case. A place that is not one's own is not there."""
    named, about, use = (request.GET.get(name, "").replace("\x00", "") for name in ("q", "about", "use"))
    launch = launch_of(request.actor, place_of(request, unit), code, procedure, today=clock.today(), named=named)
    if launch is None:
        raise Http404
    launch = replace(launch, about=about, asked_use=use)
    if request.method != "POST":
        return _page(request, launch, status=200 if launch.refusal is None else 403)
    launch = replace(launch, typed=request.POST)
    files = {spec.name: cast(UploadedFile, request.FILES[spec.name]) for spec in launch.specs if spec.name in request.FILES}
    raw = {name: value for name, value in launch.form.raw.items() if name not in _papers(launch)}
    key = f"{request.actor.id}:{request.POST.get('key', '')}".replace("\x00", "")[:64] if request.POST.get("key") else ""
    chosen = launch.object_of(raw)
    try:
        if raw.pop(OBJECT.name, "") and chosen is None:
            raise actions.FormProblems([Problem(OBJECT.name, f"“{OBJECT.name}”没有这一件，请从名单中选择。")])
        made = actions.begin(
            code, launch.procedure.name, unit=launch.unit, title=title_of(launch, raw), parties={},
            form=raw, about=chosen, by=request.actor, today=clock.today(), key=key, uploads=files,
        )  # fmt: skip
    except actions.FormProblems as wrong:
        return _page(request, replace(launch, problems=wrong.problems), status=422)
    except actions.Refused as no:
        return _page(request, replace(launch, refused=no.refusal), status=403)
    drafts.drop(cast(User, request.user), draft_of(launch))
    messages.success(request, f"已提交：{made.title}。办到哪一步，在这一页看")
    return redirect("case", made.pk)


def place_of(request: ActingRequest, pk: int) -> Unit:
    """The unit where the reader is registered, or serves, or one below that; no other."""
    unit, actor = get_object_or_404(Unit, pk=pk), request.actor
    home = actor.person.household.unit_id if actor.person and actor.person.household else None
    if unit.pk != home and not (actor.unit is not None and unit.path.startswith(actor.unit.path)):
        raise Http404
    return unit


def draft_of(launch: Launch) -> str:
    return reverse("case_new", args=[launch.unit.pk, launch.edition.code, launch.procedure.code or launch.procedure.name])


def _papers(launch: Launch) -> set[str]:
    """Files come as uploads only: their names typed as text are nothing."""
    return {spec.name for spec in judgement.fields_of(launch.procedure, LAUNCH) if spec.kind == "附件"}


def _page(request: ActingRequest, launch: Launch, *, status: int) -> HttpResponse:
    context = {"launch": launch, "key": request.POST.get("key") or secrets.token_hex(16), "draft": draft_of(launch)}
    return render(request, "procedure/launch.html", context, status=status)


urlpatterns = [path("cases/new/<int:unit>/<str:code>/<str:procedure>/", begin, name="case_new")]
