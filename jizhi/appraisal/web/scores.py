"""One page on which a rater scores many units: a row for each, a column for each indicator, kept together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from jizhi.access.gate import visible
from jizhi.access.middleware import ActingRequest
from jizhi.appraisal.actions import AppraisalRefused, save_scores
from jizhi.appraisal.actions.scores import Kept, Typed
from jizhi.appraisal.models import Campaign
from jizhi.appraisal.queries.scores import (
    dockets_of,
    entries_of,
    my_sheets,
    rated_steps,
    seen_of,
    steps_waiting,
    units_waiting,
)
from jizhi.appraisal.web.answers import campaign_for
from jizhi.kernel.ids import id_of
from jizhi.procedure.docket import Docket
from jizhi.procedure.figures import Fetched, fetched
from jizhi.procedure.forms import Error
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import refusal_of
from jizhi.procedure.web_sheet import HINTS
from jizhi.rulebook.indicators import leaves
from jizhi.rulebook.language import Indicator, Marking, Standard, Step
from jizhi.sheets.actions import standard_of
from jizhi.sheets.models import Sheet
from jizhi.ui import clock
from jizhi.ui.paging import Page, count_words, page_of

SIZE = 20  # units of one page


@dataclass(frozen=True)
class Column:
    """One indicator: what it is called, its most, how an entry is written."""

    code: str
    name: str
    most: str
    hint: str
    options: tuple[str, ...]
    figure: str  # 取数


@dataclass(frozen=True)
class Cell:
    """One entry. ``stored`` is what is kept now, where another window has changed it; ``lost`` what was typed and can be kept no more."""

    id: str
    column: Column
    value: str
    error: str = ""
    stored: str = ""
    lost: str = ""
    fetched: Fetched | None = None

    @property
    def figure(self) -> Fetched | None:
        return self.fetched if self.fetched and self.fetched.value else None


@dataclass(frozen=True)
class Row:
    """One unit. ``closed`` says why there is nothing to fill in; its cells then show what was given."""

    case: Case
    cells: Sequence[Cell]
    seen: str
    state: str
    later: bool = False
    error: str = ""
    closed: str = ""


@dataclass(frozen=True)
class Grid:
    """The whole page."""

    campaign: Campaign
    step: Step
    standard: Standard
    columns: Sequence[Column]
    rows: Sequence[Row]
    problems: Mapping[str, str] = field(default_factory=dict)
    page: Page[Case] | None = None  # None: what was posted comes back
    next_page: str = ""

    @property
    def open(self) -> bool:
        return any(not row.closed for row in self.rows)

    @property
    def told_elsewhere(self) -> bool:
        """Whether a unit's own sheet asks for more than the indicators."""
        return bool(self.standard.bonuses) or any(not red.vetoes for red in self.standard.red_lines)

    @property
    def errors(self) -> list[Error]:
        found = []
        for row in self.rows:
            if row.error:
                found.append(Error(f"row-{row.case.pk}", row.case.unit.name, row.error))
            found += [Error(cell.id, f"{row.case.unit.name}，{cell.column.name}", cell.error) for cell in row.cells if cell.error]
        return found or [Error("", "", text) for text in self.problems.values()]


@require_http_methods(["GET", "POST"])
def scores(request: ActingRequest, pk: int) -> HttpResponse:
    found = campaign_for(request, pk)
    waiting = steps_waiting(found, request.actor)
    named = request.POST.get("step", "") or request.GET.get("step", "")
    step = next((one for one in rated_steps(found) if one.name == named), None) or next(iter(waiting), None)
    if step is None or step.marking is None:
        return render(request, "appraisal/scores.html", {"campaign": found, "grid": None})
    if request.method == "POST":
        return _posted(request, found, step, step.marking)
    units = units_waiting(found, step, request.actor)
    page = page_of(units.prefetch_related("acts"), request, order=("unit__path", "id"), size=SIZE)
    grid = _grid(request, found, step, step.marking, page.rows, page=page)
    context = {"campaign": found, "grid": grid, "total": count_words(units), "waiting": waiting}
    return render(request, "appraisal/scores.html", context)


