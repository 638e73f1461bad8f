"""What falls due by itself. Every item is its own transaction that locks its case and looks again, so that this can run
twice, and on two machines at once, and change nothing twice."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from jizhi.access.actor import SYSTEM
from jizhi.audit.actions import record
from jizhi.kernel.draw import sample
from jizhi.kernel.workdays import Calendar, china
from jizhi.messages.actions import send_to_all
from jizhi.org.models import Term, Unit
from jizhi.org.queries import ancestor_ids, ancestors
from jizhi.procedure.actions import fanout
from jizhi.procedure.actions.moves import WHOLE, open_case, take_silence, write_standing
from jizhi.procedure.actions.todos import LENGTH, address_of, escalate
from jizhi.procedure.docket import Docket, acts_of, docket_of, facts_of
from jizhi.procedure.models import Case, Sample, Todo
from jizhi.procedure.queries.people import reached, without
from jizhi.procedure.rules import Address, share_of
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import joining, judgement
from jizhi.rulebook.language import Draw, Procedure, Regulation

HORIZON = timedelta(days=40)  # no warning (预警) looks further ahead
TOGETHER = 200  # cases of one query


def tick(*, today: date, calendar: Calendar | None = None) -> list[str]:
    """Do what falls due today: silences, warnings, escalations, deadlines that the calendar has overtaken, draws. Returns
    what was done, a line each; nothing when all was done before."""
    calendar = calendar or china()
    gone_on = fanout.go_on(today=today)
    waiting = Case.objects.filter(Q(due__lte=today + HORIZON) | Q(predicted=True), end="").order_by("pk").values_list("pk", flat=True)
    due = _due_among(list(waiting), today=today, calendar=calendar)
    done = [line for pk in due for line in _attend(pk, today=today, calendar=calendar)]
    return gone_on + done + [line for pot in _pots(today) for line in _draw(pot, today=today)]


def _due_among(waiting: Sequence[int], *, today: date, calendar: Calendar) -> list[int]:
    """Of the waiting cases those to attend to, judged without a lock from few queries: for most nothing falls due today.
    Those whose judging reads other cases are always attended to."""
    if calendar != china():  # telling and warning go by the calendar that is loaded
        return list(waiting)
    found: list[int] = []
    for n in range(0, len(waiting), TOGETHER):
        rows = WHOLE.filter(pk__in=waiting[n : n + TOGETHER], about=None, parent=None).order_by().prefetch_related("acts")
        cases = {case.pk: case for case in rows}
        units = Unit.objects.in_bulk({pk for case in cases.values() for pk in ancestor_ids(case.unit)})
        idle = {
            pk
            for pk, case in cases.items()
            if _is_idle(case, [units[above] for above in reversed(ancestor_ids(case.unit))], today=today, calendar=calendar)
        }
        found += [pk for pk in waiting[n : n + TOGETHER] if pk not in idle]
    return found


def _is_idle(case: Case, line: Sequence[Unit], *, today: date, calendar: Calendar) -> bool:
    """Whether attending to it would change nothing."""
    regulation = regulation_of(case.edition)
    procedure = regulation.procedures[case.procedure]
    if joining.fan_out_of(procedure) is not None:
        return False
    facts = facts_of(case, procedure, line, {})
    acts = acts_of(procedure, tuple(case.acts.all()))
    place = judgement.standing(procedure, regulation, facts, acts, calendar)
    return (
        (case.due, case.predicted) == (place.due, place.predicted)
        and judgement.silence(procedure, regulation, facts, acts, today=today, calendar=calendar, place=place) is None
        and all(late.key in case.late_told for late in judgement.overdue(procedure, place, today))
        and not any(_warnings(case, procedure, place, calendar, today=today))
    )


@transaction.atomic
def _attend(case_id: int, *, today: date, calendar: Calendar) -> list[str]:
    case = WHOLE.select_for_update(of=("self",)).get(pk=case_id)
    if case.end:  # another machine was here first
        return []
    docket = docket_of(case)
    done: list[str] = []
    while due := judgement.silence(docket.procedure, docket.regulation, docket.facts, docket.acts, today=today, calendar=calendar):
        take_silence(docket, due, today=today)
        done.append(f"{case.title}：{due.step}期满，记为“{due.outcome}”")
        docket = docket_of(case)
    return [*done, *_recompute(docket, calendar, today=today), *_tell_late(docket, today=today), *_warn(docket, calendar, today=today)]


def _recompute(docket: Docket, calendar: Calendar, *, today: date) -> list[str]:
    """A deadline that was 预计 is counted again once the calendar reaches it."""
    case, place = docket.case, docket.standing_by(calendar)
    if (case.due, case.predicted) == (place.due, place.predicted):
        return []
    before = case.due
    write_standing(case, place)
    record("procedure.recompute_deadline", case, by=SYSTEM, fields={"原到期": before, "到期": place.due, "日期": today})
    case.todos.filter(kind="do", done_at=None).update(due=place.step_due or place.due)
    return [f"{case.title}：到期日由{before}改为{place.due}"]


def _tell_late(docket: Docket, *, today: date) -> list[str]:
    """Tell the level above, once per round of a clock or step, and whoever holds the case."""
    case, done = docket.case, []
    fallback = next((clock.late.tell for clock in docket.procedure.clocks if clock.late and clock.late.tell), None)
    for late in judgement.overdue(docket.procedure, docket.standing, today):
        if late.key in case.late_told:
            continue
        case.late_told = [*case.late_told, late.key]
        case.save(update_fields=["late_told"])
        what = f"{late.name}{'期' if late.kind == '步骤' else ''}于{late.due.month}月{late.due.day}日到期，尚未办理"
        tell = late.tell or fallback
        told = escalate(docket, tell, verb="督办", note=what, due=late.due, today=today) if tell else []
        entry = record(
            "procedure.escalate_case", case, by=SYSTEM, fields={"时限": late.name, "到期": late.due, "状态": late.state, "日期": today}
        )
        at = [*_holders(case), *(want.address for want in told)]
        _send(case, at, f"{late.state}：{case.title}", what, f"case{case.pk}-{late.key}", today=today, now=entry.at)
        done.append(f"{case.title}：{what}，已{'上报' if told else '提醒'}")
    return done


def _warn(docket: Docket, calendar: Calendar, *, today: date) -> list[str]:
    """预警: whoever holds the case hears of a clock before its last day, once per warning and round."""
    case, done = docket.case, []
    for running, key in list(_warnings(case, docket.procedure, docket.standing, calendar, today=today)):
        case.late_told = [*case.late_told, key]
        case.save(update_fields=["late_told"])
        what = f"{running.name}将于{running.due.month}月{running.due.day}日到期"
        entry = record("procedure.warn_case", case, by=SYSTEM, fields={"时限": running.name, "到期": running.due, "日期": today})
        _send(case, _holders(case), f"将到期：{case.title}", what, f"case{case.pk}-{key}", today=today, now=entry.at)
        done.append(f"{case.title}：{what}，已提醒")
    return done


def _warnings(
    case: Case, procedure: Procedure, place: judgement.Standing, calendar: Calendar, *, today: date
) -> Iterator[tuple[judgement.Running, str]]:
    """The clocks of which a warning is due and was not given, each with the warning's key."""
    for running in place.clocks:
        clock = next(clock for clock in procedure.clocks if clock.name == running.name)
        for ahead in clock.warn:
            key = f"预警:{running.name}:{running.round}:{ahead.count}{ahead.unit}"
            if running.stopped or today > running.due or key in case.late_told:
                continue
            if calendar.after(today, ahead.count, ahead.unit, roll=False) >= running.due:
                yield running, key


