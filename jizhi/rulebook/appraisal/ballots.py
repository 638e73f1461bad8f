"""民意测评: from counted ballots to a mark. 发出 ≥ 收回 ≥ 有效, and the choices add up to 有效."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jizhi.rulebook.appraisal.data import Ballots, Problems, Value
from jizhi.rulebook.formula import ONE, ZERO, number, plain, rounded
from jizhi.rulebook.language import Poll

SHEET = "测评"


@dataclass(frozen=True)
class Tallied:
    """``exact`` out of 100; ``excellent`` is the share of the first choice among the valid ballots."""

    exact: Fraction
    valid: int
    excellent: Fraction
    how: str

    @property
    def score(self) -> Decimal:
        return rounded(self.exact, 2)


def tally(poll: Poll, ballots: Sequence[Ballots], problems: Problems) -> Tallied | None:
    """The mark of one unit from its groups' counts, or None after adding what is wrong. Below the minimum there is no result."""
    before = len(problems.found)
    counted = [(one, _counts(poll, one, problems)) for one in ballots]
    _check_groups(poll, ballots, problems)
    if len(problems.found) > before or not ballots:
        return None
    valid = sum(counts["有效"] for _, counts in counted)
    if valid < poll.least:
        first = ballots[0]
        problems.add(SHEET, first.line, "有效", f"“{first.unit}”有效票共 {valid} 张，少于 {poll.least} 张，不出测评结果，请补测")
        return None
    exact = sum((_weight(poll, one.group) * _mark(poll, counts) for one, counts in counted), ZERO)
    best = next(iter(poll.coefficients))
    excellent = Fraction(sum(counts[best] for _, counts in counted), valid)
    return Tallied(exact, valid, excellent, "；".join([*_said(poll, counted), f"{best}率 {plain(excellent * 100)}%"]))


def groups_of(poll: Poll, group: str) -> list[str]:
    """The groups of one row: a poll keeps the votes of small groups as one, under their names joined by 、."""
    return [group] if group in poll.groups or not poll.groups else group.split("、")


def _weight(poll: Poll, group: str) -> Fraction:
    return sum((Fraction(poll.groups[one]) for one in groups_of(poll, group)), ZERO) if poll.groups else ONE


def _mark(poll: Poll, counts: dict[str, int]) -> Fraction:
    points = sum((value * counts[choice] for choice, value in poll.coefficients.items()), Decimal(0))
    return Fraction(points) / counts["有效"]


def _said(poll: Poll, counted: Sequence[tuple[Ballots, dict[str, int]]]) -> Iterator[str]:
    """Groups below the minimum are in the sum but not told apart."""
    for one, counts in counted:
        whose = f"{one.group}（占 {plain(_weight(poll, one.group) * 100)}%）" if one.group else ""
        if one.group and counts["有效"] < poll.least:
            yield f"{whose}票数少，不单列"
        else:
            yield f"{whose}有效 {counts['有效']} 张，得 {plain(_mark(poll, counts))} 分"


def _counts(poll: Poll, one: Ballots, problems: Problems) -> dict[str, int]:
    read = {"发出": one.given, "收回": one.returned, "有效": one.valid, "弃权": one.abstained}
    read |= {choice: one.choices.get(choice) for choice in poll.coefficients}
    counts: dict[str, int] = {}
    for name, value in read.items():
        count = _count(value if value not in (None, "") or name not in ("弃权",) else 0)
        if count is None:
            text = f"“{name}”没有填写，没有人选的请填 0" if value in (None, "") else f"“{name}”写的“{value}”不是票数"
            problems.add(SHEET, one.line, name, f"“{one.unit}”{text}")
        else:
            counts[name] = count
    if len(counts) == len(read):
        for text in _disagreements(poll, counts):
            problems.add(SHEET, one.line, "有效", f"“{one.unit}”{f'（{one.group}）' if one.group else ''}{text}")
    return counts


def _count(value: Value) -> int | None:
    found = number(value) if value is not None else None
    return int(found) if found is not None and found.denominator == 1 and found >= 0 else None


def _disagreements(poll: Poll, counts: dict[str, int]) -> Iterator[str]:
    given, returned, valid = counts["发出"], counts["收回"], counts["有效"]
    if returned > given:
        yield f"收回 {returned} 张多于发出 {given} 张"
    if valid > returned:
        yield f"有效 {valid} 张多于收回 {returned} 张"
    if valid == 0:
        yield "没有有效票"
    chosen = sum(counts[choice] for choice in poll.coefficients) + (counts["弃权"] if poll.abstentions else 0)
    if chosen != valid:
        names = "、".join([*poll.coefficients, *(["弃权"] if poll.abstentions else [])])
        yield f"{names}合计 {chosen} 张，与有效 {valid} 张不符"
    if poll.returned and returned * poll.returned[1] < given * poll.returned[0]:
        yield f"收回 {returned} 张，不足发出 {given} 张的 {poll.returned[0]}/{poll.returned[1]}，测评无效，请重新组织"


def _check_groups(poll: Poll, ballots: Sequence[Ballots], problems: Problems) -> None:
    seen: set[str] = set()
    for one in ballots:
        named = groups_of(poll, one.group)
        if poll.groups and not set(named) <= set(poll.groups):
            problems.add(SHEET, one.line, "组", f"“{one.unit}”的组“{one.group}”不在{'、'.join(poll.groups)}之中")
        elif not poll.groups and one.group:
            problems.add(SHEET, one.line, "组", f"“{one.unit}”写了组“{one.group}”，但细则的测评没有分组")
        if seen & set(named):
            problems.add(SHEET, one.line, "组", f"“{one.unit}”{f'的组“{one.group}”' if one.group else ''}重复，只能有一行")
        seen.update(named)
    for group in poll.groups:
        if ballots and group not in seen:
            problems.add(SHEET, ballots[0].line, "组", f"“{ballots[0].unit}”缺少组“{group}”的票数")
