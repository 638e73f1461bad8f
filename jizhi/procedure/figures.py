"""Figures: numbers that a domain room keeps about a case. A condition names one ({数: 基金.余额, 等于: 0}), a room declares it
as data; it is read when an act is judged, and kept with the act. One that counts records of the case's unit may also be
fetched (取数): it stands beside the field as a proposal, and people decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlencode

from django.apps import apps
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.procedure.models import Case
from jizhi.rulebook import judgement
from jizhi.rulebook.language import Procedure


@dataclass(frozen=True)
class Listed:
    """What a figure counts, as it may be shown to who reads no records of the room: names masked as in a notice."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    name: str  # 基金.余额
    of: Callable[[Case], Decimal | None]  # None: there are no records to count
    about: str = ""  # one line for the guide
    records: Callable[[Case, Actor], str] | None = None  # where this reader sees what it counts; such a figure may be fetched
    listed: Callable[[Case], Listed] | None = None  # the same with names masked, for whoever is to judge by it


@dataclass(frozen=True)
class Fetched:
    """What a 取数 found: the proposal and where its records are. An empty value: nobody provides it."""

    name: str
    about: str = ""
    value: str = ""
    link: str = ""


FIGURES: tuple[Figure, ...] = ()


@cache
def figures() -> dict[str, Figure]:
    """Every figure that some room declares in its figures.py, by name."""
    found: dict[str, Figure] = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("jizhi.") or find_spec(f"{app.name}.figures") is None:
            continue
        for figure in getattr(import_module(f"{app.name}.figures"), "FIGURES", ()):
            if figure.name in found:
                raise RuntimeError(f"figure {figure.name} is declared twice")
            found[figure.name] = figure
    return found


def figures_about(case: Case, procedure: Procedure) -> tuple[str, ...]:
    """The figures that a procedure names; one that no room declares is absent. None before the case is kept."""
    return tuple(name for name in judgement.figures_named(procedure) if name in figures()) if case.pk is not None else ()


def figures_of(case: Case, names: Sequence[str]) -> dict[str, str]:
    """What they say about a case now, as text."""
    return {name: f"{value:f}" for name in names if (value := figures()[name].of(case)) is not None}


def fetchable() -> list[Figure]:
    """Those that 取数 may name, by name."""
    return sorted((one for one in figures().values() if one.records is not None), key=lambda one: one.name)


def fetched(case: Case | None, name: str, actor: Actor, *, rates: bool = False) -> Fetched:
    """What a 取数 says of a case's unit now. Who ``rates`` by it now is led to all that it counts, masked; others to what they see."""
    figure = figures().get(name)
    value = figure.of(case) if case is not None and figure is not None and figure.records is not None else None
    if case is None or figure is None or figure.records is None or value is None:
        return Fetched(name)
    masked = f"{reverse('case_counted', args=[case.pk])}?{urlencode({'name': name})}" if rates and figure.listed else ""
    return Fetched(name, figure.about, f"{value:f}", masked or figure.records(case, actor))
