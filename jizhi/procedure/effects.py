"""Effects: what a domain room does when a step is taken. A step names one (效力: 督导.销号), a room declares it as data;
it runs when the step is taken with its first outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from django.apps import apps

from jizhi.access.actor import Actor
from jizhi.org.models import Unit
from jizhi.procedure.models import Act, Case


class Run(Protocol):
    """Called inside the act's transaction, after the case has moved."""

    def __call__(self, case: Case, act: Act, *, by: Actor, today: date) -> object: ...


class Working(Protocol):
    """Called before a step that names the effect is written. ``args`` are the step's 自动 mapping with its 参数 looked up
    (empty for 效力); what it gives is kept in ``Act.facts``, e.g. ``{"子件": {"12": {"星级": "5", "得分": "93.5"}}}`` by the
    children's ids, from which 默认: 测算.星级 reads. It may raise Refused: then the step waits for the next tick."""

    def __call__(self, case: Case, args: Mapping[str, Any], *, by: Actor, today: date) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Column:
    """What a batch decides for each row (默认: 测算.星级), declared by a domain room in the COLUMNS of its effects.py.
    ``options`` are the values to choose from (none: any text). ``check`` is asked with the value of every row by the child's
    id, and says what is wrong: by child id, or under "" for the whole (名额)."""

    name: str  # 星级
    options: Callable[[Case], Sequence[str]] | None = None
    check: Callable[[Case, Mapping[str, str]], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class Freeze:
    """What a domain room keeps when a step freezes it (冻结: 附表): digests, and whatever is read later, for Act.facts. ``of``
    is given the units that take part, and may raise Refused."""

    name: str  # 附表
    of: Callable[[Case, Sequence[Unit], date], Mapping[str, Any]]


@dataclass(frozen=True)
class Effect:
    name: str  # 督导.销号
    run: Run
    about: str = ""  # one line for the guide
    facts: Working | None = None  # worked out before the act is written, and kept with it


EFFECTS: tuple[Effect, ...] = ()
COLUMNS: tuple[Column, ...] = ()
FREEZES: tuple[Freeze, ...] = ()


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


@cache
def columns() -> dict[str, Column]:
    """Every column that some room declares, by name."""
    return {one.name: one for one in _declared("COLUMNS")}


@cache
def freezes() -> dict[str, Freeze]:
    return {one.name: one for one in _declared("FREEZES")}


def _declared(word: str) -> list[Any]:
    rooms = [app.name for app in apps.get_app_configs() if app.name.startswith("jizhi.") and find_spec(f"{app.name}.effects")]
    return [one for room in rooms for one in getattr(import_module(f"{room}.effects"), word, ())]


def effect_named(name: str) -> Callable[..., object] | None:
    effect = effects().get(name)
    return effect.run if effect else None
