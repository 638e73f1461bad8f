"""若申诉成立: what the ranking would be if an open appeal were upheld. Computed as every ranking is, nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jizhi.access.actor import Actor
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Act
from jizhi.procedure.queries.people import refusal_of
from jizhi.regulation.reading import regulation_of
from jizhi.results.models import Place, Result
from jizhi.results.queries import rows_now
from jizhi.results.rules import Row
from jizhi.rulebook.formula import plain
from jizhi.rulebook.indicators import folded, index
from jizhi.rulebook.language import Indicator, Standard
from jizhi.sheets.models import Sheet
from jizhi.sheets.rules import reading
from jizhi.supervision.ranking import rules

DECIDES, APPEALED = "decides", "appealed"  # who looks
ITEM, INSTEAD = "申诉指标", "应为"  # fields of the appeal, where the regulation asks for them


@dataclass(frozen=True)
class Moved:
    """One department in the ranking as it would be. ``reason`` is the one against the department above."""

    name: str
    rank: int | None
    before: int | None
    score: str
    reason: str

    @property
    def moves(self) -> bool:
        return self.rank != self.before


@dataclass(frozen=True)
class Upheld:
    """The ranking as it would be: the appellant's own line, and all lines for whoever decides the appeal."""

    item: str
    marks: tuple[str, str]  # of the item: as it is, as it would be
    scores: tuple[str, str]
    ranks: str  # 名次由第 2 升为第 1
    lines: Sequence[Moved] = ()
    others: bool = False  # ratings corrected since the ranking was computed count too


def open_appeal(place: Place) -> Act | None:
    """The appeal against a place that nobody has answered yet; None where there is none, or a later result took over."""
    feedback = getattr(place, "feedback", None)
    if feedback is None or feedback.case.step != rules.ANSWER or Result.objects.filter(corrects=place.result).exists():
        return None
    return Act.objects.filter(case=feedback.case, step=rules.APPEAL, outcome=rules.APPEALED).order_by("number").last()


def looks(actor: Actor, place: Place, appeal: Act, *, today: date) -> str:
    """As whom the actor may see what the appeal would change: DECIDES, APPEALED or empty."""
    docket = docket_of(place.feedback.case)
    if refusal_of(docket, rules.ANSWER, None, {}, by=actor.rulebook(), today=today) is None:
        return DECIDES
    return APPEALED if actor.person is not None and appeal.by_id == actor.person.pk else ""


def standard_of(place: Place) -> Standard:
    return regulation_of(place.result.edition).standards[place.result.standard]


def claimed(place: Place, appeal: Act) -> dict[str, str]:
    """What the appeal asks for: ``item`` (a code, empty when it names none) and ``entry``."""
    leaf = index(standard_of(place)).get(folded(str(appeal.form.get(ITEM) or "")))
    return {"item": leaf.code if leaf else "", "entry": str(appeal.form.get(INSTEAD) or "")}


def unreadable(place: Place, item: str, entry: str) -> str:
    """What is wrong with an entry that should stand instead; empty when it can be marked."""
    return reading(standard_of(place), {item: entry}, {}, {}).problems.get(item, "")


def upheld(place: Place, sheets: Sequence[Sheet], item: str, entry: str, *, whole: bool) -> Upheld | None:
    """As if ``sheets`` had ``entry`` at ``item``. ``whole`` shows every department, else the appellant's line alone.
    None when the sheets as they stand cannot be scored."""
    result, key = place.result, f"{place.subject_type}:{place.subject_id}"
    now, _ = rows_now(result)
    then, problems = rows_now(result, {sheet.pk: {item: entry} for sheet in sheets})
    mine = [next((row for row in rows if row.key == key), None) for rows in (now, then)]
    if problems or mine[0] is None or mine[1] is None:
        return None
    leaf = index(standard_of(place))[item]
    shown = {f"{one.subject_type}:{one.subject_id}": one for one in result.places.all()}
    return Upheld(
        item=leaf.name,
        marks=(_mark(mine[0], leaf), _mark(mine[1], leaf)),
        scores=("—" if place.score is None else plain(place.score), plain(mine[1].score)),
        ranks=rules.rank_words(place.rank, mine[1].rank),
        lines=[_line(row, shown.get(row.key)) for row in then] if whole else (),
        others=whole and any(row.key in shown and row.score != shown[row.key].score for row in now),
    )


def _line(row: Row, before: Place | None) -> Moved:
    return Moved(row.name, row.rank, before.rank if before else None, plain(row.score), row.decided_by)


def _mark(row: Row, leaf: Indicator) -> str:
    lines = row.derivation["lines"]
    assert isinstance(lines, list)
    found = next(line["score"] for line in lines if line["code"] == leaf.code)
    return "不适用" if found is None else str(found)
