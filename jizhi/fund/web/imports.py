"""Opening balances and bank statements from a file: hand in, look at every row, then all rows or none."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from jizhi.access.gate import require
from jizhi.access.middleware import ActingRequest
from jizhi.fund import sheets
from jizhi.fund.actions import import_opening, import_statement
from jizhi.fund.forms import FileForm
from jizhi.fund.models import Fund
from jizhi.fund.queries.bank import marks
from jizhi.fund.queries.ledger import fund_for
from jizhi.org.imports import Kind, Preview, error_workbook, template_workbook
from jizhi.org.models import User
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.ui import clock, drafts
from jizhi.ui.export import sent
from jizhi.ui.tables import shown


@dataclass(frozen=True)
class Table:
    spec: Kind
    permission: str
    back: str


TABLES = {
    "opening": Table(sheets.OPENING, "fund.import_opening", "fund"),
    "statement": Table(sheets.STATEMENT, "fund.import_statement", "fund_bank"),
}


def hand_in(request: ActingRequest, pk: int, kind: str) -> HttpResponse:
    """The file waits beside the person's drafts until it is imported or replaced."""
    fund, table = _allowed(request, pk, kind)
    dated = kind == "opening"
    form = FileForm(request.POST or None, request.FILES or None, dated=dated, initial={"day": fund.opened_on})
    if request.method == "POST" and form.is_valid():
        upload, day = form.cleaned_data["file"], form.cleaned_data.get("day")
        kept = {"file": b64encode(upload.read()).decode(), "name": upload.name[:120], "day": day.isoformat() if day else ""}
        drafts.keep(_user(request), _key(pk, kind), kept)
        return redirect("fund_import_preview", pk, kind)
    return render(request, "fund/import.html", {"fund": fund, "form": form, "kind": kind, "spec": table.spec, "back": table.back})


def look(request: ActingRequest, pk: int, kind: str) -> HttpResponse:
    """Every row with what is wrong beside its cell; POST imports what was shown."""
    fund, table = _allowed(request, pk, kind)
    content, name, day = _handed_in(request, pk, kind)
    if request.method == "POST":
        try:
            if kind == "opening":
                import_opening(fund, content, day=day or fund.opened_on, by=request.actor, today=clock.today())
            else:
                import_statement(fund, content, name=name, by=request.actor, today=clock.today())
        except (Refused, FormProblems) as why:
            messages.error(request, f"没有导入：{why}"[:400])
            return redirect("fund_import_preview", pk, kind)
        drafts.drop(_user(request), _key(pk, kind))
        messages.success(request, f"已导入{table.spec.name}，记入办理日志")
        return redirect(table.back, pk)
    context = {"fund": fund, "kind": kind, "table": shown(_preview(fund, kind, content), table.spec), "back": table.back}
    return render(request, "fund/import_preview.html", context)


def errors(request: ActingRequest, pk: int, kind: str) -> HttpResponse:
    fund, table = _allowed(request, pk, kind)
    content, _, _ = _handed_in(request, pk, kind)
    return sent(error_workbook(_preview(fund, kind, content), table.spec), f"{kind}-errors.xlsx")


def template(request: ActingRequest, pk: int, kind: str) -> HttpResponse:
    _, table = _allowed(request, pk, kind)
    return sent(template_workbook(kind, table.spec), f"{kind}.xlsx")


def _preview(fund: Fund, kind: str, content: bytes) -> Preview:
    if kind == "opening":
        return sheets.opening_rows(content)[0]
    return sheets.read_statement(content, known=marks(fund), today=clock.today())[0]


def _allowed(request: ActingRequest, pk: int, kind: str) -> tuple[Fund, Table]:
    if kind not in TABLES:
        raise Http404
    fund = fund_for(request.actor, pk)
    require(request.actor, TABLES[kind].permission, fund)
    return fund, TABLES[kind]


def _handed_in(request: ActingRequest, pk: int, kind: str) -> tuple[bytes, str, date | None]:
    draft = drafts.kept(_user(request), _key(pk, kind))
    if draft is None:
        raise Http404
    day = str(draft.data.get("day", ""))
    return b64decode(str(draft.data.get("file", ""))), str(draft.data.get("name", "")), date.fromisoformat(day) if day else None


def _key(pk: int, kind: str) -> str:
    return f"fund-import:{kind}:{pk}"


def _user(request: ActingRequest) -> User:
    return cast(User, request.user)
