"""Making a poll or questionnaire, changing it and its roll while it is a draft, opening it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Required, TypedDict, Unpack

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.org.models import Person, Unit
from jizhi.papers.models import random_id
from jizhi.polling import box
from jizhi.polling.actions.refused import PollRefused
from jizhi.polling.models import Item, ItemKind, Poll, PollKind, RollEntry
from jizhi.polling.roll import preview
from jizhi.regulation.models import Edition

Subject = Unit | Person
FROZEN = "已经开始，名称、题目、分组和名册都不能再改：已经有人照着填了，改了前后就不是同一张票。有错的请封存以后另行组织一次"


@dataclass(frozen=True)
class Question:
    kind: str  # an ItemKind
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """How a poll is run. ``grades`` and ``groups`` are pairs of a name and a number as text; with ``aspects`` (德、能…) each
    subject is graded once in each."""

    least: str
    grades: Sequence[tuple[str, str]] = ()
    groups: Sequence[tuple[str, str]] = ()
    most_best: int | None = None
    abstain: bool = False
    abstain_counts: bool = False
    wall: bool = False
    aspects: Sequence[str] = ()
    named: bool = False


class Typed(TypedDict, total=False):
    """What an organiser types: subjects to be graded in their order, then questions."""

    title: Required[str]
    settings: Required[Settings]
    staff: Required[Sequence[Person]]
    subjects: Sequence[Subject]
    questions: Sequence[Question]
    intro: str
    precedes: str
    edition: Edition | None


@transaction.atomic
def make_poll(unit: Unit, *, kind: PollKind, by: Actor, today: date, key: str = "", **typed: Unpack[Typed]) -> Poll:
    """A draft. The same form (``key``) makes one."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "polling.organise", unit)
    if by.person is None:
        raise Forbidden("测评和调查由人组织，系统不能代办")
    if key and (made := Poll.objects.filter(key=key).first()):
        return made
    poll = Poll(unit=unit, kind=kind, made_by=by.person, made_on=today, key=key)
    fields = _write(poll, typed)
    record("polling.make_poll", poll, by=by, fields={"种类": poll.get_kind_display(), **fields, "日期": today})
    return poll


@transaction.atomic
def edit_poll(poll_id: int, *, by: Actor, today: date, **typed: Unpack[Typed]) -> Poll:
    """Write a draft anew; its roll stays."""
    poll = _draft(poll_id, by)
    fields = _write(poll, typed)
    record("polling.edit_poll", poll, by=by, fields={**fields, "日期": today})
    return poll


def _write(poll: Poll, typed: Typed) -> dict[str, object]:
    """The draft as typed; what the log keeps of it."""
    settings, staff = typed["settings"], typed["staff"]
    poll.title, poll.intro, poll.precedes = typed["title"], typed.get("intro", ""), typed.get("precedes", "")
    poll.edition, poll.least, poll.named = typed.get("edition"), settings.least, settings.named
    poll.grades, poll.groups = [list(pair) for pair in settings.grades], [list(pair) for pair in settings.groups]
    poll.most_best, poll.abstain, poll.abstain_counts = settings.most_best, settings.abstain, settings.abstain_counts
    poll.wall = (poll.wall or random_id()) if settings.wall else ""
    poll.save()
    poll.staff.set([poll.made_by, *staff])
    graded = [
        Item(kind=ItemKind.GRADE, text=_name(one), aspect=aspect, subject_type=one._meta.label, subject_id=str(one.pk))
        for one in typed.get("subjects", ())
        for aspect in settings.aspects or [""]
    ]
    asked = [Item(kind=one.kind, text=one.text, options=list(one.options)) for one in typed.get("questions", ())]
    poll.items.all().delete()
    for position, item in enumerate([*graded, *asked]):
        item.poll, item.position = poll, position
    Item.objects.bulk_create([*graded, *asked])
    return {
        "名称": poll.title, "对象和题目": [str(item) for item in [*graded, *asked]], "等次": poll.grades, "分组": poll.groups,
        "最低收回": poll.least, "实名": poll.named, "工作人员": [person.name for person in staff],
    }  # fmt: skip


