"""How appraised units are said, kept and paid; pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from jizhi.rulebook.appraisal.cuts import limit, said_limit
from jizhi.rulebook.appraisal.data import Appraised, Share
from jizhi.rulebook.formula import number, plain, rounded
from jizhi.rulebook.language import RedLine, Standard

STARS, VERDICT = "星级", "评定"  # what a batch may decide for each unit


def year_of(period: str) -> int:
    """2026 of 2026年. ValueError where there is none."""
    found = re.search(r"\d{4}", period)
    if found is None:
        raise ValueError(f"no year in {period}")
    return int(found[0])


def verdict_text(grade: str, stars: int | None) -> str:
    """优秀 3星; 称职; 3星 where there are no grades; 不打等级 for neither."""
    said = " ".join(filter(None, (grade, f"{stars}星" if stars else "")))
    return said or ("0星" if stars == 0 else "不打等级")


def said_verdict(text: str) -> str:
    """What a batch decided, as a page says it: 5星 for a bare number."""
    return f"{text}星" if text.isdecimal() else text


def read_verdict(text: str, standard: Standard) -> tuple[str, int | None]:
    """(grade, stars) of what a batch decided, whichever column it was."""
    if text.isdecimal():  # 星级
        return "", int(text)
    grade = next((band.grade for band in standard.bands if text.startswith(band.grade)), "")
    stars = re.search(r"(\d+)星", text)
    return grade, int(stars[1]) if stars else (0 if standard.stars else None)


def star_options(standard: Standard) -> tuple[str, ...]:
    """5 … 0."""
    return tuple(str(count) for count in range(_most_stars(standard), -1, -1))


def verdict_options(standard: Standard) -> tuple[str, ...]:
    """优秀 5星 … 优秀, 称职 …; stars only for the grades that may have them."""
    found: list[str] = []
    for band in standard.bands:
        if standard.stars and (not standard.stars.among or band.grade in standard.stars.among):
            found += [verdict_text(band.grade, count) for count in range(_most_stars(standard), 0, -1)]
        found.append(band.grade)
    return (*found, "不打等级")


def _most_stars(standard: Standard) -> int:
    rule = standard.stars
    return 0 if rule is None else max(rule.bands) if rule.bands else len(standard.indicators)


def over_quota(standard: Standard, given: Mapping[str, tuple[str, int | None]], towns: Mapping[str, str]) -> str:
    """What breaks a quota; empty when nothing does. ``given`` and ``towns`` by unit."""
    wrong: list[str] = []
    if standard.stars:
        for star, quota in sorted(standard.stars.quotas.items(), reverse=True):
            count = sum(stars == star for _, stars in given.values())
            if count > limit(quota, len(given)):
                wrong.append(f"{star}星的名额是 {said_limit(quota, len(given))}，现在定了 {count} 个")
    if standard.quotas:
        groups = set(towns.values()) if standard.quotas.within == "乡镇" else {""}
        for town in sorted(groups):
            members = [unit for unit in given if standard.quotas.within != "乡镇" or towns.get(unit, "") == town]
            for grade, quota in standard.quotas.grades.items():
                count = sum(given[unit][0] == grade for unit in members)
                if count > limit(quota, len(members)):
                    wrong.append(f"{town}“{grade}”的名额是 {said_limit(quota, len(members))}，现在定了 {count} 个")
    return "；".join(wrong) + "，请调整。" if wrong else ""


def lowered(line: RedLine, standard: Standard, grade: str, stars: int | None) -> tuple[str, int | None]:
    """(grade, stars) of an awarded unit once a veto found later is decided."""
    order = [band.grade for band in standard.bands]
    if line.grade_at_most in order and grade in order and order.index(line.grade_at_most) > order.index(grade):
        grade = line.grade_at_most
    if stars is not None:
        stars = max(0, stars - (line.stars_less or 0))
        stars = stars if line.stars_at_most is None else min(stars, line.stars_at_most)
    return grade, stars


def award_of(rewards: Mapping[str, object], grade: str, stars: int | None) -> int:
    """Fen, by what was decided: the stars' award where they have one, else the grade's."""
    for key in (str(stars) if stars else "", grade):
        if key and key in rewards:
            return int((number(str(rewards[key])) or 0) * 100)
    return 0


def derivation(one: Appraised) -> dict[str, object]:
    """How a unit's result came about, as JSON: every part, block, line, task, cut and flag with its reason."""
    return {
        "score": format(one.score, "f"),
        "compared": format(one.compared, "f"),
        "raw_rank": one.raw_rank,
        "town_rank": one.town_rank,
        "town": one.unit.town,
        "stars": one.stars,
        "stars_why": one.stars_why,
        "grade_why": one.grade_why,
        "award": one.award,
        "award_why": one.award_why,
        "moved": one.moved,
        "moved_why": one.moved_why,
        "adjustment": plain(one.adjustment),
        "adjustment_how": one.adjustment_how,
        "parts": [
            {"name": part.name, "share": percent(part.share), "score": format(rounded(part.value, 2), "f"), "how": part.how}
            for part in one.parts
        ],
        "blocks": [
            {"name": block.name, "full": plain(block.points), "score": _or_none(block.score), "rate": percent(block.rate)}
            for block in one.blocks
        ],
        "lines": [
            {
                "code": line.code, "name": line.name, "depth": line.depth, "full": plain(Fraction(line.full)),
                "score": _or_none(line.score), "how": line.how, "adds": line.adds,
            }
            for line in one.lines
        ],
        "tasks": [{"name": task.name, "rate": percent(task.rate), "score": plain(task.score), "how": task.how} for task in one.tasks],
        "flags": [{"kind": flag.kind, "name": flag.name, "reason": flag.reason} for flag in one.flags],
    }  # fmt: skip


def percent(value: Fraction | None) -> str | None:
    return None if value is None else f"{plain(value * 100)}%"


def _or_none(value: Fraction | None) -> str | None:
    return None if value is None else plain(value)


def shares_json(shares: tuple[Share, ...]) -> list[dict[str, object]]:
    return [
        {
            "name": one.name, "post": one.post, "base": one.base, "seniority": one.seniority, "performance": one.performance,
            "total": one.total, "how": one.how,
        }
        for one in shares
    ]  # fmt: skip


def digest(kept: object) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def as_decimal(value: object) -> Decimal | None:
    found = number(str(value)) if value not in (None, "") else None
    return None if found is None else Decimal(found.numerator) / Decimal(found.denominator)
