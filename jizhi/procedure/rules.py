"""Whom a step is addressed to, and how a line of history is read; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from jizhi.rulebook.judgement import Act, Facts
from jizhi.rulebook.language import Procedure, Step, Who


@dataclass(frozen=True)
class Address:
    """Where a to-do goes: a person, or whoever holds a post, a seat of a body, or a head post of a unit."""

    unit: str
    person: str | None = None
    body: str = ""
    post: str = ""
    head: bool = False

    @property
    def words(self) -> str:
        return self.post or self.body or ("负责人" if self.head else "")


def units_of(word: str, facts: Facts) -> list[str]:
    """本单位, 上级, 上级(县), 对象 as ids of units; none when there is no such unit above."""
    if word == "本单位":
        return [facts.unit]
    if word == "对象":
        subject = facts.parties.get("对象")
        parties = [subject] if subject else list(facts.parties.values())
        return [party.unit for party in parties if party.unit]
    if word == "上级":
        return [unit for unit, _ in facts.upward[:1]]
    level = word.removeprefix("上级").strip("（()）")
    return [unit for unit, name in facts.upward if name == level][:1]


def addresses(whos: Sequence[Who], facts: Facts, acts: Sequence[Act]) -> tuple[Address, ...]:
    """Where a to-do for any of ``whos`` goes; each address once."""
    return tuple(dict.fromkeys(address for who in whos for address in _addresses(who, facts, acts)))


def _addresses(who: Who, facts: Facts, acts: Sequence[Act]) -> list[Address]:
    if who.system or who.status:
        return []  # everybody on a register is nobody's to-do
    if who.party:
        party = facts.parties.get(who.party)
        if party is None:
            return []
        if party.person:
            return [Address(facts.unit, person=person) for person in (party.person, *party.others)]
        return [Address(party.unit or facts.unit, head=True)]
    if who.previous:
        return [Address(facts.unit, person=acts[-1].by)] if acts and acts[-1].by != "system" else []
    if who.acted:
        people = [act.by for act in acts if act.step in who.acted and act.by != "system"]
        return [Address(facts.unit, person=person) for person in dict.fromkeys(people)]
    return [Address(unit, body=who.body or "", post=who.post or "") for unit in units_of(who.unit, facts)]


def onward(procedure: Procedure, step: Step) -> str:
    """Where the first outcome leads: the step or end that is expected next."""
    return step.outcomes[0].branches[0].to


def is_back(procedure: Procedure, step: str, to: str) -> bool:
    """Whether going from one step to the other is a return."""
    names = [one.name for one in procedure.steps]
    return step in names and to in names and names.index(to) <= names.index(step)


ONLINE = "网站"
CHANNELS = (ONLINE, "书面", "电话", "现场")  # how an objection comes

PAPER = re.compile(r"(?P<name>[^（(]+)[（(](?P<kind>[^）)]{1,10})[）)]")


def paper_of(text: str) -> tuple[str, str] | None:
    """The name and the 字 of 整改通知书（督改）: a paper that the engine numbers and issues. Without a 字 an effect issues it."""
    found = PAPER.fullmatch(text)
    return (found["name"].strip(), found["kind"].strip()) if found else None


def share_of(count: int, share: Decimal) -> int:
    """How many of ``count`` a share comes to, rounded up: 20% of 3 is 1."""
    return int((share * count).to_integral_value(ROUND_CEILING))
