"""From sheets to scores: pure, exact, rounded once.

A sheet is what one rater entered for one subject. A leaf's entry is a number, a grade word (优), what its formula asks
(``按期完成数=11；应完成数=12``, or ``11/12`` in the formula's order), a count of deductions (``扣2项``), 是 or 否, or empty:
not applicable, which leaves the denominator. An absent row is a problem; missing is never zero. With any problem there
are no results at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from jizhi.rulebook import formula
from jizhi.rulebook.formula import ONE, ZERO, fraction, number, plain, rounded
from jizhi.rulebook.indicators import folded, index, leaves, walk
from jizhi.rulebook.language import Indicator, Standard

Entry = Decimal | int | str | None
NOT_APPLICABLE = "不适用"


@dataclass(frozen=True)
class Row:
    """One entry of a sheet: an indicator, a bonus or a red line, by code or name. ``line`` is its place in a file."""

    indicator: str
    entry: Entry
    line: int | None = None


@dataclass(frozen=True)
class Sheet:
    subject: str
    rater: str
    rows: tuple[Row, ...]
    group: str = ""

    @classmethod
    def of(cls, subject: str, rater: str, entries: Mapping[str, Entry], group: str = "") -> Sheet:
        return cls(subject, rater, tuple(Row(name, entry) for name, entry in entries.items()), group)


@dataclass(frozen=True)
class Problem:
    """What is wrong with the input, said so that the person who filled it in can mend it."""

    text: str
    line: int | None = None
    column: str = ""


@dataclass(frozen=True)
class Mark:
    """What one entry is worth; ``points`` None is not applicable."""

    points: Fraction | None
    how: str
    deductions: int = 0


@dataclass(frozen=True)
class Line:
    """One line of a derivation; the ``score`` of all ``adds`` lines sums to the exact total. None: not applicable."""

    code: str
    name: str
    depth: int
    full: Decimal
    score: Fraction | None
    how: str
    adds: bool


@dataclass(frozen=True)
class Rating:
    """One rater's exact total; ``kept`` is False when it was dropped as highest or lowest."""

    rater: str
    group: str
    total: Fraction
    kept: bool


@dataclass(frozen=True)
class Scored:
    """A subject's result. ``score`` is ``exact`` rounded once, and ``grade`` is given on that value.

    ``checks`` are the red lines that were met, each with the check it asks for: then there is no grade and no rank.
    ``margin`` is twice the standard error of the mean over the raters kept; None when it cannot be known.
    """

    subject: str
    exact: Fraction
    score: Decimal
    grade: str
    lines: tuple[Line, ...]
    ratings: tuple[Rating, ...]
    deductions: Fraction = ZERO
    checks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    margin: Decimal | None = None
    parts: Mapping[str, Fraction | None] = field(default_factory=dict)  # by code, over the raters to whom it applies

    @property
    def ranked(self) -> bool:
        return not self.checks


