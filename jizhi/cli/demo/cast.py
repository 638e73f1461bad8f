"""Who plays in one school of the demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jizhi.access.actor import Actor, actor_of
from jizhi.cli.demo.stamp import acting
from jizhi.org.models import Person, Unit


@dataclass
class Cast:
    """The people of one school, by what they do there."""

    unit: Unit
    who: Mapping[str, Person]
    departments: Mapping[str, Unit]
    teachers: list[Person]
    district: Mapping[str, Person]
    known: dict[str, Actor] = field(default_factory=dict)

    def actor(self, key: str, *, today: date) -> Actor:
        """Nobody of the demo changes his post, so that what he holds is asked once."""
        if key not in self.known:
            self.known[key] = self._actor(key, today=today)
        return self.known[key]

    def _actor(self, key: str, *, today: date) -> Actor:
        if key in ("inspector", "second", "rechecker", "deputy", "leader"):
            return acting(self.who[key], today=today, body="督导组")
        if key == "principal":
            return acting(self.who[key], today=today, title="校长")
        return actor_of(self.who[key], today=today)
