"""Telling the public what was decided: use as a category, names masked as in publicity; of who was refused nothing personal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.fund.cases import APPLICANT, PURPOSE, category, publicity_of
from jizhi.kernel.workdays import china
from jizhi.messages.actions import send
from jizhi.org.models import Person
from jizhi.papers.actions import publish
from jizhi.papers.models import Publication
from jizhi.papers.queries import published_about
from jizhi.procedure.docket import Docket, docket_of
from jizhi.procedure.models import Act, Case
from jizhi.procedure.notices import declared_fields, mark_of
from jizhi.rulebook.language import Publicity
from jizhi.rulebook.publicity import first_day_down

KIND = "决定"
HOW_TO_OBJECT = "对决定有意见的，可以向村务监督委员会提出，也可以向乡镇帮扶基金监管组反映；网上、书面、电话、当面都可以。"


@transaction.atomic
def publish_decision(case: Case, act: Act, *, granted: bool, by: Actor, today: date) -> Publication:
    """Part of the act that pays or refuses, which has asked for the permission. A case's decision is published once."""
    if made := published_about(case).filter(kind=KIND).first():
        return made
    docket, publicity = docket_of(case), publicity_of(case)
    down = first_day_down(publicity, today, china()) if publicity else None
    title = f"{case.unit.name}{case.procedure}{KIND}{mark_of(docket, publicity)}"
    publication = publish(
        KIND, unit=case.unit, title=title, about=case, snapshot=_snapshot(docket, publicity, act, granted=granted),
        by=by, today=today, down_on=down, indexed=bool(publicity and publicity.indexed),
    )  # fmt: skip
    if not granted:
        _tell_applicant(case, act)
    return publication


def _snapshot(docket: Docket, publicity: Publicity | None, act: Act, *, granted: bool) -> dict[str, Any]:
    case = docket.case
    fields = [["事项", case.procedure], ["依据", docket.regulation.name]]
    if publicity:
        shown = declared_fields(docket, publicity)
        fields += shown if granted else [pair for pair in shown if pair[0] == PURPOSE]
    elif use := str(case.form.get(PURPOSE, "")):
        fields.append([PURPOSE, category(case, use)])
    day = f"{act.day.year}年{act.day.month}月{act.day.day}日"
    fields += [["结果", "已发放" if granted else "不予批准"], ["日期", day], ["决定单位", case.unit.name]]
    return {"fields": fields, "note": HOW_TO_OBJECT}


def _tell_applicant(case: Case, act: Act) -> None:
    """Why, and how to object: on the case's page, and as a message."""
    known = case.parties.get(APPLICANT, {}).get("person")
    person = Person.objects.filter(pk=known).first() if known else case.began_by
    if person is not None:
        text = f"{act.step}不同意，理由：{act.opinion or '见经过'}。{HOW_TO_OBJECT}"
        send(person, f"没有批准：{case.title}", text=text, link=reverse("case", args=[case.pk]), key=f"refused{case.pk}", now=act.at)
