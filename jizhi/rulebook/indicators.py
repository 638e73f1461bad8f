"""The indicator tree of a standard: walking it, finding by name, and what must hold before it can be scored by."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from jizhi.rulebook import formula
from jizhi.rulebook.formula import plain
from jizhi.rulebook.language import Indicator, Standard

TIE_BREAKS = ("总分", "扣分次数", "上期名次", "往年名次", "抽签")  # beside the indicators themselves


@dataclass(frozen=True)
class StandardProblem:
    """What is wrong with a standard; ``indicator`` is the code it concerns, empty for the whole, ``key`` the key as written."""

    indicator: str
    key: str
    text: str


def folded(word: str) -> str:
    """A name or code as compared: full-width letters and digits count as plain ones."""
    return unicodedata.normalize("NFKC", word).strip()


def walk(indicators: Iterable[Indicator], depth: int = 0) -> Iterator[tuple[int, Indicator]]:
    """Every indicator with its depth, parents first."""
    for indicator in indicators:
        yield depth, indicator
        yield from walk(indicator.children, depth + 1)


def leaves(*indicators: Indicator) -> tuple[Indicator, ...]:
    return tuple(indicator for _, indicator in walk(indicators) if not indicator.children)


def index(standard: Standard) -> dict[str, Indicator]:
    """Indicators by folded code, and by folded name where only one bears it."""
    every = [indicator for _, indicator in walk(standard.indicators)]
    names = [folded(indicator.name) for indicator in every]
    by_name = {folded(indicator.name): indicator for indicator in every if names.count(folded(indicator.name)) == 1}
    return by_name | {folded(indicator.code): indicator for indicator in every}


def standard_problems(standard: Standard) -> list[StandardProblem]:
    """Everything that stands against scoring by the standard, all at once."""
    return [*_sums(standard), *_codes(standard), *_leaves(standard), *_whole(standard)]


def _sums(standard: Standard) -> Iterator[StandardProblem]:
    total = sum((indicator.points for indicator in standard.indicators), Decimal(0))
    own = standard.own_tasks.points if standard.own_tasks else Decimal(0)
    if total + own != standard.full:
        and_own = f"加个性 {plain(own)} 分" if own else ""
        yield StandardProblem("", "满分", f"一级指标合计 {plain(total)} 分{and_own}，与满分 {plain(standard.full)} 分不符")
    for _, indicator in walk(standard.indicators):
        below = sum((child.points for child in indicator.children), Decimal(0))
        if indicator.children and below != indicator.points:
            text = f"“{indicator.name}”的下级指标合计 {plain(below)} 分，与它的分值 {plain(indicator.points)} 分不符"
            yield StandardProblem(indicator.code, "分值", text)
        if indicator.points <= 0:
            yield StandardProblem(indicator.code, "分值", f"“{indicator.name}”的分值须大于 0")


def _codes(standard: Standard) -> Iterator[StandardProblem]:
    codes = [indicator.code for _, indicator in walk(standard.indicators)]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1):
        yield StandardProblem(code, "代号", f"编号“{code}”重复")


def _leaves(standard: Standard) -> Iterator[StandardProblem]:
    for leaf in leaves(*standard.indicators):
        scoring = leaf.scoring
        if scoring and scoring.kind == "四档" and not standard.grade_points:
            yield StandardProblem(leaf.code, "四档", f"“{leaf.name}”按四档计分，但细则没有写四档各得几成")
        if scoring and scoring.kind == "扣分" and not (scoring.each and scoring.each > 0):
            yield StandardProblem(leaf.code, "计分", f"“{leaf.name}”按扣分计分，但没有写每项扣几分")
        if scoring and scoring.kind == "公式":
            try:
                if not formula.variables(scoring.formula or ""):
                    yield StandardProblem(leaf.code, "计分", f"“{leaf.name}”的公式里没有变量")
            except formula.FormulaError as error:
                yield StandardProblem(leaf.code, "计分", f"“{leaf.name}”：{error}")


def _whole(standard: Standard) -> Iterator[StandardProblem]:
    known = index(standard)
    for word in standard.tie_breaks:
        if word not in TIE_BREAKS and folded(word) not in known:
            yield StandardProblem("", "排序", f"排序里的“{word}”不是指标，也不是{'、'.join(TIE_BREAKS)}")
    if standard.groups and sum(standard.groups.values(), Decimal(0)) != 1:
        yield StandardProblem("", "评分组", f"评分组的权重合计 {plain(sum(standard.groups.values(), Decimal(0)) * 100)}%，应为 100%")
    for upper, lower in zip(standard.bands, standard.bands[1:], strict=False):
        if upper.least <= lower.least:
            yield StandardProblem("", "等级", f"等级要从高到低：“{upper.grade}”的下限应高于“{lower.grade}”")
    for grade, share in standard.grade_points.items():
        if not 0 <= share <= 1:
            yield StandardProblem("", "四档", f"“{grade}”得 {plain(share)}，应在 0 与 1 之间")
