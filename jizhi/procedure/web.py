"""The page of a case, the acts on it, and the list of cases."""

from __future__ import annotations

import secrets
from datetime import date
from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.kernel.ids import id_of
from jizhi.org.models import Unit, User
from jizhi.procedure import actions, queries, web_batch, web_launch, web_sheet
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.forms import DeclaredForm
from jizhi.procedure.models import Case
from jizhi.procedure.queries.desk import Desk, Typed, draft_key, prefix_of
from jizhi.procedure.queries.lists import STATES, holders_of
from jizhi.rulebook import judgement
from jizhi.ui import clock, drafts, export
from jizhi.ui.paging import count_words, page_of

CASES = Case.objects.select_related("unit", "edition", "began_by", "about__edition", "parent")


@require_safe
def case(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, CASES), pk=pk)
    return _page(request, docket_of(found))


@require_POST
def act(request: ActingRequest, pk: int) -> HttpResponse:
    """A step or a side act; the button's form names it."""
    docket = docket_of(get_object_or_404(visible(request.actor, CASES), pk=pk))
    data, name = request.POST, request.POST.get("step", "")
    prefix, outcome = prefix_of(docket, name), data.get("outcome", "")
    form = DeclaredForm(judgement.fields_of(docket.procedure, name, outcome), data=data, prefix=prefix)
    files = {spec.name: cast(UploadedFile, request.FILES[prefix + spec.name]) for spec in form.specs if prefix + spec.name in request.FILES}
    try:
        done = actions.act(
            pk,
            name,
            outcome,
            {spec.name: form.raw[spec.name] for spec in form.specs if spec.kind != "附件"},  # a file's name typed as text is nothing
            by=request.actor,
            today=clock.today(),
            opinion=data.get("opinion", ""),
            key=_plain(data.get("key", "")),
            uploads=files,
        )
    except actions.FormProblems as wrong:
        return _page(request, docket, Typed(name, data, wrong.problems), status=422)
    except actions.Refused as no:
        fresh = docket_of(get_object_or_404(visible(request.actor, CASES), pk=pk))
        return _page(request, fresh, Typed(name, data, refusal=no.refusal), status=403)
    drafts.drop(cast(User, request.user), draft_key(docket, name))
    messages.success(request, f"已提交：{done.step}{'' if done.outcome == done.step else f'，{done.outcome}'}")
    return redirect("case", pk)


TABLE: export.Columns = (
    ("事项", lambda case: case.title),
    ("编号", lambda case: case.number),
    ("单位", lambda case: case.unit.name),
    ("程序", lambda case: case.procedure),
    ("所在步骤", lambda case: case.step or case.end),
    ("发起日期", lambda case: case.began_on),
    ("发起人", lambda case: case.began_by.name if case.began_by else "系统"),
    ("到期", lambda case: case.due),
)


@require_safe
def listing(request: ActingRequest) -> HttpResponse:
    actor, today, given = request.actor, clock.today(), request.GET
    unit = visible(actor, Unit.objects.all()).filter(pk=id_of(given.get("unit"))).first()
    since = _day(given.get("since", ""))
    rows = queries.cases(
        actor,
        today=today,
        unit=unit,
        procedure=_plain(given.get("procedure", "")),
        code=_plain(given.get("code", "")),
        parent=id_of(given.get("parent")) or None,
        since=since,
    )
    steps = queries.steps_in(rows)
    state = _plain(given.get("state", ""))
    chosen = queries.cases(
        actor,
        today=today,
        unit=unit,
        procedure=_plain(given.get("procedure", "")),
        code=_plain(given.get("code", "")),
        state=state,
        step=_plain(given.get("step", "")),
        text=_plain(given.get("q", "")).strip(),
        parent=id_of(given.get("parent")) or None,
        end=_plain(given.get("end", "")),
        since=since,
    )
    if export.asked(request):
        return export.table(request, "案件", TABLE, chosen.order_by(*queries.order_of(state)).iterator(chunk_size=1000))
    page = page_of(chosen, request, order=queries.order_of(state))
    holders = holders_of(page.rows)
    shown = [(one, *queries.status_of(one, today), holders.get(one.pk, "—")) for one in page.rows]
    context = {
        "page": page, "rows": shown, "total": count_words(chosen), "states": STATES, "steps": steps, "unit": unit, "given": given,
        "since": since,
    }  # fmt: skip
    return render(request, "procedure/cases.html", context)


def _plain(text: str) -> str:
    return text.replace("\x00", "")  # which PostgreSQL refuses


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(request: ActingRequest, docket: Docket, typed: Typed | None = None, *, status: int = 200) -> HttpResponse:
    desk = Desk(docket, request.actor, clock.today(), typed)
    return render(request, "procedure/case.html", {"desk": desk, "case": docket.case, "key": secrets.token_hex(16)}, status=status)


urlpatterns = [
    path("cases/", listing, name="cases"),
    path("cases/<int:pk>/", case, name="case"),
    path("cases/<int:pk>/act/", act, name="case_act"),
    *web_batch.urlpatterns,
    *web_launch.urlpatterns,
    *web_sheet.urlpatterns,
]