@dataclass(frozen=True)
class Outcome:
    results: tuple[Scored, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class _Marked:
    """A sheet read against its standard."""

    sheet: Sheet
    marks: dict[str, Mark] = field(default_factory=dict)  # by leaf code
    bonuses: dict[str, Fraction] = field(default_factory=dict)
    red_lines: list[str] = field(default_factory=list)
    scale: Fraction = ONE
    over: Fraction = ZERO  # what 封顶 takes off
    kept: bool = True
    settled: Fraction | None = None  # the total, once nothing about it changes any more

    def share(self, indicator: Indicator) -> Fraction | None:
        """What the indicator gives to the total, rescaled for what is not applicable; None when nothing under it applies."""
        given = self._given(indicator)
        return given if given is None or self.scale == 1 else given * self.scale

    def part(self, indicator: Indicator) -> Fraction | None:
        """The indicator's score out of its own full points, for comparing."""
        given = self._given(indicator)
        if given is None or not indicator.children:
            return given
        full = sum((leaf.points for leaf in leaves(indicator) if self.marks[leaf.code].points is not None), Decimal(0))
        return given if full == indicator.points else given * fraction(indicator.points) / Fraction(full)

    def _given(self, indicator: Indicator) -> Fraction | None:
        """The points of what is applicable; None when nothing is."""
        if not indicator.children:
            return self.marks[indicator.code].points
        points = [given for leaf in leaves(indicator) if (given := self.marks[leaf.code].points) is not None]
        return sum(points, ZERO) if points else None

    @property
    def total(self) -> Fraction:
        if self.settled is not None:
            return self.settled
        marked = sum((mark.points for mark in self.marks.values() if mark.points is not None), ZERO) * self.scale
        return marked + sum(self.bonuses.values(), ZERO) - self.over


def mark(standard: Standard, leaf: Indicator, entry: Entry) -> Mark | str:
    """What an entry is worth, or the sentence that says what is wrong with it."""
    text = "" if entry is None else unicodedata.normalize("NFKC", formula_text(entry)).strip()
    if not text or text == NOT_APPLICABLE:
        return Mark(None, NOT_APPLICABLE)
    given = number(text)
    if given is None:
        found = _read(standard, leaf, text)
        if isinstance(found, str) or found.points is None:
            return found
    else:
        found = Mark(given, "直接给分", _deductions(leaf, given))
    if found.points is not None and found.points.numerator < 0:
        return f"“{text}”不能是负数"
    if found.points is not None and found.points > fraction(leaf.points):
        return f"“{text}”合 {plain(found.points)} 分，超过满分 {plain(leaf.points)} 分"
    return found


def _deductions(leaf: Indicator, given: Fraction) -> int:
    """How many deductions points that were given directly stand for."""
    each = leaf.scoring.each if leaf.scoring and leaf.scoring.kind == "扣分" else None
    lost = fraction(leaf.points) - given if each else ZERO
    return -int(-lost // fraction(each)) if each and lost > 0 else 0


def formula_text(entry: Decimal | int | str) -> str:
    return format(entry, "f") if isinstance(entry, Decimal) and entry.is_finite() and abs(entry.adjusted()) < 16 else str(entry)


def _read(standard: Standard, leaf: Indicator, text: str) -> Mark | str:
    """An entry that is not a plain number."""
    points, scoring = fraction(leaf.points), leaf.scoring
    kind = scoring.kind if scoring else "得分"
    if kind == "四档":
        if text in standard.grade_points:
            return Mark(points * fraction(standard.grade_points[text]), text)
        return f"“{text}”不是数，也不是{'、'.join(standard.grade_points)}中的一档"
    if kind == "是否" and text in ("是", "否"):
        return Mark(points if text == "是" else ZERO, text)
    if kind == "扣分" and scoring and scoring.each is not None and (found := re.fullmatch(r"扣?\s*(\d{1,4})\s*[项次起处件]", text)):
        count = int(found[1])
        return Mark(max(points - count * fraction(scoring.each), ZERO), f"扣 {count} 项，每项 {plain(scoring.each)} 分", count)
    if kind == "公式" and scoring and scoring.formula:
        return _work_out(leaf, scoring.formula, text, empty_full=scoring.empty_full)
    return f"“{text}”不是数" + {"是否": "，也不是“是”或“否”", "扣分": "，也不是“扣2项”这样的次数"}.get(kind, "")


def _work_out(leaf: Indicator, text: str, entry: str, *, empty_full: bool) -> Mark | str:
    """A formula leaf: ``名=数`` pairs, or the numbers alone divided by ``/`` in the formula's order."""
    try:
        names = formula.variables(text)
        pairs = dict(_pairs(entry, names))
        unknown = [name for name in pairs if name not in names]
        wrong = [name for name, given in pairs.items() if number(given) is None]
        if not pairs or unknown or wrong:
            return f"“{entry}”读不懂，请填得分，或按“{'；'.join(f'{name}=数' for name in names)}”填写"
        inputs = {name: Fraction(number(given) or 0) for name, given in pairs.items()}
        if negative := [name for name, given in inputs.items() if given < 0]:
            return f"{'、'.join(negative)}不能是负数"
        filled = "，".join(f"{name} {plain(given, 4)}" for name, given in inputs.items())
        return Mark(formula.value(text, inputs), filled)
    except formula.UndefinedError:
        return Mark(fraction(leaf.points), "没有应计项，得满分") if empty_full else Mark(None, "没有应计项，不适用")
    except formula.FormulaError as error:
        return f"“{entry}”算不出：{error}"


def _pairs(entry: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    if "=" in entry:
        for piece in re.split(r"[;,、\s]+", re.sub(r"\s*=\s*", "=", entry.strip(" ;,、"))):
            name, _, given = piece.partition("=")
            yield name, given
    elif len(values := entry.split("/")) == len(names):
        yield from zip(names, values, strict=True)


def score(standard: Standard, sheets: Sequence[Sheet]) -> Outcome:
    """Score every subject, or list everything that stands against it. The order of sheets and rows does not matter."""
    problems: list[Problem] = []
    known = index(standard)
    marked = [_marked(standard, known, sheet, problems) for sheet in sheets]
    _check_raters(standard, sheets, problems)
    if problems:
        return Outcome(problems=tuple(sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))))
    marked.sort(key=lambda one: (one.sheet.subject, one.sheet.group, one.sheet.rater))
    return Outcome(tuple(_scored(standard, name, list(of)) for name, of in groupby(marked, key=lambda one: one.sheet.subject)))


def _where(sheet: Sheet) -> str:
    return f"对象“{sheet.subject}”，评分人“{sheet.rater}”"


def _marked(standard: Standard, known: Mapping[str, Indicator], sheet: Sheet, problems: list[Problem]) -> _Marked:
    """Read one sheet, adding whatever is wrong to ``problems``."""
    read, seen = _Marked(sheet), dict[str, Row]()

    def wrong(row: Row, text: str, column: str = "得分") -> None:
        problems.append(Problem(f"{_where(sheet)}，指标“{row.indicator}”：{text}", row.line, column))

    for row in sheet.rows:
        indicator = known.get(folded(row.indicator))
        key = indicator.code if indicator else folded(row.indicator)
        if key in seen:
            first = seen[key].line
            wrong(row, "重复，同一评分人对同一指标只能有一行" + (f"，已在第 {first} 行" if first else ""), "指标")
        elif indicator is None:
            _mark_extra(standard, read, row, wrong)
        elif indicator.children:
            wrong(row, f"不是末级指标，请对它的下级指标打分：{'、'.join(child.code for child in indicator.children)}", "指标")
        else:
            found = mark(standard, indicator, row.entry)
            if isinstance(found, str):
                wrong(row, found)
            else:
                read.marks[key] = found
        seen.setdefault(key, row)
    missing = [leaf for leaf in leaves(*standard.indicators) if leaf.code not in seen]
    for leaf in missing:
        text = f"{_where(sheet)}：缺少指标 {leaf.code}（{leaf.name}）这一行；不适用的请保留这一行、得分留空"
        problems.append(Problem(text, sheet.rows[0].line if sheet.rows else None, "指标"))
    _rescale(standard, read, problems, complete=not missing)
    return read


def _mark_extra(standard: Standard, read: _Marked, row: Row, wrong: Callable[..., None]) -> None:
    """A row that names a bonus or a red line."""
    name, text = folded(row.indicator), "" if row.entry is None else formula_text(row.entry).strip()
    if bonus := next((bonus for bonus in standard.bonuses if folded(bonus.name) == name), None):
        given = number(text) if text else ZERO
        if given is None:
            wrong(row, f"“{text}”不是数")
        elif not 0 <= given <= bonus.most:
            wrong(row, f"“{text}”不在 0 至 {plain(bonus.most)} 分之内")
        else:
            read.bonuses[bonus.name] = given
    elif red := next((red for red in standard.red_lines if folded(red.name) == name), None):
        if red.vetoes:
            wrong(row, "是否决事项，要有依据文件，不在评分表里填", "指标")
        elif text in ("是", "1"):
            read.red_lines.append(red.name)
        elif text not in ("", "否", "0"):
            wrong(row, f"红线只填“是”或“否”，不能是“{text}”")
    else:
        wrong(row, f"《{standard.name}》里没有这个指标（请用编号或名称，名称有重复时用编号）", "指标")


def _rescale(standard: Standard, read: _Marked, problems: list[Problem], *, complete: bool) -> None:
    """Take what is not applicable out of the denominator, and cut at 封顶."""
    every = leaves(*standard.indicators)
    applies = sum((leaf.points for leaf in every if leaf.code in read.marks and read.marks[leaf.code].points is not None), Decimal(0))
    if applies:
        own = standard.own_tasks.points if standard.own_tasks else Decimal(0)  # not on sheets
        read.scale = Fraction(standard.full - own) / Fraction(applies)
    elif complete and len(read.marks) == len(every):
        problems.append(Problem(f"{_where(read.sheet)}：所有指标都不适用，无法得分", read.sheet.rows[0].line, "得分"))
    if standard.cap is not None and read.total > standard.cap:
        read.over = read.total - Fraction(standard.cap)
    read.settled = read.total


def _check_raters(standard: Standard, sheets: Sequence[Sheet], problems: list[Problem]) -> None:
    """Empty names, a rater twice, groups that are unknown or missing."""
    seen: set[tuple[str, str]] = set()
    present: dict[str, set[str]] = {}
    for sheet in sheets:
        line = sheet.rows[0].line if sheet.rows else None
        if not sheet.subject or not sheet.rater:
            problems.append(Problem(f"{_where(sheet)}：对象和评分人都要填写", line, "评分人" if sheet.subject else "对象"))
        if (sheet.subject, sheet.rater) in seen:
            problems.append(Problem(f"{_where(sheet)}：同一评分人对同一对象有两份评分", line, "评分人"))
        seen.add((sheet.subject, sheet.rater))
        present.setdefault(sheet.subject, set()).add(sheet.group)
        if standard.groups and sheet.group not in standard.groups:
            known = "、".join(standard.groups)
            problems.append(Problem(f"{_where(sheet)}：评分组“{sheet.group}”不在细则所列的{known}之中", line, "评分组"))
    for subject, groups in present.items():
        for group in standard.groups:
            if group not in groups:
                problems.append(Problem(f"对象“{subject}”：评分组“{group}”没有评分", None, "评分组"))
    if not sheets:
        problems.append(Problem("没有评分"))


def _scored(standard: Standard, subject: str, marked: list[_Marked]) -> Scored:
    """One subject, from its sheets."""
    groups = {name: [one for one in marked if one.sheet.group == name] for name in standard.groups} or {"": marked}
    weights = {name: Fraction(weight) for name, weight in standard.groups.items()} or {"": ONE}
    for raters in groups.values():
        _trim(standard, raters)
    shares = [(one, weights[name] / sum(r.kept for r in raters)) for name, raters in groups.items() for one in raters if one.kept]
    lines = _lines(standard, shares)
    exact = sum((line.score for line in lines if line.adds and line.score is not None), ZERO)
    value = rounded(exact, standard.decimals)
    reds = [red for red in standard.red_lines if any(red.name in one.red_lines for one in marked)]
    grade = next((band.grade for band in standard.bands if value >= band.least), "")
    return Scored(
        subject=subject,
        exact=exact,
        score=value,
        grade="" if reds else grade,
        lines=lines,
        ratings=tuple(Rating(one.sheet.rater, one.sheet.group, one.total, one.kept) for one in marked),
        deductions=sum((share * count for one, share in shares if (count := sum(m.deductions for m in one.marks.values()))), ZERO),
        checks=tuple(f"{red.name}：{red.then}" for red in reds),
        notes=_notes(standard, marked),
        margin=_margin(groups, weights),
        parts={indicator.code: _part(indicator, shares) for _, indicator in walk(standard.indicators)},
    )


def _trim(standard: Standard, raters: list[_Marked]) -> None:
    """Drop the highest and the lowest totals where there are enough raters; equal totals go by the rater's name."""
    if standard.trim and len(raters) >= standard.trim.least and len(raters) > 2 * standard.trim.drop:
        ordered = sorted(raters, key=lambda one: (one.total, one.sheet.rater))
        for one in ordered[: standard.trim.drop] + ordered[len(ordered) - standard.trim.drop :]:
            one.kept = False


def _lines(standard: Standard, shares: Sequence[tuple[_Marked, Fraction]]) -> tuple[Line, ...]:
    """The derivation: each indicator at each level, then bonuses and 封顶."""
    lines = []
    for depth, indicator in walk(standard.indicators):
        parts = [(part, share) for one, share in shares if (part := one.share(indicator)) is not None]
        how = _how(indicator, shares, len(parts))
        value = _weighed(parts) if parts else None
        lines.append(Line(indicator.code, indicator.name, depth, indicator.points, value, how, adds=not indicator.children))
    for bonus in standard.bonuses:
        value = sum((one.bonuses.get(bonus.name, ZERO) * share for one, share in shares), ZERO)
        if value:
            lines.append(Line("", bonus.name, 0, bonus.most, value, "加分", adds=True))
    if over := sum((one.over * share for one, share in shares), ZERO):
        lines.append(Line("", "封顶", 0, standard.cap or Decimal(0), -over, f"总分封顶 {plain(standard.cap or Decimal(0))} 分", adds=True))
    return tuple(lines)


def _weighed(parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """The sum of parts by their shares; equal shares are multiplied once."""
    if len({share for _, share in parts}) > 1:
        return sum((part * share for part, share in parts), ZERO)
    share, summed = parts[0][1], _sum([part for part, _ in parts])
    return summed if share == 1 else summed * share


def _sum(values: Sequence[Fraction]) -> Fraction:
    return values[0] if len(values) == 1 else sum(values, ZERO)


def _part(indicator: Indicator, shares: Sequence[tuple[_Marked, Fraction]]) -> Fraction | None:
    """For comparing: the mean over those raters only to whom the indicator applied."""
    parts = [(part, share) for one, share in shares if (part := one.part(indicator)) is not None]
    if len(parts) == 1:
        return parts[0][0]
    if parts and len({share for _, share in parts}) == 1:
        return sum((part for part, _ in parts), ZERO) / len(parts)
    return sum((part * share for part, share in parts), ZERO) / sum(share for _, share in parts) if parts else None


def _how(indicator: Indicator, shares: Sequence[tuple[_Marked, Fraction]], count: int) -> str:
    """In words, how a line came about."""
    if not count:
        return "不适用，不计入分母"
    if indicator.children:
        return "下级指标之和"
    words = list(dict.fromkeys(one.marks[indicator.code].how for one, _ in shares))
    scaled = "，因有不适用项按比例折算" if any(one.scale != 1 for one, _ in shares) else ""
    equal = len({share for _, share in shares}) == 1
    mean = "" if len(shares) == 1 else f"{len(shares)} 人均值：" if equal else f"{len(shares)} 人按组加权："
    return mean + "；".join(words) + scaled


def _notes(standard: Standard, marked: Sequence[_Marked]) -> tuple[str, ...]:
    totals = [one.total for one in marked]
    spread = max(totals) - min(totals)
    dropped = sorted(one.sheet.rater for one in marked if not one.kept)
    notes = [f"去掉{'、'.join(dropped)}的最高、最低分"] if dropped else []
    if standard.spread_warns is not None and spread > standard.spread_warns:
        notes.append(f"评分相差 {plain(spread)} 分，超过 {plain(standard.spread_warns)} 分，请组长复核")
    return tuple(notes)


def _margin(groups: Mapping[str, Sequence[_Marked]], weights: Mapping[str, Fraction]) -> Decimal | None:
    """Twice the standard error: each group's sample variance over its count, by the square of its weight."""
    error, known = ZERO, False
    for name, raters in groups.items():
        totals = [one.total for one in raters if one.kept]
        if len(totals) > 1:
            mean = sum(totals, ZERO) / len(totals)
            error += weights[name] ** 2 * sum(((t - mean) ** 2 for t in totals), ZERO) / (len(totals) - 1) / len(totals)
            known = True
    if not known:
        return None
    return rounded(Fraction((Decimal(error.numerator) / Decimal(error.denominator)).sqrt()) * 2, 2)
