"""Choosing the acting post: one at a time, and logged."""

from django.db import transaction
from django.http import HttpRequest

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden
from jizhi.access.middleware import ACTING, requesting_actor
from jizhi.audit.actions import record


@transaction.atomic
def choose_holding(request: HttpRequest, key: str) -> Actor:
    """Act from now on in the holding with this key; Forbidden when it is not held today."""
    before: Actor | None = request.actor  # type: ignore[attr-defined]
    if before is None or key not in {holding.key for holding in before.holdings}:
        raise Forbidden("您今天不担任这个职务，请刷新页面后重新选择")
    request.session[ACTING] = key
    after = requesting_actor(request)
    assert after is not None  # the same person as before
    record("access.choose_holding", after.person, by=after, fields={"原身份": before.post, "现身份": after.post})
    request.actor = after  # type: ignore[attr-defined]
    return after
