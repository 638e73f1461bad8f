"""The ballot box. Casting is no act: it has no ``by`` and leaves no entry in the log, for either would tie a ballot to a
person (docs/decisions/0005-secret-ballots.md). Only this module writes envelopes and reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connection, transaction

from jizhi.polling.models import Channel, Envelope, Item, ItemKind, NamedAnswer, Poll, RollEntry, Token, random_key
from jizhi.polling.rules import OPEN_LINK, code_hash, new_code
from jizhi.polling.sealing import new_pair, sealed, unsealed, unwrapped, wrapped

Answer = int | list[int] | str | None  # the place of the option, places, or what was written; None: left out
WALL = "wall"
LONGEST = 500  # characters of one written answer
SPENT = "这张凭条已经用过，填的已经收到，不用再填。每人只计一次；有疑问请找现场工作人员。"


class BallotRefused(Exception):  # noqa: N818 (a sentence for the page)
    """Why the ballot was not taken."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass
class Contents:
    """What was in the box: votes per item, group and option; how many ballots per group; written answers."""

    votes: dict[int, dict[str, dict[str, int]]] = field(default_factory=dict)
    ballots: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    broken: int = 0  # envelopes that do not open: somebody changed them


@transaction.atomic
def cast(code: str, answers: Sequence[Answer], *, poll: Poll) -> None:
    """One ballot by a slip's or a tablet's code, once. Slips count only as far as the roll says they were handed out."""
    poll = _open(poll)
    token = Token.objects.filter(poll=poll, digest=code_hash(code)).exclude(channel=WALL).first()
    if token is None or token.void:
        raise BallotRefused("没有这张凭条，或者已经作废。请核对凭条上的编码，或者找现场工作人员。")
    if token.used:
        raise BallotRefused(SPENT)
    if token.channel == Channel.SLIP and _used(poll, Channel.SLIP, token.group) >= _marks(poll, Channel.SLIP, token.group):
        raise BallotRefused("名册上还没有登记发出这张凭条，请找现场工作人员在名册上登记后再填。您填的没有保存。")
    token.used = True
    token.save(update_fields=["used"])
    _put(poll, token.group, answers)


@transaction.atomic
def cast_paper(key: str, answers: Sequence[Answer], *, poll: Poll, group: str) -> None:
    """One paper form that an official types in. No more than the roll says were handed out; the same form (``key``) once."""
    poll = _open(poll)
    if not _first(poll, key, Channel.PAPER, group):
        return
    if poll.roll.exists() and _used(poll, Channel.PAPER, group) > _marks(poll, Channel.PAPER, group):
        raise BallotRefused(f"名册上登记发出的纸质问卷只有 {_marks(poll, Channel.PAPER, group)} 份，已经全部录入。请先在名册上登记再录入。")
    _put(poll, group, answers)


@transaction.atomic
def cast_named(code: str, answers: Sequence[Answer], *, poll: Poll) -> None:
    """What somebody answers under his name, by his own slip, once."""
    poll = _open(poll)
    found = NamedAnswer.objects.select_related("entry").filter(entry__poll=poll, digest=code_hash(code)).first()
    if found is None:
        raise BallotRefused("没有这张凭条，或者已经作废。请核对凭条上的编码，或者找现场工作人员。")
    put_named(found.entry, answers, channel=Channel.SLIP)


@transaction.atomic
def put_named(entry: RollEntry, answers: Sequence[Answer], *, channel: Channel) -> None:
    """One answer for each of the roll, whichever way it came first."""
    _open(entry.poll)
    found, _ = NamedAnswer.objects.get_or_create(entry=entry, defaults={"digest": code_hash(new_code())})
    if found.answers is not None:
        raise BallotRefused(f"{entry}已经答过，每人只计一次，这一份没有保存。")
    found.answers, entry.channel = list(answers), channel
    found.save(update_fields=["answers"])
    entry.save(update_fields=["channel"])


@transaction.atomic
def cast_open(key: str, answers: Sequence[Answer], *, poll: Poll) -> None:
    """One answer by the open link: the same form once, and nothing more can be promised."""
    poll = _open(poll)
    if _first(poll, key, WALL, OPEN_LINK):
        _put(poll, OPEN_LINK, answers)


