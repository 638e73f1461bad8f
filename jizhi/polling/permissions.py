"""Who may what with polls. Organisers are heads of units and the bodies that appraise; the staff of a poll are named in it."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.polling.models import Poll

OWN = Grant(anyone=True, own=True)
ORGANISERS = (
    Grant(head=True),
    Grant(title="校长"),
    Grant(title="副校长"),
    Grant(title="组织委员"),
    Grant(body="督导组"),
    Grant(body="督导室"),
    Grant(body="考评领导小组"),
)

PERMISSIONS = (
    Permission("polling.read", "查看测评与调查", (*ORGANISERS, OWN)),
    Permission("polling.organise", "组织测评与调查", ORGANISERS),
    Permission("polling.work", "办理测评", (*ORGANISERS, OWN)),
)


def _staff(actor: Actor, prefix: str = "") -> Q:
    """Polls in which one is named as staff."""
    named = Poll.staff.through.objects.filter(person=actor.person)
    return Q(**{f"{prefix}pk__in": named.values("poll")})


SCOPES = (
    Scope("polling.Poll", "polling.read", own=_staff),
    Scope("polling.RollEntry", "polling.work", unit="poll__unit", own=lambda actor: _staff(actor, "poll__")),
    Scope("polling.PaperTally", "polling.work", unit="poll__unit", own=lambda actor: _staff(actor, "poll__")),
    Scope("polling.Symposium", "polling.read", own=lambda actor: Q(secretary=actor.person)),
    Scope("polling.Opinion", "polling.read", unit="symposium__unit", own=lambda actor: Q(symposium__secretary=actor.person)),
)
