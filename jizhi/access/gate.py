"""The only place that decides: visible() for lists, may() and require() for acts. Deny by default."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from jizhi.access.actor import Actor

M = TypeVar("M", bound=Model)


class Forbidden(Exception):
    """Visible but not allowed: 403 with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def visible(actor: Actor, queryset: QuerySet[M]) -> QuerySet[M]:
    """The rows of the queryset that the actor may see; none for a model that no room declares."""
    raise NotImplementedError


def may(actor: Actor, permission: str, obj: Model | None = None) -> bool:
    """Whether a permission declared in some room's permissions.py is held, for an object or its unit."""
    raise NotImplementedError


def require(actor: Actor, permission: str, obj: Model | None = None) -> None:
    """Http404 when the object is not visible, Forbidden with the reason when it is but the permission is not held."""
    raise NotImplementedError
