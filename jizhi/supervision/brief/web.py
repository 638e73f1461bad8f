"""Pages of briefs: list, draft, editor, reader, Word file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from jizhi.access.gate import may, require
from jizhi.access.middleware import ActingRequest
from jizhi.documents.brief import brief_docx, outline_of
from jizhi.documents.outline import numbered
from jizhi.org.queries import school_of
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.supervision.brief import queries, rules
from jizhi.supervision.brief.actions import Stale, draft_brief, save_brief
from jizhi.supervision.brief.forms import BriefForm, DraftForm, initial, saved_rows
from jizhi.supervision.brief.models import Brief
from jizhi.supervision.queries.people import period_of
from jizhi.ui import clock, drafts, export
from jizhi.ui.paging import count_words, page_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


TABLE: export.Columns = (
    ("标题", lambda brief: brief.title),
    ("期号", lambda brief: brief.number_line),
    ("学校", lambda brief: brief.unit.name),
    ("自", lambda brief: brief.since),
    ("至", lambda brief: brief.until),
    ("现在", lambda brief: "已发布" if brief.published_on else brief.case.end or brief.case.step),
    ("发布", lambda brief: brief.published_on),
)


@require_safe
def brief_list(request: ActingRequest) -> HttpResponse:
    found = queries.briefs(request.actor)
    if export.asked(request):
        return export.table(request, "督导简报", TABLE, found.order_by("-id"))
    can_draft = request.actor.unit is not None and may(request.actor, "supervision.edit_brief", school_of(request.actor.unit))
    page = page_of(found, request)
    return render(request, "supervision/brief_list.html", {"page": page, "total": count_words(found), "can_draft": can_draft})


def brief_new(request: ActingRequest) -> HttpResponse:
    """Choose the period; the three parts are drafted from its records."""
    today = clock.today()
    require(request.actor, "supervision.edit_brief")
    assert request.actor.unit is not None  # a seat of a body is held
    unit = school_of(request.actor.unit)
    require(request.actor, "supervision.edit_brief", unit)
    start = {"since": today.replace(day=1), "until": today, "period": period_of(unit, today)}
    form = DraftForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            brief = draft_brief(unit, by=request.actor, today=today, **form.cleaned_data)
            return redirect("brief_edit", pk=brief.pk)
        except Refused as refused:
            form.add_error(None, refused.refusal.text)
        except FormProblems as wrong:
            for problem in wrong.problems:
                form.add_error(None, f"{problem.field}：{problem.text}")
    return render(request, "supervision/brief_new.html", {"form": form, "unit": unit}, status=422 if form.errors else 200)


@require_safe
def brief(request: ActingRequest, pk: int) -> HttpResponse:
    """As it is printed."""
    found = get_object_or_404(queries.briefs(request.actor), pk=pk)
    paper = queries.paper_of(found)
    editor = may(request.actor, "supervision.edit_brief", found)
    context = {
        "brief": found,
        "paper": paper,
        "lines": numbered(outline_of(paper)),
        "can_edit": editor and queries.can_edit(found),
        "sees_case": found.case_id and may(request.actor, "supervision.read_brief", found),
        "audience": list(found.published_to.all()),
    }
    return render(request, "supervision/brief.html", context)


def brief_edit(request: ActingRequest, pk: int) -> HttpResponse:
    """The editor. Nothing typed is lost when someone else saved meanwhile: both texts are shown."""
    found = get_object_or_404(queries.briefs(request.actor), pk=pk)
    require(request.actor, "supervision.edit_brief", found)
    if not queries.can_edit(found):
        messages.warning(request, "这份简报已经提交审核或发布，不能再改。需要修改时，请审核人退回。")
        return redirect("brief", pk=pk)
    form, stale = _brief_form(request, found), None
    if request.method == "POST" and form.is_valid():
        try:
            save_brief(pk, form.edit(), version=form.cleaned_data["version"], by=request.actor, today=clock.today())
            drafts.drop(request.user, request.path)  # type: ignore[arg-type]
            messages.success(request, "已保存")
            return redirect("brief_edit" if "stay" in request.POST else "brief", pk=pk)
        except Stale as error:
            stale = error.brief
            form.data = {**form.data, "version": str(stale.version)}
    status = 409 if stale else 422 if form.errors else 200
    return render(request, "supervision/brief_edit.html", {**_editor(found, form), "stale": stale}, status=status)


def _brief_form(request: ActingRequest, found: Brief) -> BriefForm:
    known = frozenset(entry.finding for entry in queries.ledger(found.unit, found.since, found.until))
    known |= {item.finding for item in saved_rows(found) if item.finding}
    audience = queries.audience_of(found.unit, on=clock.today())
    return BriefForm(request.POST or None, audience=audience, brief=found, known=known, initial=initial(found))


def _editor(found: Brief, form: BriefForm) -> dict[str, Any]:
    ledger = queries.ledger(found.unit, found.since, found.until)
    parts = (found.strengths, found.problems_text, found.requirements)
    rows = saved_rows(found)
    return {
        "brief": found,
        "form": form,
        "ledger": ledger,
        "pending": queries.pending_count(found.unit, found.since, found.until),
        "warnings": rules.warnings(found.title, parts, rows, ledger=ledger),
        "length": rules.length(found.title, [*parts, *(row.text for row in rows)]),
        "longest": rules.LONGEST,
    }


@require_safe
def brief_word(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.briefs(request.actor), pk=pk)
    paper = queries.paper_of(found)
    name = rules.file_name(found.period, found.unit.name, found.number_line, paper.day)
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(brief_docx(paper), content_type=WORD, headers={"Content-Disposition": disposition})


urlpatterns = [
    path("supervision/briefs/", brief_list, name="brief_list"),
    path("supervision/briefs/new/", brief_new, name="brief_new"),
    path("supervision/briefs/<int:pk>/", brief, name="brief"),
    path("supervision/briefs/<int:pk>/edit/", brief_edit, name="brief_edit"),
    path("supervision/briefs/<int:pk>/word/", brief_word, name="brief_word"),
]