def lock(poll: Poll) -> None:
    """Give the poll its pair of keys; the private one is locked with the server's secret, which no dump holds."""
    public, private = new_pair()
    poll.public_key = public
    poll.private_key = wrapped(private, secret=settings.SECRET_KEY, name=_name(poll))


def contents(poll: Poll) -> Contents:
    """Open every envelope, or go through what was answered under names. For the close only."""
    items, found = list(poll.items.all()), Contents()
    if poll.named:
        for group, answers in poll.roll.filter(named__answers__isnull=False).values_list("group", "named__answers"):
            _count(found, poll, items, {"g": group, "a": answers})
        return found
    private = unwrapped(bytes(poll.private_key), secret=settings.SECRET_KEY, name=_name(poll))
    for envelope in poll.box.order_by("pk"):  # never as written: the first option met would be the first voter's
        try:
            ballot = json.loads(unsealed(private, bytes(envelope.content)))
        except InvalidTag:
            found.broken += 1
            continue
        _count(found, poll, items, ballot)
    return found


def empty(poll: Poll) -> None:
    """The envelopes and the key are gone; on SQLite their pages are overwritten with zeros."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    poll.box.all().delete()
    poll.private_key = b""


def forget_named(poll: Poll) -> None:
    """Too few answered: nothing of what they answered is kept."""
    NamedAnswer.objects.filter(entry__poll=poll).delete()


def digest_of(figures: Mapping[str, object], remarks: Iterable[str]) -> str:
    """SHA-256 of the figures and the sorted written answers as canonical JSON."""
    text = json.dumps([figures, sorted(remarks)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _name(poll: Poll) -> str:
    return f"poll {poll.pk}"


def _open(poll: Poll) -> Poll:
    """The poll, locked: one ballot at a time, and none after the close."""
    poll = Poll.objects.select_for_update().get(pk=poll.pk)
    if not poll.is_open:
        raise BallotRefused("已经结束，不再收票。" if poll.is_closed else "还没有开始。")
    return poll


def _used(poll: Poll, channel: str, group: str) -> int:
    return poll.tokens.filter(channel=channel, group=group, used=True).count()


def _marks(poll: Poll, channel: str, group: str) -> int:
    return poll.roll.filter(channel=channel, group=group).count()


def _first(poll: Poll, key: str, channel: str, group: str) -> bool:
    """Remember a form by the hash of its key; False when it came before."""
    digest = code_hash(f"{poll.pk} {channel} {key}")
    if not key:
        raise BallotRefused("这一页不完整，没有保存。请重新打开再填。")
    if Token.objects.filter(digest=digest).exists():
        return False
    Token.objects.create(pk=random_key(), poll=poll, group=group, channel=channel, digest=digest, used=True)
    return True


def _put(poll: Poll, group: str, answers: Sequence[Answer]) -> None:
    content = json.dumps({"g": group, "a": list(answers)}, ensure_ascii=False, separators=(",", ":")).encode()
    envelope = sealed(bytes(poll.public_key), content, size=_size(poll.items.all()))
    Envelope.objects.create(pk=random_key(), poll=poll, content=envelope)


def _size(items: Iterable[Item]) -> int:
    """One length for all ballots of a poll."""
    written = 6 * LONGEST + 16  # a character takes up to six bytes
    return 256 + sum(written if item.kind == ItemKind.TEXT else 16 + 4 * len(item.options) for item in items)


def _count(found: Contents, poll: Poll, items: Sequence[Item], ballot: Mapping[str, object]) -> None:
    group, answers = str(ballot["g"]), ballot["a"]
    assert isinstance(answers, list)
    found.ballots[group] = found.ballots.get(group, 0) + 1
    for item, answer in zip(items, answers, strict=True):
        if item.kind == ItemKind.TEXT:
            if answer:
                found.remarks.append((item.pk, str(answer)))
            continue
        options, votes = item.choices(poll), found.votes.setdefault(item.pk, {}).setdefault(group, {})
        for place in answer if isinstance(answer, list) else [] if answer is None else [answer]:
            votes[options[place]] = votes.get(options[place], 0) + 1
