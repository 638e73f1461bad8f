"""Composition of bodies: hard rules (人数、须、不得兼任、专兼) refuse, 原则上 rules take a waiver with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jizhi.rulebook.language import Body, Seat
from jizhi.rulebook.words import by_clause


@dataclass(frozen=True)
class Member:
    """A seat held by a person, with all the post titles he holds and the bodies he sits in (this one may be among them)."""

    id: str
    name: str
    seat: str
    posts: tuple[str, ...] = ()
    employment: str = ""
    bodies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Breach:
    """A rule not kept. ``hard`` refuses, otherwise a waiver with its reason is asked for. ``rule`` is the rule itself with
    its clause; ``text`` is the rule and what is wrong. ``short``: too few people yet, which no appointment can break.

    Two breaches of one rule by one person are the same however they are told, so that what was wrong before can be taken
    away from what is wrong after; a body grown further beyond its number (``over``) is another breach."""

    hard: bool
    rule: str
    seat: str
    person: str | None  # id
    text: str = field(compare=False)
    short: bool = False
    over: int = 0


def breaches(body: Body, seats: Sequence[Member]) -> list[Breach]:
    """Everything about a body that its regulation does not want, hard rules first."""
    found = [*_counts(body, seats), *(breach for member in seats for breach in _about(body, member, seats))]
    return sorted(found, key=lambda breach: not breach.hard)


def appointment_breaches(body: Body, seats: Sequence[Member], new: Member) -> list[Breach]:
    """What appointing one more person would break; what is wrong already, and seats still empty, are not his doing."""
    before = set(breaches(body, seats))
    return [
        breach
        for breach in breaches(body, [*seats, new])
        if breach not in before and not breach.short and breach.seat in (new.seat, body.name)
    ]


def rules_of(body: Body) -> list[str]:
    """The composition in sentences, for the body's page: 副组长1至2名，须是骨干教师（第三条）."""
    said = [f"{body.name}共{_range(body.least, body.most)}{by_clause(body.clause)}"] if body.least or body.most else []
    for seat in body.seats:
        said.append(_count_rule(body, seat))
        said += [_must_rule(body, seat)] if seat.must else []
        said += [_principle_rule(body, seat)] if seat.in_principle else []
        said += [_employment_rule(body, seat)] if seat.employment else []
        said += [f"{seat.name}享受{seat.treated_as}待遇{by_clause(seat.clause or body.clause)}"] if seat.treated_as else []
    said += [_not_with_rule(body)] if body.not_with else []
    return [*said, *([f"所需编制在现有编制中解决{by_clause(body.clause)}"] if body.within_headcount else [])]


def _counts(body: Body, seats: Sequence[Member]) -> list[Breach]:
    found: list[Breach] = []
    for seat in body.seats:
        have = sum(member.seat == seat.name for member in seats)
        found += _count(_count_rule(body, seat), seat.name, have, seat.least, seat.most)
    rule = f"{body.name}共{_range(body.least, body.most)}{by_clause(body.clause)}"
    have = len({member.id for member in seats})
    return [*found, *_count(rule, body.name, have, body.least or 0, body.most)]


def _count(rule: str, name: str, have: int, least: int, most: int | None) -> list[Breach]:
    if most is not None and have > most:
        return [Breach(True, rule, name, None, f"{rule}，连同本次共 {have} 名，多 {have - most} 名", over=have - most)]
    if have < least:
        return [Breach(True, rule, name, None, f"{rule}，现有 {have} 名，还缺 {least - have} 名", short=True)]
    return []


def _about(body: Body, member: Member, seats: Sequence[Member]) -> list[Breach]:
    """The rules about one person in one seat."""
    seat = next((seat for seat in body.seats if seat.name == member.seat), None)
    if seat is None:
        rule = f"{body.name}设{'、'.join(seat.name for seat in body.seats)}{by_clause(body.clause)}"
        return [Breach(True, rule, member.seat, member.id, f"{rule}，没有“{member.seat}”这个席位")]

    def breach(rule: str, text: str, *, hard: bool = True) -> Breach:
        return Breach(hard, rule, member.seat, member.id, f"{rule}，{text}")

    posts = set(member.posts)
    holds = f"{member.name}现任{'、'.join(member.posts)}" if member.posts else f"{member.name}没有担任职务"
    found: list[Breach] = []
    if seat.must and not posts & set(seat.must):
        found.append(breach(_must_rule(body, seat), holds))
    if seat.in_principle and not posts & set(seat.in_principle):
        found.append(breach(_principle_rule(body, seat), holds, hard=False))
    if clash := sorted((posts | set(member.bodies)) & set(body.not_with)):
        found.append(breach(_not_with_rule(body), f"{member.name}现任{'、'.join(clash)}"))
    if seat.employment and member.employment not in seat.employment:
        written = f"“{member.employment}”" if member.employment else "空白"
        found.append(breach(_employment_rule(body, seat), f"{member.name}一栏现为{written}"))
    if sum(one.id == member.id for one in seats) > 1:
        rule = f"同一人在{body.name}只担任一个席位{by_clause(body.clause)}"
        found.append(breach(rule, f"{member.name}已有另一席位"))
    return found


def _count_rule(body: Body, seat: Seat) -> str:
    return f"{seat.name}{_range(seat.least, seat.most)}{by_clause(seat.clause or body.clause)}"


def _must_rule(body: Body, seat: Seat) -> str:
    return f"{seat.name}须由{'或'.join(seat.must)}担任{by_clause(seat.clause or body.clause)}"


def _principle_rule(body: Body, seat: Seat) -> str:
    return f"{seat.name}原则上由{'或'.join(seat.in_principle)}兼任{by_clause(seat.clause or body.clause)}"


def _employment_rule(body: Body, seat: Seat) -> str:
    return f"{seat.name}须写明{'或'.join(seat.employment)}{by_clause(seat.clause or body.clause)}"


def _not_with_rule(body: Body) -> str:
    return f"{body.name}成员不得兼任{'、'.join(body.not_with)}{by_clause(body.clause)}"


def _range(least: int | None, most: int | None) -> str:
    if least == most or least is None:
        return f"{most}名"
    return f"{least}至{most}名" if most is not None else f"至少{least}名"
