"""The records of a campaign as ``rulebook.appraisal`` computes them: what the pages and ``jizhi appraise`` have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jizhi.appraisal.models import Achievement, Cadre, Campaign, CampaignPoll, Mark, OwnTasks, Verdict, Veto
from jizhi.appraisal.queries.campaigns import verdicts
from jizhi.appraisal.rules import year_of
from jizhi.org.models import Level, Unit
from jizhi.org.queries import ancestors, region_among
from jizhi.polling.models import Result
from jizhi.polling.queries import votes_of
from jizhi.polling.rules import parts_of
from jizhi.procedure.many import period_of, sheets_for
from jizhi.procedure.models import Case
from jizhi.regulation.queries import family
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import joining
from jizhi.rulebook.appraisal import data
from jizhi.rulebook.appraisal.campaign import appraise
from jizhi.rulebook.indicators import leaves
from jizhi.rulebook.language import Procedure, Regulation, Standard
from jizhi.rulebook.scoring import Sheet
from jizhi.sheets.models import Score
from jizhi.sheets.models import Sheet as SheetRow
from jizhi.sheets.queries import scoring_input

NO_DEFENCE = "已告知，未申辩"


@dataclass(frozen=True)
class Records:
    """``names`` is child id → the name in the input, told apart where two villages share one."""

    children: tuple[Case, ...]
    names: Mapping[int, str]
    campaign: data.Campaign

    def child(self, name: str) -> Case:
        return next(one for one in self.children if self.names[one.pk] == name)


def records_of(case: Case, standard: Standard) -> Records:
    """Of all children that take part: those that have come together, or are still underway; not those that ended on the way."""
    regulation = regulation_of(case.edition)
    children = _children(case, regulation)
    towns = _towns([child.unit for child in children])
    names = _names(children, towns)
    units = tuple(data.Unit(names[child.pk], towns.get(child.unit_id, "")) for child in children)
    procedure = regulation.procedures[children[0].procedure] if children else None
    campaign = data.Campaign(
        units=units,
        sheets=tuple(sheet for child in children for sheet in _sheets(child, standard, procedure, names[child.pk])),
        extras=tuple(_extras(children, names, standard)),
        tasks=tuple(_tasks(case, children, names, standard)),
        ballots=tuple(_ballots(case, children, names, standard)),
        vetoes=tuple(_vetoes(children, names)),
        past=tuple(_past(case, children, names, standard, towns)),
        cadres=tuple(_cadres(children, names)) if standard.pay else (),
    )
    return Records(tuple(children), names, campaign)


def report_of(case: Case, standard: Standard, records: Records, *, on: date) -> data.Report:
    """Computed now from what is there; the seed and the region are the case's own."""
    return appraise(
        regulation_of(case.edition), standard, records.campaign, seed=seed_of(case, standard), on=on, region=region_of(case.unit)
    )


def seed_of(case: Case, standard: Standard) -> str:
    return f"{standard.name}·{period_of(case)}"[:64]


def region_of(unit: Unit) -> str:
    return region_among(ancestors(unit, itself=True))


def _children(case: Case, regulation: Regulation) -> list[Case]:
    fan = joining.fan_out_of(regulation.procedures[case.procedure])
    rows = list(Case.objects.filter(parent=case).select_related("unit", "edition").defer("edition__text").order_by("unit__path", "pk"))
    for row in rows:
        row.parent = case
    if fan is None:
        return rows
    child = regulation.procedures[fan.procedure]
    early = {end for key, end in child.ends.items() if key not in _ends_behind(child, fan.at)}
    return [row for row in rows if row.end not in early]


def _ends_behind(child: Procedure, at: str | None) -> set[str]:
    """The ends to which the step of gathering leads: whoever came to another one dropped out on the way (未申报)."""
    step = next((one for one in child.steps if one.name == at), None)
    return {branch.to for outcome in step.outcomes for branch in outcome.branches} if step else set(child.ends)


def _towns(units: Sequence[Unit]) -> dict[int, str]:
    """Unit id → the name of its town."""
    above = Unit.objects.in_bulk({unit.parent_id for unit in units if unit.parent_id})
    found = {}
    for unit in units:
        parent = above.get(unit.parent_id or 0)
        found[unit.pk] = parent.name if parent is not None and parent.level == Level.TOWN else ""
    return found


def _names(children: Sequence[Case], towns: Mapping[int, str]) -> dict[int, str]:
    counted = Counter(child.unit.name for child in children)
    return {
        child.pk: child.unit.name if counted[child.unit.name] == 1 else f"{child.unit.name}（{towns.get(child.unit_id) or child.unit_id}）"
        for child in children
    }


def _sheets(child: Case, standard: Standard, procedure: Procedure | None, name: str) -> Iterable[Sheet]:
    """Of the last step that rated this unit: where the recheck drew it, the recheck counts. Its own sheet (自评) never does."""
    for step in reversed(procedure.steps if procedure else ()):
        if step.marking is None or step.marking.role or step.marking.standard != standard.name:
            continue
        found = list(sheets_for(child, step, step.marking).select_related("rater").prefetch_related("scores"))
        if found:
            return [replace(sheet, subject=name, group=sheet.group if standard.groups else "") for sheet in scoring_input(found)]
    return []


def filled(standard: Standard, sheets: Sequence[SheetRow]) -> list[tuple[str, str, list[tuple[str, SheetRow]]]]:
    """Each indicator's code and name with what every sheet says of it, in the order of the sheets."""
    entries = {(score.sheet_id, score.indicator): score for score in Score.objects.filter(sheet__in=[one.pk for one in sheets])}

    def said(sheet: SheetRow, code: str) -> str:
        score = entries.get((sheet.pk, code))
        if score is None:
            return "—"
        return "不适用" if score.points is None else score.how or format(score.points.normalize(), "f")

    return [(one.code, one.name, [(said(sheet, one.code), sheet) for sheet in sheets]) for one in leaves(*standard.indicators)]


