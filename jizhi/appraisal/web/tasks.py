"""Own tasks: the villages of a campaign, one village's rows by form, all by spreadsheet, agreement, what came of a row."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jizhi.access.gate import may, require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.appraisal.actions import AppraisalRefused, agree_rows, record_achievement, save_rows
from jizhi.appraisal.forms import AchievementForm, FileForm, typed_rows
from jizhi.appraisal.models import Campaign, OwnTasks, ScheduleRow
from jizhi.appraisal.queries.campaigns import standard_for
from jizhi.appraisal.queries.tasks import case_of, digest_of, figures_named, kind_of, problems_of, schedule_of, side_of, sides, tables
from jizhi.appraisal.web.answers import campaign_for, done, tried
from jizhi.evidence.queries import evidence_about
from jizhi.evidence.rules import Unusable
from jizhi.org.imports import Preview, RowError, error_workbook, parsed_as, template_workbook
from jizhi.org.models import Unit, User
from jizhi.procedure.docket import docket_of
from jizhi.procedure.figures import fetchable, fetched
from jizhi.procedure.forms import Error
from jizhi.procedure.queries.units import units_below
from jizhi.procedure.web_sheet import may_rate
from jizhi.rulebook import joining
from jizhi.rulebook.language import Schedule
from jizhi.ui import clock, drafts, export
from jizhi.ui.export import sent
from jizhi.ui.tables import shown


@dataclass(frozen=True)
class Village:
    unit: Unit
    table: OwnTasks | None

    @property
    def count(self) -> int:
        return len(self.table.rows.all()) if self.table else 0

    @property
    def verified(self) -> int:
        return sum(bool(row.achievements.all()) for row in self.table.rows.all()) if self.table else 0

    @property
    def state(self) -> tuple[str, str]:
        if self.table is None or not self.count:
            return "late", "还没有填"
        if self.table.frozen_on:
            return "done", "已冻结"
        lacking = [side.name for side in sides(self.table) if side.agreed is None]
        return ("soon", f"待{'、'.join(lacking)}同意") if lacking else ("run", "已商定，待公告")


TABLE: export.Columns = (
    ("村", lambda one: one.unit.name),
    ("项数", lambda one: one.count),
    ("状态", lambda one: one.state[1]),
    ("已核验", lambda one: one.verified),
)


def listing(request: ActingRequest, pk: int) -> HttpResponse:
    campaign, rule = _ruled(request, pk)
    found = {table.unit_id: table for table in tables(request.actor, campaign.case.edition, rule.name, campaign.year)}
    rows = [Village(unit, found.get(unit.pk)) for unit in _villages(request, campaign)]
    if export.asked(request):
        return export.table(request, rule.name, TABLE, rows)
    can = may(request.actor, "appraisal.save_rows", campaign.unit)
    return render(request, "appraisal/tasks.html", {"campaign": campaign, "rule": rule, "rows": rows, "can_import": can})


def table(request: ActingRequest, pk: int, unit: int) -> HttpResponse:
    """One village's rows: the form while open, then what was frozen with what came of each row."""
    campaign, rule = _ruled(request, pk)
    village = next((one for one in _villages(request, campaign) if one.pk == unit), None)
    if village is None:
        raise Http404
    found = tables(request.actor, campaign.case.edition, rule.name, campaign.year).filter(unit=village).first()
    rows = [dict(row.cells) for row in found.rows.all()] if found else []
    problems: Mapping[str, str] = {}
    can_save = may(request.actor, "appraisal.save_rows", village) and not (found and found.frozen_on)
    if request.method == "POST":
        require(request.actor, "appraisal.save_rows", village)
        rows = typed_rows(rule, request.POST.dict())
        try:
            save_rows(
                village, edition=campaign.case.edition, schedule=rule.name, year=campaign.year, rows=rows, by=request.actor,
                today=clock.today(),
            )  # fmt: skip
        except AppraisalRefused as refused:
            problems = refused.fields or {"": refused.text}
        else:
            messages.success(request, "已保存，请双方看过以后商定")
            return redirect("own_tasks", pk, unit)
    if export.asked(request):
        return export.table(request, f"{village.name}{rule.name}", _columns(rule), found.rows.all() if found else ())
    mine = found is not None and not found.frozen_on and side_of(found, request.actor) is not None
    errors = [Error(f"id_{field}" if field.startswith("r") else "", "", _where(field) + text) for field, text in problems.items()]
    context = {
        "campaign": campaign, "rule": rule, "village": village, "table": found, "lines": _lines(rule, rows, problems), "errors": errors,
        "can_save": can_save, "sides": sides(found) if found else [], "seen": digest_of(found) if found else "",
        "can_agree": mine and may(request.actor, "appraisal.agree_rows", village),
        "can_verify": bool(found and found.frozen_on and may(request.actor, "appraisal.record_achievement", village)),
    }  # fmt: skip
    return render(request, "appraisal/table.html", context, status=422 if problems else 200)


