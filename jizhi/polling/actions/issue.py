"""Handing out: the mark on the roll, slips with codes, the tablet of the hall. Nothing here leads to a ballot."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.polling.actions.refused import PollRefused
from jizhi.polling.models import Channel, NamedAnswer, Poll, RollEntry, Tablet, Token, random_key
from jizhi.polling.rules import code_hash, code_typed, new_code

MOST = 5000  # slips at once


@transaction.atomic
def issue_mark(poll_id: int, numbers: Sequence[str], channel: Channel, *, by: Actor, today: date) -> str:
    """Mark people of the roll as having got a slip, a paper ballot or the tablet: each once. For the tablet (one person at a
    time) the code of that ballot is returned, which only the tablet keeps."""
    poll = _secret_poll(poll_id, by)
    entries = list(poll.roll.select_for_update().filter(number__in=numbers))
    if not entries or len(entries) != len(set(numbers)):
        raise PollRefused("名册里没有这个人，请刷新页面后重选")
    if given := [entry for entry in entries if entry.channel]:
        words = "、".join(f"{entry.name}已发{entry.get_channel_display()}" for entry in given[:5])
        raise PollRefused(f"{words}。每人只能发一次；要换一种方式，先把没有用过的凭条收回")
    if channel == Channel.PAPER:
        for group in {entry.group for entry in entries}:
            _not_counted(poll, group)
    code = ""
    if channel == Channel.TABLET:
        if len(entries) > 1:
            raise PollRefused("平板一次只登记一个人")
        code = new_code()
        Token.objects.create(pk=random_key(), poll=poll, group=entries[0].group, channel=channel, digest=code_hash(code))
    for entry in entries:
        entry.channel = channel
        entry.save(update_fields=["channel"])
    who = [f"{entry.name}（{entry.number}）" for entry in entries]
    record("polling.issue_mark", poll, by=by, fields={"方式": channel.label, "人员": who, "日期": today})
    return code


@transaction.atomic
def take_back(poll_id: int, number: str, code: str, *, by: Actor, today: date) -> RollEntry:
    """An unused slip is handed back: it becomes void and the mark is lifted, so that the person may vote another way.

    A paper ballot that comes back before it went into the box needs no code.
    """
    poll = _secret_poll(poll_id, by)
    entry = poll.roll.select_for_update().filter(number=number).first()
    if entry is None or not entry.channel:
        raise PollRefused("名册上没有登记发给这个人，不用收回")
    if entry.channel != Channel.PAPER:
        token = Token.objects.select_for_update().filter(
            poll=poll, digest=code_hash(code_typed(code)), channel=entry.channel, group=entry.group
        )
        found = token.first()
        if found is None or found.void:
            raise PollRefused("没有这张凭条，请核对编码", {"code": "请照凭条上的编码填，16 个字母和数字"})
        if found.used:
            raise PollRefused("这张凭条已经用过，不能再换别的方式；每人只计一次", {"code": "这张凭条已经用过"})
        found.void = True
        found.save(update_fields=["void"])
    else:
        _not_counted(poll, entry.group)
        entered = poll.tokens.filter(channel=Channel.PAPER, group=entry.group, used=True).count()
        if entered >= poll.roll.filter(channel=Channel.PAPER, group=entry.group).count():
            raise PollRefused("这一组发出的纸质问卷都已经录入，没有可以收回的；每人只计一次")
    way = entry.get_channel_display()
    entry.channel = ""
    entry.save(update_fields=["channel"])
    record("polling.take_back", poll, by=by, fields={"人员": f"{entry.name}（{entry.number}）", "收回": way, "日期": today})
    return entry


@transaction.atomic
def print_slips(poll_id: int, *, again: bool = False, by: Actor, today: date) -> list[tuple[str, str]]:
    """New codes, (group, code) in random order, for everyone of the roll who has none yet; they are shown this once. In a named
    questionnaire they are (person, code) in the order of the roll: each is for one person and counts as handed out.

    ``again``: the earlier ones were not printed well; they become void, which is only possible while none was handed out.
    """
    poll = running_poll(poll_id, by)
    if poll.named:
        return _named_slips(poll, again, by=by, today=today)
    slips = poll.tokens.filter(channel=Channel.SLIP)
    if again:
        if poll.roll.filter(channel=Channel.SLIP).exists():
            raise PollRefused("名册上已经登记发出过凭条，不能整批作废；个别的请用“收回”")
        slips.filter(used=False).update(void=True)
    wanted = _wanted(poll)
    made = [(group, new_code()) for group, count in wanted.items() for _ in range(count)]
    if not made:
        raise PollRefused("凭条已经够每人一张，不用再印；上一批没有印好的，请选“整批作废后重印”")
    if len(made) > MOST:
        raise PollRefused(f"一次最多印 {MOST} 张，名册上还差 {len(made)} 张，请分成几次测评")
    Token.objects.bulk_create(
        Token(pk=random_key(), poll=poll, group=group, channel=Channel.SLIP, digest=code_hash(code)) for group, code in made
    )
    secrets.SystemRandom().shuffle(made)
    record("polling.print_slips", poll, by=by, fields={"张数": dict(wanted), "整批作废": again, "日期": today})
    return made


@transaction.atomic
def start_tablet(poll_id: int, pin: str, *, by: Actor, today: date) -> Tablet:
    """An official turns his device into the hall's tablet; the page logs him out of it."""
    poll = _secret_poll(poll_id, by)
    if by.person is None:
        raise Forbidden("会场平板由人启用，系统不能代办")
    tablet = Tablet.objects.create(poll=poll, official=by.person, acting=by.acting.key if by.acting else "", pin=make_password(pin))
    record("polling.start_tablet", poll, by=by, fields={"日期": today})
    return tablet


