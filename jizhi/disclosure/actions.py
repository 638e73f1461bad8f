"""What the public sends in, and what officials do about it and about what is published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.disclosure import rules
from jizhi.disclosure.models import Desk, Slip, Tip
from jizhi.disclosure.permissions import SUPERVISORS
from jizhi.org.models import Person, Unit
from jizhi.org.queries import ancestors, bodies_standing, posts_held
from jizhi.papers.actions import take_down
from jizhi.papers.models import Publication
from jizhi.papers.numbers import take_number
from jizhi.procedure.actions import object_to
from jizhi.procedure.models import Case, Todo


class Closed(Exception):  # noqa: N818 (the word of the contract)
    """Why nothing can be sent in about this: in words for the sender."""


@transaction.atomic
def file_tip(about: Unit, *, kind: str, text: str, name: str, contact: str, channel: str, key: str, by: Actor, today: date) -> Tip:
    """Keep a suggestion or report and put it on the desk of whoever answers. By the public, or entered by an official."""
    if by.person is not None:
        require(by, "disclosure.enter_tip", about)
    unit = Unit.objects.select_for_update().get(pk=receiver_of(about, kind, on=today).pk)
    if key and (sent := Tip.objects.filter(key=key).first()):
        return sent
    tip = Tip.objects.create(
        unit=unit, about=about, year=today.year, number=take_number("意见", unit=unit, year=today.year), kind=kind,
        text=text, name=name, contact=contact, channel=channel, filed_on=today, key=key,
    )  # fmt: skip
    supervised = kind == rules.SUGGESTION and bodies_standing(unit, on=today).filter(kind=SUPERVISORS).exists()
    Todo.objects.create(
        unit=unit, body=SUPERVISORS if supervised else "", head=not supervised, verb="答复", title=f"{kind}：{tip.label}",
        note=f"{about.name}，{channel}提出", link=reverse("tip", args=[tip.pk]), due=None,
    )  # fmt: skip
    # neither text nor names: the log is for ever
    record("disclosure.file_tip", tip, by=by, unit=unit, fields={"编号": tip.label, "类型": kind, "渠道": channel, "地方": about.name})
    return tip


def receiver_of(about: Unit, kind: str, *, on: date) -> Unit:
    """Who answers: of a suggestion the place itself, of a report the unit above it; the nearest with a head or supervisors."""
    chain = ancestors(about, itself=True)
    chain = chain[1:] if kind == rules.REPORT and len(chain) > 1 else chain
    headed = set(posts_held(on=on).filter(unit__in=chain, head=True).values_list("unit", flat=True))
    if kind == rules.SUGGESTION:
        headed |= {unit.pk for unit in chain if bodies_standing(unit, on=on).filter(kind=SUPERVISORS).exists()}
    return next((unit for unit in chain if unit.pk in headed), chain[0])


@transaction.atomic
def answer_tip(tip_id: int, *, answer: str, concerns: Person | None = None, by: Actor, today: date, now: datetime) -> Tip:
    """Answer once; the sender sees it under his own address. ``concerns`` is never shown it again."""
    tip = Tip.objects.select_for_update(of=("self",)).select_related("unit").get(pk=tip_id)
    require(by, "disclosure.answer_tip", tip)
    if tip.answered_on is not None:
        raise Closed(f"{tip.label}已于{tip.answered_on.month}月{tip.answered_on.day}日答复，不再改动")
    tip.answer, tip.answered_by, tip.answered_on, tip.concerns = answer, by.person, today, concerns
    tip.save(update_fields=["answer", "answered_by", "answered_on", "concerns"])
    Todo.objects.filter(case=None, link=reverse("tip", args=[tip.pk]), done_at=None).update(done_at=now)
    record("disclosure.answer_tip", tip, by=by, unit=tip.unit, fields={"编号": tip.label, "答复日期": today})
    return tip


@transaction.atomic
def forget_contact(tip_id: int, *, by: Actor, today: date) -> Tip:
    """Delete name and contact for good: by an official, or by the sender himself under his own address."""
    tip = Tip.objects.select_for_update(of=("self",)).select_related("unit").get(pk=tip_id)
    if by.person is not None:
        require(by, "disclosure.forget_contact", tip)
    if tip.name or tip.contact:
        tip.name = tip.contact = ""
        tip.save(update_fields=["name", "contact"])
        record("disclosure.forget_contact", tip, by=by, unit=tip.unit, fields={"编号": tip.label, "日期": today})
    return tip


@transaction.atomic
def file_objection(
    publication_id: int,
    *,
    name: str,
    group: str,
    contact: str,
    text: str,
    channel: str,
    row: str,
    by: Actor,
    today: date,
    key: str,
) -> Slip:
    """Object to a notice in publicity, by the public or entered by an official. Raises Closed, or procedure's Refused."""
    one = Publication.objects.select_related("unit").get(pk=publication_id)
    if by.person is not None:
        require(by, "disclosure.enter_objection", one)
    if not (one.is_shown(today) and one.open_to_objection and one.until is not None and today <= one.until):
        raise Closed("这一份现在不在公示期，不能再提异议。仍有意见的，可以向上一级反映")
    if one.about_type != Case._meta.label:
        raise Closed("这一份不在网上收异议，请当面或打电话提出")
    who = f"{name}（{group}）" if group else name
    given: dict[str, Any] = {"name": who[:40], "contact": contact, "text": text, "channel": channel, "row": row}
    objection = object_to(int(one.about_id), **given, by=by, today=today, key=key)
    slip, made = Slip.objects.get_or_create(objection=objection, defaults={"publication": one})
    if made:
        fields = {"公开编号": one.public_id, "异议号": objection.number, "渠道": channel}
        record("disclosure.file_objection", one, by=by, unit=one.unit, fields=fields)
    return slip


@transaction.atomic
def withdraw_publication(publication_id: int, *, reason: str, by: Actor, today: date) -> Publication:
    """Take down before its time what should not have been shown; that it was there, and why it went, stays."""
    one = Publication.objects.select_for_update(of=("self",)).select_related("unit").get(pk=publication_id)
    require(by, "disclosure.withdraw_publication", one)
    if one.taken_down_on is not None:
        raise Closed("这一份已经撤下")
    if one.until is not None and today <= one.until:
        raise Closed("公示期未满，不能只撤下：内容有错请在案件里更正公示，公示会重新计算")
    left = {"fields": [["类别", one.kind], ["公布日期", one.posted_on.isoformat()], ["提前撤下", today.isoformat()], ["原因", reason]]}
    record("disclosure.withdraw_publication", one, by=by, unit=one.unit, fields={"公开编号": one.public_id, "原因": reason})
    return take_down(one, reduced=left, by=by, today=today)


@transaction.atomic
def keep_desk(unit: Unit, *, receiver: str, phone: str, place: str, hours: str, by: Actor, today: date) -> Desk:
    """Where the public reaches the unit. It is published as it is written here."""
    require(by, "disclosure.keep_desk", unit)
    given = {"receiver": receiver, "phone": phone, "place": place, "hours": hours}
    desk, _ = Desk.objects.update_or_create(unit=unit, defaults=given)
    fields = {"受理人": receiver, "电话": phone, "地点": place, "时间": hours, "日期": today}
    record("disclosure.keep_desk", desk, by=by, unit=unit, fields=fields)
    return desk
