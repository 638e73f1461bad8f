"""A large table on its way in: where it stands, the next part, adding it, giving it up, the rows to correct."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.office import staging
from jizhi.office.actions.intakes import add_intake, drop_intake
from jizhi.office.actions.refused import Refused
from jizhi.org.imports import KINDS, Preview, Row, RowError, error_workbook
from jizhi.org.models import Intake
from jizhi.ui import clock, export

SHOWN = 100  # wrong rows on the page


@require_safe
def intake(request: ActingRequest, pk: int) -> HttpResponse:
    return _page(request, _find(request, pk))


@require_POST
def advance(request: ActingRequest, pk: int) -> HttpResponse:
    """The next part. A page without scripts presses the button again; with them it goes on by itself."""
    found = staging.advance(_find(request, pk), by=request.actor, today=clock.today())
    if request.headers.get("HX-Request"):
        return _page(request, found, "office/_intake.html")
    return redirect("intake", found.pk)


@require_POST
def add(request: ActingRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    try:
        done = add_intake(found, by=request.actor, today=clock.today())
    except Refused as refused:
        messages.error(request, "没有导入：" + "；".join(problem.text for problem in refused.problems[:5]))
        return redirect("intake", pk)
    messages.success(request, f"已导入{KINDS[done.kind].name} {(done.total or 0) - done.skipped} 行，记入办理日志。")
    return redirect("person_list")


@require_POST
def drop(request: ActingRequest, pk: int) -> HttpResponse:
    drop_intake(_find(request, pk), by=request.actor, today=clock.today())
    messages.success(request, "已放弃这个表，什么也没有导入。")
    return redirect("import", "people")


@require_safe
def errors(request: ActingRequest, pk: int) -> HttpResponse:
    """Only the wrong rows, with the reasons: to correct and hand in again with the rest."""
    found = _find(request, pk)
    rows = list(found.rows.exclude(errors=[]))
    wrong = tuple(RowError(row.number, column, text) for row in rows for column, text in row.errors)
    preview = Preview(found.kind, tuple(Row(row.number, row.cells) for row in rows), wrong, found.digest)
    return export.sent(error_workbook(preview), "错误表.xlsx")


def _find(request: ActingRequest, pk: int) -> Intake:
    return get_object_or_404(visible(request.actor, Intake.objects.select_related("unit", "by").defer("content")), pk=pk)


def _page(request: ActingRequest, found: Intake, template: str = "office/intake.html") -> HttpResponse:
    kind = KINDS[found.kind]
    wrong = [(row, [(c.heads[0], row.cells.get(c.key, "")) for c in kind.columns]) for row in found.rows.exclude(errors=[])[:SHOWN]]
    total = found.total or 0
    context = {
        "intake": found,
        "spec": kind,
        "running": found.done_at is None and not found.whole and (found.total is None or found.checked < total),
        "new": total - found.skipped - found.wrong,
        "wrong": wrong,
        "share": 100 * found.checked // total if total else 0,
    }
    return render(request, template, context)