def _extras(children: Sequence[Case], names: Mapping[int, str], standard: Standard) -> Iterable[data.Extra]:
    parts = {part.name for part in standard.parts if part.source == "评分"}
    items = {item.name for item in standard.adjustments.items} if standard.adjustments else set()
    newest: dict[tuple[int, str, str], Mark] = {}
    for mark in Mark.objects.filter(case__in=children).select_related("by").order_by("pk"):
        newest[mark.case_id, mark.item, str(mark.by_id) if mark.item in parts else ""] = mark
    for (child, item, _), mark in newest.items():
        if item in parts or (item in items and mark.value):
            yield data.Extra(names[child], item, mark.value, mark.by.name if item in parts else "")


def _tasks(case: Case, children: Sequence[Case], names: Mapping[int, str], standard: Standard) -> Iterable[data.Task]:
    if standard.own_tasks is None:
        return
    by_unit = {child.unit_id: child for child in children}
    tables = OwnTasks.objects.filter(
        unit__in=by_unit, edition=case.edition_id, schedule=standard.own_tasks.schedule, year=year_of(period_of(case))
    )
    done = {one.row_id: one.done for one in Achievement.objects.filter(row__tasks__in=tables).order_by("pk")}
    for table in tables.order_by("unit__path").prefetch_related("rows"):
        name = names[by_unit[table.unit_id].pk]
        for row in table.rows.all():
            cells = row.cells
            yield data.Task(
                name, cells.get("名称", ""), cells.get("目标值"), done.get(row.pk), cells.get("难度"), cells.get("分值"),
                cells.get("计量单位", ""),
            )  # fmt: skip


def _ballots(case: Case, children: Sequence[Case], names: Mapping[int, str], standard: Standard) -> Iterable[data.Ballots]:
    if standard.poll is None or not any(part.source == "测评" for part in standard.parts):
        return
    by_unit = {str(child.unit_id): child for child in children}
    for link in CampaignPoll.objects.filter(campaign__case=case).select_related("poll"):
        result = Result.objects.filter(poll=link.poll).first()
        if result is None or not result.enough:
            continue
        for item in link.poll.items.filter(subject_type=Unit._meta.label, subject_id__in=by_unit):
            votes = votes_of(result, item)
            groups = result.figures.get("groups", {})
            name = names[by_unit[item.subject_id].pk]
            for group in _groups(votes, groups) if standard.poll.groups else [""]:
                shares = [groups[one] for one in parts_of(group, groups) if one in groups] if group else list(groups.values())
                rows = [votes.get(group, {})] if standard.poll.groups else list(votes.values())
                chosen = {choice: sum(row.get(choice, 0) for row in rows) for choice in standard.poll.coefficients}
                abstained = sum(row.get("弃权", 0) for row in rows)
                valid = sum(chosen.values()) + (abstained if standard.poll.abstentions else 0)
                given, returned = (sum(int(share.get(word, 0)) for share in shares) for word in ("issued", "returned"))
                yield data.Ballots(name, given, returned, valid, chosen, abstained, group if standard.poll.groups else "")


def _groups(votes: Mapping[str, object], groups: Mapping[str, object]) -> list[str]:
    """As their votes were kept: small groups as one, under their names together; and those from which nothing came."""
    together = {part for name in votes for part in parts_of(name, groups)}
    return [*votes, *(group for group in groups if group not in together)]


def _vetoes(children: Sequence[Case], names: Mapping[int, str]) -> Iterable[data.Veto]:
    for veto in Veto.objects.filter(case__in=children, withdrawn_on=None).order_by("pk"):
        day = veto.decided_on.isoformat() if veto.decided_on else ""
        yield data.Veto(names[veto.case_id], veto.matter, veto.document, veto.authority, day, veto.defence)


def _past(
    case: Case, children: Sequence[Case], names: Mapping[int, str], standard: Standard, towns: Mapping[int, str]
) -> Iterable[data.Past]:
    """Last year's verdicts of the same regulation; of those who no longer take part as well, for peers must be compared."""
    by_unit = {child.unit_id: names[child.pk] for child in children}
    last_year = verdicts_before(case, standard)
    taken = set(by_unit.values())
    for row in last_year:
        name = by_unit.get(row.unit_id) or (row.unit.name if row.unit.name not in taken else f"{row.unit.name}（{row.unit.code}）")
        yield data.Past(name, row.year, row.town, "", row.rank, row.grade, row.stars, row.score)


def verdicts_before(case: Case, standard: Standard) -> list[Verdict]:
    """What the same unit decided by the same regulation (or one of its family) in the latest earlier year."""
    earlier = verdicts().filter(
        organiser=case.unit_id, code__in=family(case.edition), standard=standard.name, year__lt=year_of(period_of(case))
    )  # fmt: skip
    last = earlier.order_by("-year").values_list("year", flat=True).first()
    return list(earlier.filter(year=last).select_related("unit").order_by("pk")) if last is not None else []


def _cadres(children: Sequence[Case], names: Mapping[int, str]) -> Iterable[data.Cadre]:
    for one in Cadre.objects.filter(case__in=children).order_by("pk"):
        yield data.Cadre(names[one.case_id], one.name, one.post, one.review, one.seniority, one.months)


def campaign_for(child: Case) -> Campaign | None:
    """The campaign that a unit's case belongs to."""
    return Campaign.objects.filter(case=child.parent_id).select_related("case__edition", "case__unit").first()
