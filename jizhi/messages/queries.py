"""One's own messages."""

from django.db.models import QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.messages.models import Message
from jizhi.org.models import Person


def inbox(actor: Actor) -> QuerySet[Message]:
    """Newest first."""
    return visible(actor, Message.objects.all())


def unread_of(person: Person) -> QuerySet[Message]:
    """What the person has not read yet."""
    return Message.objects.filter(to=person, read_at=None)
