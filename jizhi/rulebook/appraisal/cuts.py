"""Grades and stars: bands first, then quotas cut along a strict order. No cut ever meets a tie; each says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from jizhi.rulebook.appraisal.data import Appraised, Flag, Unit
from jizhi.rulebook.formula import plain, rounded
from jizhi.rulebook.language import Quota, Standard, Stars
from jizhi.rulebook.ranking import Place
from jizhi.rulebook.scoring import Scored


@dataclass
class Given:
    """What a unit is given while quotas are cut: a level (a grade's place from the top, or a count of stars) and why."""

    level: int
    why: str
    flags: list[Flag] = field(default_factory=list)


def limit(quota: Quota, among: int) -> int:
    """A share is of those appraised and rounded down: at most 30% of 8 is 2."""
    if quota.share is not None:
        return int(Fraction(quota.share) * among)
    return quota.count or 0


def said_limit(quota: Quota, among: int) -> str:
    if quota.share is None:
        return f"{quota.count} 个"
    return f"{limit(quota, among)} 个（{among} 个参评单位的 {plain(Fraction(quota.share) * 100)}%，不足 1 个的不计）"


@dataclass(frozen=True)
class Order:
    """A strict order with its reasons."""

    places: Mapping[str, Place]
    scores: Mapping[str, Decimal]
    decimals: int

    @classmethod
    def of(cls, places: Sequence[Place], scored: Sequence[Scored], decimals: int) -> Order:
        return cls({place.subject: place for place in places}, {one.subject: one.score for one in scored}, decimals)

    def rank(self, name: str) -> int:
        return self.places[name].rank

    def after(self, kept: str | None, name: str) -> str:
        """Why ``name`` comes after ``kept``, the last that was taken."""
        if kept is None:
            return ""
        gap = self.scores[kept] - self.scores[name]
        why = f"总分低 {plain(gap, self.decimals)} 分" if gap else self.places[name].decided_by
        return f"，排在最后入围的{kept}之后：{why}"


def cut(given: Mapping[str, Given], level: int, most: int, order: Order, *, down: int, said: Callable[[int, str], str]) -> None:
    """Of those at ``level`` keep the first ``most`` in the order; the others go to ``down``. ``said(place among them, reason)``."""
    standing = sorted((name for name, one in given.items() if one.level == level), key=order.rank)
    last = standing[most - 1] if most and most <= len(standing) else None
    for position, name in enumerate(standing[most:], start=most + 1):
        why = said(position, order.after(last, name))
        given[name].level = down
        given[name].why = why
        given[name].flags.append(Flag("quota_cut", why))


def grades(
    standard: Standard, scored: Mapping[str, Decimal], units: Mapping[str, Unit], ceilings: Mapping[str, tuple[str, str]], order: Order
) -> dict[str, Given]:
    """Grades of those in the order. ``ceilings`` (grade, why) are proposed by vetoes and take no seat above them."""
    names = [band.grade for band in standard.bands]
    if not names:
        return {}
    given: dict[str, Given] = {}
    for name in order.places:
        level = next((at for at, band in enumerate(standard.bands) if scored[name] >= band.least), len(names) - 1)
        given[name] = Given(level, _band_why(standard, level, scored[name]))
        if (ceiling := ceilings.get(name)) and names.index(ceiling[0]) > level:
            given[name].level, given[name].why = names.index(ceiling[0]), f"{ceiling[1]}（按得分为{names[level]}）"
    if standard.quotas is None:
        return given
    scopes: dict[str, dict[str, Given]] = {}
    for name, one in given.items():
        scope = {"全部": "", "乡镇": units[name].town, "分组": units[name].group}[standard.quotas.within]
        scopes.setdefault(scope, {})[name] = one
    for scope, here in sorted(scopes.items()):
        for level, grade in enumerate(names[:-1]):
            quota = standard.quotas.grades.get(grade)
            if quota is None:
                continue
            where = f"{scope}的" if scope else ""
            limited, below = f"{where}“{grade}”名额 {said_limit(quota, len(here))}", names[level + 1]

            def said(position: int, reason: str, limited: str = limited, below: str = below) -> str:
                return f"{limited}已满，在其中列第 {position}{reason}；列为{below}"

            cut(here, level, limit(quota, len(here)), order, down=level + 1, said=said)
    return given


def _band_why(standard: Standard, level: int, score: Decimal) -> str:
    band = standard.bands[level]
    if score < band.least:
        return f"{score} 分，不到任何一等的下限，列最低一等{band.grade}"
    return f"{score} 分，达到{band.grade}的 {plain(band.least)} 分"


def stars(
    standard: Standard,
    rule: Stars,
    scored: Mapping[str, Scored],
    totals: Mapping[str, Decimal],
    given_grades: Mapping[str, str],
    ceilings: Mapping[str, tuple[int, str]],
    less: Mapping[str, tuple[int, str]],
    order: Order,
) -> dict[str, Given]:
    """Stars of those in the order: what was reached, then stars taken off (``less``) and ceilings, then quotas from five down."""
    given: dict[str, Given] = {}
    for name in order.places:
        one = _reached(standard, rule, scored[name], totals[name])
        if rule.among and given_grades.get(name) not in rule.among:
            one = Given(0, f"等次为{given_grades.get(name) or '未定'}，只在{'、'.join(rule.among)}中评星")
        if name in less and one.level:
            one = Given(max(0, one.level - less[name][0]), f"{less[name][1]}（不计此项为 {one.level} 星）")
        if (ceiling := ceilings.get(name)) and ceiling[0] < one.level:
            one = Given(ceiling[0], f"{ceiling[1]}（不计此项为 {one.level} 星）")
        given[name] = one
    for star in sorted(rule.quotas, reverse=True):
        quota = rule.quotas[star]
        down = star - 1 if rule.when_full == "降一星" else 0
        before = f"{star} 星名额 {said_limit(quota, len(given))}"

        def said(position: int, reason: str, before: str = before, down: int = down) -> str:
            return f"{before}已满，在其中列第 {position}{reason}；{f'降为 {down} 星' if down else '不评星'}"

        cut(given, star, limit(quota, len(given)), order, down=down, said=said)
    return given


def _reached(standard: Standard, rule: Stars, scored: Scored, total: Decimal) -> Given:
    if rule.by == "总分":
        star = max((star for star, least in rule.bands.items() if total >= least), default=0)
        return Given(star, f"{total} 分，" + (f"达到 {star} 星的 {plain(rule.bands[star])} 分" if star else "不到评星的分数"))
    reached, missed = [], []
    for theme in standard.indicators:
        part = scored.parts[theme.code]
        share = None if part is None else Fraction(rounded(part, standard.decimals)) / Fraction(theme.points)
        if share is not None and share >= Fraction(rule.rate or 0):
            reached.append(theme.name)
        else:
            missed.append(f"{theme.name}{'不适用' if share is None else f' {plain(share * 100)}%'}")
    need = f"未达 {plain(Fraction(rule.rate or 0) * 100)}%"
    said = [f"得{'、'.join(reached)}"] if reached else []
    return Given(len(reached), "；".join([*said, *([f"{'、'.join(missed)}，{need}"] if missed else [])]))


def levels(given: Mapping[str, Given], standard: Standard) -> dict[str, str]:
    """Grades by name."""
    return {name: standard.bands[one.level].grade for name, one in given.items()}


def ordered(results: Sequence[Appraised]) -> tuple[Appraised, ...]:
    """By rank; those without one at the end, by name."""
    return tuple(sorted(results, key=lambda one: (one.rank is None, one.rank or 0, one.unit.name)))
