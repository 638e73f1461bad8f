"""A table too large for one look: staged, checked part by part with progress, then added all at once or not at all.

Every part is its own transaction, so that a break costs at most one part; ``advance_intake`` goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.imports import add_people, check_people, worked_out
from jizhi.office.actions.refused import Refused
from jizhi.org.imports import KINDS, MOST_STAGED, Preview, Row, RowError, parsed
from jizhi.org.models import Intake, IntakeRow, Unit
from jizhi.rulebook.judgement import Problem

PART = 5000  # rows checked in one go: one or two seconds


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
def advance_intake(intake: Intake, *, by: Actor, today: date) -> Intake:
    """Do the next part: first read and stage the file, then check PART rows a time. Nothing is left to do: nothing changes."""
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    require(by, "office.import_rows", intake.unit)
    if intake.total is None:
        _stage(intake)
    elif not intake.whole and intake.checked < intake.total:
        _check_part(intake, today)
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
    late = [one for part in _parts(rows) for one in check_people(_preview(intake, part), intake.unit, today)]
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


def _stage(intake: Intake) -> None:
    found = parsed(intake.kind, bytes(intake.content), most=MOST_STAGED)
    numbers = {row.number for row in found.rows}
    wrong: dict[int, list[list[str]]] = {}
    for error in found.errors:
        if error.row in numbers:
            wrong.setdefault(error.row, []).append([error.column, error.text])
    intake.whole = [f"{e.column}：{e.text}" if e.column else e.text for e in found.errors if e.row not in numbers]
    IntakeRow.objects.bulk_create(
        [IntakeRow(intake=intake, number=row.number, cells=dict(row.cells), errors=wrong.get(row.number, [])) for row in found.rows],
        batch_size=2000,
    )
    intake.total, intake.wrong = len(found.rows), len(wrong)
    intake.save(update_fields=["total", "wrong", "whole"])


def _check_part(intake: Intake, today: date) -> None:
    staged = list(intake.rows.all()[intake.checked : intake.checked + PART])
    fine = [Row(row.number, row.cells) for row in staged if not row.errors]
    found: dict[int, list[list[str]]] = {}
    there: set[int] = set()
    for one in check_people(_preview(intake, fine), intake.unit, today):
        if isinstance(one, int):
            there.add(one)
        else:
            found.setdefault(one.row, []).append([one.column, one.text])
    for row in staged:
        row.errors = row.errors or found.get(row.number, [])
        row.skipped = row.number in there
        row.made = {} if row.errors or row.skipped else worked_out(row.cells)
    # written anew: one statement for thousands of rows, where bulk_update would be a hundred times slower (measured)
    intake.rows.filter(number__gte=staged[0].number, number__lte=staged[-1].number).delete()
    IntakeRow.objects.bulk_create(staged, batch_size=2000)
    intake.checked += len(staged)
    intake.wrong += len(found)
    intake.skipped += len(there)
    intake.save(update_fields=["checked", "wrong", "skipped"])


def _parts(rows: list[Row]) -> list[list[Row]]:
    return [rows[at : at + PART] for at in range(0, len(rows), PART)]


def _preview(intake: Intake, rows: list[Row]) -> Preview:
    return Preview(intake.kind, tuple(rows), (), intake.digest)