def _holders(case: Case) -> list[Address]:
    rows = Todo.objects.filter(case=case, kind="do", done_at=None)
    return [Address(str(row.unit_id), str(row.person_id) if row.person_id else None, row.body, row.post, row.head) for row in rows]


def _send(case: Case, at: Sequence[Address], title: str, text: str, key: str, *, today: date, now: datetime) -> None:
    barred = [pk for row in case.todos.filter(done_at=None) for pk in row.except_ids]
    people = dict.fromkeys(person for found in reached(at, today=today).values() for person in found)
    send_to_all(without(people, barred), title[:LENGTH], text=text, link=address_of(case), key=key, now=now)


@dataclass(frozen=True)
class Pot:
    """A draw that is to be held: the ended cases of one unit that one procedure draws from."""

    unit: Unit
    edition: Edition
    procedure: Procedure
    draw: Draw
    period: str
    cases: tuple[int, ...]


def _pots(today: date) -> Iterator[Pot]:
    """Draws not held yet this period in which something lies."""
    for code in Edition.objects.order_by("code").values_list("code", flat=True).distinct():
        editions = [regulation_of(edition) for edition in Edition.objects.filter(code=code)]
        names = {
            name
            for regulation in editions
            for name, procedure in regulation.procedures.items()
            if procedure.launch and procedure.launch.draw
        }
        if not names:
            continue
        for unit in Unit.objects.filter(pk__in=Case.objects.filter(edition__code=code).exclude(end="").values("unit")):
            edition = edition_in_force(unit, code, on=today)
            if edition is not None:
                regulation = regulation_of(edition)
                yield from _pots_of(unit, edition, regulation, today)


