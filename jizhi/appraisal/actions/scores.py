"""The sheets of one rater about many units, kept together or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.http import Http404

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.appraisal.actions.refused import AppraisalRefused
from jizhi.appraisal.models import Campaign
from jizhi.appraisal.queries.scores import entries_of, my_sheets, seen_of
from jizhi.org.models import Unit
from jizhi.procedure.docket import docket_of
from jizhi.procedure.many import group_of, period_of
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import refusal_of
from jizhi.rulebook.language import Marking, Step
from jizhi.sheets.actions import SheetRefused, hand_in_sheet, save_sheet, standard_of
from jizhi.sheets.models import Sheet


@dataclass(frozen=True)
class Typed:
    """What was typed about one unit. ``seen`` tells what the page had shown of it, ``later`` keeps a row from being handed in."""

    entries: Mapping[str, str]  # by indicator code; "" is not filled in yet
    seen: str = ""
    later: bool = False


@dataclass(frozen=True)
class Kept:
    """The names of the units whose sheets were written, and of those handed in."""

    saved: tuple[str, ...]
    handed_in: tuple[str, ...]


@transaction.atomic
def save_scores(campaign_id: int, *, step: str, rows: Mapping[int, Typed], hand_in: bool, by: Actor, today: date, now: datetime) -> Kept:
    """``save_sheet`` for every unit (by its case) about which something changed, and ``hand_in_sheet`` for those filled in.

    AppraisalRefused names everything that is wrong, by ``i-<case>-<code>`` or ``row-<case>``, and nothing at all is kept: an
    entry that does not read, a gap on handing in, a unit that has gone on, one whose sheet was changed since the page was read.
    Raises Http404 for a case that is none of this campaign or that the actor does not see.
    """
    campaign = Campaign.objects.select_related("case__edition", "case__unit").get(pk=campaign_id)
    cases = _locked(campaign, rows, by)
    wrong: dict[str, str] = {}
    asked = {one.pk: _step(one, step, by, today, wrong) for one in cases}
    Unit.objects.select_for_update().get(pk=campaign.case.unit_id)  # as save_sheet does: from here on nobody writes a sheet
    need = next((found.marking for found in asked.values() if found), None)
    before = my_sheets(campaign, need, cases, by) if need else {}
    saved, handed_in = [], []
    for one in cases:
        typed, found, sheet = rows[one.pk], asked[one.pk], before.get(one.unit_id)
        filled = any(typed.entries.values())
        untouched = not filled and not typed.seen
        if found is None or found.marking is None or untouched or _stale(one, typed, sheet, wrong):
            continue
        if sheet is not None and sheet.handed_in_at:  # the very same, sent twice
            handed_in += [one.unit.name] if hand_in else []
            continue
        try:
            if not _same(typed, sheet):
                sheet = _save(campaign, one, found, found.marking, typed, sheet, by=by, today=today)
                saved.append(one.unit.name)
            if hand_in and filled and not typed.later and sheet is not None:
                hand_in_sheet(sheet.pk, by=by, now=now)
                handed_in.append(one.unit.name)
        except SheetRefused as refused:
            wrong |= {f"i-{one.pk}-{code}": text for code, text in refused.fields.items()} or {f"row-{one.pk}": refused.text}
    if wrong:
        raise AppraisalRefused("有填写不对的地方，都没有保存", wrong)
    if hand_in and not handed_in:
        raise AppraisalRefused("没有可以提交的：还没有给哪个单位评分，或者都勾选了“先不提交”。")
    return Kept(tuple(saved), tuple(handed_in))


def _locked(campaign: Campaign, ids: Iterable[int], by: Actor) -> list[Case]:
    """The units' cases, so that none moves on while its sheet is written; always in one order."""
    wanted = set(ids)
    mine = visible(by, Case.objects.filter(parent=campaign.case_id, pk__in=wanted))
    found = list(mine.select_related("unit", "edition", "parent__unit").select_for_update(of=("self",)).order_by("pk"))
    if len(found) != len(wanted):
        raise Http404("有的单位不在这次考评里，或您无权查看")
    return sorted(found, key=lambda one: one.unit.path)


def _step(case: Case, name: str, by: Actor, today: date, wrong: dict[str, str]) -> Step | None:
    """The step for which the actor may rate this unit now; else None, and why."""
    docket = docket_of(case)
    step = docket.step(docket.standing.step or "")
    if step is None or step.marking is None or step.name != name:
        wrong[f"row-{case.pk}"] = f"已经不在“{name}”这一步，填的没有保存，请刷新页面看现在到了哪里"
        return None
    if (no := refusal_of(docket, name, None, {}, by=by.rulebook(), today=today)) is not None:
        wrong[f"row-{case.pk}"] = no.text
        return None
    return step


def _stale(case: Case, typed: Typed, sheet: Sheet | None, wrong: dict[str, str]) -> bool:
    """Whether the sheet is another than the page showed: then what is there stays."""
    fixed = sheet is not None and sheet.handed_in_at is not None
    if _same(typed, sheet) or (typed.seen == seen_of(sheet) and not fixed):
        return False
    if fixed:
        text = "您在别处已经提交了这个单位的评分表，这里填的没有保存；要更正的走更正程序"
    else:
        text = "您打开这页以后，这个单位的评分在别处改过，没有覆盖。现在存的写在各格下面，核对后再保存，就以这里填的为准"
    wrong[f"row-{case.pk}"] = text
    return True


def _same(typed: Typed, sheet: Sheet | None) -> bool:
    """Whether the sheet says just what was typed."""
    return {code: entry for code, entry in typed.entries.items() if entry} == entries_of(sheet)


def _save(campaign: Campaign, case: Case, step: Step, need: Marking, typed: Typed, sheet: Sheet | None, *, by: Actor, today: date) -> Sheet:
    """加分 and 红线 are told on the unit's own sheet and stay as they are there."""
    standard = standard_of(case.edition, need.standard)
    return save_sheet(
        unit=campaign.case.unit,
        edition=case.edition,
        standard=need.standard,
        subject=case.unit,
        subject_name=case.unit.name,
        entries=typed.entries,
        red_lines=dict(sheet.red_lines) if sheet else {},
        bonuses=dict(sheet.bonuses) if sheet else {},
        by=by,
        today=today,
        period=period_of(case, need),
        group=group_of(case, step, need) or next(iter(standard.groups), ""),
    )
