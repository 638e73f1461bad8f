"""Tables of units, people and posts: hand in, look at every row, then all rows or none. A standard from a spreadsheet."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.office.actions.imports import import_rows, preview
from jizhi.office.actions.intakes import begin_intake
from jizhi.office.actions.refused import Refused
from jizhi.office.forms import ImportForm, StandardForm, units_below
from jizhi.office.standards import rows_of, total
from jizhi.org.imports import KINDS, error_workbook, is_large, template_workbook
from jizhi.org.models import Unit, User
from jizhi.rulebook.standard_sheet import COLUMNS, read_standard, regulation_yaml
from jizhi.ui import clock, drafts, export
from jizhi.ui.tables import shown

OFFERED = {"schools": "unit_list", "people": "person_list", "posts": "person_list"}  # kind → where it leads back


def hand_in(request: ActingRequest, kind: str) -> HttpResponse:
    """The file goes beside the person's drafts until it is imported or replaced."""
    _allowed(request, kind)
    form = ImportForm(request.POST or None, request.FILES or None, actor=request.actor, initial={"unit": request.actor.unit})
    if request.method == "POST" and form.is_valid():
        unit, content = form.cleaned_data["unit"], form.cleaned_data["file"].read()
        if is_large(kind, content):
            name = form.cleaned_data["file"].name
            return redirect("intake", begin_intake(kind, content, name=name, unit=unit, by=request.actor, today=clock.today()).pk)
        drafts.keep(_user(request), _key(kind), {"unit": unit.pk, "file": b64encode(content).decode()})
        return redirect("import_preview", kind)
    return render(request, "office/import.html", {"form": form, "kind": kind, "spec": KINDS[kind], "back": reverse(OFFERED[kind])})


def look(request: ActingRequest, kind: str) -> HttpResponse:
    """Every row with what is wrong beside its cell; POST imports what was shown."""
    unit, content = _handed_in(request, kind)
    if request.method == "POST":
        try:
            done = import_rows(kind, content, unit=unit, by=request.actor, today=clock.today())
        except Refused as refused:
            messages.error(request, "没有导入：" + "；".join(problem.text for problem in refused.problems[:5]))
            return redirect("import_preview", kind)
        drafts.drop(_user(request), _key(kind))
        messages.success(request, f"已导入{KINDS[kind].name} {len(done.rows) - len(done.skipped)} 行，记入办理日志。")
        return redirect(OFFERED[kind])
    found = preview(kind, content, unit=unit, today=clock.today())
    return render(request, "office/import_preview.html", {"table": shown(found), "unit": unit, "kind": kind})


def errors(request: ActingRequest, kind: str) -> HttpResponse:
    """The rows as they came with the reasons in the last column: to correct and hand in again."""
    unit, content = _handed_in(request, kind)
    return export.sent(error_workbook(preview(kind, content, unit=unit, today=clock.today())), f"{KINDS[kind].name}错误表.xlsx")


def template(request: ActingRequest, kind: str) -> HttpResponse:
    _allowed(request, kind)
    return export.sent(template_workbook(kind), f"{KINDS[kind].name}.xlsx")


def standard(request: ActingRequest) -> HttpResponse:
    """A standard from a spreadsheet: what is wrong by row and column, or its tree and its text ready to be kept."""
    require(request.actor, "office.submit_edition", request.actor.unit)
    form = StandardForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial={"unit": request.actor.unit, "since": clock.today()}
    )
    context: dict[str, object] = {"form": form, "columns": COLUMNS}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        found, problems = read_standard(asked["file"].read(), asked["standard"], subject=asked["subject"])
        context["problems"] = problems
        if found is not None and not problems:
            text = regulation_yaml(found, name=asked["name"], code=asked["code"], since=asked["since"])
            context |= {"standard": found, "rows": rows_of(found), "total": total(found), "text": text, "unit": asked["unit"]}
    return render(request, "office/standard_import.html", context)


def _allowed(request: ActingRequest, kind: str) -> None:
    if kind not in OFFERED:
        raise Http404
    require(request.actor, "office.import_rows", request.actor.unit)


def _handed_in(request: ActingRequest, kind: str) -> tuple[Unit, bytes]:
    """What the person handed in last, and below which unit; 404 when there is nothing."""
    _allowed(request, kind)
    draft = drafts.kept(_user(request), _key(kind))
    unit = units_below(request.actor).filter(pk=draft.data.get("unit")).first() if draft else None
    if draft is None or unit is None:
        raise Http404
    return unit, b64decode(str(draft.data.get("file", "")))


def _key(kind: str) -> str:
    return f"import:{kind}"


def _user(request: ActingRequest) -> User:
    return cast(User, request.user)
