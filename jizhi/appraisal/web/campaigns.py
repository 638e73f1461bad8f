"""Campaigns: the list, beginning one, one campaign with its steps and results, linking a poll, the trial of a new edition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jizhi.access.gate import may, require, visible
from jizhi.access.middleware import ActingRequest
from jizhi.appraisal.actions import award_settled, begin_campaign, link_poll
from jizhi.appraisal.forms import BeginForm, PollForm, PreviewForm
from jizhi.appraisal.models import Campaign, CampaignPoll, Verdict
from jizhi.appraisal.queries import trial
from jizhi.appraisal.queries.campaigns import (
    campaigns,
    children_of,
    decided,
    frozen_of,
    places_by_unit,
    ready_to_begin,
    result_of,
    standard_for,
    taken_up,
    verdicts,
)
from jizhi.appraisal.queries.scores import may_score
from jizhi.appraisal.rules import said_verdict
from jizhi.appraisal.web.answers import campaign_for, done, tried
from jizhi.polling.models import Poll, PollKind
from jizhi.procedure.docket import docket_of
from jizhi.procedure.models import Case
from jizhi.procedure.queries.children import progress
from jizhi.results.models import Place
from jizhi.ui import clock, export
from jizhi.ui.paging import count_words, page_of

TABLE: export.Columns = (
    ("考评", lambda one: one.case.title),
    ("组织单位", lambda one: one.unit.name),
    ("年度", lambda one: one.year),
    ("细则", lambda one: one.standard),
    ("所在步骤", lambda one: one.case.step or one.case.end),
)


@dataclass(frozen=True)
class Line:
    """One unit of a campaign as the table shows it."""

    child: Case
    place: Place | None
    said: str  # what was decided
    reason: str
    verdict: Verdict | None

    @property
    def flags(self) -> list[dict[str, str]]:
        return list(self.place.derivation.get("flags", [])) if self.place else []

    @property
    def decision(self) -> str:
        return said_verdict(self.said)

    @property
    def proposal(self) -> str:
        stars = self.place.derivation.get("stars") if self.place else None
        return " ".join(filter(None, (self.place.grade if self.place else "", f"{stars}星" if stars else ""))) or "—"


UNITS: export.Columns = (
    ("单位", lambda line: line.child.unit.name),
    ("乡镇", lambda line: line.child.unit.parent.name if line.child.unit.parent else ""),
    ("所在步骤", lambda line: line.child.step or line.child.end),
    ("名次", lambda line: line.place.rank if line.place else ""),
    ("得分", lambda line: line.place.score if line.place else ""),
    ("按原始得分的名次", lambda line: line.place.derivation.get("raw_rank") if line.place else ""),
    ("与上一名", lambda line: line.place.decided_by if line.place else ""),
    ("测算建议", lambda line: line.proposal),
    ("审定", lambda line: line.decision),
    ("理由", lambda line: line.reason),
    ("奖励（元）", lambda line: line.verdict.award_fen // 100 if line.verdict else ""),
    ("提示", lambda line: "；".join(f"{flag['name']}：{flag['reason']}" for flag in line.flags)),
)
BEFORE = 3  # columns that there are before anything is computed


MOVES: export.Columns = (
    ("单位", lambda move: move.unit),
    ("变动和理由", lambda move: "\n".join(move.reasons)),
)


def listing(request: ActingRequest) -> HttpResponse:
    rows = campaigns(request.actor)
    if export.asked(request):
        return export.table(request, "考评", TABLE, rows)
    page = page_of(rows, request, order=("-year", "-id"))
    can = may(request.actor, "appraisal.begin_campaign")
    return render(request, "appraisal/campaigns.html", {"page": page, "total": count_words(rows), "can_begin": can})


def begin(request: ActingRequest) -> HttpResponse:
    unit = request.actor.unit
    require(request.actor, "appraisal.begin_campaign", unit)
    assert unit is not None  # the permission is held in a unit
    known = ready_to_begin(unit, on=clock.today())
    choices = [(f"{edition.code}/{name}", f"《{edition.name}》{name}") for edition, name in known]
    form = BeginForm(request.POST or None, choices=choices, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        code, _, procedure = form.cleaned_data["what"].partition("/")
        year = form.cleaned_data["year"]
        made = tried(form, lambda: begin_campaign(unit, code=code, procedure=procedure, year=year, by=request.actor, today=clock.today()))
        if made is not None:
            messages.success(request, "已建好，下一步填好个性任务（有的话），再发布公告")
            return redirect("appraisal", made.pk)
    context = {"form": form, "title": "发起考评", "verb": "发起", "back": "/appraisal/", "choices": choices}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)


def campaign(request: ActingRequest, pk: int) -> HttpResponse:
    found = campaign_for(request, pk)
    result = result_of(found)
    places, said = places_by_unit(result), decided(found.case) if found.case_id else {}
    given = {one.case_id: one for one in verdicts().filter(campaign=found) if one.case_id}
    lines = [_line(child, places, said, given) for child in children_of(found, request.actor)]
    lines.sort(key=lambda line: (line.place is None or line.place.rank is None, (line.place.rank or 0) if line.place else 0))
    if export.asked(request):
        return export.table(request, "考评结果", UNITS if result else UNITS[:BEFORE], lines)
    docket = docket_of(found.case)
    reason = found.case.todos.filter(done_at=None).exclude(note="").values_list("note", flat=True).first()
    awarded = [one for one in given.values() if one.award_fen]
    again = taken_up(found.case)
    context: dict[str, Any] = {
        "campaign": found,
        "case": found.case,
        "sees_case": visible(request.actor, Case.objects.filter(pk=found.case_id)).exists(),
        "steps": _steps([step.name for step in docket.procedure.steps], found.case),
        "shares": progress(found.case, request.actor),
        "frozen": frozen_of(found),
        "standard": standard_for(found.case),
        "polls": CampaignPoll.objects.filter(campaign=found).select_related("poll"),
        "scores": may_score(found, request.actor),
        "result": result,
        "lines": lines,
        "reason": reason,
        "awarded": len(awarded),
        "total": sum(one.award_fen for one in awarded),
        "again": [(line.child, again[str(line.child.pk)]) for line in lines if str(line.child.pk) in again],
        "waiting": [line for line in lines if found.case.end and line.verdict is None and line.said],
        "can": {name: may(request.actor, f"appraisal.{name}", found.unit) for name in ("link_poll", "preview", "begin_campaign")},
    }
    return render(request, "appraisal/campaign.html", context)


def _steps(names: list[str], case: Case) -> list[tuple[str, str]]:
    """Each step with ``done``, ``here`` or nothing."""
    at = len(names) if case.end else names.index(case.step)
    return [(name, "done" if n < at else "here" if n == at else "") for n, name in enumerate(names)]


def _line(child: Case, places: dict[int, Place], said: dict[str, dict[str, str]], given: dict[int, Verdict]) -> Line:
    row = said.get(str(child.pk), {})
    return Line(child, places.get(child.unit_id), row.get("值", ""), row.get("理由", ""), given.get(child.pk))


def poll(request: ActingRequest, pk: int) -> HttpResponse:
    found = campaign_for(request, pk)
    require(request.actor, "appraisal.link_poll", found)
    polls = visible(request.actor, Poll.objects.filter(kind=PollKind.POLL, campaign_link=None)).order_by("-id")
    form = PollForm(request.POST or None, polls=polls)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["poll"].pk
        if tried(form, lambda: link_poll(found.pk, poll_id=chosen, by=request.actor, today=clock.today())) is not None:
            messages.success(request, "已关联，封存以后计入民意测评")
            return redirect("appraisal", pk)
    context = {"form": form, "title": "关联民意测评", "verb": "关联", "back": f"/appraisal/{pk}/", "campaign": found}
    return render(request, "appraisal/form.html", context, status=422 if form.errors else 200)


@require_POST
def settled(request: ActingRequest, pk: int) -> HttpResponse:
    found: Campaign = campaign_for(request, pk)
    done(request, lambda: award_settled(found.pk, by=request.actor, today=clock.today()), "异议已办结的单位已经补定")
    return redirect("appraisal", pk)


def preview(request: ActingRequest, pk: int) -> HttpResponse:
    """Who would move by another edition of the regulation, and why; nothing is changed by it."""
    found = campaign_for(request, pk)
    require(request.actor, "appraisal.preview", found.unit)
    editions = trial.editions_for(found, on=clock.today())
    choices = [(str(one.pk), f"{one}，{one.owner or '随程序'}") for one in editions]
    form = PreviewForm(request.GET if request.GET.get("edition") else None, choices=choices)
    made = None
    if form.is_bound and form.is_valid():
        chosen = next(one for one in editions if str(one.pk) == form.cleaned_data["edition"])
        made = trial.trial_of(found, chosen, on=clock.today())
        if export.asked(request) and not made.problems:
            return export.table(request, "新制度试算", MOVES, made.moves)
    return render(request, "appraisal/preview.html", {"campaign": found, "form": form, "made": made})
