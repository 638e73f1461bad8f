"""Reading and checking a large table part by part, before the act that adds it.

Every part is its own transaction, so that a break costs at most one part; whoever comes back goes on where it stopped.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.office.actions.imports import check_people, worked_out
from jizhi.org.imports import MOST_STAGED, Preview, Row, parsed
from jizhi.org.models import Intake, IntakeRow

PART = 5000  # rows checked in one go: one or two seconds


@transaction.atomic
def advance(intake: Intake, *, by: Actor, today: date) -> Intake:
    """Do the next part: first read and stage the file, then check PART rows a time. Nothing is left to do: nothing changes."""
    intake = Intake.objects.select_for_update().get(pk=intake.pk)
    require(by, "office.import_rows", intake.unit)
    if intake.total is None:
        _stage(intake)
    elif not intake.whole and intake.checked < intake.total:
        _check_part(intake, today)
    return intake


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
    for one in check_people(preview_of(intake, fine), intake.unit, today):
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


def preview_of(intake: Intake, rows: list[Row]) -> Preview:
    """The rows as the checks of an import read them."""
    return Preview(intake.kind, tuple(rows), (), intake.digest)