def _columns(rule: Schedule) -> export.Columns:
    """What was agreed, and the value that was verified last."""
    named = [(one.name, partial(_cell, one.name)) for one in rule.columns]
    return (*named, ("完成值", lambda row: last.done if (last := row.achievements.last()) else ""))


def _cell(name: str, row: ScheduleRow) -> str:
    return str(row.cells.get(name, ""))


@dataclass(frozen=True)
class Cell:
    id: str
    label: str
    value: str
    error: str
    options: tuple[tuple[str, str], ...] = ()  # the figures that 取数 may name


def _lines(rule: Schedule, rows: list[dict[str, str]], problems: Mapping[str, str]) -> list[list[Cell]]:
    most = max(min(rule.most, 30), len(rows))
    options = tuple((one.name, f"{one.name}：{one.about}") for one in fetchable())
    found = []
    for n in range(1, most + 1):
        cells = rows[n - 1] if n <= len(rows) else {}
        found.append(
            [
                Cell(
                    f"r{n}-{one.name}",
                    one.name,
                    cells.get(one.name, ""),
                    problems.get(f"r{n}-{one.name}", ""),
                    options if one.kind == "取数" else (),
                )
                for one in rule.columns
            ]
        )
    return found


def _where(field: str) -> str:
    return f"第 {field[1:].partition('-')[0]} 行：" if field.startswith("r") else ""


@require_POST
def agree(request: ActingRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible(request.actor, OwnTasks.objects.select_related("unit")), pk=pk)
    seen = request.POST.get("seen", "")
    done(request, lambda: agree_rows(pk, digest_seen=seen, by=request.actor, today=clock.today()), "已同意")
    campaign = Campaign.objects.filter(case__edition=found.edition_id, year=found.year, unit__in=_above(found.unit)).first()
    return redirect("own_tasks", campaign.pk, found.unit_id) if campaign else redirect("appraisal_list")


def _above(unit: Unit) -> list[int]:
    from jizhi.org.queries import ancestor_ids

    return list(ancestor_ids(unit))


