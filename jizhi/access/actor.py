"""Who acts, in which one post or seat, today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from jizhi.org.models import Person, Unit
from jizhi.org.queries import held_by, school_of
from jizhi.rulebook import judgement


@dataclass(frozen=True)
class Holding:
    """A post, or a seat of a body, held today."""

    key: str  # "p12" a post, "s7" a seat: what the session remembers
    title: str  # 教务主任, or 督导组督学 for a seat
    unit: Unit
    body: str | None = None  # the body's kind where it is a seat
    seat: str | None = None  # 组长
    head: bool = False

    @property
    def held(self) -> judgement.Held:
        return judgement.Held(title=self.title, unit=str(self.unit.pk), body=self.body, head=self.head)


@dataclass(frozen=True)
class Actor:
    """``by`` of every act. The program itself is SYSTEM, never None. A person acts in one holding at a time.

    ``answers`` is where the gate keeps what it found out for a request that changes nothing; None for an act, which asks anew
    once it has locked its rows."""

    person: Person | None
    acting: Holding | None
    holdings: tuple[Holding, ...] = ()
    system: bool = False
    answers: dict[object, bool] | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> str:
        return ("system" if self.system else "public") if self.person is None else str(self.person.pk)

    @property
    def name(self) -> str:
        return ("系统" if self.system else "公众") if self.person is None else self.person.name

    @property
    def post(self) -> str:
        return self.acting.title if self.acting else ""

    @property
    def unit(self) -> Unit | None:
        return self.acting.unit if self.acting else (self.person.unit if self.person else None)

    @cached_property
    def school(self) -> Unit | None:
        """The whole school where he acts in a part of one, else the unit itself."""
        return school_of(self.unit) if self.unit else None

    def rulebook(self) -> judgement.Actor:
        """As the rulebook sees him: the acting holding only, but where he is registered and serves whatever he acts as."""
        household = self.person.household if self.person else None
        return judgement.Actor(
            id=self.id,
            name=self.name,
            held=(self.acting.held,) if self.acting else (),
            system=self.system,
            registered=frozenset([str(household.unit_id)]) if household else frozenset(),
            serves=frozenset(str(held.unit.pk) for held in self.holdings),
        )


SYSTEM = Actor(person=None, acting=None, system=True)
PUBLIC = Actor(person=None, acting=None)  # anyone on the public site: the gate gives him nothing


def actor_of(person: Person, *, today: date, key: str | None = None) -> Actor:
    """The person with what he holds today. ``key`` picks the acting holding, else a head post, else a seat (most to-dos
    go to bodies), else the first."""
    holdings = holdings_of(person, today=today)
    chosen = next((h for h in holdings if h.key == key), None)
    usual = sorted(holdings, key=lambda h: (not h.head, h.body is None))
    return Actor(person=person, acting=chosen or (usual[0] if usual else None), holdings=holdings)


def holdings_of(person: Person, *, today: date) -> tuple[Holding, ...]:
    """Posts, then seats, held today in units and bodies that stand; none for someone who has left."""
    if person.left_on is not None and person.left_on < today:
        return ()
    return tuple(
        Holding(f"s{row.pk}", f"{row.body}{row.title}", row.unit, body=row.body, seat=row.title)
        if row.body
        else Holding(f"p{row.pk}", row.title, row.unit, head=row.head)
        for row in held_by(person, on=today)
    )
