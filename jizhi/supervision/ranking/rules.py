"""When a ranking may be published, how its figures are drawn, what the school's factors make of it; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

CODE, PROCEDURE, STANDARD = "school.department", "处室考核", "处室"
DELIVERY, APPEAL, ANSWER, TALK = "送达", "申诉期", "答复", "谈话"
APPEALED, CORRECTED = "申诉", "更正"
READY = "可公布"  # the end of a department's case

WIDTH, LEFT, RIGHT = 190, 8, 182  # of the score's drawing
WAITING = {DELIVERY: "还没有送达", APPEAL: "申诉期没有满", ANSWER: "申诉还没有答复", TALK: "还没有谈话"}


@dataclass(frozen=True)
class Standing:
    """Where one department's case stands. ``answered`` is the answer to its appeal, empty when there is none."""

    name: str
    step: str  # empty when ended
    end: str
    appealed: bool = False
    answered: str = ""
    recomputed: bool = False  # a correction came after the answer
    due: date | None = None


def obstacles(standings: Sequence[Standing], *, expected: int) -> list[str]:
    """Why the ranking cannot be published yet; empty when it can."""
    found = [f"{one.name}：{WAITING.get(one.step, one.step)}" for one in standings if one.end != READY]
    found += [
        f"{one.name}：申诉已答复“{CORRECTED}”，还没有重新计算" for one in standings if one.answered == CORRECTED and not one.recomputed
    ]
    if len(standings) < expected:
        found.append(f"有 {expected - len(standings)} 个处室还没有送达名次")
    return found


def stage(standings: Sequence[Standing], *, published: bool) -> str:
    """The step that the ranking as a whole is in: the one furthest behind."""
    if published:
        return "已公布"
    steps = {one.step for one in standings if one.end != READY}
    words = {DELIVERY: "待送达", APPEAL: "申诉期", ANSWER: "答复申诉", TALK: "校长谈话"}
    return next((word for step, word in words.items() if step in steps), "待公布" if standings else "待送达")


def appeal_words(one: Standing | None) -> tuple[str, str]:
    """Status and word beside a department: ("soon", "申诉中")."""
    if one is None or one.step == DELIVERY:
        return "off", "未送达"
    if one.step == ANSWER:
        return "soon", "申诉中"
    if one.appealed and one.answered:
        return "done", "已更正" if one.answered == CORRECTED else "维持原分"
    if one.step == APPEAL:
        return "run", "可申诉"
    return "off", "无申诉"


@dataclass(frozen=True)
class Scale:
    """The printed scale of the error bars."""

    low: Decimal
    high: Decimal

    def x(self, value: Decimal) -> str:
        """The horizontal place of a score, as an SVG attribute."""
        share = (value - self.low) / (self.high - self.low)
        return f"{LEFT + float(share) * (RIGHT - LEFT):.1f}"


@dataclass(frozen=True)
class Drawing:
    """A score with its error bar."""

    middle: str
    low: str = ""
    high: str = ""


def scale(scores: Sequence[tuple[Decimal, Decimal | None]]) -> Scale | None:
    """Whole points around all scores with their margins, at least two apart; None when there is no score."""
    if not scores:
        return None
    low = min(score - (margin or 0) for score, margin in scores).to_integral_value(ROUND_FLOOR) - 1
    high = max(score + (margin or 0) for score, margin in scores).to_integral_value(ROUND_CEILING) + 1
    return Scale(low, high)


def drawing(score: Decimal, margin: Decimal | None, scale: Scale) -> Drawing:
    if margin is None:
        return Drawing(scale.x(score))
    return Drawing(scale.x(score), scale.x(score - margin), scale.x(score + margin))


@dataclass(frozen=True)
class PayRow:
    rank: int
    name: str
    heads: str  # who heads the department
    factor: Decimal | None


def pay_table(places: Sequence[tuple[int, str, str]], factors: Mapping[int, Decimal]) -> list[PayRow]:
    """Each ranked department with the factor the school set for its rank; None where it set none."""
    return [PayRow(rank, name, heads, factors.get(rank)) for rank, name, heads in sorted(places)]


def factor_problems(typed: Mapping[int, str]) -> tuple[dict[int, Decimal], dict[int, str]]:
    """Factors by rank, and what is wrong beside which rank: a factor is positive, with at most three decimals."""
    found: dict[int, Decimal] = {}
    problems: dict[int, str] = {}
    for rank, text in sorted(typed.items()):
        if not text.strip():
            continue
        try:
            value = Decimal(text.strip())
            whole = value.is_finite() and value == value.quantize(Decimal("0.001"))
        except ArithmeticError:
            problems[rank] = "请填数字，例：1.05"
            continue
        if not whole or not 0 < value < 1000:
            problems[rank] = "请填大于 0、小于 1000 的数，最多三位小数"
            continue
        found[rank] = value
    return found, problems


def rank_words(before: int | None, after: int | None) -> str:
    """名次由第 2 升为第 1."""
    if before == after:
        return f"名次不变，仍为第 {after}" if after else "仍不排名"
    if before is None or after is None:
        return f"名次由{f'第 {before} ' if before else '不排名'}改为{f'第 {after}' if after else '不排名'}"
    return f"名次由第 {before} {'升' if after < before else '降'}为第 {after}"
