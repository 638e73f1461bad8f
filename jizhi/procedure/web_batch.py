"""Pages over many cases: how far the children are, one act over their rows, one act over like cases."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.kernel.ids import id_of
from jizhi.procedure import actions
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.forms import DeclaredForm, Error
from jizhi.procedure.models import Case
from jizhi.procedure.queries.batch import batch_rows, options_of, proposed
from jizhi.procedure.queries.children import like_cases, progress, takeable
from jizhi.procedure.queries.desk import Choice
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import Problem, Refusal
from jizhi.rulebook.language import Step
from jizhi.ui import clock
from jizhi.ui.paging import Page, page_of

SIZE = 100  # like cases of one page
CASES = Case.objects.select_related("unit", "edition", "began_by", "about__edition", "parent")


@dataclass(frozen=True)
class Line:
    """One row of the table as the template draws it."""

    id: str
    name: str
    link: str
    default: str
    where: str
    stopped: str
    value: str
    reason: str
    ticked: bool
    error: str = ""


@dataclass(frozen=True)
class Table:
    """The whole page: rows, the choice of outcome, the step's own form."""

    docket: Docket
    step: Step
    lines: Sequence[Line]
    choices: Sequence[Choice]
    form: DeclaredForm
    options: Sequence[str]
    of_children: bool
    opinion: str = ""
    problems: Sequence[Problem] = ()
    refusal: Refusal | None = None
    sends_back: str = ""  # the outcome that sends ticked rows back
    proposed_by: str = ""  # who of the body put the table forward
    page: Page[Case] | None = None  # of like cases; the rows that a parent decides about stand on one page
    key: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def errors(self) -> list[Error]:
        """The summary: what concerns the whole, then each row."""
        own = [Error("", problem.field, problem.text) for problem in self.problems if not problem.field.startswith("行 ")]
        return [*own, *(Error(f"row-{line.id}", line.name, line.error) for line in self.lines if line.error)]

    @property
    def departing(self) -> int:
        return sum(line.value not in ("", line.default) for line in self.lines)


@require_safe
def case_progress(request: ActingRequest, pk: int) -> HttpResponse:
    """The counts alone, for the page that asks again every few seconds."""
    found = get_object_or_404(visible(request.actor, CASES), pk=pk)
    return render(request, "procedure/_progress.html", {"case": found, "shares": progress(found, request.actor)})


@require_http_methods(["GET", "POST"])
def case_batch(request: ActingRequest, pk: int) -> HttpResponse:
    """批办 from one case: over its children, or over the cases like it."""
    docket = docket_of(get_object_or_404(visible(request.actor, CASES), pk=pk))
    step = docket.step(docket.standing.step or "")
    if request.method == "POST" and (named := docket.step(request.POST.get("step", ""))) and named.batch:
        return _submit(request, docket, named)
    if step is None or step.batch is None:
        messages.info(request, "这件事项现在不能批办")
        return redirect("case", pk)
    return render(request, "procedure/batch.html", {"table": _table(request, docket, step), "case": docket.case})


def _submit(request: ActingRequest, docket: Docket, step: Step) -> HttpResponse:
    data, of_children = request.POST, bool(step.batch and step.batch.of_children)
    ids = [pk for pk in data.getlist("case") if id_of(pk)]
    rows = {pk: {"值": data.get(f"value-{pk}", ""), "理由": data.get(f"reason-{pk}", ""), "退回": data.get(f"back-{pk}", "")} for pk in ids}
    chosen = [int(pk) for pk in ids if data.get(f"tick-{pk}")]
    form = DeclaredForm(judgement.fields_of(docket.procedure, step.name), data=data)
    wrong: actions.FormProblems | None = None
    refusal: Refusal | None = None
    try:
        done = actions.act_batch(
            docket.case.pk if of_children else chosen,
            step.name,
            data.get("outcome", ""),
            rows,
            by=request.actor,
            today=clock.today(),
            key=data.get("key", "").replace("\x00", ""),
            opinion=data.get("opinion", ""),
            form=form.raw,
        )
    except actions.FormProblems as problems:
        wrong = problems
    except actions.Refused as no:
        refusal = no.refusal
    else:
        messages.success(request, f"已提交：{step.name}，{len(rows) if of_children else len(done)} 个单位一并办理")
        return redirect("case", docket.case.parent_id or docket.case.pk)
    fresh = docket_of(get_object_or_404(visible(request.actor, CASES), pk=docket.case.pk))
    table = _table(request, fresh, step, data, wrong, refusal)
    return render(request, "procedure/batch.html", {"table": table, "case": fresh.case}, status=403 if refusal else 422)


def _table(
    request: ActingRequest,
    docket: Docket,
    step: Step,
    data: QueryDict | None = None,
    wrong: actions.FormProblems | None = None,
    refusal: Refusal | None = None,
) -> Table:
    of_children, page = bool(step.batch and step.batch.of_children), None
    beside = wrong.rows if isinstance(wrong, actions.BatchProblems) else {}
    if of_children:
        known = [(row.id, row.name, f"/cases/{row.id}/", row.default, row.where, row.stopped) for row in batch_rows(docket, step)]
    else:
        page = page_of(like_cases(docket, step, request.actor), request, order=("unit__path", "id"), size=SIZE)
        like = takeable(page.rows, step, request.actor, today=clock.today())
        known = [(str(one.pk), one.unit.name, f"/cases/{one.pk}/", "", one.title, "") for one in like]
    put = proposed(docket, step, "行") if of_children else None
    offered = {pk: one for pk, one in (put.facts["行"] if put else {}).items() if one["值"] != one["默认"]}
    lines = [
        Line(
            *row,
            value=data.get(f"value-{row[0]}", "") if data else offered.get(row[0], {}).get("值", ""),
            reason=data.get(f"reason-{row[0]}", "") if data else offered.get(row[0], {}).get("理由", ""),
            ticked=bool(data.get(f"tick-{row[0]}") or data.get(f"back-{row[0]}")) if data else not of_children,
            error=beside.get(row[0], ""),
        )
        for row in known
    ]
    outcomes = [outcome.name for outcome in step.outcomes]
    chosen = data.get("outcome", "") if data else outcomes[0]
    back = next((outcome.name for outcome in step.outcomes if any(branch.children for branch in outcome.branches)), "")
    problems = wrong.problems if wrong else ()
    return Table(
        docket=docket,
        step=step,
        lines=lines,
        choices=[Choice(name, "", name == chosen, f"outcome-{n}") for n, name in enumerate(outcomes, 1)],
        form=DeclaredForm(judgement.fields_of(docket.procedure, step.name), data=data, problems=problems),
        options=options_of(docket, step) if of_children else outcomes,
        of_children=of_children,
        opinion=data.get("opinion", "") if data else "",
        problems=problems,
        refusal=refusal,
        sends_back=back,
        proposed_by=put.by_name if put else "",
        page=page,
    )


urlpatterns = [
    path("cases/<int:pk>/progress/", case_progress, name="case_progress"),
    path("cases/<int:pk>/batch/", case_batch, name="case_batch"),
]
