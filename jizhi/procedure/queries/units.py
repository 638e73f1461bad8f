"""The units that a fan-out (分办) goes to."""

from __future__ import annotations

from datetime import date

from jizhi.org.models import Body, Level, Unit
from jizhi.org.queries import units_open


def units_below(unit: Unit, below: str, *, on: date) -> list[Unit]:
    """下辖: a word that begins with a level's name (村, 村党支部, 乡镇) means the units of that level below; any other word
    the units below that have a standing body of that kind. In the order of the tree, the unit itself never among them."""
    found = units_open(unit, on=on).exclude(pk=unit.pk).order_by("path")
    levels = sorted((level for level in Level if below.startswith(str(level.label))), key=lambda level: -len(str(level.label)))
    if levels:
        return list(found.filter(level=levels[0]))
    bodies = Body.objects.filter(kind=below, since__lte=on).exclude(until__lt=on)
    return list(found.filter(pk__in=bodies.values("unit")))
