"""What came of the fund, as the village records it; a wrong record is struck out and stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.evidence.actions import add_evidence
from jizhi.evidence.rules import Unusable
from jizhi.fund.actions.flags import flag_differences
from jizhi.fund.actions.ledger import locked
from jizhi.fund.models import Effect, Fund
from jizhi.fund.refusals import person_of, refused
from jizhi.procedure.actions import FormProblems
from jizhi.procedure.models import Case
from jizhi.rulebook.judgement import Problem
from jizhi.ui.templatetags.jizhi import cn_date


@dataclass(frozen=True)
class Came:
    """An owner introduced, a training held, a work built."""

    kind: str
    name: str
    mu: Decimal | None = None
    people: int | None = None
    note: str = ""
    case: Case | None = None


@transaction.atomic
def record_effect(
    fund: Fund, came: Came, *, day: date, by: Actor, today: date, now: datetime, key: str = "", upload: UploadedFile | None = None
) -> Effect:
    """With its evidence, where there is any. The same key records it once."""
    fund = locked(fund)
    require(by, "fund.record_effect", fund.unit)
    if key and (made := Effect.objects.filter(fund=fund, key=key).first()):
        return made
    if day > today:
        raise FormProblems([Problem("day", f"{cn_date(day, 'long')}还没有到，请写今天或以前的日期")])
    made = Effect.objects.create(
        fund=fund, kind=came.kind, name=came.name, mu=came.mu, people=came.people, note=came.note, case=came.case, day=day,
        by=person_of(by), key=key,
    )  # fmt: skip
    fields = {"类别": made.get_kind_display(), "名称": made.name, "面积": made.mu, "人次": made.people, "日期": day}
    record("fund.record_effect", made, by=by, unit=fund.unit, fields=fields)
    if upload is not None:
        try:
            add_evidence(made, unit=fund.unit, upload=upload, by=by, now=now)
        except Unusable as reason:
            raise FormProblems([Problem("evidence", f"{reason}")]) from None
    flag_differences(fund, day, by=by, today=today)
    return made


@transaction.atomic
def strike_effect(effect: Effect, *, reason: str, by: Actor, today: date) -> Effect:
    require(by, "fund.record_effect", effect)
    fund = locked(effect.fund)
    effect = Effect.objects.get(pk=effect.pk)
    if effect.struck_on is not None:
        raise refused("已划去", f"“{effect.name}”已经划去")
    effect.struck_on, effect.struck_why = today, reason
    effect.save(update_fields=["struck_on", "struck_why"])
    record("fund.strike_effect", effect, by=by, unit=fund.unit, fields={"名称": effect.name, "原因": reason, "日期": today})
    flag_differences(fund, effect.day, by=by, today=today)
    return effect
