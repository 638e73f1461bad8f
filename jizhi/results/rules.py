"""From scored and ranked subjects to the rows of a result; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jizhi.rulebook.formula import plain
from jizhi.rulebook.language import Standard
from jizhi.rulebook.ranking import rank
from jizhi.rulebook.scoring import Outcome, Problem, Scored, Sheet, score


@dataclass(frozen=True)
class Row:
    """One place as it will be stored; ``key`` is the subject's ``type:id``."""

    key: str
    name: str
    rank: int | None
    score: Decimal
    grade: str
    decided_by: str
    derivation: Mapping[str, object]


def rows(
    standard: Standard, sheets: Sequence[Sheet], names: Mapping[str, str], *, seed: str, previous: Mapping[str, int]
) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """Ranked rows, those stopped by a red line last; or every problem and no rows.

    ``names`` and ``previous`` are by key. Names stand in the reasons and in the draw, so that everybody can repeat it.
    """
    shown = _told_apart(names)
    outcome: Outcome = score(standard, [replace(sheet, subject=shown[sheet.subject]) for sheet in sheets])
    if outcome.problems:
        return (), outcome.problems
    before = {shown[key]: position for key, position in previous.items() if key in shown}
    places = {place.subject: place for place in rank(standard, outcome.results, seed=seed, previous=before)}
    keys = {name: key for key, name in shown.items()}
    found = []
    for one in outcome.results:
        place = places.get(one.subject)
        found.append(
            Row(
                key=keys[one.subject],
                name=names[keys[one.subject]],
                rank=place.rank if place else None,
                score=one.score,
                grade=one.grade,
                decided_by=place.decided_by if place else "；".join(one.checks),
                derivation=derivation(one, flag=place.flag if place else "", previous=before.get(one.subject)),
            )
        )
    return tuple(sorted(found, key=lambda row: (row.rank is None, row.rank or 0, row.key))), ()


def _told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Two subjects of one name get their number behind it."""
    counts = Counter(names.values())
    return {key: name if counts[name] == 1 else f"{name}（{key.rpartition(':')[2]}）" for key, name in names.items()}


def derivation(one: Scored, *, flag: str = "", previous: int | None = None) -> dict[str, object]:
    """JSON of how a score came about. The ``exact`` fractions of the lines that add sum to the exact total."""
    return {
        "exact": str(one.exact),
        "margin": None if one.margin is None else str(one.margin),
        "flag": flag,
        "previous": previous,
        "deductions": plain(one.deductions),
        "notes": list(one.notes),
        "checks": list(one.checks),
        "lines": [
            {
                "code": line.code,
                "name": line.name,
                "depth": line.depth,
                "full": plain(line.full),
                "score": None if line.score is None else plain(line.score),
                "exact": None if line.score is None else str(line.score),
                "how": line.how,
                "adds": line.adds,
            }
            for line in one.lines
        ],
        "ratings": [
            {"rater": rating.rater, "group": rating.group, "total": plain(rating.total), "kept": rating.kept} for rating in one.ratings
        ],
    }
