"""Filling in, handing in and amending a sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record
from jizhi.org.models import Person, Unit
from jizhi.regulation.models import Edition
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.indicators import leaves
from jizhi.rulebook.language import Standard
from jizhi.sheets.models import Score, Sheet
from jizhi.sheets.rules import Reading, reading, unfilled

OWN = "sheets.fill_in"
Typed = Mapping[str, str | None]
Bonuses = Mapping[str, tuple[str, str]]


class SheetRefused(Exception):  # noqa: N818 (errors here are values for the page)
    """Why the sheet was not taken: a sentence for the whole, or one beside each field (by indicator code or name)."""

    def __init__(self, text: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.text, self.fields = text, dict(fields or {})


@transaction.atomic
def save_sheet(
    *,
    unit: Unit,
    edition: Edition,
    standard: str,
    subject: Model,
    subject_name: str,
    entries: Typed,
    by: Actor,
    today: date,
    period: str = "",
    group: str = "",
    red_lines: Mapping[str, str] | None = None,
    bonuses: Bonuses | None = None,
) -> Sheet:
    """The acting person's draft about a subject, made or written over. Saving twice keeps one sheet.

    An entry ``""`` is not filled in yet, None or 不适用 is not applicable. Raises SheetRefused with what is wrong per field.
    """
    require(by, OWN, unit)
    rules, person = standard_of(edition, standard), _person(by)
    read = _accepted(rules, entries, red_lines or {}, bonuses or {})
    if rules.groups and group not in rules.groups:
        raise SheetRefused("请选择评分组", {"group": f"可选：{'、'.join(rules.groups)}"})
    Unit.objects.select_for_update().get(pk=unit.pk)  # two tabs saving at once make one sheet
    key = {"subject_type": subject._meta.label, "subject_id": str(subject.pk), "period": period, "rater": person, "replaces": None}
    sheet, created = Sheet.objects.select_for_update().get_or_create(
        unit=unit, edition=edition, standard=standard, **key, defaults={"subject_name": subject_name[:80], "group": group}
    )
    if sheet.handed_in_at:
        raise SheetRefused("这份评分已经提交，不能再改；确需更正的请走更正程序")
    sheet.subject_name, sheet.group = subject_name[:80], group
    _write(sheet, read)
    record("sheets.save_sheet", sheet, by=by, fields={"日期": today, "新建": created, "已填指标": len(read.filled)})
    return sheet


@transaction.atomic
def hand_in_sheet(sheet_id: int, *, by: Actor, now: datetime) -> Sheet:
    """Hand in one's own sheet; from then on it counts and never changes. Handing in twice is the same as once."""
    whole = Sheet.objects.select_related("unit", "edition", "rater").defer("edition__text")
    sheet = whole.select_for_update(of=("self",)).get(pk=sheet_id)
    require(by, OWN, sheet)
    if sheet.handed_in_at:
        return sheet
    scores = list(sheet.scores.all())
    if missing := unfilled(standard_of(sheet.edition, sheet.standard), {score.indicator for score in scores}):
        raise SheetRefused(f"还有 {len(missing)} 项没有评分", missing)
    if all(score.points is None for score in scores):
        raise SheetRefused("所有指标都不适用，无法得分；请至少对一项评分")
    sheet.handed_in_at = now
    sheet.save(update_fields=["handed_in_at"])
    record("sheets.hand_in_sheet", sheet, by=by, fields=_content(sheet, scores))
    return sheet


@transaction.atomic
def amend_sheet(
    sheet_id: int,
    *,
    entries: Typed,
    reason: str,
    by: Actor,
    now: datetime,
    permission: str = OWN,
    red_lines: Mapping[str, str] | None = None,
    bonuses: Bonuses | None = None,
) -> Sheet:
    """Correct some entries of a handed-in sheet: a new sheet of the same rater that replaces it, with who and why.

    ``permission`` is the one of the domain that decides on corrections, asked for the sheet's unit; without it only the rater
    may, where the caller has judged that it is time (what he rated was sent back to him). Red lines and bonuses not given
    stay as they were.
    """
    old = Sheet.objects.select_for_update().get(pk=sheet_id)
    require(by, permission, old if permission == OWN else old.unit)
    if not old.handed_in_at:
        raise SheetRefused("这份评分还没有提交，请由评分人直接修改")
    if Sheet.objects.filter(replaces=old).exists():
        raise SheetRefused("这份评分已经更正过，请在更正后的那一份上办理")
    if not reason.strip():
        raise SheetRefused("请写明更正理由", {"reason": "必填"})
    kept: dict[str, str | None] = {score.indicator: score.how or str(score.points) for score in old.scores.all()}
    red_lines = dict(old.red_lines) if red_lines is None else red_lines
    bonuses = dict(old.bonuses) if bonuses is None else bonuses
    read = _accepted(standard_of(old.edition, old.standard), kept | dict(entries), red_lines, bonuses)
    sheet = Sheet(
        unit=old.unit, edition=old.edition, standard=old.standard, subject_type=old.subject_type, subject_id=old.subject_id,
        subject_name=old.subject_name, period=old.period, rater=old.rater, group=old.group, handed_in_at=now,
        replaces=old, reason=reason.strip()[:300], amended_by=_person(by),
    )  # fmt: skip
    _write(sheet, read)
    record("sheets.amend_sheet", sheet, by=by, fields={"更正": old.pk, "理由": sheet.reason, **_content(sheet, sheet.scores.all())})
    return sheet


def standard_of(edition: Edition, name: str) -> Standard:
    """The standard of that name in an edition. KeyError when the edition has none."""
    return regulation_of(edition).standards[name]


def _accepted(standard: Standard, entries: Typed, red_lines: Mapping[str, str], bonuses: Bonuses) -> Reading:
    read = reading(standard, entries, red_lines, bonuses)
    if read.problems:
        raise SheetRefused(f"有 {len(read.problems)} 处填写不对，请改正后再保存", read.problems)
    return read


def _write(sheet: Sheet, read: Reading) -> None:
    sheet.red_lines = [list(pair) for pair in read.red_lines]
    sheet.bonuses = {name: list(pair) for name, pair in read.bonuses.items()}
    sheet.save()
    sheet.scores.all().delete()
    Score.objects.bulk_create(Score(sheet=sheet, indicator=one.indicator, points=one.points, how=one.how) for one in read.filled)


def _content(sheet: Sheet, scores: Iterable[Score]) -> dict[str, object]:
    found = [leaf for root in standard_of(sheet.edition, sheet.standard).indicators for leaf in leaves(root)]
    called = Counter(leaf.name for leaf in found)
    names = {leaf.code: leaf.name for leaf in found if called[leaf.name] == 1}
    filled = {names.get(score.indicator, score.indicator): score.how or str(score.points) for score in scores}
    return {"对象": sheet.subject_name, "细则": sheet.standard, "学期": sheet.period, "评分人": sheet.rater.name, **filled}


def _person(by: Actor) -> Person:
    if by.person is None:
        raise Forbidden("评分须由本人办理，系统不能代评")
    return by.person