def _posted(request: ActingRequest, found: Campaign, step: Step, need: Marking) -> HttpResponse:
    data = request.POST
    ids = [id_of(text) for text in data.getlist("case")][: SIZE + 1]
    if not ids or len(ids) > SIZE:
        raise Http404
    codes = [leaf.code for leaf in leaves(*standard_of(found.case.edition, need.standard).indicators)]
    rows = {one: _typed(data, one, codes) for one in ids}
    now = timezone.now()
    try:
        kept = save_scores(
            found.pk, step=step.name, rows=rows, hand_in="hand_in" in data, by=request.actor, today=clock.today(), now=now
        )  # fmt: skip
    except AppraisalRefused as no:
        units = visible(request.actor, Case.objects.filter(parent=found.case_id, pk__in=ids)).select_related("unit__parent")
        cases = list(units.order_by("unit__path", "id").prefetch_related("acts"))
        grid = _grid(request, found, step, need, cases, typed=rows, problems=no.fields or {"": no.text})
        return render(request, "appraisal/scores.html", {"campaign": found, "grid": grid, "waiting": []}, status=422)
    _tell(request, kept)
    token = data.get("next_page", "") if "go_on" in data else request.GET.get("after", "")
    query = QueryDict(mutable=True)
    query.update({"step": step.name, **({"after": token} if token else {})})
    return redirect(f"{reverse('appraisal_scores', args=[found.pk])}?{query.urlencode()}")


def _typed(data: QueryDict, pk: int, codes: Sequence[str]) -> Typed:
    entries = {code: " ".join(data.get(f"i-{pk}-{code}", "").replace("\x00", "").split()) for code in codes}
    return Typed(entries, seen=data.get(f"seen-{pk}", ""), later=bool(data.get(f"later-{pk}")))


def _tell(request: ActingRequest, kept: Kept) -> None:
    if kept.handed_in:
        messages.success(request, f"已提交 {len(kept.handed_in)} 个单位的评分表：{'、'.join(kept.handed_in)}")
    elif kept.saved:
        messages.success(request, f"已保存 {len(kept.saved)} 个单位的评分，还没有提交")
    elif "go_on" not in request.POST:
        messages.info(request, "和已经保存的一样，没有要保存的")


def _grid(
    request: ActingRequest,
    campaign: Campaign,
    step: Step,
    need: Marking,
    cases: Sequence[Case],
    *,
    typed: Mapping[int, Typed] | None = None,
    problems: Mapping[str, str] | None = None,
    page: Page[Case] | None = None,
) -> Grid:
    standard = standard_of(campaign.case.edition, need.standard)
    columns = [_column(standard, leaf) for leaf in leaves(*standard.indicators)]
    sheets = my_sheets(campaign, need, cases, request.actor)
    rows = [
        _row(request, docket, step, columns, sheets.get(docket.case.unit_id), (typed or {}).get(docket.case.pk), problems or {})
        for docket in dockets_of(campaign, cases)
    ]
    next_page = page.next if page else request.POST.get("next_page", "")
    return Grid(campaign, step, standard, columns, rows, problems or {}, page, next_page)


def _row(
    request: ActingRequest,
    docket: Docket,
    step: Step,
    columns: Sequence[Column],
    sheet: Sheet | None,
    typed: Typed | None,
    problems: Mapping[str, str],
) -> Row:
    case, kept, actor = docket.case, entries_of(sheet), request.actor
    closed = _closed(docket, step, sheet, request)
    mine = typed.entries if typed else kept
    given = kept if closed else mine
    moved = not closed and typed is not None and typed.seen != seen_of(sheet)
    cells = [
        Cell(
            id=f"i-{case.pk}-{column.code}",
            column=column,
            value=given.get(column.code, ""),
            error=problems.get(f"i-{case.pk}-{column.code}", ""),
            stored=kept.get(column.code, "没有填") if moved and kept.get(column.code, "") != given.get(column.code, "") else "",
            lost=mine.get(column.code, "") if mine.get(column.code, "") != given.get(column.code, "") else "",
            fetched=fetched(case, column.figure, actor, rates=True) if column.figure and not closed else None,
        )
        for column in columns
    ]
    state = "已提交" if sheet and sheet.handed_in_at else "已保存，未提交" if kept else "还没有评"
    return Row(case, cells, seen_of(sheet), state, bool(typed and typed.later), problems.get(f"row-{case.pk}", ""), closed)


def _closed(docket: Docket, step: Step, sheet: Sheet | None, request: ActingRequest) -> str:
    if docket.standing.step != step.name:
        return f"已经到“{docket.case.step or docket.case.end}”"
    if sheet is not None and sheet.handed_in_at:
        return "退回重办的，到单村评分表更正" if docket.standing.round > 1 else "提交以后不能再改"
    no = refusal_of(docket, step.name, None, {}, by=request.actor.rulebook(), today=clock.today())
    return no.text if no is not None else ""


def _column(standard: Standard, leaf: Indicator) -> Column:
    kind = leaf.scoring.kind if leaf.scoring else "得分"
    graded = (*standard.grade_points, "不适用") if standard.grade_points else ()
    options: tuple[str, ...] = {"四档": graded, "是否": ("是", "否", "不适用")}.get(kind, ())
    figure = leaf.scoring.figure if leaf.scoring and leaf.scoring.figure else ""
    return Column(leaf.code, leaf.name, f"{leaf.points.normalize():f}", "" if options else HINTS.get(kind, ""), options, figure)
