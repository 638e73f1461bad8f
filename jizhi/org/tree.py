"""Putting units into the tree."""

import uuid
from collections.abc import Sequence

from jizhi.org.models import Level, Unit
from jizhi.org.rules import pinyin_of, segment


def placed(parent: Unit | None, name: str, *, code: str, level: Level, short: str = "") -> Unit:
    """A new row with its path; part of an act that has judged it."""
    unit = unplaced(parent, name, code=code, level=level, short=short)
    place_all([unit])
    return unit


def unplaced(parent: Unit | None, name: str, *, code: str, level: Level, short: str = "") -> Unit:
    """A unit that is to stand below ``parent``, which has its place already."""
    unit = Unit(parent=parent, name=name.strip(), short=short.strip(), code=code.strip(), level=level, path=uuid.uuid4().hex)
    unit.depth, unit.pinyin = (parent.depth + 1 if parent else 0), pinyin_of(name)[0][:200]
    return unit


def place_all(units: Sequence[Unit]) -> None:
    """Keep them, each with its path; none is the parent of another."""
    Unit.objects.bulk_create(units)
    for unit in units:
        unit.path = (unit.parent.path if unit.parent else "") + segment(unit.pk)  # the id is known only now
    Unit.objects.bulk_update(units, ["path"], batch_size=200)
