"""The sheet that a step asks for (评分), filled in by whoever may take the step."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jizhi.access.gate import Forbidden, visible
from jizhi.access.middleware import ActingRequest
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.forms import Error
from jizhi.procedure.many import group_of, period_of
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import refusal_of
from jizhi.rulebook.indicators import leaves
from jizhi.rulebook.language import Indicator, Marking, Standard, Step
from jizhi.sheets.actions import SheetRefused, hand_in_sheet, save_sheet, standard_of
from jizhi.sheets.models import Sheet
from jizhi.ui import clock

CASES = Case.objects.select_related("unit", "edition", "parent__unit")
HINTS = {
    "公式": "按公式填，如 11/12",
    "扣分": "填扣几项，如 扣 2 项；没有的填 扣 0 项",
    "是否": "填 是 或 否",
    "得分": "填得分",
    "四档": "填得分",
}


@dataclass(frozen=True)
class Field:
    """One leaf as the template draws it."""

    code: str
    name: str
    points: str
    hint: str
    look_for: str
    options: tuple[str, ...]
    value: str
    error: str


@require_http_methods(["GET", "POST"])
def case_sheet(request: ActingRequest, pk: int) -> HttpResponse:
    case = get_object_or_404(visible(request.actor, CASES), pk=pk)
    docket = docket_of(case)
    step = docket.step(docket.standing.step or "")
    if step is None or step.marking is None:
        messages.info(request, "这件事项现在不用填评分表")
        return redirect("case", pk)
    if (no := refusal_of(docket, step.name, None, {}, by=request.actor.rulebook(), today=clock.today())) is not None:
        raise Forbidden(no.text)
    standard = standard_of(case.edition, step.marking.standard)
    before = _mine(request, docket, step, step.marking)
    typed = dict(before.scores.values_list("indicator", "how")) if before else {}
    problems: dict[str, str] = {}
    text = ""
    if request.method == "POST":
        typed = {leaf.code: request.POST.get(f"i-{leaf.code}", "").replace("\x00", "") for leaf in leaves(*standard.indicators)}
        try:
            handed = _keep(request, docket, step, step.marking, typed, hand_in="hand_in" in request.POST)
        except SheetRefused as refused:
            problems, text = refused.fields, refused.text
        else:
            messages.success(request, "评分表已提交" if handed else "评分表已保存，还没有提交")
            return redirect("case", pk)
    fields = [_field(standard, leaf, typed, problems) for leaf in leaves(*standard.indicators)]
    errors = [Error(f"i-{one.code}", one.name, one.error) for one in fields if one.error] or ([Error("", "", text)] if text else [])
    context = {"case": case, "step": step, "standard": standard, "fields": fields, "errors": errors, "sheet": before}
    return render(request, "procedure/sheet.html", context, status=422 if errors else 200)


def _mine(request: ActingRequest, docket: Docket, step: Step, need: Marking) -> Sheet | None:
    """The reader's own sheet about this unit, begun or handed in."""
    case = docket.case
    found = Sheet.objects.filter(
        rater=request.actor.person, edition=case.edition_id, standard=need.standard, subject_type=case.unit._meta.label,
        subject_id=str(case.unit_id), period=period_of(case, need), replaced_by=None,
    )  # fmt: skip
    return found.order_by("-pk").first()


@transaction.atomic
def _keep(request: ActingRequest, docket: Docket, step: Step, need: Marking, typed: dict[str, str], *, hand_in: bool) -> bool:
    case = docket.case
    groups = list(standard_of(case.edition, need.standard).groups)
    sheet = save_sheet(
        unit=(case.parent or case).unit,
        edition=case.edition,
        standard=need.standard,
        subject=case.unit,
        subject_name=case.unit.name,
        entries=typed,
        by=request.actor,
        today=clock.today(),
        period=period_of(case, need),
        group=group_of(case, step, need) or (groups[0] if groups else ""),
    )
    if hand_in:
        hand_in_sheet(sheet.pk, by=request.actor, now=timezone.now())
    return hand_in


def _field(standard: Standard, leaf: Indicator, typed: dict[str, str], problems: dict[str, str]) -> Field:
    kind = leaf.scoring.kind if leaf.scoring else "得分"
    graded = (*standard.grade_points, "不适用") if standard.grade_points else ()
    options = {"四档": graded, "是否": ("是", "否", "不适用")}.get(kind, ())
    return Field(
        code=leaf.code,
        name=leaf.name,
        points=f"{leaf.points}",
        hint="" if options else HINTS.get(kind, ""),
        look_for="；".join(leaf.look_for),
        options=options,
        value=typed.get(leaf.code, ""),
        error=problems.get(leaf.code, ""),
    )


urlpatterns = [path("cases/<int:pk>/sheet/", case_sheet, name="case_sheet")]
