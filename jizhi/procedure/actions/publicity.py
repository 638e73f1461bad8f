"""Objections to what is in publicity, however they come."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.http import Http404

from jizhi.access.actor import PUBLIC, Actor
from jizhi.access.gate import visible
from jizhi.audit.actions import record
from jizhi.org.models import Person
from jizhi.papers.queries import published_about
from jizhi.procedure import notices
from jizhi.procedure.actions.moves import WHOLE, take
from jizhi.procedure.actions.refusals import FormProblems, Refused
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.many import redone
from jizhi.procedure.models import Case, Objection
from jizhi.procedure.queries.people import refusal_of
from jizhi.procedure.rules import CHANNELS, ONLINE
from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.publicity import NUMBER, OBJECTION, RAISED, ROW

LONGEST = {"姓名": 40, "联系方式": 60, "异议内容": 2000, ROW: 60}


def object_to(
    case_id: int,
    *,
    name: str,
    contact: str,
    text: str,
    channel: str,
    person: Person | None = None,
    row: str = "",
    by: Actor,
    today: date,
    key: str = "",
) -> Objection:
    """An objection to what is in publicity: from the public site, or entered by an official for who wrote, called or came.

    Http404 when nothing of the case was ever shown to the public; Refused out of time; FormProblems. With a ``key`` seen
    before, the objection it made is returned. Name, contact and text stay here: the history and the log have a number only,
    and what came on line is nobody's act, so that who objects is neither seen by the parties nor sees the case.
    """
    key = f"{case_id}:{key}"[:64] if key else ""
    try:
        with transaction.atomic():
            if key and (made := Objection.objects.filter(key=key).first()):
                return made
            case = WHOLE.select_for_update(of=("self",)).filter(pk=case_id).first()
            if case is None or not _may_object(case, channel, by=by):
                raise Http404("没有这项公示")
            docket = docket_of(case)
            typed = {"姓名": name, "联系方式": contact, "异议内容": text, ROW: row}
            typed = {field: value.replace("\x00", "").strip() for field, value in typed.items()}
            number = max(case.objections.values_list("number", flat=True), default=0) + 1
            about = {NUMBER: str(number), **({ROW: typed[ROW]} if typed[ROW] else {})}
            if (no := refusal_of(docket, OBJECTION, RAISED, about, by=by.rulebook(), today=today)) is not None:
                raise Refused(no)
            if problems := _problems(docket, typed, channel):
                raise FormProblems(problems)
            take(docket, OBJECTION, RAISED, about, by=PUBLIC if channel == ONLINE and _anyone(docket) else by, today=today)
            made = Objection.objects.create(
                case=case,
                number=number,
                person=person or (by.person if channel == ONLINE else None),
                name=typed["姓名"],
                contact=typed["联系方式"],
                text=typed["异议内容"],
                channel=channel,
                filed_on=today,
                row=typed[ROW],
                key=key,
            )
            fields = {"异议号": number, "渠道": channel, "提出日期": today, ROW: typed[ROW]}
            record("procedure.object_to", case, by=PUBLIC if channel == ONLINE else by, fields=fields)
            return made
    except IntegrityError:
        if key and (made := Objection.objects.filter(key=key).first()):  # the same form, submitted twice at once
            return made
        raise


def _anyone(docket: Docket) -> bool:
    """Whether no post or body limits who may object."""
    notice = docket.standing.notice
    step = docket.step(notice.step) if notice else None
    return not (step and step.objections and step.objections.who and step.objections.who.among)


def _may_object(case: Case, channel: str, *, by: Actor) -> bool:
    """On line anyone to whom the notice is open; for somebody else only who sees the case."""
    if channel == ONLINE:
        return published_about(case).filter(kind=notices.KIND).exists()
    return visible(by, Case.objects.filter(pk=case.pk)).exists()


def _problems(docket: Docket, values: dict[str, str], channel: str) -> list[Problem]:
    """Everything wrong with what was typed."""
    long = [field for field in values if len(values[field]) > LONGEST[field]]
    problems = [Problem(field, f"“{field}”太长，请写在 {LONGEST[field]} 字以内。") for field in long]
    for field, why in (("姓名", "异议要核实身份，姓名不会公开"), ("异议内容", "写明对哪一点有异议、有什么依据")):
        if not values[field]:
            problems.append(Problem(field, f"请填写“{field}”（{why}）。"))
    if channel not in CHANNELS:
        problems.append(Problem("渠道", f"“渠道”请从{'、'.join(CHANNELS)}中选择。"))
    notice = docket.standing.notice
    step = docket.step(notice.step) if notice else None
    if step is not None and step.objections is not None and step.objections.stops == "停该行":
        again = redone(docket.rows)
        shown = [child for child in docket.facts.children if not again or child.id in again]
        if not values[ROW]:
            problems.append(Problem(ROW, "请写明对名单上的哪一个有异议。"))
        elif docket.facts.children and not any(values[ROW] in (child.id, child.name) for child in shown):
            problems.append(Problem(ROW, f"“{values[ROW]}”不在这次公示的名单上，请按名单上的名称填写。"))
    return problems