def _named_slips(poll: Poll, again: bool, *, by: Actor, today: date) -> list[tuple[str, str]]:
    if again:
        NamedAnswer.objects.filter(entry__poll=poll, answers__isnull=True).delete()
    entries = list(poll.roll.filter(named=None)[: MOST + 1])
    if not entries:
        raise PollRefused("名册上每个人都有凭条或者已经答过，不用再印；上一批没有印好的，请选“整批作废后重印”")
    if len(entries) > MOST:
        raise PollRefused(f"一次最多印 {MOST} 张，名册上还差更多，请分成几次调查")
    made = [(entry, new_code()) for entry in entries]
    NamedAnswer.objects.bulk_create(NamedAnswer(entry=entry, digest=code_hash(code)) for entry, code in made)
    poll.roll.filter(pk__in=[entry.pk for entry in entries]).update(channel=Channel.SLIP)
    record("polling.print_slips", poll, by=by, fields={"张数": len(made), "整批作废": again, "日期": today})
    return [(str(entry), code) for entry, code in made]


def _wanted(poll: Poll) -> Mapping[str, int]:
    """Group → how many slips are still missing."""
    people: dict[str, int] = {}
    for group in poll.roll.values_list("group", flat=True):
        people[group] = people.get(group, 0) + 1
    live = poll.tokens.filter(channel=Channel.SLIP, void=False)
    return {group: count - live.filter(group=group).count() for group, count in people.items()}


def _not_counted(poll: Poll, group: str) -> None:
    """Once a counting sheet is confirmed its group's paper stands: whoever handed his in could else vote again another way."""
    if poll.tallies.filter(group=group).exclude(checked_by=None).exists():
        raise PollRefused(f"{group or '名册'}的纸质票已经计票，监票人已经确认，不能再发纸质票，也不能再收回")


def _secret_poll(poll_id: int, by: Actor) -> Poll:
    """Marks and tablets are for anonymous ballots: a named slip is its person's own."""
    poll = running_poll(poll_id, by)
    if poll.named:
        raise PollRefused("这是实名问卷：用印着本人姓名的凭条填写，或者按姓名录入纸质问卷，不用发票登记和会场平板")
    return poll


def running_poll(poll_id: int, by: Actor) -> Poll:
    poll = Poll.objects.select_for_update().get(pk=poll_id)
    require(by, "polling.work", poll)
    if not poll.is_open:
        raise PollRefused("已经封存，不能再办" if poll.is_closed else "还没有开始，请先由组织人开始")
    return poll
