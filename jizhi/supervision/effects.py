"""What the room does when a step of a regulation is taken."""

from __future__ import annotations

from datetime import date

from jizhi.access.actor import Actor
from jizhi.audit.actions import record
from jizhi.messages.actions import send
from jizhi.procedure.effects import Effect
from jizhi.procedure.models import Act, Case
from jizhi.supervision.brief import effects as brief
from jizhi.supervision.models import Finding


def close_finding(case: Case, act: Act, *, by: Actor, today: date) -> Finding | None:
    """The finding is closed: written down on its record, and the inspected teacher told. None for a case without a record
    (a relapse)."""
    finding = Finding.objects.select_related("record__person", "record__unit").filter(case=case).first()
    if finding is None:
        return finding
    found = finding.record
    if found.person:
        link = f"/supervision/records/{found.pk}/"
        send(
            found.person, f"整改问题已销号：{finding.text}"[:120], text=f"{act.by_name}批准", link=link, key=f"closed{case.pk}", now=act.at
        )
    record("supervision.close_finding", found, by=by, fields={"问题": finding.text, "案件": case.pk, "日期": today})
    return finding


EFFECTS: tuple[Effect, ...] = (
    Effect("督导.销号", close_finding, "问题销号后记入检查记录，并告知受检教师"),
    *brief.EFFECTS,
)
