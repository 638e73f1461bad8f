"""Pay of village cadres: the unit's award split to the fen by post and own review, base and seniority on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Any

from jizhi.kernel.money import yuan
from jizhi.rulebook.appraisal.data import Cadre, Problems, Share, Value
from jizhi.rulebook.formula import number, plain

SHEET = "干部"
MONTHS = 12


@dataclass(frozen=True)
class Rates:
    """The parameters of a pay plan: yuan a month by post, yuan a month for each year of service, weights."""

    base: Mapping[str, Any] | Decimal | int
    seniority: Decimal | int
    posts: Mapping[str, Any]
    reviews: Mapping[str, Any]


def split(award: int, weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Fen that sum to the award exactly: largest remainder, equal ones in the order given. All zero weights get nothing."""
    common = lcm(*(weight.denominator for weight in weights))
    parts = [weight.numerator * (common // weight.denominator) for weight in weights]
    whole = sum(parts)
    if whole == 0:
        return tuple(0 for _ in weights)
    shares = [award * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda at: (-(award * parts[at] % whole), at))
    for at in order[: award - sum(shares)]:
        shares[at] += 1
    return tuple(shares)


def pay_plan(award: int, cadres: Sequence[Cadre], rates: Rates, problems: Problems) -> tuple[Share, ...]:
    """One unit's cadres in the order of posts declared, then by name; whatever the order they come in."""
    before = len(problems.found)
    ordered, read = checked(cadres, rates, problems)
    if len(problems.found) > before:
        return ()
    weights = [values.weight for values in read if values]
    whole = sum(weights, Fraction(0))
    shares = split(award, weights)
    return tuple(
        _share(cadre, values, award, share, whole) for cadre, values, share in zip(ordered, read, shares, strict=True) if values is not None
    )


def checked(cadres: Sequence[Cadre], rates: Rates, problems: Problems) -> tuple[list[Cadre], list[_Values | None]]:
    """The cadres in order with what counts of each; adds what is wrong with them."""
    posts = list(rates.posts)
    ordered = sorted(cadres, key=lambda one: (posts.index(one.post) if one.post in posts else len(posts), one.name))
    for one, following in pairwise(ordered):
        if (one.post, one.name) == (following.post, following.name):
            problems.add(SHEET, following.line, "姓名", f"“{one.unit}”的“{one.name}”（{one.post}）重复")
    return ordered, [_read(one, rates, problems) for one in ordered]


@dataclass(frozen=True)
class _Values:
    post: Fraction
    review: Fraction
    years: Fraction
    months: Fraction
    base: int  # fen a month
    seniority: Fraction  # fen a month

    @property
    def weight(self) -> Fraction:
        return self.post * self.review


def _read(cadre: Cadre, rates: Rates, problems: Problems) -> _Values | None:
    where = f"“{cadre.unit}”的“{cadre.name}”"

    def wrong(column: str, text: str) -> None:
        problems.add(SHEET, cadre.line, column, f"{where}{text}")

    if not cadre.name:
        wrong("姓名", "没有写姓名")
    post, review = _exact(rates.posts.get(cadre.post)), _exact(rates.reviews.get(cadre.review))
    if post is None:
        wrong("职务", f"的职务“{cadre.post}”不在职务系数所列的{'、'.join(rates.posts)}之中")
    if review is None:
        wrong("考核", f"的考核“{cadre.review}”不在{'、'.join(rates.reviews)}之中" if cadre.review else "没有写年终考核等次")
    years, months = _exact(cadre.seniority), _exact(cadre.months)
    if years is None or years < 0 or years > 80 or years.denominator != 1:
        wrong("工龄", f"的工龄“{cadre.seniority}”应当是整年数")
        years = None
    if months is None or not 0 <= months <= MONTHS:
        wrong("月数", f"的任职月数“{cadre.months}”应当在 0 到 12 之间")
        months = None
    base = _exact(rates.base.get(cadre.post, 0) if isinstance(rates.base, Mapping) else rates.base)
    seniority = _exact(rates.seniority)
    if post is None or review is None or years is None or months is None or base is None or seniority is None:
        return None
    return _Values(post, review, years, months, int(base * 100), seniority * 100)


def _exact(value: Value) -> Fraction | None:
    return None if value is None else number(value)


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _share(cadre: Cadre, values: _Values, award: int, performance: int, whole: Fraction) -> Share:
    base, seniority = _half_up(values.base * values.months), _half_up(values.seniority * values.years * values.months)
    pieces = []
    if base:
        pieces.append(f"基本补贴 {yuan(values.base)} 元 × {plain(values.months)} 个月 = {yuan(base)} 元")
    if seniority:
        monthly = plain(values.seniority / 100)
        pieces.append(f"工龄补贴每年工龄 {monthly} 元 × {plain(values.years)} 年 × {plain(values.months)} 个月 = {yuan(seniority)} 元")
    weight = f"职务系数 {plain(values.post)} × 考核“{cadre.review}”系数 {plain(values.review)} = {plain(values.weight, 4)}"
    if award and whole:
        pieces.append(f"实绩奖励：本村 {yuan(award)} 元，{weight}，占全村 {plain(whole, 4)} 的份额，得 {yuan(performance)} 元")
    elif award:
        pieces.append(f"实绩奖励：{weight}，全村系数合计为 0，奖励未分")
    else:
        pieces.append("本村没有实绩奖励")
    return Share(cadre.unit, cadre.name, cadre.post, base, seniority, performance, "；".join(pieces))
