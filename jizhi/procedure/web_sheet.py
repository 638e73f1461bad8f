"""The sheet that a step asks for (评分), filled in by whoever may take the step."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, visible
from jizhi.access.middleware import ActingRequest
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.figures import Fetched, fetched, figures
from jizhi.procedure.forms import Error
from jizhi.procedure.many import group_of, period_of
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import refusal_of
from jizhi.rulebook import judgement
from jizhi.rulebook.indicators import leaves
from jizhi.rulebook.language import Indicator, Marking, RedLine, Standard, Step
from jizhi.sheets.actions import SheetRefused, amend_sheet, hand_in_sheet, save_sheet, standard_of
from jizhi.sheets.models import Sheet
from jizhi.ui import clock, export

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
    """One field as the template draws it: a leaf, a bonus with its fact, a red line."""

    key: str
    name: str
    hint: str
    look_for: str
    options: tuple[str, ...]
    value: str
    error: str
    fetched: Fetched | None = None  # 取数: a proposal beside the field


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
    again = before is not None and _came_again(docket, step, step.marking, before)
    typed = _kept(standard, before) if before else {}
    problems: dict[str, str] = {}
    text = ""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in request.POST}
        try:
            handed = _keep(request, docket, step, step.marking, typed, before if again else None, hand_in="hand_in" in request.POST)
        except SheetRefused as refused:
            problems, text = refused.fields, refused.text
        else:
            messages.success(request, "评分表已提交" if handed else "评分表已保存，还没有提交")
            return redirect("case", pk)
    fields = [_field(standard, leaf, typed, problems, case, request.actor) for leaf in leaves(*standard.indicators)]
    beside = _beside(standard, typed, problems)
    errors = [Error(one.key, one.name, one.error) for one in (*fields, *beside) if one.error] or ([Error("", "", text)] if text else [])
    context = {
        "case": case, "step": step, "standard": standard, "fields": fields, "beside": beside, "errors": errors, "sheet": before,
        "again": again, "reason": typed.get("reason", ""), "reason_wrong": problems.get("reason", ""),
    }  # fmt: skip
    return render(request, "procedure/sheet.html", context, status=422 if errors else 200)


@require_safe
def case_counted(request: ActingRequest, pk: int) -> HttpResponse:
    """What a fetched figure counts, names masked, for whoever is to judge by it now."""
    case = get_object_or_404(visible(request.actor, CASES), pk=pk)
    figure = figures().get(request.GET.get("name", ""))
    value = figure.of(case) if figure is not None and figure.listed else None
    if figure is None or figure.listed is None or value is None:
        raise Http404
    if not may_rate(case, request.actor):
        raise Forbidden("取数的记录只给正在评分的人看；已经公布的，在公开网站上人人能看")
    found = figure.listed(case)
    if export.asked(request):
        return export.book(request, figure.name, [export.Sheet(figure.name, found.heads, found.rows)])
    whole = figure.records(case, request.actor) if figure.records else ""
    lines = [list(zip(found.heads, row, strict=True)) for row in found.rows]
    context = {"case": case, "figure": figure, "value": f"{value:f}", "heads": found.heads, "lines": lines, "whole": whole}
    return render(request, "procedure/counted.html", context)


def may_rate(case: Case, actor: Actor) -> bool:
    """Whether the case stands at a step that asks for sheets and the actor may take it."""
    docket = docket_of(case)
    step = docket.step(docket.standing.step or "")
    if step is None or step.marking is None:
        return False
    return refusal_of(docket, step.name, None, {}, by=actor.rulebook(), today=clock.today()) is None


def _mine(request: ActingRequest, docket: Docket, step: Step, need: Marking) -> Sheet | None:
    """The reader's own sheet about this unit, begun or handed in."""
    case = docket.case
    found = Sheet.objects.filter(
        rater=request.actor.person, edition=case.edition_id, standard=need.standard, subject_type=case.unit._meta.label,
        subject_id=str(case.unit_id), period=period_of(case, need), replaced_by=None,
    )  # fmt: skip
    return found.order_by("-pk").first()


def _came_again(docket: Docket, step: Step, need: Marking, sheet: Sheet) -> bool:
    """Whether the case has come to this step again since the sheet was handed in (退回): then its rater may correct it."""
    if sheet.handed_in_at is None or docket.standing.round < 2 or sheet.group != group_of(docket.case, step, need):
        return False
    moved = judgement.moving(docket.procedure, judgement.counted(docket.procedure, docket.acts))
    came = next(row.at for row in reversed(docket.rows) if row.number == moved[-1].number)
    return sheet.handed_in_at < came


