"""Figures: numbers that a domain room keeps about a case. A condition names one ({数: 基金.余额, 等于: 0}), a room declares it
as data; it is read when an act is judged, and kept with the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from jizhi.procedure.models import Case
from jizhi.rulebook import judgement
from jizhi.rulebook.language import Procedure


@dataclass(frozen=True)
class Figure:
    name: str  # 基金.余额
    of: Callable[[Case], Decimal]
    about: str = ""  # one line for the guide


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
    return {name: f"{figures()[name].of(case):f}" for name in names}
