"""How the fund says no."""

from __future__ import annotations

from jizhi.access.actor import Actor
from jizhi.org.models import Person
from jizhi.procedure.actions import Refused
from jizhi.rulebook.judgement import Refusal


def person_of(by: Actor) -> Person:
    """Money and gifts are handled by somebody, never by the program alone."""
    if by.person is None:
        raise refused("须由人办理", "这件事要由人办理，系统不能自己办")
    return by.person


def refused(what: str, text: str) -> Refused:
    return Refused(Refusal(what, text))