def _kept(standard: Standard, sheet: Sheet) -> dict[str, str]:
    """A sheet as its page asks for it."""
    reds = dict(sheet.red_lines)
    found = {f"i-{code}": how for code, how in sheet.scores.values_list("indicator", "how")}
    for n, bonus in enumerate(standard.bonuses):
        found[f"b-{n}"], found[f"f-{n}"] = sheet.bonuses.get(bonus.name, ("", ""))
    return found | {f"r-{n}": reds.get(red.name, "") for n, red in enumerate(_red_lines(standard))}


def _red_lines(standard: Standard) -> list[RedLine]:
    """Those that a rater tells of; a veto (否决) needs papers and is recorded of its own."""
    return [red for red in standard.red_lines if not red.vetoes]


@transaction.atomic
def _keep(
    request: ActingRequest, docket: Docket, step: Step, need: Marking, typed: dict[str, str], handed_in: Sheet | None, *, hand_in: bool
) -> bool:
    """Save, or hand in; ``handed_in`` is the sheet that is corrected."""
    case, standard = docket.case, standard_of(docket.case.edition, need.standard)
    entries = {leaf.code: typed.get(f"i-{leaf.code}", "") for leaf in leaves(*standard.indicators)}
    given = {bonus.name: (typed.get(f"b-{n}", ""), typed.get(f"f-{n}", "")) for n, bonus in enumerate(standard.bonuses)}
    bonuses = {name: pair for name, pair in given.items() if any(pair)}
    red_lines = {red.name: typed[f"r-{n}"] for n, red in enumerate(_red_lines(standard)) if typed.get(f"r-{n}")}
    if handed_in is not None:
        amend_sheet(
            handed_in.pk, entries=entries, red_lines=red_lines, bonuses=bonuses, reason=typed.get("reason", ""),
            by=request.actor, now=timezone.now(),
        )  # fmt: skip
        return True
    sheet = save_sheet(
        unit=(case.parent or case).unit,
        edition=case.edition,
        standard=need.standard,
        subject=case.unit,
        subject_name=case.unit.name,
        entries=entries,
        red_lines=red_lines,
        bonuses=bonuses,
        by=request.actor,
        today=clock.today(),
        period=period_of(case, need),
        group=group_of(case, step, need) or next(iter(standard.groups), ""),
    )
    if hand_in:
        hand_in_sheet(sheet.pk, by=request.actor, now=timezone.now())
    return hand_in


def _field(standard: Standard, leaf: Indicator, typed: dict[str, str], problems: dict[str, str], case: Case, actor: Actor) -> Field:
    kind = leaf.scoring.kind if leaf.scoring else "得分"
    graded = (*standard.grade_points, "不适用") if standard.grade_points else ()
    options = {"四档": graded, "是否": ("是", "否", "不适用")}.get(kind, ())
    return Field(
        key=f"i-{leaf.code}",
        name=f"{leaf.name}（{leaf.points} 分）",
        hint="" if options else HINTS.get(kind, ""),
        look_for="；".join(leaf.look_for),
        options=options,
        value=typed.get(f"i-{leaf.code}", ""),
        error=problems.get(leaf.code, ""),
        fetched=fetched(case, leaf.scoring.figure, actor, rates=True) if leaf.scoring and leaf.scoring.figure else None,
    )


def _beside(standard: Standard, typed: dict[str, str], problems: dict[str, str]) -> list[Field]:
    """What stands beside the indicators: 加分, each with its fact, and 红线, which never take points."""
    found = []
    for n, bonus in enumerate(standard.bonuses):
        wrong = problems.get(bonus.name, "")
        hint, fact = f"没有的留空，至多 {bonus.most} 分", f"凭什么加分{f'（{bonus.needs}）' if bonus.needs else ''}"
        found.append(Field(f"b-{n}", f"{bonus.name}：加分", hint, "", (), typed.get(f"b-{n}", ""), wrong))
        found.append(Field(f"f-{n}", f"{bonus.name}：事实", fact, "", (), typed.get(f"f-{n}", ""), ""))
    for n, red in enumerate(_red_lines(standard)):
        hint = f"没有的留空；触及的写明事实，由有权的人核查（{red.then}）"
        found.append(Field(f"r-{n}", f"红线：{red.name}", hint, "", (), typed.get(f"r-{n}", ""), problems.get(red.name, "")))
    return found


urlpatterns = [
    path("cases/<int:pk>/sheet/", case_sheet, name="case_sheet"),
    path("cases/<int:pk>/counted/", case_counted, name="case_counted"),
]