@transaction.atomic
def drop_poll(poll_id: int, *, by: Actor, today: date) -> None:
    """Throw a draft away, before anybody was asked."""
    poll = _draft(poll_id, by)
    record("polling.drop_poll", poll, by=by, fields={"名称": poll.title, "日期": today})
    poll.delete()


@transaction.atomic
def import_roll(poll_id: int, content: bytes, *, by: Actor, today: date) -> int:
    """The roll from a spreadsheet, in place of what stood there; all rows or none. PollRefused names the first wrong rows."""
    poll = _draft(poll_id, by)
    found = preview(poll, content)
    if not found.ok:
        raise PollRefused("没有导入：" + "；".join(f"第{error.row}行{error.column}：{error.text}" for error in found.errors[:5]))
    poll.roll.all().delete()
    RollEntry.objects.bulk_create(
        RollEntry(poll=poll, **{key: row.cells.get(key, "") for key in ("number", "name", "group", "note")}) for row in found.rows
    )
    record("polling.import_roll", poll, by=by, fields={"人数": len(found.rows), "文件": found.digest, "日期": today})
    return len(found.rows)


@transaction.atomic
def enter_person(poll_id: int, *, number: str, name: str, group: str = "", note: str = "", by: Actor, today: date) -> RollEntry:
    """One person added to the roll of a draft, or corrected where the number stands there already."""
    poll = _draft(poll_id, by)
    if poll.groups and group not in poll.weights:
        raise PollRefused("组别不对", {"group": f"组别请填{'、'.join(poll.weights)}中的一个"})
    entry, _ = RollEntry.objects.update_or_create(poll=poll, number=number, defaults={"name": name, "group": group, "note": note})
    record("polling.enter_person", poll, by=by, fields={"人员": str(entry), "组别": group, "日期": today})
    return entry


@transaction.atomic
def strike_off(poll_id: int, numbers: Sequence[str], *, by: Actor, today: date) -> int:
    """People taken off the roll of a draft."""
    poll = _draft(poll_id, by)
    entries = list(poll.roll.filter(number__in=numbers))
    if not entries:
        raise PollRefused("没有选人，请先勾选要去掉的人")
    poll.roll.filter(pk__in=[entry.pk for entry in entries]).delete()
    record("polling.strike_off", poll, by=by, fields={"人员": [str(entry) for entry in entries], "日期": today})
    return len(entries)


@transaction.atomic
def open_poll(poll_id: int, *, by: Actor, today: date) -> Poll:
    """Start: from now on questions and roll stand still, and the box is locked."""
    poll = _draft(poll_id, by)
    if not poll.items.exists():
        raise PollRefused("还没有测评对象或者题目，不能开始")
    if not poll.roll.exists() and not poll.wall:
        raise PollRefused("还没有名册。每人按名册计一次，请先导入名册")
    here = set(poll.roll.values_list("group", flat=True))
    if absent := sorted(set(poll.weights) - here):
        raise PollRefused(f"名册里没有“{'、'.join(absent)}”这一组的人，请补充名册或者改分组")
    if poll.groups and (strangers := sorted(here - set(poll.weights))):
        raise PollRefused(f"名册里有人的组别是“{'、'.join(name or '空' for name in strangers)}”，不在分组里，请改名册或者改分组")
    if poll.is_poll and poll.staff.count() < 2:
        raise PollRefused("工作人员至少两人：计票一人录、一人核，封存要有人见证")
    box.lock(poll)
    poll.opened_on = today
    poll.save(update_fields=["public_key", "private_key", "opened_on"])
    record("polling.open_poll", poll, by=by, fields={"应到": poll.roll.count(), "开始日期": today})
    return poll


def _draft(poll_id: int, by: Actor) -> Poll:
    poll = Poll.objects.select_for_update().get(pk=poll_id)
    require(by, "polling.organise", poll)
    if not poll.is_draft:
        raise PollRefused(FROZEN)
    return poll


def _name(subject: Subject) -> str:
    return subject.name
