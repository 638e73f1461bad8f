"""Filing a line of the year's list, and planning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.kernel.workdays import china
from jizhi.org.models import Person, Unit
from jizhi.supervision.plan import queries, rules
from jizhi.supervision.plan.models import ListItem, Plan, PlannedSchool


class PlanProblems(Exception):  # noqa: N818
    """Everything that stands against a plan, by field."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__("；".join(text for texts in problems.values() for text in texts))
        self.problems = problems


@dataclass(frozen=True)
class Typed:
    """A plan as typed in."""

    kind: str
    title: str
    item: ListItem | None
    off_list_reason: str
    content: str
    announced_on: date
    starts_on: date
    ends_on: date
    short_notice_reason: str
    schools: Sequence[Unit]
    inspectors: Sequence[Person]
    key: str = ""


@transaction.atomic
def file_item(unit: Unit, *, year: int, title: str, basis: str, by: Actor, today: date) -> ListItem:
    """One line of the list; the same line filed twice is one."""
    require(by, "supervision.file_item", unit)
    assert by.person is not None  # a seat is held
    item, made = ListItem.objects.get_or_create(
        unit=unit, year=year, title=title, defaults={"basis": basis, "filed_on": today, "by": by.person}
    )
    if made:
        record("supervision.file_item", item, by=by, fields={"年度": year, "事项": title, "报备文号": basis, "日期": today})
    return item


@transaction.atomic
def make_plan(unit: Unit, typed: Typed, *, by: Actor, today: date) -> Plan:
    """A plan with its schools. Raises PlanProblems; with a key seen before, the plan it made is returned.

    The unit is locked, so that two comprehensive plans for one school cannot both find the year free.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    if typed.key and (made := Plan.objects.filter(key=typed.key).first()):
        return made
    require(by, "supervision.make_plan", unit)
    limits = queries.limits(unit, on=today)
    if limits is None:
        raise Forbidden(f"{unit.name}还没有采用《教育督查检查考核计划管理规则》，请先在“制度”页采用")
    before = queries.comprehensive_before(typed.schools, typed.starts_on)
    if problems := rules.problems(_measured(typed, before), limits, china()):
        raise PlanProblems(problems)
    assert by.person is not None  # a seat is held
    plan = Plan.objects.create(
        unit=unit, kind=typed.kind, title=typed.title, item=typed.item, off_list_reason=typed.off_list_reason, content=typed.content,
        announced_on=typed.announced_on, starts_on=typed.starts_on, ends_on=typed.ends_on,
        short_notice_reason=typed.short_notice_reason, by=by.person, key=typed.key,
    )  # fmt: skip
    plan.inspectors.set(typed.inspectors)
    comprehensive = typed.kind == rules.COMPREHENSIVE
    PlannedSchool.objects.bulk_create(
        PlannedSchool(
            plan=plan,
            school=school,
            kind=typed.kind,
            school_year=rules.school_year(typed.starts_on),
            turn=len(before.get(school.name, ())) + 1 if comprehensive else None,
        )
        for school in typed.schools
    )
    record(
        "supervision.make_plan",
        plan,
        by=by,
        fields={
            "类型": plan.get_kind_display(),
            "清单事项": str(typed.item or ""),
            "清单外的理由": typed.off_list_reason,
            "公告日期": typed.announced_on,
            "开始日期": typed.starts_on,
            "公告不足的理由": typed.short_notice_reason,
            "学校": [school.name for school in typed.schools],
            "督导小组": [person.name for person in typed.inspectors],
            "日期": today,
        },
    )
    return plan


def _measured(typed: Typed, before: dict[str, list[str]]) -> rules.Plan:
    return rules.Plan(
        kind=typed.kind,
        listed=typed.item is not None,
        off_list_reason=typed.off_list_reason,
        announced_on=typed.announced_on,
        starts_on=typed.starts_on,
        ends_on=typed.ends_on,
        short_notice_reason=typed.short_notice_reason,
        inspectors=len(typed.inspectors),
        before=before,
    )
