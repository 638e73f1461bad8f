"""How a poll is read, counted and kept secret: pure functions of counts."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise

from jizhi.rulebook.formula import number, plain, rounded

ABSTAIN = "弃权"
OPEN_LINK = "公开链接"  # the group of answers that came by a wall link
SMALLEST = 5  # a group with fewer answers is not broken down
AND = "、"  # between the names of groups whose votes are kept as one; no group with a weight has it in its name
MOST_ASPECTS = 10  # in which one subject is graded
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # of a code that is typed from paper: none that is taken for another
CODE_LENGTH = 16  # 79 bits: cannot be guessed
Counts = Mapping[str, int]  # option → how many


@dataclass(frozen=True)
class Grade:
    name: str  # 优秀
    points: Fraction


@dataclass(frozen=True)
class Outcome:
    """What a poll says about one subject. Without a score: nothing valid was cast, or ``enough`` is False."""

    score: Decimal | None
    rates: Mapping[str, Decimal]  # grade → percent of the valid votes, two places
    counts: Counts  # over all groups, with 弃权
    valid: int
    by_group: Mapping[str, Decimal] = field(default_factory=dict)  # group → its score, empty where a group is too small to show
    silent: tuple[str, ...] = ()  # groups with a weight from which nothing valid came
    enough: bool = True
    how: str = ""  # the arithmetic in words


def tally(
    counts: Mapping[str, Counts], grades: Sequence[Grade], weights: Mapping[str, Fraction] | None = None, *, abstain_counts: bool = False
) -> Outcome:
    """Counts by group → score and rates. Exact; the score is rounded once, half up, to two places.

    A group's score is Σ votes x points ÷ its valid votes (弃权 is valid with no points only where ``abstain_counts``). With
    weights the total is their weighted mean over the groups that voted; a group that did not is named, never counted as 0.
    Groups kept as one (``kept_as``) count as one group with their weights together.
    Rates are of all votes, unweighted.
    """
    points = {grade.name: grade.points for grade in grades}
    scores: dict[str, Fraction] = {}
    total: dict[str, int] = {}
    for group, row in counts.items():
        for name, count in row.items():
            total[name] = total.get(name, 0) + count
        if valid := _valid(row, points, abstain_counts):
            scores[group] = sum((points[name] * row.get(name, 0) for name in points), Fraction()) / valid
    valid = _valid(total, points, abstain_counts)
    if not valid:
        return Outcome(None, {}, total, 0, silent=tuple(weights or ()))
    score, how = _score(scores, weights, total, points, valid)
    rates = {name: rounded(Fraction(100 * total.get(name, 0), valid), 2) for name in points}
    heard = {part for name in scores for part in parts_of(name, weights or ())}
    silent = tuple(group for group in weights or () if group not in heard)
    shown = {group: rounded(value, 2) for group, value in scores.items()} if breaks_down(counts, points, abstain_counts) else {}
    return Outcome(rounded(score, 2), rates, total, valid, shown, silent, how=how)


def _score(
    scores: Mapping[str, Fraction], weights: Mapping[str, Fraction] | None, total: Counts, points: Mapping[str, Fraction], valid: int
) -> tuple[Fraction, str]:
    if weights:
        own = {group: sum((weights.get(part, Fraction()) for part in parts_of(group, weights)), Fraction()) for group in scores}
        if share := sum(own.values(), Fraction()):
            mean = sum((own[group] * value for group, value in scores.items()), Fraction()) / share
            said = "、".join(f"{_named(group, weights)} {plain(weight)}" for group, weight in own.items() if weight)
            return mean, f"各组得分按 {said} 加权平均"
    parts = " + ".join(f"{total.get(name, 0)}x{plain(value)}" for name, value in points.items())
    return sum((points[name] * total.get(name, 0) for name in points), Fraction()) / valid, f"({parts}) ÷ {valid}".replace("x", "×")


def kept_as(sizes: Mapping[str, int]) -> dict[str, str]:
    """Group → the name under which its votes are kept, for groups that have weights. ``sizes``: ballots by group, in order.

    A group of fewer than SMALLEST ballots never has sums of its own. All such groups become one, and where that is still
    too small, the smallest of the others joins it: its sums are then nobody's, and the total less the others' gives no group away.
    """
    voted = {group: size for group, size in sizes.items() if size}
    pool = [group for group, size in voted.items() if size < SMALLEST]
    others = sorted((group for group in voted if group not in pool), key=lambda group: voted[group])
    while pool and others and sum(voted[group] for group in pool) < SMALLEST:
        pool.append(others.pop(0))
    together = AND.join(group for group in voted if group in pool)
    return {group: together if group in pool else group for group in sizes}


def parts_of(name: str, known: Iterable[str]) -> list[str]:
    """The groups that a name of ``kept_as`` stands for."""
    return [name] if name in known else name.split(AND)


def _named(group: str, known: Iterable[str]) -> str:
    return group if len(parts_of(group, known)) == 1 else f"{group}（有不足 {SMALLEST} 份的，为保密合并）"


def _valid(row: Counts, points: Mapping[str, Fraction], abstain_counts: bool) -> int:
    return sum(row.get(name, 0) for name in points) + (row.get(ABSTAIN, 0) if abstain_counts else 0)


def breaks_down(counts: Mapping[str, Counts], names: Iterable[str], abstain_counts: bool = False) -> bool:
    """Whether groups may be shown apart: none is smaller than SMALLEST, for the rest would give the hidden one away."""
    sizes = [sum(row.values()) for row in counts.values() if any(row.values())]
    return len(sizes) > 1 and min(sizes) >= SMALLEST


def grades_read(text: str) -> tuple[tuple[Grade, ...], str]:
    """Lines of a name and its points (优秀 100); what is wrong, or an empty text."""
    found, problem = _pairs(text, "优秀 100")
    if problem:
        return (), problem
    if len(found) < 2:
        return (), "至少写两个等次，每行一个"
    if any(value > 100 or value < 0 for _, value in found):
        return (), "等次的分值在 0 至 100 之间"
    if ABSTAIN in dict(found):
        return (), "“弃权”不是等次，请在下面选择是否允许弃权"
    if any(later >= earlier for (_, earlier), (_, later) in pairwise(found)):
        return (), "等次从高到低写，后一个的分值要比前一个低"
    return tuple(Grade(name, value) for name, value in found), ""


def groups_read(text: str) -> tuple[dict[str, Fraction], str]:
    """Lines of a group and its weight (村民代表 40), adding up to 100; empty where everyone counts alike."""
    if not text.strip():
        return {}, ""
    found, problem = _pairs(text, "村民代表 40")
    if problem:
        return {}, problem
    total = sum((value for _, value in found), Fraction())
    if total != 100:
        return {}, f"各组权重合计应为 100，现在是 {' + '.join(plain(value) for _, value in found)} = {plain(total)}"
    if any(value <= 0 for _, value in found):
        return {}, "每组的权重要大于 0"
    return dict(found), ""


def aspects_read(text: str) -> tuple[tuple[str, ...], str]:
    """What each subject is graded in (德、能、勤、绩、廉), by line or comma; empty where it is graded as a whole."""
    found = tuple(filter(None, (part.strip() for part in re.split(r"[\r\n,，、;；]+", text))))
    if len(found) == 1:
        return (), "只评一项的留空，对象按整体评一个等次"
    if len(found) > MOST_ASPECTS:
        return (), f"评价项目最多 {MOST_ASPECTS} 个，现在写了 {len(found)} 个"
    if long := next((name for name in found if len(name) > 20), ""):
        return (), f"“{long[:20]}…”太长，评价项目最多 20 个字"
    if len(set(found)) < len(found):
        return (), "评价项目写重了，请去掉重复的"
    return found, ""


def _pairs(text: str, example: str) -> tuple[list[tuple[str, Fraction]], str]:
    found: list[tuple[str, Fraction]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _, value = re.sub(r"[\s:：,，、]+", " ", line).rpartition(" ")
        read = number(value)
        if not name or read is None:
            return [], f"“{line[:30]}”读不懂，请每行写一个名称和一个数，例：{example}"
        if len(name) > 20:
            return [], f"“{name[:20]}…”太长，名称最多 20 个字"
        if name in dict(found):
            return [], f"“{name}”写了两次"
        found.append((name, read))
    return found, "" if found else f"请每行写一个名称和一个数，例：{example}"


def least_problem(text: str) -> str:
    """What is wrong with a minimum: a share of the roll (2/3) or a number of people (30)."""
    return "" if _least(text) else "请写应到人数的几分之几（例：2/3），或者人数（例：30）"


def enough(returned: int, expected: int, least: str) -> bool:
    """Whether what came back reaches the minimum; integers only. A share of an empty roll is never reached."""
    read = _least(least)
    if read is None:
        return False
    share, count = read
    return returned >= count if share is None else expected > 0 and returned * share.denominator >= expected * share.numerator


def least_words(least: str) -> str:
    read = _least(least)
    if read is None:
        return ""
    share, count = read
    return f"收回达到应到人数的 {share.numerator}/{share.denominator}" if share else f"收回达到 {count} 份"


def _least(text: str) -> tuple[Fraction | None, int] | None:
    text = text.strip().replace("／", "/").removesuffix("人").removesuffix("份")
    if share := re.fullmatch(r"(\d{1,3})\s*/\s*(\d{1,3})", text):
        over, under = int(share[1]), int(share[2])
        return (Fraction(over, under), 0) if 0 < over <= under else None
    return (None, int(text)) if re.fullmatch(r"[1-9]\d{0,5}", text) else None


@dataclass(frozen=True)
class PaperCounts:
    """What is written on the counting sheet of one group: ballots, and votes per item and option."""

    issued: int
    returned: int
    valid: int
    votes: Mapping[str, Counts]  # item → option → votes


def paper_problems(sheet: PaperCounts) -> dict[str, str]:
    """What does not add up (发出 ≥ 收回 ≥ 有效 = the votes of every item), by field: ``returned``, ``valid`` or the item's key."""
    problems: dict[str, str] = {}
    if sheet.returned > sheet.issued:
        problems["returned"] = f"收回不能多于发出：收回 {sheet.returned}，发出 {sheet.issued}，多 {sheet.returned - sheet.issued}"
    if sheet.valid > sheet.returned:
        problems["valid"] = f"有效不能多于收回：有效 {sheet.valid}，收回 {sheet.returned}，多 {sheet.valid - sheet.returned}"
    for key, votes in sheet.votes.items():
        total = sum(votes.values())
        if total != sheet.valid:
            parts = " + ".join(f"{name} {count}" for name, count in votes.items())
            gap = f"多 {total - sheet.valid}" if total > sheet.valid else f"少 {sheet.valid - total}"
            problems[key] = f"{parts} = {total}，应等于有效票 {sheet.valid}，{gap}"
    return problems


def new_code() -> str:
    """A one-time code as it is printed on a slip."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def code_typed(text: str) -> str:
    """A code as people type it: blanks, dashes and capitals do not matter."""
    return re.sub(r"[\s\-—－]+", "", unicodedata.normalize("NFKC", text)).lower()


def pin_typed(text: str) -> str:
    """Digits as a keyboard gives them: those of a Chinese one may be wide."""
    return unicodedata.normalize("NFKC", text).strip()


def code_shown(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_hash(code: str) -> str:
    """What is kept of a code. It is long and random, so a plain hash cannot be searched."""
    return sha256(code.encode()).hexdigest()
