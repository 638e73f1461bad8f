"""A published result is read in its unit and below it. Everything else (who computes, sees before publication,
publishes, corrects) is for the domain whose result it is: its acts pass their own permission, its scopes add readers."""

from django.db.models import Q

from jizhi.access.actor import Actor
from jizhi.access.permission import Grant, Permission, Scope
from jizhi.org.queries import ancestor_ids

PERMISSIONS = (Permission("results.read_published", "查看已公布的结果", (Grant(anyone=True, own=True),)),)


def _near(actor: Actor, prefix: str) -> Q:
    """Published, in one's own unit or one above it."""
    units = [pk for unit in (actor.unit, actor.person.unit if actor.person else None) if unit for pk in ancestor_ids(unit)]
    return Q(**{f"{prefix}published_on__isnull": False, f"{prefix}unit__in": units})


SCOPES = (
    Scope("results.Result", "results.read_published", own=lambda actor: _near(actor, "")),
    Scope("results.Place", "results.read_published", unit="result__unit", own=lambda actor: _near(actor, "result__")),
)
