"""议定: a body decides when enough of its members say the same, each by an act of his own.

What judging an act read (who the members were, by which rule) is kept in ``Act.facts``, so that a replay needs no roster.
An act without it speaks for all: one person's step, the system, an imagined member.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jizhi.rulebook.facts import Act

DUE, MEMBERS, RULE = "应到", "成员", "议定"  # how many count, their ids, 过半数
RECORDED = "记"  # a repeated act (记) that never moves the case
RULES = ("任一人", "过半数", "半数以上", "三分之二", "全体")
IsSide = Callable[[str], bool]


def needed(rule: str, members: int) -> int:
    """How many of so many members must agree; integers only."""
    match rule:
        case "过半数":
            return members // 2 + 1
        case "半数以上":
            return -(-members // 2)
        case "三分之二":
            return -(-2 * members // 3)
        case "全体":
            return members
    return 1


def too_few(rule: str, members: int, left: int) -> bool:
    """Whether exclusions leave a body that may not decide: nobody, or not more than half of those it has."""
    return left == 0 if rule == "任一人" else 2 * left <= members


def facts_of(rule: str, members: Sequence[str]) -> dict[str, Any]:
    """What the act of a member keeps; nothing where any one of them decides."""
    return {} if rule == "任一人" else {DUE: len(members), MEMBERS: list(members), RULE: rule}


def settled(before: Sequence[Act], act: Act, is_side: IsSide) -> str | None:
    """The outcome that an act brings about: its own, or for a member's word the one on which enough now agree. None: the
    case waits on. ``before`` are the counted acts before it."""
    if RECORDED in act.facts:
        return None
    if DUE not in act.facts:
        return act.outcome
    return agreed({**spoken(before, act.step, is_side), act.by: act.outcome}, act.facts)


def agreed(said: Mapping[str, str], facts: Mapping[str, Any]) -> str | None:
    """The outcome that enough of the members share. Words of people who are no longer counted do not count."""
    members = set(facts[MEMBERS])
    counts = Counter(outcome for by, outcome in said.items() if by in members)
    enough = needed(str(facts[RULE]), int(facts[DUE]))
    return next((outcome for outcome, many in counts.most_common() if many >= enough), None)


def spoken(acts: Sequence[Act], name: str, is_side: IsSide) -> dict[str, str]:
    """The latest word of each member on a step or side act since it was last settled; person id -> outcome."""
    said: dict[str, str] = {}
    for act in reversed(_words(acts, name, is_side)):
        said[act.by] = act.outcome
        if agreed(said, act.facts) is not None:
            said = {}
    return said


def _words(acts: Sequence[Act], name: str, is_side: IsSide) -> list[Act]:
    """Latest first: members' acts on it, back to where it was asked or the case came from elsewhere."""
    found: list[Act] = []
    for act in reversed(acts):
        if act.step == name:
            if DUE in act.facts:
                found.append(act)
            elif RECORDED not in act.facts:
                break
        elif not is_side(act.step) and not (is_side(name) and (DUE in act.facts or RECORDED in act.facts)):
            break
    return found


def moving(acts: Sequence[Act], is_side: IsSide) -> tuple[Act, ...]:
    """Of counted acts, those that moved the case."""
    return tuple(act for n, act in enumerate(acts) if not is_side(act.step) and settled(acts[:n], act, is_side) is not None)
