"""Polls as pages and the appraisal read them. Before the close nothing here tells a vote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.db.models import Model, QuerySet

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.polling.models import Item, ItemKind, NamedAnswer, Poll, Remark, Result, RollEntry, Symposium
from jizhi.polling.rules import Outcome, breaks_down, tally
from jizhi.regulation.models import Edition

ROW, WIDEST, LONGEST_WORD = 24, 120, 7  # of the bars: height of one, its width, characters of its word
NOTHING = Outcome(None, {}, {}, 0, enough=False, how="不足最低人数，不公布结果")


def polls(actor: Actor, kind: str) -> QuerySet[Poll]:
    """Those the actor may see, newest first."""
    return visible(actor, Poll.objects.filter(kind=kind)).select_related("unit")


def symposia(actor: Actor) -> QuerySet[Symposium]:
    return visible(actor, Symposium.objects.all()).select_related("unit", "edition")


def roll_matching(poll: Poll, text: str, *, given: str = "") -> QuerySet[RollEntry]:
    """By part of the name or by the number; ``given`` is ``no`` for those without a mark, or a channel."""
    rows = poll.roll.all()
    if text := text.strip()[:40]:  # no name is longer; SQLite refuses patterns of 50,000 characters
        rows = rows.filter(name__icontains=text) | rows.filter(number__iexact=text)
    return rows.filter(channel="" if given == "no" else given) if given else rows


def headings(items: Iterable[Item]) -> list[tuple[tuple[str, str], list[Item]]]:
    """Items in their order under their headings: a subject with its aspects, or one question."""
    return [(heading, list(rows)) for heading, rows in groupby(items, key=lambda item: item.heading)]


def outcome_of(poll: Poll, subject: Model) -> Outcome | None:
    """What a closed poll says about a unit or person; None while it runs or where it did not ask about it.

    Below the minimum: an Outcome without a score, ``enough`` False.
    """
    items = list(poll.items.filter(subject_type=subject._meta.label, subject_id=str(subject.pk)))
    result = Result.objects.filter(poll=poll).first()
    return outcome_over(poll, items, result) if items and result else None


def outcome_over(poll: Poll, items: Sequence[Item], result: Result) -> Outcome:
    """The frozen votes about one subject, those in all its aspects taken together. Groups stand apart only in a single item: taken
    together five votes may be one person's."""
    if not result.enough:
        return NOTHING
    votes: dict[str, dict[str, int]] = {}
    for item in items:
        for group, row in votes_of(result, item).items():
            mine = votes.setdefault(group, {})
            for option, count in row.items():
                mine[option] = mine.get(option, 0) + count
    found = tally(votes, poll.grade_list, poll.weights or None, abstain_counts=poll.abstain_counts)
    return found if len(items) == 1 else replace(found, by_group={})


def votes_of(result: Result, item: Item) -> Mapping[str, Mapping[str, int]]:
    """Group → option → votes, as frozen."""
    votes: Mapping[str, Mapping[str, int]] = result.figures.get("votes", {}).get(str(item.pk), {})
    return votes


@dataclass(frozen=True)
class Bar:
    """One option with its votes; ``width`` of WIDEST and ``top`` are for the drawing."""

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


@dataclass(frozen=True)
class Panel:
    """What stands under one heading: a question or subject, or a subject with its aspects and what they come to together."""

    text: str
    items: tuple[Shown, ...]
    outcome: Outcome | None

    @property
    def one(self) -> Shown:
        return self.items[0]

    @property
    def has_aspects(self) -> bool:
        return bool(self.one.item.aspect)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(bar.word for bar in self.one.bars)


def panels(poll: Poll, result: Result) -> list[Panel]:
    """All items in their order; nothing when the minimum was not reached."""
    if not result.enough:
        return []
    remarks: dict[int, list[str]] = {}
    for item_id, text in Remark.objects.filter(poll=poll).order_by("pk").values_list("item_id", "text"):
        remarks.setdefault(item_id, []).append(text)
    found = []
    for (text, _), items in headings(poll.items.all()):
        outcome = outcome_over(poll, items, result) if items[0].kind == ItemKind.GRADE else None
        found.append(Panel(text, tuple(_shown(poll, item, result, tuple(remarks.get(item.pk, ()))) for item in items), outcome))
    return found


def named_answers(poll: Poll) -> QuerySet[NamedAnswer]:
    """Who answered a closed named questionnaire, in the order of the roll."""
    rows = NamedAnswer.objects.filter(entry__poll=poll, answers__isnull=False).select_related("entry").order_by("entry_id")
    return rows if poll.is_closed else rows.none()


def answer_words(poll: Poll, items: Sequence[Item], found: NamedAnswer) -> list[str]:
    """What one person answered, as text, one for each item."""
    return [_word(item, item.choices(poll), answer) for item, answer in zip(items, found.answers or (), strict=True)]


def _word(item: Item, options: Sequence[str], answer: object) -> str:
    if isinstance(answer, list):
        return "、".join(options[place] for place in answer)
    return options[answer] if isinstance(answer, int) else str(answer or "")


def consulted_before(edition: Edition) -> tuple[QuerySet[Poll], QuerySet[Symposium]]:
    """The surveys and symposia that preceded a regulation. Callers filter them through visible()."""
    return Poll.objects.filter(edition=edition), Symposium.objects.filter(edition=edition)


def _shown(poll: Poll, item: Item, result: Result, remarks: tuple[str, ...]) -> Shown:
    votes, options = votes_of(result, item), item.choices(poll)
    counts = {option: sum(row.get(option, 0) for row in votes.values()) for option in options}
    answered = _answered(item, result, counts, remarks)
    bars = tuple(
        Bar(word, count, _percent(count, answered), WIDEST * count // max(answered, 1), top=ROW * place + 4)
        for place, (word, count) in enumerate(counts.items())
    )
    outcome = outcome_over(poll, [item], result) if item.kind == ItemKind.GRADE else None
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
