"""Making a poll or questionnaire, its roll, and opening it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class Question:
    kind: str  # an ItemKind
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """How a poll is run. ``grades`` and ``groups`` are pairs of a name and a number as text."""

    least: str
    grades: Sequence[tuple[str, str]] = ()
    groups: Sequence[tuple[str, str]] = ()
    most_best: int | None = None
    abstain: bool = False
    abstain_counts: bool = False
    wall: bool = False


@transaction.atomic
def make_poll(
    unit: Unit,
    *,
    kind: PollKind,
    title: str,
    settings: Settings,
    staff: Sequence[Person],
    by: Actor,
    today: date,
    subjects: Sequence[Subject] = (),
    questions: Sequence[Question] = (),
    intro: str = "",
    precedes: str = "",
    edition: Edition | None = None,
    key: str = "",
) -> Poll:
    """A draft with its items: subjects to be graded in their order, then questions. The same form (``key``) makes one."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "polling.organise", unit)
    if by.person is None:
        raise Forbidden("测评和调查由人组织，系统不能代办")
    if key and (made := Poll.objects.filter(key=key).first()):
        return made
    poll = Poll.objects.create(
        unit=unit, kind=kind, title=title, intro=intro, precedes=precedes, edition=edition, least=settings.least,
        grades=[list(pair) for pair in settings.grades], groups=[list(pair) for pair in settings.groups], most_best=settings.most_best,
        abstain=settings.abstain, abstain_counts=settings.abstain_counts, wall=random_id() if settings.wall else "",
        made_by=by.person, made_on=today, key=key,
    )  # fmt: skip
    poll.staff.set([by.person, *staff])
    graded = [Item(kind=ItemKind.GRADE, text=_name(one), subject_type=one._meta.label, subject_id=str(one.pk)) for one in subjects]
    asked = [Item(kind=one.kind, text=one.text, options=list(one.options)) for one in questions]
    for position, item in enumerate([*graded, *asked]):
        item.poll, item.position = poll, position
    Item.objects.bulk_create([*graded, *asked])
    fields = {
        "种类": poll.get_kind_display(), "对象和题目": [item.text for item in [*graded, *asked]], "等次": poll.grades, "分组": poll.groups,
        "最低收回": poll.least, "工作人员": [person.name for person in staff], "日期": today,
    }  # fmt: skip
    record("polling.make_poll", poll, by=by, fields=fields)
    return poll


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
def open_poll(poll_id: int, *, by: Actor, today: date) -> Poll:
    """Start: from now on questions and roll stand still, and the box is locked."""
    poll = _draft(poll_id, by)
    if not poll.items.exists():
        raise PollRefused("还没有测评对象或者题目，不能开始")
    if not poll.roll.exists() and not poll.wall:
        raise PollRefused("还没有名册。每人按名册计一次，请先导入名册")
    absent = sorted(set(poll.weights) - set(poll.roll.values_list("group", flat=True)))
    if absent:
        raise PollRefused(f"名册里没有“{'、'.join(absent)}”这一组的人，请补充名册或者改分组")
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
        raise PollRefused("已经开始，题目和名册不能再改")
    return poll


def _name(subject: Subject) -> str:
    return subject.name
