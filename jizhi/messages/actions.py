"""Messages inside the program. Sending is part of the act that has something to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.messages.models import Message
from jizhi.org.models import Person


def send(to: Person, title: str, *, text: str = "", link: str = "", key: str = "", now: datetime) -> Message | None:
    """One message to one person; with a ``key`` once only: None when it was sent before.

    The act that sends it is in the log, so a message has no entry of its own.
    """
    values = {"title": title[:120], "text": text, "link": link, "at": now}
    if not key:
        return Message.objects.create(to=to, **values)
    message, made = Message.objects.get_or_create(to=to, key=key[:120], defaults=values)
    return message if made else None


def send_to_all(people: Iterable[Person], title: str, *, text: str = "", link: str = "", key: str, now: datetime) -> None:
    """The same message to several people, to each once per ``key``."""
    rows = [Message(to=person, title=title[:120], text=text, link=link, at=now, key=key[:120]) for person in people]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


@dataclass(frozen=True)
class Told:
    """One message of many: to whom, and what."""

    to: Person
    title: str
    text: str
    link: str
    key: str


def send_each(told: Iterable[Told], *, now: datetime) -> None:
    """Different messages to many people at once, each once per ``key``."""
    rows = [Message(to=one.to, title=one.title[:120], text=one.text, link=one.link, at=now, key=one.key[:120]) for one in told]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


@transaction.atomic
def mark_read(message_id: int, *, by: Actor, now: datetime) -> Message:
    """Read by whom it was sent to, and by nobody else; the first time counts."""
    message = get_object_or_404(Message.objects.select_for_update(), pk=message_id)
    require(by, "messages.read", message)
    if message.read_at is None:
        message.read_at = now
        message.save(update_fields=["read_at"])
        record("messages.mark_read", message, by=by, label=message.title)
    return message
