"""How this room's pages answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages

from jizhi.access.middleware import ActingRequest
from jizhi.fund.forms import ActForm
from jizhi.procedure.actions import FormProblems, Refused

T = TypeVar("T")


def tried(form: ActForm, act: Callable[[], T]) -> T | None:
    """What the act gives; None when it refuses, and the form says why."""
    try:
        return act()
    except (Refused, FormProblems) as why:
        form.refuse(why)
        return None


def done(request: ActingRequest, act: Callable[[], object], text: str) -> None:
    """Acts of a single button: what was done, or why not, as a message."""
    try:
        act()
        messages.success(request, text)
    except Refused as why:
        messages.error(request, why.refusal.text)
