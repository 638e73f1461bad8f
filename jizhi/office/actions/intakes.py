"""A table too large for one look: staged, checked part by part with progress, then added all at once or not at all.

``office.staging`` reads and checks it in between; here it is taken in, added, or given up.
"""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.imports import add_people, check_people
from jizhi.office.actions.refused import Refused
from jizhi.office.staging import PART, preview_of
from jizhi.org.imports import KINDS, Row, RowError
from jizhi.org.models import Intake, Unit
from jizhi.rulebook.judgement import Problem


@transaction.atomic
def begin_intake(kind: str, content: bytes, *, name: str, unit: Unit, by: Actor, today: date) -> Intake:
    """Take the file in. The same file again, not added yet, goes on where it stopped."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "office.import_rows", unit)
    if by.person is None:
        raise ValueError("a person takes a table in")
    digest = hashlib.sha256(content).hexdigest()
    if known := Intake.objects.filter(unit=unit, kind=kind, digest=digest, done_at=None).first():
        return known
    intake = Intake.objects.create(unit=unit, kind=kind, name=name[:120], content=content, digest=digest, by=by.person)
    record("office.begin_intake", intake, by=by, fields={"表": KINDS[kind].name, "文件": digest, "日期": today})
    return intake


@transaction.atomic
def add_intake(intake: Intake, *, by: Actor, today: date) -> Intake:
    """All rows or none, once. What others changed since a row was checked is looked at again."""
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    require(by, "office.import_rows", intake.unit)
    if intake.done_at is not None:
        return intake
    if intake.total is None or intake.whole or intake.wrong or intake.checked < intake.total:
        raise Refused([Problem("", "还没有核对完，或者有要改的行，不能导入")])
    rows = [Row(row.number, row.cells, row.made) for row in intake.rows.filter(skipped=False).defer("errors")]
    late = [one for part in _parts(rows) for one in check_people(preview_of(intake, part), intake.unit, today)]
    if errors := [one for one in late if isinstance(one, RowError)]:
        raise Refused([Problem("", f"核对以后有人改动了数据：第{e.row}行{e.column}：{e.text}") for e in errors[:20]])
    there = {one for one in late if isinstance(one, int)}
    new = [(row.cells, row.made) for row in rows if row.number not in there]
    add_people(new)
    intake.done_at, intake.skipped, intake.content = timezone.now(), intake.total - len(new), b""
    intake.save(update_fields=["done_at", "skipped", "content"])
    intake.rows.all().delete()
    fields = {"表": KINDS[intake.kind].name, "行数": intake.total, "新增": len(new), "文件": intake.digest, "日期": today}
    record("office.add_intake", intake, by=by, label=f"导入{KINDS[intake.kind].name}{len(new)}行", fields=fields)
    return intake


@transaction.atomic
def drop_intake(intake: Intake, *, by: Actor, today: date) -> None:
    """Give a table up that was not added; the same twice is once."""
    found = Intake.objects.select_for_update().filter(pk=intake.pk, done_at=None).first()
    require(by, "office.import_rows", intake.unit)
    if found is not None:
        record("office.drop_intake", found, by=by, unit=found.unit, fields={"文件": found.digest, "日期": today})
        found.delete()


def _parts(rows: list[Row]) -> list[list[Row]]:
    return [rows[at : at + PART] for at in range(0, len(rows), PART)]
