"""What is added to a record later: the answer of who was inspected, and evidence."""

from __future__ import annotations

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record as log
from jizhi.evidence.actions import add_evidence
from jizhi.evidence.models import Evidence
from jizhi.messages.actions import send
from jizhi.supervision.models import Answer, Record
from jizhi.supervision.queries.records import may_answer


@transaction.atomic
def answer_record(record_id: int, text: str, *, by: Actor, today: date, now: datetime, key: str = "") -> Answer:
    """The teacher himself, or a head of the department, answers; as often as needed. The inspector is told."""
    found = Record.objects.select_for_update(of=("self",)).select_related("unit", "person", "department", "inspector").get(pk=record_id)
    require(by, "supervision.answer_record", found)
    if key and (made := Answer.objects.filter(key=key).first()):
        return made
    if by.person is None or not may_answer(by, found):
        whom = f"{found.person.name}本人" if found.person else f"{found.subject.name}负责人"
        raise Forbidden(f"这条记录由{whom}回应")
    answer = Answer.objects.create(record=found, by=by.person, post=by.post, text=text.strip(), at=now, key=key)
    title = f"{by.name}回应了{found.record_kind.name}：{found.title}"[:120]
    send(found.inspector, title, text=answer.text, link=reverse("record", args=[found.pk]), key=f"answer{answer.pk}", now=now)
    log("supervision.answer_record", found, by=by, fields={"回应": answer.text, "日期": today})
    return answer


@transaction.atomic
def add_record_evidence(
    record_id: int, *, text: str = "", upload: UploadedFile | None = None, by: Actor, today: date, now: datetime
) -> Evidence:
    """Evidence that is found later; added, never replaced."""
    found = Record.objects.select_for_update(of=("self",)).select_related("unit").get(pk=record_id)
    require(by, "supervision.add_evidence", found)
    kept = add_evidence(found, unit=found.unit, text=text, upload=upload, by=by, now=now)
    log("supervision.add_record_evidence", found, by=by, fields={"佐证": kept.pk, "日期": today})
    return kept
