"""A new regulation on the records of a campaign: who would move, and why. Nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jizhi.kernel.money import yuan
from jizhi.rulebook.appraisal.campaign import appraise
from jizhi.rulebook.appraisal.data import Appraised, Campaign, Problem
from jizhi.rulebook.formula import plain
from jizhi.rulebook.language import Regulation, Standard


@dataclass(frozen=True)
class Move:
    """One unit before and after. ``reasons`` is empty for whoever stays where it was."""

    old: Appraised
    new: Appraised
    reasons: tuple[str, ...]

    @property
    def unit(self) -> str:
        return self.new.unit.name


@dataclass(frozen=True)
class Preview:
    """``moves`` holds those who would move, in the new order."""

    moves: tuple[Move, ...] = ()
    stays: int = 0
    problems: tuple[Problem, ...] = ()


def preview(
    old: tuple[Regulation, Standard],
    new: tuple[Regulation, Standard],
    campaign: Campaign,
    *,
    new_campaign: Campaign | None = None,
    seed: str = "",
    on: date | None = None,
    region: str = "",
) -> Preview:
    """Both by the same records and the same seed. ``new_campaign``: the records as read for the new standard, where it names
    other parts or choices. Without ``on`` each is taken at its newest values."""
    seed = seed or old[1].code
    before = appraise(*old, campaign, seed=seed, on=on, region=region)
    after = appraise(*new, new_campaign or campaign, seed=seed, on=on, region=region)
    problems = [*(Problem(f"按原制度：{one.text}", one.sheet, one.line, one.column) for one in before.problems)]
    problems += [Problem(f"按新制度：{one.text}", one.sheet, one.line, one.column) for one in after.problems]
    if problems:
        return Preview(problems=tuple(problems))
    was = {one.unit.name: one for one in before.results}
    moves = [Move(was[one.unit.name], one, tuple(_reasons(was[one.unit.name], one))) for one in after.results]
    moving = tuple(one for one in moves if one.reasons)
    return Preview(moving, len(moves) - len(moving))


def _reasons(old: Appraised, new: Appraised) -> Iterator[str]:
    """What moves, each with its cause; a score that moves nothing is no move."""
    moved = [
        *([f"等次由{old.grade or '未定'}变为{new.grade or '未定'}：{new.grade_why}"] if old.grade != new.grade else []),
        *([f"由 {_stars(old)} 变为 {_stars(new)}：{new.stars_why}"] if old.stars != new.stars else []),
        *([f"名次由第 {old.rank or '—'} 变为第 {new.rank or '—'}：{new.decided_by}"] if old.rank != new.rank else []),
        *([f"奖励由 {yuan(old.award)} 元变为 {yuan(new.award)} 元"] if old.award != new.award else []),
    ]
    yield from moved
    if moved and old.score != new.score:
        yield f"总分由 {old.score} 变为 {new.score}" + "".join(f"，{text}" for text in _parts(old, new))


def _stars(one: Appraised) -> str:
    return "不评星" if one.stars is None else f"{one.stars} 星"


def _parts(old: Appraised, new: Appraised) -> Iterator[str]:
    was = {part.name: part for part in old.parts}
    for part in new.parts:
        before = was.get(part.name)
        if before is None:
            yield f"新增{part.name}（占 {plain(part.share * 100)}%，{plain(part.value)} 分）"
        elif (before.share, before.value) != (part.share, part.value):
            shares = f"占比 {plain(before.share * 100)}% → {plain(part.share * 100)}%" if before.share != part.share else ""
            values = f"{plain(before.value)} → {plain(part.value)} 分" if before.value != part.value else ""
            yield f"{part.name}{'、'.join(text for text in (shares, values) if text)}"
    for name in sorted(was.keys() - {part.name for part in new.parts}):
        yield f"不再计{name}"
    if old.adjustment != new.adjustment:
        yield f"加减分 {plain(old.adjustment)} → {plain(new.adjustment)}"
