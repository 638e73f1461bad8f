"""A strict order on the rounded total, then by the declared tie-breaks, at last by a draw that anyone can repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from jizhi.rulebook.formula import plain, rounded
from jizhi.rulebook.indicators import folded, index
from jizhi.rulebook.language import Standard
from jizhi.rulebook.scoring import Scored


@dataclass(frozen=True)
class Place:
    """``decided_by`` is the reason against the place above; ``flag`` warns where the order says little."""

    subject: str
    rank: int
    decided_by: str
    flag: str = ""


@dataclass(frozen=True)
class _Measure:
    """One criterion: a smaller key comes first; ``key`` None means that it does not apply to the subject."""

    name: str
    keys: Mapping[str, Decimal | int | str | None]
    says: Callable[[str, str], str]  # (the upper subject, the lower one) -> what decided


def draw(seed: str, subject: str) -> str:
    """SHA-256 of the seed followed by the subject, both as UTF-8; the smaller hexadecimal digest comes first."""
    return hashlib.sha256((seed + subject).encode()).hexdigest()


def rank(standard: Standard, results: Sequence[Scored], *, seed: str, previous: Mapping[str, int] | None = None) -> tuple[Place, ...]:
    """Places from first to last. Subjects stopped by a red line have none. ``previous`` are last period's ranks.

    A criterion that does not apply to one of those still equal (no previous rank, indicator not applicable) is passed
    over for all of them: comparing only some pairs by it could go round in a circle.
    """
    ranked = {one.subject: one for one in results if one.ranked}
    if len(ranked) < sum(one.ranked for one in results):
        raise ValueError("a subject occurs twice")
    measures = _measures(standard, ranked, seed, previous or {})
    reasons: dict[str, str] = {}
    order = _split(sorted(ranked), measures, [], reasons)
    above = dict(zip(order[1:], order, strict=False))
    return tuple(
        Place(name, position, reasons.get(name) or _first(ranked, order), _flag(ranked, above.get(name), name, reasons.get(name, "")))
        for position, name in enumerate(order, start=1)
    )


def _measures(standard: Standard, ranked: Mapping[str, Scored], seed: str, previous: Mapping[str, int]) -> list[_Measure]:
    """总分 first, the declared ones in their order, 抽签 last: it always decides."""
    declared = [word for word in standard.tie_breaks if word not in ("总分", "抽签")]
    return [
        _Measure(
            "总分",
            {name: -one.score for name, one in ranked.items()},
            lambda upper, lower: f"总分高 {plain(ranked[upper].score - ranked[lower].score, standard.decimals)} 分",
        ),
        *(_measure(standard, word, ranked, previous) for word in dict.fromkeys(declared)),
        _Measure("抽签", {name: draw(seed, name) for name in ranked}, lambda _upper, _lower: f"抽签，种子 {seed}，可复算"),
    ]


def _measure(standard: Standard, word: str, ranked: Mapping[str, Scored], previous: Mapping[str, int]) -> _Measure:
    """A declared tie-break; figures are compared as they are printed, so that the reason can be checked by eye."""
    if word == "扣分次数":
        counts = {name: rounded(one.deductions, standard.decimals) for name, one in ranked.items()}
        return _Measure(word, counts, lambda upper, lower: f"扣分次数 {plain(counts[upper])} 少于 {plain(counts[lower])}")
    if word in ("上期名次", "往年名次"):
        ranks = {name: previous.get(name) for name in ranked}
        return _Measure(word, ranks, lambda upper, lower: f"{word}第 {ranks[upper]} 先于第 {ranks[lower]}")
    indicator = index(standard)[folded(word)]
    parts = {
        name: None if (part := one.parts[indicator.code]) is None else rounded(part, standard.decimals) for name, one in ranked.items()
    }

    def says(upper: str, lower: str) -> str:
        return f"“{indicator.name}” {_said(parts[upper], standard)} 高于 {_said(parts[lower], standard)}"

    return _Measure(f"“{indicator.name}”", {name: None if part is None else -part for name, part in parts.items()}, says)


def _said(part: Decimal | None, standard: Standard) -> str:
    return "不适用" if part is None else plain(part, standard.decimals)


def _split(names: list[str], measures: Sequence[_Measure], passed: list[str], reasons: dict[str, str]) -> list[str]:
    """Order equal subjects by the first measure that tells them apart; ``reasons`` gets each one's against its upper neighbour."""
    if len(names) < 2:
        return names
    measure, rest = measures[0], measures[1:]
    lacking = [name for name in names if measure.keys[name] is None]
    if lacking:
        return _split(names, rest, [*passed, f"{'、'.join(lacking)}没有{measure.name}，不比"], reasons)
    groups = [list(group) for _, group in groupby(sorted(names, key=_key(measure)), key=_key(measure))]
    if len(groups) == 1:
        return _split(names, rest, [*passed, f"{measure.name}相同"], reasons)
    blocks = [_split(group, rest, [*passed, f"{measure.name}相同"], reasons) for group in groups]
    for upper, lower in pairwise(blocks):
        reasons[lower[0]] = "；".join([*_short(passed), measure.says(upper[-1], lower[0])])
    return [name for block in blocks for name in block]


def _key(measure: _Measure) -> Callable[[str], Decimal | int | str]:
    return lambda name: measure.keys[name] or 0


def _short(passed: Sequence[str]) -> list[str]:
    """总分相同；“甲”、“乙”、扣分次数也都相同: a run of equal measures as one clause."""
    short: list[str] = []
    for same, run in groupby(passed[1:], key=lambda text: text.endswith("相同")):
        words = [text.removesuffix("相同") for text in run]
        short += [f"{'、'.join(words)}{'也都' if len(words) > 1 else '也'}相同"] if same else words
    return [*passed[:1], *short]


def _first(ranked: Mapping[str, Scored], order: Sequence[str]) -> str:
    if len(order) > 1 and ranked[order[0]].score == ranked[order[1]].score:
        return "总分最高（与第 2 名相同，先后见第 2 名）"
    return "总分最高"


def _flag(ranked: Mapping[str, Scored], upper: str | None, lower: str, reason: str) -> str:
    """差距小于评分误差: the gap is below the larger of the two rating errors (twice the standard error)."""
    if upper is None:
        return ""
    if "抽签，种子" in reason:
        return "靠抽签分出先后"
    margins = [margin for margin in (ranked[upper].margin, ranked[lower].margin) if margin is not None]
    gap = ranked[upper].score - ranked[lower].score
    return f"差距小于评分误差 {plain(max(margins))}" if margins and gap < max(margins) else ""
