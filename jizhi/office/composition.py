"""What a body's regulation says of its seats, beside who holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jizhi.org.models import Body, Seat
from jizhi.regulation.bodies import BodyRule, rules_in_force
from jizhi.rulebook import language
from jizhi.rulebook.composition import rules_of


@dataclass(frozen=True)
class SeatRule:
    """One kind of seat: its rule, how many hold it."""

    seat: language.Seat
    held: int

    @property
    def count(self) -> str:
        return f"{self.seat.least}名" if self.seat.least == self.seat.most else f"{self.seat.least}至{self.seat.most}名"

    @property
    def lacking(self) -> int:
        return max(0, self.seat.least - self.held)


@dataclass(frozen=True)
class Composition:
    rule: BodyRule
    seats: tuple[SeatRule, ...]
    words: tuple[str, ...]
    clause: language.Clause | None


def composition_of(body: Body, seats: Sequence[Seat], *, today: date) -> Composition | None:
    """The rule that the body is set up under; None where no regulation in force names such a body."""
    rule = rules_in_force(body.unit, on=today).get(body.kind)
    if rule is None:
        return None
    clause = next((c for c in rule.regulation.clauses if rule.body.clause and c.number in rule.body.clause), None)
    rows = tuple(SeatRule(seat, sum(held.title == seat.name for held in seats)) for seat in rule.body.seats)
    return Composition(rule, rows, tuple(rules_of(rule.body)), clause)
