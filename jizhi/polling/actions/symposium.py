"""Symposia: the record, opinions and what became of them, the final text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.org.models import Unit
from jizhi.polling.actions.refused import PollRefused
from jizhi.polling.models import Attendee, Opinion, Symposium
from jizhi.regulation.models import Edition

Line = tuple[str, str, bool]  # name, role, present


@transaction.atomic
def record_symposium(
    unit: Unit,
    *,
    topic: str,
    day: date,
    place: str,
    chair: str,
    precedes: str,
    edition: Edition | None,
    minutes: str,
    attendees: Sequence[Line],
    by: Actor,
    today: date,
    key: str = "",
) -> Symposium:
    """The secretary's record with his roll of who came. The same form (``key``) makes one."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "polling.organise", unit)
    if by.person is None:
        raise Forbidden("座谈会由人记录，系统不能代办")
    if key and (made := Symposium.objects.filter(key=key).first()):
        return made
    found = Symposium.objects.create(
        unit=unit, topic=topic, day=day, place=place, chair=chair, precedes=precedes, edition=edition, minutes=minutes,
        secretary=by.person, key=key,
    )  # fmt: skip
    Attendee.objects.bulk_create(Attendee(symposium=found, name=name, role=role, present=here) for name, role, here in attendees)
    fields = {"议题": topic, "日期": day, "到会": sum(here for _, _, here in attendees), "应到": len(attendees), "登记日": today}
    record("polling.record_symposium", found, by=by, fields=fields)
    return found


@transaction.atomic
def add_opinion(symposium_id: int, *, text: str, speaker: str = "", by: Actor, today: date) -> Opinion:
    """An opinion that was heard there."""
    found = _unfinished(symposium_id, by)
    opinion = Opinion.objects.create(symposium=found, text=text, speaker=speaker)
    record("polling.add_opinion", opinion, by=by, unit=found.unit, fields={"意见": text, "日期": today})
    return opinion


@transaction.atomic
def answer_opinion(opinion_id: int, *, taken: str, answer: str, by: Actor, today: date) -> Opinion:
    """What became of it; one that was not taken up says why."""
    opinion = Opinion.objects.select_for_update().select_related("symposium__unit").get(pk=opinion_id)
    require(by, "polling.organise", opinion.symposium)
    if taken != "采纳" and not answer.strip():
        raise PollRefused("请写明理由", {"answer": "没有采纳或者部分采纳的，写明理由"})
    opinion.taken, opinion.answer = taken, answer.strip()
    opinion.save(update_fields=["taken", "answer"])
    record("polling.answer_opinion", opinion, by=by, unit=opinion.symposium.unit, fields={"采纳": taken, "说明": answer, "日期": today})
    return opinion


@transaction.atomic
def finish_symposium(symposium_id: int, *, by: Actor, today: date) -> Symposium:
    """The record is final: minutes, roll and opinions stand; what becomes of the opinions is still added."""
    found = _unfinished(symposium_id, by)
    found.done_on = today
    found.save(update_fields=["done_on"])
    record("polling.finish_symposium", found, by=by, fields={"定稿日期": today})
    return found


def _unfinished(symposium_id: int, by: Actor) -> Symposium:
    found = Symposium.objects.select_for_update().select_related("unit").get(pk=symposium_id)
    require(by, "polling.organise", found)
    if found.done_on:
        raise PollRefused("记录已经定稿，不能再改")
    return found
