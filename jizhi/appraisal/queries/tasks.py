"""Own tasks: what is wrong with rows, whose turn it is to agree, and the tables that an actor sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.appraisal.models import OwnTasks, ScheduleRow
from jizhi.appraisal.rules import digest
from jizhi.org.imports import Column, Kind
from jizhi.org.models import Unit
from jizhi.org.queries import ancestor_ids
from jizhi.procedure.figures import fetchable
from jizhi.procedure.models import Case
from jizhi.regulation.models import Edition
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import language
from jizhi.rulebook.formula import number, plain
from jizhi.rulebook.language import Schedule, Who

LONGEST = {"短文": 60, "长文": 300}


def schedule_of(edition: Edition, name: str) -> Schedule:
    return regulation_of(edition).schedules[name]


def tables(actor: Actor, edition: Edition, schedule: str, year: int) -> QuerySet[OwnTasks]:
    found = OwnTasks.objects.filter(edition=edition, schedule=schedule, year=year)
    return visible(actor, found).select_related("unit").prefetch_related("rows__achievements")


def problems_of(rule: Schedule, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Everything wrong with a unit's rows: ``r2-分值`` → sentence, ``""`` for the whole."""
    found: dict[str, str] = {}
    if not rule.least <= len(rows) <= rule.most:
        found[""] = f"有 {len(rows)} 行，应当是 {rule.least} 至 {rule.most} 行" if rule.most < 9999 else f"至少要有 {rule.least} 行"
    seen: set[str] = set()
    for n, row in enumerate(rows, 1):
        for column in rule.columns:
            if text := _cell_problem(column, row.get(column.name, "")):
                found[f"r{n}-{column.name}"] = text
        name = row.get("名称", "")
        if name and name in seen:
            found[f"r{n}-名称"] = f"“{name}”重复"
        seen.add(name)
    for name, wanted in rule.totals.items():
        values = [number(row.get(name, "")) for row in rows]
        total = sum((value for value in values if value is not None), start=Fraction(0))
        if None not in values and total != Fraction(wanted):
            found["合计"] = f"“{name}”合计 {plain(total)}，应当是 {plain(Fraction(wanted))}"
    return found


def figures_named(row: ScheduleRow) -> list[str]:
    """What the row's 取数 columns name."""
    rule = schedule_of(row.tasks.edition, row.tasks.schedule)
    return [row.cells[column.name] for column in rule.columns if column.kind == "取数" and row.cells.get(column.name)]


def case_of(table: OwnTasks) -> Case | None:
    """The unit's case of the campaign that its own tasks belong to."""
    return Case.objects.filter(unit=table.unit_id, edition=table.edition_id, parent__campaign__year=table.year).first()


def _cell_problem(column: language.Column, text: str) -> str:
    if not text:
        return f"请填写“{column.name}”" if column.required else ""
    if column.kind == "取数" and text not in (known := [one.name for one in fetchable()]):
        return f"没有叫“{text}”的数，可写：{'、'.join(known)}；没有数可取的留空"
    if column.kind == "数":
        value = number(text)
        if value is None or value < 0 or (value == 0 and column.least is None):
            return f"“{text}”应当是大于 0 的数"
        if (column.least is not None and value < Fraction(column.least)) or (column.most is not None and value > Fraction(column.most)):
            return f"{text} 应当在 {column.least} 到 {column.most} 之间"
    elif column.options and text not in column.options:
        return f"请从{'、'.join(column.options)}中选择"
    longest = LONGEST.get(column.kind, 60)
    return "" if len(text) <= longest else f"最多 {longest} 个字"


def side_of(table: OwnTasks, by: Actor) -> str | None:
    """The place in 商定 (from 1, as text) of the side for which the acting post speaks."""
    rule = schedule_of(table.edition, table.schedule)
    for place, who in enumerate(rule.agreed_by, 1):
        if _speaks(who, table.unit, by):
            return str(place)
    return None


def _speaks(who: Who, unit: Unit, by: Actor) -> bool:
    held = by.acting
    if held is None or (who.post and who.post != held.title) or (who.body and who.body != held.body):
        return False
    return held.unit.pk == unit.pk if who.unit == "对象" else held.unit.pk in ancestor_ids(unit)


@dataclass(frozen=True)
class Side:
    """One side of 商定 as the page shows it."""

    place: str
    name: str
    agreed: Mapping[str, Any] | None


def sides(table: OwnTasks) -> list[Side]:
    rule = schedule_of(table.edition, table.schedule)
    return [
        Side(str(place), who.post or who.body or who.party or "", _agreed(table.agreed.get(str(place))))
        for place, who in enumerate(rule.agreed_by, 1)
    ]


def _agreed(one: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """As it was kept, its day a date again."""
    return {**one, "day": date.fromisoformat(one["day"])} if one else None


def digest_of(table: OwnTasks) -> str:
    return digest([row.cells for row in table.rows.all()])


def kind_of(rule: Schedule) -> Kind:
    """The spreadsheet of a schedule: a column for the unit, then the schedule's own."""
    columns = [Column("unit", ("村", "单位"), most=80)]
    columns += [
        Column(column.name, (column.name,), required=column.required and column.kind != "数", most=LONGEST.get(column.kind, 60))
        for column in rule.columns
    ]
    return Kind(rule.name, tuple(columns))
