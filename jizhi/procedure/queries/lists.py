"""Lists of cases and the desk of a person. Everything goes through access.visible or is the person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from jizhi.access.actor import Actor, Holding
from jizhi.access.gate import visible
from jizhi.kernel.workdays import china
from jizhi.org.models import Unit
from jizhi.procedure.models import Act, Case, Todo
from jizhi.procedure.permissions import my_todos
from jizhi.ui import due

STATES = ("在期", "三日内", "逾期", "已办结")
BANDS = ("逾期", "三个工作日内", "以后")
DESK = 300  # rows of a desk; a person with more has another problem
OPEN_ORDER = ("falls_due", "id")
ENDED_ORDER = ("-since", "-id")


def cases(
    actor: Actor,
    *,
    today: date,
    unit: Unit | None = None,
    state: str = "",
    step: str = "",
    text: str = "",
    code: str = "",
    procedure: str = "",
    parent: int | None = None,
    end: str = "",
    since: date | None = None,
) -> QuerySet[Case]:
    """The cases the actor may see, filtered. ``state`` is one of STATES; order by ``order_of(state)``."""
    rows = visible(actor, Case.objects.select_related("unit", "edition", "began_by"))
    if unit is not None:
        rows = rows.filter(**{f"at_{min(unit.depth, 5)}": unit.pk})
    if code:
        rows = rows.filter(edition__code=code)
    if procedure:
        rows = rows.filter(procedure=procedure)
    if step:
        rows = rows.filter(step=step)
    if parent is not None:
        rows = rows.filter(parent=parent)
    if end:
        rows = rows.filter(end=end)
    if since is not None:
        rows = rows.filter(began_on__gte=since)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(number__icontains=text))
    return rows.filter(in_state(state, today)) if state in STATES else rows


def order_of(state: str) -> tuple[str, str]:
    """The order of keyset pages: what is open by its last day, what has ended newest first."""
    return ENDED_ORDER if state == "已办结" else OPEN_ORDER


def in_state(state: str, today: date) -> Q:
    soon = soon_until(today)
    match state:
        case "逾期":
            return Q(end="", due__lt=today)
        case "三日内":
            return Q(end="", due__gte=today, due__lte=soon)
        case "在期":
            return Q(end="") & (Q(due__gt=soon) | Q(due=None))
        case _:
            return ~Q(end="")


def soon_until(today: date) -> date:
    """The last day that counts as near."""
    return china().after(today, due.SOON, "个工作日")


def steps_in(rows: QuerySet[Case]) -> list[str]:
    """The steps at which these cases stand, for a filter."""
    return sorted(set(rows.filter(end="").order_by().values_list("step", flat=True).distinct()))


def holders_of(rows: Sequence[Case]) -> dict[int, str]:
    """In whose hands each case is, in words, for a list."""
    found: dict[int, list[str]] = {}
    for row in Todo.objects.filter(case__in=rows, kind="do", done_at=None).select_related("unit", "person"):
        found.setdefault(row.case_id or 0, []).append(called(row))
    return {pk: "、".join(dict.fromkeys(words)) for pk, words in found.items()}


def called(row: Todo) -> str:
    """Whom a to-do is addressed to: 督学丙, 教务处负责人, 校长, 督导组."""
    if row.person is not None:
        return row.person.name
    return f"{row.unit.name}负责人" if row.head else row.post or row.body


@dataclass(frozen=True)
class Duty:
    """One row of a desk. ``holding`` is the post it came by; None when it came to the person himself."""

    todo: Todo
    band: str
    state: str
    words: str
    holding: Holding | None

    @property
    def number(self) -> str:
        return self.todo.case.number if self.todo.case else ""


def todo_for(actor: Actor, *, today: date) -> list[Duty]:
    """What is to be done by the person in any of his posts, the most overdue first."""
    if actor.person is None:
        return []
    rows = Todo.objects.filter(my_todos(actor), done_at=None).select_related("case__unit", "unit").order_by("due", "id")[:DESK]
    mine = [row for row in rows if actor.person.pk not in row.except_ids]
    duties = [_duty(row, actor, today) for row in mine]
    return sorted(duties, key=lambda duty: (duty.todo.due or date.max, duty.todo.pk))


def bands(duties: list[Duty]) -> list[tuple[str, list[Duty]]]:
    """逾期, 三个工作日内, 以后, without the empty ones."""
    found = [(band, [duty for duty in duties if duty.band == band]) for band in BANDS]
    return [(band, rows) for band, rows in found if rows]


def done_by(actor: Actor) -> QuerySet[Act]:
    """What the person did, newest first."""
    return Act.objects.filter(by=actor.person).exclude(by=None).select_related("case__unit").order_by("-id")


def begun_by(actor: Actor) -> QuerySet[Case]:
    """The cases the person began, newest first."""
    return Case.objects.filter(began_by=actor.person).exclude(began_by=None).select_related("unit").order_by("-id")


def status_of(case: Case, today: date) -> tuple[str, str]:
    """State and words: (late, 逾期 2 个工作日), (soon, 明天到期), (run, 还有 4 个工作日), (done, 已销号)."""
    if case.end:
        return "done", case.end
    if case.due is None:
        return "run", "在办"
    return due.state(case.due, today), due.words(case.due, today) + ("（预计）" if case.predicted else "")


def _duty(row: Todo, actor: Actor, today: date) -> Duty:
    holding = None if row.person_id else next((held for held in actor.holdings if _matches(row, held)), None)
    if row.due is None:
        return Duty(row, "以后", "run", "没有期限", holding)
    state = due.state(row.due, today)
    band = {"late": "逾期", "soon": "三个工作日内"}.get(state, "以后")
    return Duty(row, band, state, due.words(row.due, today), holding)


def _matches(row: Todo, held: Holding) -> bool:
    if row.unit_id != held.unit.pk:
        return False
    return (bool(row.post) and row.post == held.title) or (bool(row.body) and row.body == held.body) or (row.head and held.head)
