"""The public side of an act: notices put up and taken down, objections verified. Part of every act that moves a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jizhi.access.actor import Actor
from jizhi.kernel.ids import id_of
from jizhi.org.models import Person
from jizhi.papers.actions import publish, take_down
from jizhi.procedure import notices
from jizhi.procedure.actions import fanout
from jizhi.procedure.actions.refusals import FormProblems
from jizhi.procedure.docket import Docket
from jizhi.procedure.models import Act
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.language import Objections
from jizhi.rulebook.publicity import ADMITTED, CORRECTION, NUMBER, OBJECTION, UPHELD, VERIFIED, publicity_steps


def renew_notice(docket: Docket, row: Act, *, by: Actor, today: date) -> None:
    """After an act, what is shown to the public is what the case's standing says. Part of the act."""
    if not publicity_steps(docket.procedure):
        return
    before = replace(docket, rows=docket.rows[:-1]).standing.notice if len(docket.rows) > 1 else None
    after = docket.standing.notice
    if before is not None and (after is None or after.step != before.step) and not notices.was_over(row.step, row.outcome, before):
        _take_down(docket, before, row, by=by, today=today)
    if after is None or not notices.restarts(before, after, correction=row.step == CORRECTION):
        return
    step = docket.step(after.step)
    assert step is not None  # a notice is of a step
    assert step.publicity is not None
    old = notices.current(docket, step)
    publish(
        notices.KIND,
        unit=docket.case.unit,
        title=notices.title_of(docket, step),
        about=docket.case,
        snapshot=notices.snapshot_of(docket, step, after),
        by=by,
        today=today,
        until=after.last,
        down_on=notices.down_on(step, after),
        indexed=step.publicity.indexed,
        open_to_objection=step.objections is not None,
        replaces=old,
    )


def _take_down(docket: Docket, before: judgement.Notice, row: Act, *, by: Actor, today: date) -> None:
    step = docket.step(before.step)
    found = notices.current(docket, step) if step else None
    if found is not None:
        why = "异议成立，停止公示" if row.step == OBJECTION else "已撤回，停止公示"
        take_down(found, reduced=notices.left_early(why, today=today), by=by, today=today)


def settle_objection(docket: Docket, row: Act, *, today: date) -> None:
    """Keep whom the screeners verified an objection as; where only a row stops, one upheld sends that row's case back.
    Part of the act."""
    if row.step != OBJECTION:
        return
    number = str(row.form.get(NUMBER, ""))
    filed = next((one for one in docket.standing.objections if str(one.number) == number), None)
    step = docket.step(filed.step) if filed else None
    declared = step.objections if step else None
    if filed is None or declared is None:
        return
    if row.outcome == ADMITTED and row.form.get(VERIFIED):
        _verify(docket, row, number, declared)
    if row.outcome == UPHELD and declared.upheld_child is not None:
        rows = [int(child.id) for child in docket.facts.children if filed.row in (child.id, child.name)]
        fanout.send_back(docket.case, rows, declared.upheld_child, because=row, why=f"第 {number} 号异议成立", today=today)
    fanout.take_up_again(docket.case, today=today)


def _verify(docket: Docket, row: Act, number: str, declared: Objections) -> None:
    found = Person.objects.select_related("household").filter(pk=id_of(row.form[VERIFIED])).first()
    registered = found is not None and found.household is not None and found.household.unit_id == docket.case.unit_id
    if found is None or (declared.who is not None and declared.who.identity is not None and not registered):
        raise FormProblems([Problem(VERIFIED, "请选户籍在本村的人；不是本村户籍的，请办“不受理”并写明理由。")])
    docket.case.objections.filter(number=int(number)).update(person=found)
