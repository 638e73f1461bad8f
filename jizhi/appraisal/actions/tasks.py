"""Own tasks: rows of a schedule filled in, agreed by both sides, frozen at the announcement, verified at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Achievement, OwnTasks, ScheduleRow
from jizhi.appraisal.queries.campaigns import standard_for
from jizhi.appraisal.queries.tasks import problems_of, schedule_of, side_of
from jizhi.appraisal.rules import as_decimal, digest, year_of
from jizhi.audit.actions import record
from jizhi.evidence.actions import add_evidence
from jizhi.org.models import Unit
from jizhi.procedure.actions import Refused
from jizhi.procedure.many import period_of
from jizhi.procedure.models import Case
from jizhi.regulation.models import Edition
from jizhi.rulebook.judgement import Refusal

Cells = Mapping[str, str]


@transaction.atomic
def save_rows(unit: Unit, *, edition: Edition, schedule: str, year: int, rows: Sequence[Cells], by: Actor, today: date) -> OwnTasks:
    """All rows of a unit in place of what stood there. Every problem at once; nothing half-done. Whatever was agreed is open
    again. Saving the same rows changes nothing."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "appraisal.save_rows", unit)
    if frozen := OwnTasks.objects.filter(unit=unit, edition=edition, schedule=schedule, year=year).first():
        _open(frozen)
    rule = schedule_of(edition, schedule)
    clean = [{column.name: str(row.get(column.name, "")).replace("\x00", "").strip() for column in rule.columns} for row in rows]
    if found := problems_of(rule, clean):
        raise AppraisalRefused(f"有 {len(found)} 处要改，没有保存", found)
    table, _ = OwnTasks.objects.select_for_update().get_or_create(unit=unit, edition=edition, schedule=schedule, year=year)
    if [row.cells for row in table.rows.all()] == clean:
        return table
    table.rows.all().delete()
    ScheduleRow.objects.bulk_create(ScheduleRow(tasks=table, number=n, cells=cells) for n, cells in enumerate(clean, 1))
    table.agreed = {}
    table.save(update_fields=["agreed"])
    record("appraisal.save_rows", table, by=by, unit=unit, fields={"年度": year, "附表": schedule, "行": clean, "日期": today})
    return table


@transaction.atomic
def agree_rows(table_id: int, *, digest_seen: str, by: Actor, today: date) -> OwnTasks:
    """One of the sides that the regulation names (商定) agrees to the rows that it saw. Agreeing twice is once."""
    table = OwnTasks.objects.select_for_update().select_related("unit", "edition").get(pk=table_id)
    require(by, "appraisal.agree_rows", table.unit)
    if by.person is None:
        raise Forbidden("商定由人办理，系统不能代办")
    _open(table)
    rows = [row.cells for row in table.rows.all()]
    if digest(rows) != digest_seen:
        raise AppraisalRefused("个性任务刚刚改过，请看过新的内容再同意")
    if found := problems_of(schedule_of(table.edition, table.schedule), rows):
        raise AppraisalRefused("还不能商定：" + "；".join(list(found.values())[:3]))
    side = side_of(table, by)
    if side is None:
        raise Forbidden(f"您现在的身份是{by.post or '没有任职'}，不是“{table.schedule}”商定的一方")
    if side in table.agreed:
        return table
    table.agreed = {**table.agreed, side: {"person": by.person.pk, "name": by.person.name, "post": by.post, "day": today.isoformat()}}
    table.save(update_fields=["agreed"])
    record("appraisal.agree_rows", table, by=by, unit=table.unit, fields={"附表": table.schedule, "摘要": digest_seen, "日期": today})
    return table


def freeze_rows(case: Case, units: Sequence[Unit], today: date) -> Mapping[str, Any]:
    """冻结: 附表, part of the announcement: the rows of every unit that takes part, agreed by all sides; Refused otherwise."""
    standard = standard_for(case)
    if standard.own_tasks is None:
        return {}
    rule = schedule_of(case.edition, standard.own_tasks.schedule)
    tables = OwnTasks.objects.select_for_update().filter(
        edition=case.edition_id, schedule=rule.name, year=year_of(period_of(case)), unit__in=[unit.pk for unit in units]
    )
    found = {table.unit_id: table for table in tables.prefetch_related("rows")}
    lacking = [unit.name for unit in units if not _agreed(found.get(unit.pk), len(rule.agreed_by))]
    if lacking:
        some = "、".join(lacking[:5]) + (f"等 {len(lacking)} 个" if len(lacking) > 5 else "")
        raise Refused(Refusal("没有商定", f"{some}的{rule.name}还没有填好并由双方商定，商定以后才能发布公告"))
    kept = {}
    for table in found.values():
        table.digest, table.frozen_on = digest([row.cells for row in table.rows.all()]), today
        table.save(update_fields=["digest", "frozen_on"])
        kept[str(table.unit_id)] = table.digest
    return {"附表": rule.name, "单位": kept, "摘要": digest(kept)}


def _agreed(table: OwnTasks | None, sides: int) -> bool:
    return table is not None and len(table.agreed) >= sides and bool(table.rows.all())


@transaction.atomic
def record_achievement(row_id: int, *, done: str, proof: str, by: Actor, today: date, upload: UploadedFile | None = None) -> Achievement:
    """What came of a row of a frozen table, with what proves it. Entering the same again is once; the newest counts."""
    row = ScheduleRow.objects.select_for_update(of=("self",)).select_related("tasks__unit").get(pk=row_id)
    require(by, "appraisal.record_achievement", row)
    if by.person is None:
        raise Forbidden("核验由人办理，系统不能代办")
    if row.tasks.frozen_on is None:
        raise AppraisalRefused("个性任务在发布公告时冻结，冻结以后才核验")
    value, wrong = as_decimal(done.strip()), {}
    if value is None or value < 0:
        wrong["done"] = "请填不小于 0 的数，没有完成的填 0"
    if not proof.strip():
        wrong["proof"] = "请写明凭什么核定，如台账、票据、现场查看"
    if wrong:
        raise AppraisalRefused("有填写不对的地方", wrong)
    last = row.achievements.last()
    if last is not None and (last.done, last.proof) == (done.strip(), proof.strip()) and upload is None:
        return last
    made = Achievement.objects.create(row=row, done=done.strip()[:30], proof=proof.strip()[:300], by=by.person, day=today)
    if upload is not None:
        add_evidence(made, unit=row.tasks.unit, upload=upload, by=by, now=timezone.now())
    fields = {"任务": str(row), "完成值": made.done, "依据": made.proof, "日期": today}
    record("appraisal.record_achievement", made, by=by, unit=row.tasks.unit, fields=fields)
    return made


def _open(table: OwnTasks) -> None:
    if table.frozen_on is not None:
        raise AppraisalRefused(f"已于 {table.frozen_on} 随公告冻结，不能再改")
