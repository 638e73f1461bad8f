"""What a domain room shows beside a case: a room declares panels as data in its beside.py, the case page draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from jizhi.access.actor import Actor
from jizhi.procedure.models import Case


@dataclass(frozen=True)
class Line:
    """A name and what it is; ``link`` opens it, ``state`` (late, soon, run, done) marks it."""

    name: str
    text: str
    link: str = ""
    state: str = ""


@dataclass(frozen=True)
class Shown:
    """A panel as one reader sees it. ``links`` are buttons: (label, address)."""

    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Beside:
    """``of`` gives the panel for a case that the reader sees; None where it has nothing to say."""

    name: str  # 基金.收支
    of: Callable[[Case, Actor, date], Shown | None]
    about: str = ""


BESIDE: tuple[Beside, ...] = ()


@cache
def panels() -> tuple[Beside, ...]:
    """Every panel that some room declares in its beside.py."""
    rooms = [app.name for app in apps.get_app_configs() if app.name.startswith("jizhi.") and find_spec(f"{app.name}.beside")]
    return tuple(one for room in rooms for one in import_module(f"{room}.beside").BESIDE)


def shown_beside(case: Case, actor: Actor, *, today: date) -> list[Shown]:
    found = (panel.of(case, actor, today) for panel in panels())
    return [one for one in found if one is not None]
