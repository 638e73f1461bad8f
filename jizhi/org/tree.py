"""Putting a unit into the tree."""

import uuid

from jizhi.org.models import Level, Unit
from jizhi.org.rules import pinyin_of, segment


def placed(parent: Unit | None, name: str, *, code: str, level: Level, short: str = "") -> Unit:
    """A new row with its path; part of an act that has judged it."""
    unit = Unit(parent=parent, name=name.strip(), short=short.strip(), code=code.strip(), level=level, path=uuid.uuid4().hex)
    unit.depth, unit.pinyin = (parent.depth + 1 if parent else 0), pinyin_of(name)[0][:200]
    unit.save()
    unit.path = (parent.path if parent else "") + segment(unit.pk)  # the id is known only now
    unit.save(update_fields=["path"])
    return unit