def _pots_of(unit: Unit, edition: Edition, regulation: Regulation, today: date) -> Iterator[Pot]:
    for procedure in regulation.procedures.values():
        draw = procedure.launch.draw if procedure.launch else None
        period = _period(unit, draw, today) if draw else None
        if draw is None or period is None:
            continue
        if Sample.objects.filter(unit=unit, code=edition.code, procedure=procedure.name, period=period).exists():
            continue
        if cases := _eligible(unit, edition, procedure, today):
            yield Pot(unit, edition, procedure, draw, period, cases)


def _eligible(unit: Unit, edition: Edition, procedure: Procedure, today: date) -> tuple[int, ...]:
    """Cases ended long enough ago that no case of this procedure is about yet."""
    subject = procedure.subject
    ended = Case.objects.filter(unit=unit, edition__code=edition.code, procedure=subject.case or "", end=subject.end or "")
    fresh = ended.exclude(followers__procedure=procedure.name).order_by("pk")
    after = subject.after
    return tuple(case.pk for case in fresh if after is None or china().after(case.since, after.count, after.unit, roll=False) <= today)


def _period(unit: Unit, draw: Draw, today: date) -> str | None:
    """The school term, or the month, that today lies in; None outside terms."""
    if draw.every == "月":
        return f"{today.year}年{today.month}月"
    codes = [above.code for above in ancestors(unit, itself=True)]
    terms = {term.region: term for term in Term.objects.filter(region__in=codes, starts__lte=today, ends__gte=today)}
    term = next((terms[code] for code in codes if code in terms), None)
    return f"{term.school_year}学年{term.name}" if term else None


def _draw(pot: Pot, *, today: date) -> list[str]:
    """Hold one draw; nothing when another machine held it."""
    try:
        with transaction.atomic():
            return _hold(pot, today=today)
    except IntegrityError:
        if Sample.objects.filter(unit=pot.unit, code=pot.edition.code, procedure=pot.procedure.name, period=pot.period).exists():
            return []
        raise


def _hold(pot: Pot, *, today: date) -> list[str]:
    name, seed = pot.procedure.name, secrets.token_hex(8)
    drawn = sample([str(pk) for pk in pot.cases], share_of(len(pot.cases), pot.draw.share), seed=seed)
    Sample.objects.create(
        unit=pot.unit, code=pot.edition.code, procedure=name, period=pot.period, seed=seed, day=today, eligible=list(pot.cases), drawn=drawn
    )
    said = f"{pot.period}抽取：{len(pot.cases)} 件中抽 {len(drawn)} 件（比例 {pot.draw.share * 100:f}%），种子 {seed}"
    for case in Case.objects.filter(pk__in=drawn).order_by("pk"):
        open_case(
            pot.edition,
            name,
            unit=pot.unit,
            title=f"{name}：{case.title}",
            parties=case.parties,
            form={},
            by=SYSTEM,
            today=today,
            about=case,
            subject=(case.subject_type, case.subject_id),
            opinion=said,
            asked=False,
        )
    record(
        "procedure.draw_sample",
        None,
        by=SYSTEM,
        unit=pot.unit,
        label=f"{name}抽取 {pot.period}",
        fields={"程序": name, "学期": pot.period, "种子": seed, "入选范围": list(pot.cases), "抽中": drawn, "日期": today},
    )
    return [f"{pot.unit}：{name}，{said}"]