def achievement(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(visible(request.actor, ScheduleRow.objects.select_related("tasks__unit", "tasks__edition")), pk=pk)
    can = may(request.actor, "appraisal.record_achievement", row)
    form = AchievementForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(request.actor, "appraisal.record_achievement", row)
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = tried(form, lambda: record_achievement(pk, **data, by=request.actor, today=clock.today()))
            except Unusable as wrong:
                form.add_error("upload", str(wrong))
                made = None
            if made is not None:
                messages.success(request, f"已登记“{row}”的完成值")
                return redirect("own_task_done", pk)
    case, named = case_of(row.tasks), figures_named(row)
    rates = bool(named) and case is not None and may_rate(case, request.actor)
    entered = [(one, evidence_about(one)) for one in row.achievements.select_related("by").order_by("-pk")]
    context = {
        "row": row, "entered": entered, "form": form if can and row.tasks.frozen_on else None, "cells": row.cells,
        "fetched": [fetched(case, name, request.actor, rates=rates) for name in named],
    }  # fmt: skip
    return render(request, "appraisal/row.html", context, status=422 if form.errors else 200)


# by spreadsheet


def hand_in(request: ActingRequest, pk: int) -> HttpResponse:
    """The file waits beside the person's drafts until it is imported or replaced."""
    campaign, rule = _allowed(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        drafts.keep(_user(request), _key(pk), {"file": b64encode(upload.read()).decode(), "name": upload.name[:120]})
        return redirect("own_tasks_preview", pk)
    context = {"campaign": campaign, "rule": rule, "form": form, "spec": kind_of(rule)}
    return render(request, "appraisal/import.html", context, status=422 if form.errors else 200)


def look(request: ActingRequest, pk: int) -> HttpResponse:
    """Every row with what is wrong beside its cell; POST imports what was shown, all villages or none."""
    campaign, rule = _allowed(request, pk)
    found, grouped = _read(request, campaign, rule)
    if request.method == "POST" and found.ok:
        try:
            with transaction.atomic():
                for unit, rows in grouped:
                    save_rows(
                        unit, edition=campaign.case.edition, schedule=rule.name, year=campaign.year, rows=rows, by=request.actor,
                        today=clock.today(),
                    )  # fmt: skip
        except AppraisalRefused as refused:
            messages.error(request, f"没有导入：{refused.text}")
            return redirect("own_tasks_preview", pk)
        drafts.drop(_user(request), _key(pk))
        messages.success(request, f"已导入 {len(grouped)} 个村的{rule.name}")
        return redirect("own_tasks_list", pk)
    return render(request, "appraisal/import_preview.html", {"campaign": campaign, "rule": rule, "table": shown(found, kind_of(rule))})


def errors(request: ActingRequest, pk: int) -> HttpResponse:
    campaign, rule = _allowed(request, pk)
    return sent(error_workbook(_read(request, campaign, rule)[0], kind_of(rule)), f"{rule.name}错误表.xlsx")


def template(request: ActingRequest, pk: int) -> HttpResponse:
    _, rule = _allowed(request, pk)
    return sent(template_workbook("own-tasks", kind_of(rule)), f"{rule.name}.xlsx")


def _read(request: ActingRequest, campaign: Campaign, rule: Schedule) -> tuple[Preview, list[tuple[Unit, list[dict[str, str]]]]]:
    """The file with every problem of its rows, and the rows by village."""
    draft = drafts.kept(_user(request), _key(campaign.pk))
    if draft is None:
        raise Http404
    found = parsed_as(kind_of(rule), b64decode(str(draft.data.get("file", ""))), kind="own-tasks")
    if found.errors:
        return found, []
    units = {unit.name: unit for unit in _villages(request, campaign)}
    wrong: list[RowError] = []
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for row in found.rows:
        name = row.cells.get("unit", "")
        if name not in units:
            wrong.append(RowError(row.number, "村", f"“{name}”不是参评的村，或者不归您填"))
        cells = {column.name: row.cells.get(column.name, "") for column in rule.columns}
        groups.setdefault(name, []).append((row.number, cells))
    for rows in groups.values():
        for field, text in problems_of(rule, [cells for _, cells in rows]).items():
            number, _, column = field[1:].partition("-") if field.startswith("r") else ("1", "", "")
            wrong.append(RowError(rows[min(int(number), len(rows)) - 1][0], column, text))
    ready = [(units[name], [cells for _, cells in rows]) for name, rows in groups.items() if name in units]
    return replace(found, errors=tuple(sorted(wrong, key=lambda one: one.row))), ready


def _ruled(request: ActingRequest, pk: int) -> tuple[Campaign, Schedule]:
    campaign = campaign_for(request, pk)
    own = standard_for(campaign.case).own_tasks
    if own is None:
        raise Http404
    return campaign, schedule_of(campaign.case.edition, own.schedule)


def _allowed(request: ActingRequest, pk: int) -> tuple[Campaign, Schedule]:
    campaign, rule = _ruled(request, pk)
    require(request.actor, "appraisal.save_rows", campaign.unit)
    return campaign, rule


def _villages(request: ActingRequest, campaign: Campaign) -> list[Unit]:
    """Those that take part and whose own tasks the actor may see."""
    fan = joining.fan_out_of(docket_of(campaign.case).procedure)
    units = units_below(campaign.unit, fan.below, on=campaign.case.began_on) if fan else []
    return [unit for unit in units if may(request.actor, "appraisal.read", unit)]


def _key(pk: int) -> str:
    return f"appraisal/{pk}/own-tasks"


def _user(request: ActingRequest) -> User:
    return cast(User, request.user)
