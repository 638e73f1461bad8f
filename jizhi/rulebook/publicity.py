"""公示 and 异议: the wait, the objections made during it, and the two acts that no step declares.

An objection (异议) and a corrected notice (更正公示) are side acts of every procedure with a publicity step: they are in
the history, they do not move the case, except an objection that is upheld.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from jizhi.kernel.workdays import Calendar
from jizhi.rulebook.facts import Act, Filed
from jizhi.rulebook.language import Duration, FieldSpec, Objections, Procedure, Publicity, SideAct, Step, Who

OBJECTION, CORRECTION = "异议", "更正公示"
RAISED, ADMITTED, DECLINED, UNFOUNDED, UPHELD = "提出", "受理", "不受理", "不成立", "成立"
UNSCREENED, UNANSWERED = "待受理", "待答复"
OVER, OBJECTED = "期满", "异议成立"  # the outcomes of a publicity step
NUMBER, ROW, VERIFIED, REASON, ANSWER = "异议号", "所异议的行", "核实为", "不受理理由", "答复"
WHAT_CHANGED = "更正说明"
CHANGES = {UNSCREENED: (ADMITTED, DECLINED), UNANSWERED: (UNFOUNDED, UPHELD)}


def publicity_steps(procedure: Procedure) -> tuple[Step, ...]:
    return procedure.in_public


def objections_at(procedure: Procedure, step: str | None) -> Objections | None:
    return next((one.objections for one in procedure.steps if one.name == step), None)


def heard_at(procedure: Procedure, step: str | None) -> str:
    """The publicity step that an objection is about: the one where the case stands, else (a withdrawal took the case back)
    the first that hears objections."""
    steps = [one.name for one in publicity_steps(procedure) if one.objections]
    return step if step in steps else next(iter(steps), "")


def side_act_of_publicity(procedure: Procedure, name: str) -> SideAct | None:
    """异议 or 更正公示 where the procedure has them."""
    if name not in (OBJECTION, CORRECTION):
        return None
    steps = publicity_steps(procedure)
    if name == OBJECTION and any(step.objections for step in steps):
        return SideAct(name=OBJECTION, code="objection", by=())
    if name == CORRECTION and (at := tuple(step.name for step in steps if step.publicity and step.publicity.restarts)):
        return SideAct(name=CORRECTION, code="correction", during=at, by=(Who(previous=True),))
    return None


def side_fields(procedure: Procedure, name: str, outcome: str | None) -> tuple[FieldSpec, ...]:
    """What 异议 and 更正公示 ask. Without an outcome: all that 异议 may ever hold."""
    if name == CORRECTION:
        shown = {field for step in publicity_steps(procedure) if step.publicity for field in step.publicity.shows}
        launch = procedure.launch.form if procedure.launch else ()
        again = tuple(one.model_copy(update={"required": False}) for one in launch if one.name in shown and one.kind != "附件")
        return (*again, FieldSpec(name=WHAT_CHANGED, kind="长文", hint="写明改了什么、为什么；公示从今天起重新计算。"))
    declared = [step.objections for step in publicity_steps(procedure) if step.objections]
    number = FieldSpec(name=NUMBER, kind="数")
    verified = any(one.who is not None and one.who.verified for one in declared)
    reason = any(one.screening is not None and one.screening.reason for one in declared)
    of = {
        RAISED: (FieldSpec(name=ROW, kind="短文", required=False),),
        ADMITTED: (FieldSpec(name=VERIFIED, kind="人", required=verified),),
        DECLINED: (FieldSpec(name=REASON, kind="长文", required=reason),),
        UNFOUNDED: (FieldSpec(name=ANSWER, kind="长文"),),
        UPHELD: (FieldSpec(name=ANSWER, kind="长文"),),
    }
    if outcome in of:
        return (number, *of[outcome])
    return (number, *{field.name: field for fields in of.values() for field in fields}.values())


def corrected(form: Mapping[str, Any], acts: Sequence[Act]) -> Mapping[str, Any]:
    """The launch form as the notices corrected since say it."""
    found = dict(form)
    for act in acts:
        if act.step == CORRECTION:
            found |= {name: value for name, value in act.form.items() if name != WHAT_CHANGED and value not in (None, "", [], ())}
    return found


def last_day(publicity: Publicity, length: Duration | date | None, posted: date, calendar: Calendar) -> date | None:
    """The last full day of a notice put up on a day; None when no length is in force."""
    if not isinstance(length, Duration):
        return length
    start = posted - timedelta(days=1) if publicity.first_day_counts else posted
    return calendar.after(start, length.count, length.unit, roll=publicity.rolls)


def first_day_down(publicity: Publicity, last: date, calendar: Calendar) -> date | None:
    """下架: 30日 after the last full day it is no longer shown."""
    if publicity.down_after is None:
        return None
    return calendar.after(last, publicity.down_after.count, publicity.down_after.unit, roll=False) + timedelta(days=1)


def number_of(act_form: Mapping[str, Any], filed: Sequence[Filed], outcome: str) -> int | None:
    """The number a form names; without one, the next for a new objection and the latest that waits for this outcome."""
    try:
        return int(str(act_form[NUMBER]))
    except (KeyError, ValueError):
        pass
    if outcome == RAISED:
        return max((one.number for one in filed), default=0) + 1
    return next((one.number for one in reversed(filed) if outcome in CHANGES.get(one.state, ())), None)


def state_after(outcome: str, objections: Objections) -> str:
    if outcome == RAISED:
        return UNSCREENED if objections.screening else UNANSWERED
    return UNANSWERED if outcome == ADMITTED else outcome


def changed(filed: Sequence[Filed], act: Act, step: str, objections: Objections, due: date | None) -> tuple[Filed, ...]:
    """The objections after one more act about them; ValueError for a history that cannot be."""
    number = number_of(act.form, filed, act.outcome)
    if act.outcome == RAISED:
        if number is None or any(one.number == number for one in filed):
            raise ValueError(f"act {act.number} raises objection {number} again")
        new = Filed(number, state_after(RAISED, objections), act.day, step, str(act.form.get(ROW) or ""), due)
        return (*filed, new)
    if not any(one.number == number and act.outcome in CHANGES.get(one.state, ()) for one in filed):
        raise ValueError(f"act {act.number}: objection {number} does not wait for {act.outcome}")
    state = state_after(act.outcome, objections)
    return tuple(replace(one, state=state, due=due) if one.number == number else one for one in filed)


def turn(procedure: Procedure, step: str | None, outcome: str | None) -> tuple[Who, ...]:
    """Whose turn an objection is; ``step`` None: of the first publicity step that hears objections."""
    declared = objections_at(procedure, step) or next((one.objections for one in publicity_steps(procedure) if one.objections), None)
    if declared is None:
        return ()
    if outcome in (ADMITTED, DECLINED):
        return declared.screening.by if declared.screening else ()
    if outcome in (UNFOUNDED, UPHELD):
        return declared.answering.by
    return declared.who.among if declared.who else ()
