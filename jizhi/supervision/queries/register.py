"""The register of rectifications: every case of the loop, as the loop itself keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.kernel.workdays import china
from jizhi.procedure.models import Act, Case
from jizhi.supervision.models import Record
from jizhi.supervision.queries.records import by_method
from jizhi.ui import due

LOOP, RECTIFY = "school.loop", "整改"
CLOSED = "已销号"
STATES = (("late", "逾期"), ("soon", "三日内到期"), ("run", "在期"), ("done", CLOSED), ("off", "不予认定"))
AGES = (("7", "7 天内", 0, 7), ("30", "8 至 30 天", 8, 30), ("90", "31 至 90 天", 31, 90), ("old", "90 天以上", 91, 100_000))


@dataclass(frozen=True)
class Filter:
    """What the page and the export are narrowed to; empty words do not narrow."""

    unit: str = ""  # school
    state: str = ""
    age: str = ""
    layer: str = ""
    area: str = ""
    department: str = ""
    degree: str = ""
    method: str = ""
    text: str = ""

    def without(self, name: str) -> Filter:
        return replace(self, **{name: ""})


def register(actor: Actor, narrow: Filter = Filter(), *, today: date) -> QuerySet[Case]:
    """Cases of the loop that the actor may see."""
    found = visible(actor, Case.objects.filter(procedure=RECTIFY, edition__code=LOOP))
    if narrow.unit.isdigit():
        found = found.filter(unit=int(narrow.unit))
    if narrow.state:
        found = found.filter(in_state(narrow.state, today=today))
    if age := next((age for age in AGES if age[0] == narrow.age), None):
        found = found.filter(began_on__lte=today - timedelta(days=age[2]), began_on__gte=today - timedelta(days=min(age[3], 36_500)))
    if narrow.layer:
        found = found.filter(form__层面=narrow.layer)
    if narrow.degree:
        found = found.filter(form__程度=narrow.degree)
    if narrow.area:
        found = found.filter(finding__area=narrow.area)
    if narrow.department.isdigit():
        found = found.filter(party_rows__name="被督导", party_rows__unit=int(narrow.department))
    if narrow.method:
        found = found.filter(finding__record__in=_records(narrow.method))
    if narrow.text:
        found = found.filter(Q(title__icontains=narrow.text) | Q(finding__text__icontains=narrow.text) | Q(number=narrow.text))
    return found


def in_state(state: str, *, today: date) -> Q:
    """What a state means in SQL: over, ended without being found true, or by the last day."""
    soon = china().after(today, due.SOON, "个工作日")
    match state:
        case "done":
            return Q(end=CLOSED)
        case "off":
            return ~Q(end="") & ~Q(end=CLOSED)
        case "late":
            return Q(end="", due__lt=today)
        case "soon":
            return Q(end="", due__gte=today, due__lte=soon)
        case "run":
            return Q(end="") & (Q(due=None) | Q(due__gt=soon))
    return Q()


def state_of(case: Case, *, today: date) -> tuple[str, str]:
    """State and words of a row, the same as ``in_state`` counts it."""
    if case.end:
        return ("done" if case.end == CLOSED else "off"), case.end
    if case.due is None:
        return "run", "在期"
    return due.state(case.due, today), due.words(case.due, today)


def with_history(found: QuerySet[Case]) -> QuerySet[Case]:
    """Rows with all that the columns show: two queries however many rows."""
    acts = Act.objects.order_by("number")
    return found.select_related("unit", "finding__record__inspector").prefetch_related(Prefetch("acts", acts))


def totals(found: QuerySet[Case], *, today: date) -> list[tuple[str, str, int]]:
    """How many are in each state: code, word, count."""
    return [(code, word, found.filter(in_state(code, today=today)).count()) for code, word in STATES]


@dataclass(frozen=True)
class Line:
    """One row as the columns read it."""

    case: Case
    today: date

    @property
    def state(self) -> tuple[str, str]:
        return state_of(self.case, today=self.today)

    @property
    def text(self) -> str:
        finding = getattr(self.case, "finding", None)
        return finding.text if finding else self.case.title

    def party(self, name: str) -> str:
        return str(self.case.parties.get(name, {}).get("name", ""))

    def last(self, step: str) -> Act | None:
        return next((act for act in reversed(self.acts) if act.step == step), None)

    @property
    def acts(self) -> list[Act]:
        return list(self.case.acts.all())


Cell = Callable[[Line], str]


@dataclass(frozen=True)
class Column:
    """One column of the register, on the page and in the spreadsheet alike. ``wide`` ones are shown on request."""

    head: str
    cell: Cell
    wide: bool = False
    long: bool = False  # may break into lines
    day: bool = False  # 2026-03-30 in the spreadsheet, 3月30日 on the page


def _of_act(step: str, value: Callable[[Act], str]) -> Cell:
    def cell(line: Line) -> str:
        act = line.last(step)
        return value(act) if act else ""

    return cell


def _filled(name: str) -> Callable[[Act], str]:
    def value(act: Act) -> str:
        found = act.form.get(name, "")
        return "、".join(found) if isinstance(found, list) else str(found)

    return value


def _on_case(name: str) -> Cell:
    def cell(line: Line) -> str:
        found = line.case.form.get(name, "")
        return "、".join(found) if isinstance(found, list) else str(found)

    return cell


def _progress(line: Line) -> str:
    return "；".join(f"{act.day}：{act.form.get('说明', '')}" for act in line.acts if act.step == "进展")


def _source(line: Line) -> str:
    finding = getattr(line.case, "finding", None)
    return str(finding.record) if finding else ""


COLUMNS: tuple[Column, ...] = (
    Column("编号", lambda line: line.case.number or "未编号"),
    Column("学校", lambda line: line.case.unit.name, wide=True),
    Column("问题", lambda line: line.text, long=True),
    Column("来源记录", _source, wide=True, long=True),
    Column("层面", _on_case("层面"), wide=True),
    Column("领域", lambda line: line.case.finding.area if hasattr(line.case, "finding") else "", wide=True),
    Column("程度", _on_case("程度")),
    Column("发现方法", _on_case("方法"), wide=True),
    Column("发现日期", lambda line: line.case.began_on.isoformat(), day=True),
    Column("发现人", lambda line: line.party("发现人"), wide=True),
    Column("责任处室", lambda line: line.party("被督导")),
    Column("责任人", lambda line: line.party("整改人")),
    Column("整改时限", _of_act("通报", _filled("整改时限")), day=True),
    Column("整改措施", _of_act("整改", _filled("措施")), wide=True, long=True),
    Column("进展", _progress, wide=True, long=True),
    Column("完成情况", _of_act("整改", _filled("完成情况")), wide=True, long=True),
    Column("复查人", _of_act("复查", lambda act: act.by_name), wide=True),
    Column("复查方式", _of_act("复查", _filled("方法")), wide=True),
    Column("复查时间", _of_act("复查", lambda act: act.day.isoformat()), wide=True, day=True),
    Column("复查结论", _of_act("复查", lambda act: act.outcome), wide=True),
    Column("销号审批人", _of_act("销号", lambda act: act.by_name), wide=True),
    Column("销号时间", _of_act("销号", lambda act: act.day.isoformat() if act.outcome == "同意" else ""), day=True),
    Column("所在步骤", lambda line: line.case.step or "已办结"),
    Column("状态", lambda line: line.state[1]),
)


def columns(*, wide: bool) -> tuple[Column, ...]:
    return tuple(column for column in COLUMNS if wide or not column.wide)


def areas(found: QuerySet[Case]) -> list[str]:
    return list(found.exclude(finding__area="").order_by("finding__area").values_list("finding__area", flat=True).distinct())


def choices_in(found: QuerySet[Case], name: str) -> list[str]:
    """The values that a field of the launch form takes among the rows."""
    values = found.order_by().values_list(f"form__{name}", flat=True).distinct()
    return sorted(value for value in values if isinstance(value, str) and value)


def lines(cases: Iterable[Case], *, today: date) -> list[Line]:
    return [Line(case, today) for case in cases]


@dataclass(frozen=True)
class ShownLine:
    """A row of the page: the case's address, its state, and column and text of each cell."""

    case: Case
    state: tuple[str, str]
    cells: tuple[tuple[Column, str], ...]


def shown(line: Line, columns: Iterable[Column]) -> ShownLine:
    return ShownLine(line.case, line.state, tuple((column, column.cell(line)) for column in columns))


def _records(method: str) -> QuerySet[Record]:
    return Record.objects.filter(by_method(method))
