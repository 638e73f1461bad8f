"""Piloting a regulation in chosen units, judging the pilot, and rolling it out or stopping it by one recorded decision."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import refuse
from jizhi.office.actions.regulations import adopt
from jizhi.org.models import Unit
from jizhi.org.queries import path_range
from jizhi.regulation.models import Adoption, Edition, Pilot
from jizhi.regulation.queries import edition_in_force


@transaction.atomic
def start_pilot(
    unit: Unit, edition: Edition, *, units: Sequence[Unit], since: date, review_by: date, aim: str, by: Actor, today: date
) -> Pilot:
    """The chosen units below ``unit`` run the edition from ``since`` on; nobody else is offered it."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "office.start_pilot", unit)
    if by.person is None:
        raise ValueError("a pilot is started by a person")
    open_one = Pilot.objects.filter(unit=unit, edition=edition, decision="").first()
    if open_one and set(open_one.units.values_list("pk", flat=True)) == {one.pk for one in units}:
        return open_one  # the same form, submitted twice
    foreign = [one.name for one in units if not one.path.startswith(unit.path) or one.pk == unit.pk]
    whole = (
        f"已有一个没有决定的试点（{open_one.since}起），请先对它作出决定"
        if open_one
        else f"{unit.name}已经全面采用这个版本，不用再试点"
        if edition_in_force(unit, edition.code, on=since) == edition
        else None
    )
    early = f"试点不能早于今天（{today}）开始" if since < today else None
    refuse(
        units=f"{'、'.join(foreign)}不是本单位的下级，不能列为试点" if foreign else None if units else "至少选一个试点单位",
        since=early or (f"这份文本自{edition.since}起施行" if since < edition.since else None),
        review_by="评估期限要晚于试点开始的日期" if review_by <= since else None,
        aim="写明试点要回答什么问题，评估时好对照" if not aim.strip() else None,
        **{"": whole},
    )
    pilot = Pilot.objects.create(unit=unit, edition=edition, since=since, review_by=review_by, aim=aim.strip()[:300], by=by.person)
    pilot.units.set(units)
    Adoption.objects.bulk_create(
        Adoption(unit=one, edition=edition, since=since, by=by.person, note=f"试点，{review_by}前评估") for one in units
    )
    fields = {"制度": str(edition), "文本": edition.digest, "试点单位": [one.name for one in units], "试点自": since, "评估期限": review_by}
    record("office.start_pilot", pilot, by=by, unit=unit, fields={**fields, "要回答的问题": pilot.aim, "日期": today})
    return pilot


@transaction.atomic
def review_pilot(pilot: Pilot, *, review: str, by: Actor, today: date) -> Pilot:
    """Write down what the pilot showed; it may be written anew until the decision."""
    pilot = Pilot.objects.select_for_update().get(pk=pilot.pk)
    require(by, "office.review_pilot", pilot)
    refuse(
        review="写评估意见：试点回答了什么问题" if not review.strip() else None,
        **{"": "已经作出决定，评估意见不能再改" if pilot.decision else "试点还没有开始，先试行再评估" if today < pilot.since else None},
    )
    pilot.review, pilot.reviewed_on = review.strip()[:4000], today
    pilot.save(update_fields=["review", "reviewed_on"])
    record("office.review_pilot", pilot, by=by, fields={"评估意见": pilot.review, "日期": today})
    return pilot


@transaction.atomic
def decide_pilot(pilot: Pilot, *, decision: str, since: date, reason: str, by: Actor, today: date) -> Pilot:
    """Roll it out to everyone below the unit from ``since`` on, or stop it: one decision, after a review."""
    Unit.objects.select_for_update().get(pk=pilot.unit_id)
    pilot = Pilot.objects.select_for_update(of=("self",)).select_related("unit", "edition").get(pk=pilot.pk)
    require(by, "office.decide_pilot", pilot)
    if pilot.decision == decision:
        return pilot  # the same form, submitted twice
    refuse(
        decision="请选推开还是停止" if decision not in ("roll_out", "stop") else None,
        since=f"不能早于今天（{today}）" if since < today else None,
        reason="写明决定的理由" if not reason.strip() else None,
        **{"": "已经作出决定" if pilot.decision else "还没有评估，先写评估意见再作决定" if not pilot.reviewed_on else None},
    )
    if decision == "roll_out":
        _end_others(pilot, since - timedelta(days=1))
        adopt(pilot.unit, pilot.edition, since=since, note=f"试点后推开：{reason.strip()}", by=by, today=today)
    else:
        Adoption.objects.filter(unit__in=pilot.units.all(), edition=pilot.edition, until=None).update(until=since)
    pilot.decision, pilot.decided_on, pilot.decided_by, pilot.reason = decision, today, by.person, reason.strip()[:300]
    pilot.save(update_fields=["decision", "decided_on", "decided_by", "reason"])
    fields = {"决定": pilot.get_decision_display(), "自": since, "理由": pilot.reason, "日期": today}
    record("office.decide_pilot", pilot, by=by, fields=fields)
    return pilot


def _end_others(pilot: Pilot, last: date) -> None:
    """Units below that run another shipped text of this regulation stop with ``last``; a unit's own text stays its own."""
    below = Adoption.objects.filter(path_range("unit__path", pilot.unit.path), edition__code=pilot.edition.code, until=None)
    below.filter(edition__owner=None).exclude(edition=pilot.edition).update(until=last)
