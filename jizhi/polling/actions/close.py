"""The close: the box is opened, everything is counted once, the result is frozen, ballots and key are gone."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.messages.actions import send
from jizhi.org.models import Person
from jizhi.polling import box
from jizhi.polling.actions.refused import PollRefused
from jizhi.polling.counting import figures_of, in_the_way
from jizhi.polling.models import Poll, Remark, Result, random_key
from jizhi.polling.rules import enough


@transaction.atomic
def close_poll(poll_id: int, *, witness: Person | None, by: Actor, today: date, now: datetime) -> Result:
    """Close with a witness. Below the minimum nothing is opened: the envelopes go unread.

    Closing twice is the same as once.
    """
    poll = Poll.objects.select_for_update().get(pk=poll_id)
    require(by, "polling.organise", poll)
    if poll.is_closed:
        return Result.objects.get(poll=poll)
    if by.person is None:
        raise Forbidden("封存由人办理，系统不能代办")
    if poll.is_draft:
        raise PollRefused("还没有开始，不用封存")
    if witness is None or witness == by.person or not poll.staff.filter(pk=witness.pk).exists():
        raise PollRefused("请选一位见证人", {"witness": "见证人从工作人员中选，不能是封存人本人"})
    if problems := in_the_way(poll):
        raise PollRefused("；".join(problems))
    figures = figures_of(poll)
    reached = enough(figures.returned, figures.expected, poll.least)
    remarks: list[tuple[int, str]] = []
    if reached:
        opened = box.contents(poll)
        figures.count(opened, weighted=list(poll.weights))
        remarks = opened.remarks
    elif poll.named:
        box.forget_named(poll)
    kept = figures.as_json()
    digest = box.digest_of(kept, [f"{item} {text}" for item, text in remarks])
    result = Result.objects.create(poll=poll, enough=reached, figures=kept, digest=digest, closed_by=by.person, witness=witness, day=today)
    rows = [Remark(pk=random_key(), poll=poll, item_id=item, text=text) for item, text in remarks]
    Remark.objects.bulk_create(sorted(rows, key=lambda row: row.pk))  # in the order of their random keys
    box.empty(poll)
    poll.closed_on = today
    poll.save(update_fields=["private_key", "closed_on"])
    poll.tallies.update(votes={})  # they are in the sums now; a sheet of one ballot would be that ballot
    fields = {
        "见证人": witness.name,
        "应到": figures.expected,
        "收回": figures.returned,
        "达到最低人数": reached,
        "摘要": digest,
        "日期": today,
    }
    record("polling.close_poll", poll, by=by, fields=fields)
    send(witness, f"您见证了“{poll.title}”的封存", link=f"/polling/{poll.pk}/", key=f"poll {poll.pk} witness", now=now)
    return result
