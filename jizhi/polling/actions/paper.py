"""Paper: counting sheets of a poll (one enters, a witness confirms), paper forms of a questionnaire one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden
from jizhi.audit.actions import record
from jizhi.org.models import Person
from jizhi.polling import box
from jizhi.polling.actions.issue import running_poll
from jizhi.polling.actions.refused import PollRefused
from jizhi.polling.models import Channel, PaperTally, Poll, RollEntry
from jizhi.polling.rules import Counts, PaperCounts, paper_problems


@transaction.atomic
def enter_tally(poll_id: int, group: str, *, returned: int, valid: int, votes: Mapping[str, Counts], by: Actor, today: date) -> PaperTally:
    """The counting sheet of a group, written over until it is checked. 发出 is what the roll says."""
    poll, person = running_poll(poll_id, by), _person(by)
    issued = poll.roll.filter(group=group, channel=Channel.PAPER).count()
    if problems := paper_problems(PaperCounts(issued, returned, valid, votes)):
        raise PollRefused(f"有 {len(problems)} 处对不上，请核对计票表", problems)
    if set(votes) != {str(item.pk) for item in poll.items.all()}:
        raise PollRefused("测评对象对不上，请刷新页面后重填")
    found = PaperTally.objects.select_for_update().filter(poll=poll, group=group).first()
    if found and found.checked_by_id:
        raise PollRefused("这一组的计票表监票人已经确认，不能再改")
    tally = found or PaperTally(poll=poll, group=group)
    tally.issued, tally.returned, tally.valid = issued, returned, valid
    tally.votes, tally.entered_by = {key: dict(row) for key, row in votes.items()}, person
    tally.save()
    # how many, not how they voted: the log is read before the close
    record("polling.enter_tally", tally, by=by, fields={"组别": group, "发出": issued, "收回": returned, "有效": valid, "日期": today})
    return tally


@transaction.atomic
def check_tally(poll_id: int, group: str, *, by: Actor, today: date) -> PaperTally:
    """The witness (监票人), by his own log-in, has compared the sheet with the paper: it stands, and only then it is counted."""
    poll, person = running_poll(poll_id, by), _person(by)
    tally = _entered(poll, group)
    if tally.entered_by_id == person.pk:
        raise PollRefused(f"计票表由{person.name}录入，监票人须是另一位工作人员，用自己的账号确认")
    now_issued = poll.roll.filter(group=group, channel=Channel.PAPER).count()
    if now_issued != tally.issued:
        raise PollRefused(f"录入以后名册又有变动：录入时发出 {tally.issued}，现在 {now_issued}，请退回重录")
    tally.checked_by = person
    tally.save(update_fields=["checked_by"])
    record("polling.check_tally", tally, by=by, fields={"组别": group, "日期": today})
    return tally


@transaction.atomic
def reject_tally(poll_id: int, group: str, *, by: Actor, today: date) -> None:
    """The sheet does not agree with the paper: it is entered anew."""
    poll = running_poll(poll_id, by)
    tally = _entered(poll, group)
    record("polling.reject_tally", tally, by=by, fields={"组别": group, "日期": today})
    tally.delete()


@transaction.atomic
def enter_paper(poll_id: int, group: str, answers: Sequence[box.Answer], *, key: str, by: Actor, today: date) -> None:
    """One paper form of a questionnaire goes into the box with the rest."""
    poll = running_poll(poll_id, by)
    if poll.is_poll:
        raise PollRefused("民意测评的纸质票按计票表录入，不逐张录入")
    if poll.named:
        raise PollRefused("这是实名问卷，请按姓名录入")
    try:
        box.cast_paper(key, answers, poll=poll, group=group)
    except box.BallotRefused as refused:
        raise PollRefused(refused.text)
    record("polling.enter_paper", poll, by=by, fields={"组别": group, "日期": today})


@transaction.atomic
def enter_named(poll_id: int, number: str, answers: Sequence[box.Answer], *, by: Actor, today: date) -> RollEntry:
    """One paper form of a named questionnaire, in place of the person's own slip."""
    poll = running_poll(poll_id, by)
    entry = poll.roll.filter(number=number).first()
    if entry is None or not poll.named:
        raise PollRefused("名册里没有这个人，请刷新页面后重选")
    try:
        box.put_named(entry, answers, channel=Channel.PAPER)
    except box.BallotRefused as refused:
        raise PollRefused(refused.text)
    record("polling.enter_named", poll, by=by, fields={"人员": str(entry), "日期": today})
    return entry


def _entered(poll: Poll, group: str) -> PaperTally:
    tally = PaperTally.objects.select_for_update().filter(poll=poll, group=group).first()
    if tally is None:
        raise PollRefused("这一组还没有录入计票表")
    if tally.checked_by_id:
        raise PollRefused("这一组的计票表监票人已经确认过了")
    return tally


def _person(by: Actor) -> Person:
    if by.person is None:
        raise Forbidden("计票由人办理，系统不能代办")
    return by.person
