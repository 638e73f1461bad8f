"""Planning a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.org.models import Person, Unit
from jizhi.procedure.models import Todo
from jizhi.supervision.models import Task
from jizhi.supervision.rules import RecordKind


@transaction.atomic
def plan_task(
    unit: Unit,
    *,
    title: str,
    form: str,
    kind: RecordKind,
    subject: Person | Unit | None,
    planned_on: date,
    inspectors: Sequence[Person],
    by: Actor,
    today: date,
    note: str = "",
    key: str = "",
) -> Task:
    """A task with a to-do for each inspector. With a ``key`` seen before, the task it made is returned."""
    Unit.objects.select_for_update().get(pk=unit.pk)  # the same form, submitted twice at once
    if key and (made := Task.objects.filter(key=key).first()):
        return made
    require(by, "supervision.plan_task", unit)
    task = Task.objects.create(
        unit=unit,
        title=title,
        form=form,
        kind=kind.code,
        subject_person=subject if isinstance(subject, Person) else None,
        subject_unit=subject if isinstance(subject, Unit) else None,
        planned_on=planned_on,
        note=note,
        planned_by=by.person,
        key=key,
    )
    task.inspectors.set(inspectors)
    Todo.objects.bulk_create([_todo(task, person, kind) for person in inspectors])
    fields = {
        "任务": title,
        "形式": task.get_form_display(),
        "类型": kind.name,
        "计划日期": planned_on,
        "检查人": [p.name for p in inspectors],
    }
    record("supervision.plan_task", task, by=by, fields={**fields, "对象": task.subject_name, "安排日": today})
    return task


def _todo(task: Task, person: Person, kind: RecordKind) -> Todo:
    """The inspector's to-do leads to the form, filled in from the task."""
    return Todo(
        unit=task.unit,
        person=person,
        verb=kind.name[:20],
        title=task.title,
        note=f"{task.subject_name or '对象现场确定'}",
        link=task.form_link,
        due=task.planned_on,
    )
