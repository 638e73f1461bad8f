"""Effects: what a domain room does when a step is taken. A step names one (效力: 督导.销号), a room declares it as data;
it runs when the step is taken with its first outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from django.apps import apps

from jizhi.access.actor import Actor
from jizhi.procedure.models import Act, Case


class Run(Protocol):
    """Called inside the act's transaction, after the case has moved."""

    def __call__(self, case: Case, act: Act, *, by: Actor, today: date) -> object: ...


@dataclass(frozen=True)
class Effect:
    name: str  # 督导.销号
    run: Run
    about: str = ""  # one line for the guide


EFFECTS: tuple[Effect, ...] = ()


@cache
def effects() -> dict[str, Effect]:
    """Every effect that some room declares in its effects.py, by name."""
    found: dict[str, Effect] = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("jizhi.") or find_spec(f"{app.name}.effects") is None:
            continue
        for effect in import_module(f"{app.name}.effects").EFFECTS:
            if effect.name in found:
                raise RuntimeError(f"effect {effect.name} is declared twice")
            found[effect.name] = effect
    return found


def effect_named(name: str) -> Callable[..., object] | None:
    effect = effects().get(name)
    return effect.run if effect else None
