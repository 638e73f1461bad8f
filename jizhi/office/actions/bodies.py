"""Bodies set up under a regulation, and their seats: hard rules refuse, 原则上 rules take a waiver with its reason."""

from datetime import date

from django.db import transaction

from jizhi.access.actor import Actor
from jizhi.access.gate import require
from jizhi.audit.actions import record
from jizhi.office.actions.refused import Refused, refuse
from jizhi.org.models import Body, Person, Seat, Unit
from jizhi.org.queries import bodies_standing, seats_held
from jizhi.regulation.bodies import member, members, rules_in_force
from jizhi.rulebook.composition import Breach, appointment_breaches
from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.language import Who


@transaction.atomic
def set_up_body(unit: Unit, kind: str, *, since: date, by: Actor, today: date) -> Body:
    """A body that the regulation in force knows; one of a kind in a unit."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    require(by, "office.set_up_body", unit)
    rule = rules_in_force(unit, on=since).get(kind)
    there = bodies_standing(unit, on=since).filter(kind=kind).first()
    if rule is None or there:
        text = f"{unit.name}已设{kind}（{there.since}起）" if there else f"{unit.name}启用的制度里没有“{kind}”，请先启用设立它的制度"
        raise Refused([Problem("kind", text)])
    body = Body.objects.create(
        unit=unit, kind=kind, name=f"{unit.short or unit.name}{kind}", since=since,
        led_by=_in_words(rule.body.led_by), guided_by=_in_words(rule.body.guided_by),
    )  # fmt: skip
    fields = {"机构": kind, "设立日期": since, "依据": str(rule.edition), "领导": body.led_by, "指导": body.guided_by}
    record("office.set_up_body", body, by=by, unit=unit, fields=fields)
    return body


@transaction.atomic
def dissolve_body(body: Body, *, on: date, by: Actor, today: date) -> Body:
    """``on`` is the last day; the seats end with it."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    require(by, "office.dissolve_body", body)
    refuse(on=f"{body.name}已于{body.until}撤销" if body.until else "撤销日期不能早于设立日期" if on < body.since else None)
    seats_held(on=on).filter(body=body).update(until=on)
    body.until = on
    body.save(update_fields=["until"])
    record("office.dissolve_body", body, by=by, unit=body.unit, fields={"撤销日期": on})
    return body


@transaction.atomic
def seat_member(
    body: Body,
    person: Person,
    title: str,
    *,
    employment: str = "",
    waiver: str = "",
    since: date,
    until: date | None = None,
    by: Actor,
    today: date,
) -> Seat:
    """Refused with the rule quoted when a hard rule would be broken; a broken 原则上 rule needs the reason (``waiver``)."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    require(by, "office.seat_member", body)
    require(by, "office.seat_member", person)
    refuse(
        person="不能聘任自己" if by.person == person else f"{person.name}已离任" if person.left_on and person.left_on < since else None,
        until="任期至不能早于开始日期" if until and until < since else None,
        body=f"{body.name}已于{body.until}撤销" if body.until and body.until < since else None,
    )
    broken = _breaches_of_appointing(body, person, title, employment, since)
    hard = [Problem("title", breach.text) for breach in broken if breach.hard]
    soft = [breach for breach in broken if not breach.hard]
    if hard:
        raise Refused(hard)
    if soft and not waiver.strip():
        raise Refused([Problem("waiver", f"{breach.text}。确需变通的，请写明理由") for breach in soft])
    waived = "；".join(breach.text for breach in soft)
    seat = Seat.objects.create(
        body=body, person=person, title=title, employment=employment, since=since, until=until,
        waiver=waiver.strip()[:300] if soft else "", waived_rule=waived[:200],
    )  # fmt: skip
    fields = {"席位": title, "专兼职": employment, "自": since, "至": until, "变通": waived, "变通理由": seat.waiver}
    record("office.seat_member", seat, by=by, unit=body.unit, fields=fields)
    return seat


@transaction.atomic
def end_seat(seat: Seat, *, on: date, by: Actor, today: date) -> Seat:
    """``on`` is the last day held."""
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    require(by, "office.end_seat", seat)
    refuse(on=f"已于{seat.until}解聘" if seat.until and seat.until < on else "解聘日期不能早于开始日期" if on < seat.since else None)
    seat.until = on
    seat.save(update_fields=["until"])
    record("office.end_seat", seat, by=by, unit=seat.body.unit, fields={"至": on})
    return seat


def _breaches_of_appointing(body: Body, person: Person, title: str, employment: str, on: date) -> list[Breach]:
    rule = rules_in_force(body.unit, on=on).get(body.kind)
    if rule is None:
        raise Refused([Problem("body", f"设立{body.kind}的制度已不在用，不能再聘任成员")])
    return appointment_breaches(rule.body, members(body, on=on), member(person, title, employment, body.unit, on=on))


def _in_words(who: Who | None) -> str:
    """上级督导室: who leads or guides, as the chart shows it."""
    if who is None:
        return ""
    return ("上级" if who.unit.startswith("上级") else "") + (who.post or who.body or who.party or "")
