"""What a sheet must hold before it is saved, and before it is handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from jizhi.rulebook.formula import number, plain, rounded
from jizhi.rulebook.indicators import index, leaves
from jizhi.rulebook.language import Standard
from jizhi.rulebook.scoring import NOT_APPLICABLE, mark

MOST_CHARACTERS = 200  # of one entry


@dataclass(frozen=True)
class Filled:
    """One leaf as it will be stored."""

    indicator: str
    points: Decimal | None
    how: str


@dataclass(frozen=True)
class Reading:
    """What was typed, read against the standard: what can be stored, and what is wrong beside which field."""

    filled: tuple[Filled, ...] = ()
    red_lines: tuple[tuple[str, str], ...] = ()
    bonuses: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)  # by indicator code, bonus or red line


def reading(
    standard: Standard,
    entries: Mapping[str, str | None],
    red_lines: Mapping[str, str],
    bonuses: Mapping[str, tuple[str, str]],
) -> Reading:
    """``entries`` by code or name: what was typed; ``""`` is not filled in yet, None or 不适用 is not applicable.

    ``red_lines`` maps the red lines met to their facts, ``bonuses`` each bonus to (points, fact).
    """
    filled, problems, known = [], {}, index(standard)
    for word, entry in entries.items():
        leaf = known.get(word)
        if leaf is None or leaf.children:
            problems[word] = "细则里没有这个末级指标"
            continue
        typed = NOT_APPLICABLE if entry is None else re.sub(r"\s+", " ", entry).strip()
        if not typed:
            continue
        found = mark(standard, leaf, typed) if len(typed) <= MOST_CHARACTERS else f"最多写 {MOST_CHARACTERS} 个字"
        if isinstance(found, str):
            problems[leaf.code] = found
        else:
            filled.append(Filled(leaf.code, None if found.points is None else rounded(found.points, 4), typed))
    problems |= _bonus_problems(standard, bonuses) | _red_line_problems(standard, red_lines)
    return Reading(tuple(filled), tuple(red_lines.items()), bonuses, problems)


def _bonus_problems(standard: Standard, bonuses: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    problems, known = {}, {bonus.name: bonus for bonus in standard.bonuses}
    for name, (points, fact) in bonuses.items():
        given = number(points)
        if name not in known:
            problems[name] = "细则里没有这项加分"
        elif given is None or not 0 <= given <= known[name].most:
            problems[name] = f"请填 0 至 {plain(known[name].most)} 之间的数"
        elif given and known[name].needs and not fact.strip():
            problems[name] = f"加分须写明事实（{known[name].needs}）"
    return problems


def _red_line_problems(standard: Standard, red_lines: Mapping[str, str]) -> dict[str, str]:
    known = {red.name for red in standard.red_lines}
    unknown = {name: "细则里没有这条红线" for name in red_lines if name not in known}
    return unknown | {name: "触及红线须写明事实" for name, fact in red_lines.items() if name in known and not fact.strip()}


def unfilled(standard: Standard, indicators: set[str]) -> dict[str, str]:
    """The leaves that stand in the way of handing in; not applicable must be said, missing is never zero."""
    return {leaf.code: "还没有评分；不适用的请选“不适用”" for leaf in leaves(*standard.indicators) if leaf.code not in indicators}
