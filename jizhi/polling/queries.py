"""Polls as pages and the appraisal read them. Before the close nothing here tells a vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.polling.models import Item, ItemKind, Poll, Remark, Result, RollEntry, Symposium
from jizhi.polling.rules import Outcome, breaks_down, tally
from jizhi.regulation.models import Edition

ROW, LONGEST_WORD = 24, 7  # of the bars: height of one, characters of its word
NOTHING = Outcome(None, {}, {}, 0, enough=False, how="不足最低人数，不公布结果")


def polls(actor: Actor, kind: str) -> QuerySet[Poll]:
    """Those the actor may see, newest first."""
    return visible(actor, Poll.objects.filter(kind=kind)).select_related("unit")


def symposia(actor: Actor) -> QuerySet[Symposium]:
    return visible(actor, Symposium.objects.all()).select_related("unit", "edition")


def roll_matching(poll: Poll, text: str, *, given: str = "") -> QuerySet[RollEntry]:
    """By part of the name or by the number; ``given`` is ``no`` for those without a mark, or a channel."""
    rows = poll.roll.all()
    if text := text.strip():
        rows = rows.filter(name__icontains=text) | rows.filter(number__iexact=text)
    return rows.filter(channel="" if given == "no" else given) if given else rows


def outcome_of(poll: Poll, subject: Model) -> Outcome | None:
    """What a closed poll says about a unit or person; None while it runs or where it did not ask about it.

    Below the minimum: an Outcome without a score, ``enough`` False.
    """
    item = poll.items.filter(subject_type=subject._meta.label, subject_id=str(subject.pk)).first()
    result = Result.objects.filter(poll=poll).first()
    return None if item is None or result is None else item_outcome(poll, item, result)


def item_outcome(poll: Poll, item: Item, result: Result) -> Outcome:
    """The frozen votes about one item, counted."""
    if not result.enough:
        return NOTHING
    return tally(votes_of(result, item), poll.grade_list, poll.weights or None, abstain_counts=poll.abstain_counts)


def votes_of(result: Result, item: Item) -> Mapping[str, Mapping[str, int]]:
    """Group → option → votes, as frozen."""
    votes: Mapping[str, Mapping[str, int]] = result.figures.get("votes", {}).get(str(item.pk), {})
    return votes


@dataclass(frozen=True)
class Bar:
    """One option with its votes; ``width`` of 200 and ``top`` are for the drawing."""

    word: str
    count: int
    percent: str
    width: int
    top: int

    @property
    def text_y(self) -> int:
        return self.top + 13

    @property
    def short(self) -> str:
        return self.word if len(self.word) <= LONGEST_WORD else f"{self.word[: LONGEST_WORD - 1]}…"


@dataclass(frozen=True)
class GroupRow:
    name: str
    counts: tuple[int, ...]
    score: str


@dataclass(frozen=True)
class Shown:
    """One item of a closed poll on the page."""

    item: Item
    bars: tuple[Bar, ...]
    answered: int
    outcome: Outcome | None
    mean: str
    groups: tuple[GroupRow, ...]  # empty where a group is too small to stand apart
    remarks: tuple[str, ...]

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def shown_items(poll: Poll, result: Result) -> list[Shown]:
    """All items in their order; nothing when the minimum was not reached."""
    if not result.enough:
        return []
    remarks: dict[int, list[str]] = {}
    for item_id, text in Remark.objects.filter(poll=poll).order_by("pk").values_list("item_id", "text"):
        remarks.setdefault(item_id, []).append(text)
    return [_shown(poll, item, result, tuple(remarks.get(item.pk, ()))) for item in poll.items.all()]


def consulted_before(edition: Edition) -> tuple[QuerySet[Poll], QuerySet[Symposium]]:
    """The surveys and symposia that preceded a regulation. Callers filter them through visible()."""
    return Poll.objects.filter(edition=edition), Symposium.objects.filter(edition=edition)


def _shown(poll: Poll, item: Item, result: Result, remarks: tuple[str, ...]) -> Shown:
    votes, options = votes_of(result, item), item.choices(poll)
    counts = {option: sum(row.get(option, 0) for row in votes.values()) for option in options}
    answered = _answered(item, result, counts, remarks)
    bars = tuple(
        Bar(word, count, _percent(count, answered), 200 * count // max(answered, 1), top=ROW * place + 4)
        for place, (word, count) in enumerate(counts.items())
    )
    outcome = item_outcome(poll, item, result) if item.kind == ItemKind.GRADE else None
    groups: tuple[GroupRow, ...] = ()
    if item.kind != ItemKind.MULTI and breaks_down(votes, options):
        scores = outcome.by_group if outcome else {}
        groups = tuple(
            GroupRow(name or "全部", tuple(row.get(option, 0) for option in options), str(scores.get(name, "")))
            for name, row in votes.items()
        )
    mean = ""
    if item.kind == ItemKind.SCALE and answered:
        mean = f"{sum(int(option) * count for option, count in counts.items()) / answered:.2f}"
    return Shown(item, bars, answered, outcome, mean, groups, remarks)


def _answered(item: Item, result: Result, counts: Mapping[str, int], remarks: tuple[str, ...]) -> int:
    if item.kind == ItemKind.TEXT:
        return len(remarks)
    if item.kind == ItemKind.MULTI:  # several ticks of one person: shares are of the papers
        return int(result.figures.get("valid", 0)) + int(result.figures.get("wall", 0))
    return sum(counts.values())


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.1f}%" if total else "—"
