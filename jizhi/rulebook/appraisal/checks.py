"""What must hold between the sheets of a campaign before anything is worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from jizhi.rulebook.appraisal import ballots, tasks
from jizhi.rulebook.appraisal.data import Campaign, Problems, Veto
from jizhi.rulebook.indicators import folded
from jizhi.rulebook.language import RedLine, Standard

SCORES, UNITS, VETOES, PAST, CADRES = "得分", "单位", "否决", "往年", "干部"


def units(campaign: Campaign, problems: Problems) -> None:
    """Every unit once; every row about one of them."""
    counted = Counter(unit.name for unit in campaign.units)
    for unit in campaign.units:
        if not unit.name:
            problems.add(UNITS, unit.line, "单位", "“单位”没有填写")
        elif counted[unit.name] > 1:
            problems.add(UNITS, unit.line, "单位", f"单位“{unit.name}”重复，每个单位只能有一行")
    if not campaign.units:
        problems.add(UNITS, None, "", "没有参评单位")
    named: Iterable[tuple[str, Iterable[Any]]] = (
        (SCORES, campaign.extras), (tasks.SHEET, campaign.tasks), (ballots.SHEET, campaign.ballots), (VETOES, campaign.vetoes),
        (CADRES, campaign.cadres),
    )  # fmt: skip
    rows = [(sheet, row.line, row.unit) for sheet, found in named for row in found]
    rows += [(SCORES, one.rows[0].line if one.rows else None, one.subject) for one in campaign.sheets]
    for sheet, line, name in rows:
        if name not in counted:
            problems.add(sheet, line, "单位", f"“{name}”不在“单位”表里" if name else "“单位”没有填写")
    years = Counter((one.unit, one.year) for one in campaign.past)
    for row in campaign.past:
        if years[row.unit, row.year] > 1:
            problems.add(PAST, row.line, "单位", f"“{row.unit}”{row.year} 年重复，只能有一行")


def idle(standard: Standard, campaign: Campaign, problems: Problems) -> None:
    """Rows that this standard would pass over silently."""
    if campaign.tasks and standard.own_tasks is None:
        problems.add(tasks.SHEET, campaign.tasks[0].line, "", f"《{standard.name}》没有个性任务，请删去这张表")
    if campaign.ballots and not any(part.source == "测评" for part in standard.parts):
        problems.add(ballots.SHEET, campaign.ballots[0].line, "", f"《{standard.name}》的权重里没有民意测评，请删去这张表")


def extras(standard: Standard, campaign: Campaign, problems: Problems) -> None:
    """A mark of a part once by each rater, an adjustment once."""
    parts = {part.name for part in standard.parts}
    seen: set[tuple[str, str, str]] = set()
    for one in campaign.extras:
        key = (one.unit, one.item, one.rater if one.item in parts else "")
        if key in seen:
            problems.add(SCORES, one.line, "指标", f"“{one.unit}”的“{one.item}”重复")
        seen.add(key)


def red_line(standard: Standard, veto: Veto) -> RedLine | None:
    """The red line that an entry of 否决 is about."""
    return next((line for line in standard.red_lines if line.vetoes and folded(line.name) == folded(veto.matter)), None)


def lacking(line: RedLine, veto: Any) -> list[str]:
    """What of its papers (须) an entry of 否决 does not name; while anything is lacking it is off."""
    given = {"文号": veto.document, "认定机关": veto.authority, "认定日期": veto.decided_on, "申辩记录": veto.defence}
    return [need for need in line.needs if not given[need]]


def vetoes(standard: Standard, campaign: Campaign, problems: Problems) -> None:
    for veto in campaign.vetoes:
        if red_line(standard, veto) is None:
            known = "、".join(line.name for line in standard.red_lines if line.vetoes)
            text = f"否决事项“{veto.matter}”不在细则的红线里" + (f"（{known}）" if known else "，本细则没有否决事项")
            problems.add(VETOES, veto.line, "事项", text)
