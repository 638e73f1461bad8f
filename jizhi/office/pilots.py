"""The figures of a pilot beside those of the other units: what was begun, ended and late since it started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Count, F, Q

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.org.models import Level, Unit
from jizhi.org.queries import units_open
from jizhi.procedure.models import Case
from jizhi.regulation.models import Pilot
from jizhi.regulation.queries import edition_in_force

MOST = 100  # units set beside the pilot


@dataclass(frozen=True)
class Row:
    """One unit's cases of the regulation since the pilot began. ``days`` is the median length of those ended, in days."""

    unit: Unit
    piloting: bool
    edition: str  # what is in force there
    begun: int
    ended: int
    late: int
    days: float | None


def compared(pilot: Pilot, *, today: date) -> list[tuple[Unit, bool]]:
    """The pilot's units first (True), then the others of their levels."""
    chosen = list(pilot.units.all())
    depths, levels = {unit.depth for unit in chosen}, {unit.level for unit in chosen} - {Level.DEPARTMENT}
    others = units_open(pilot.unit, on=today).filter(depth__in=depths, level__in=levels)
    others = others.exclude(pk__in=[unit.pk for unit in chosen])[:MOST]
    return [*((unit, True) for unit in chosen), *((unit, False) for unit in others)]


def figures(actor: Actor, pilot: Pilot, units: Sequence[tuple[Unit, bool]], *, today: date) -> list[Row]:
    """What each of ``units`` has begun, as far as the actor sees its cases."""
    counted: dict[int, tuple[int, int, int]] = {}
    lengths: dict[int, list[int]] = {}
    for depth in {unit.depth for unit, _ in units}:
        column = f"at_{min(depth, 5)}"
        here = [unit.pk for unit, _ in units if unit.depth == depth]
        rows = visible(actor, Case.objects.filter(edition__code=pilot.edition.code, began_on__gte=pilot.since)).order_by()
        rows = rows.filter(**{f"{column}__in": here})
        late = Q(end="", due__lt=today)
        for row in rows.values(column).annotate(n=Count("pk"), ended=Count("pk", filter=~Q(end="")), late=Count("pk", filter=late)):
            counted[row[column]] = (row["n"], row["ended"], row["late"])
        for unit, began, since in rows.exclude(end="").values_list(column, F("began_on"), F("since")):
            lengths.setdefault(unit, []).append((since - began).days)
    return [
        Row(unit, own, _running(unit, pilot, today), *counted.get(unit.pk, (0, 0, 0)), _median(lengths.get(unit.pk))) for unit, own in units
    ]


def _running(unit: Unit, pilot: Pilot, today: date) -> str:
    edition = edition_in_force(unit, pilot.edition.code, on=today)
    return f"{edition.since.year}年版" if edition else "未采用"


def _median(days: list[int] | None) -> float | None:
    return median(days) if days else None
