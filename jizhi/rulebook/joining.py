"""Whether the children of a fan-out have come together, whether the parent has passed a step, and which sheets are missing."""

from __future__ import annotations

from datetime import date

from jizhi.rulebook import words
from jizhi.rulebook.facts import Actor, Child, Facts, Standing
from jizhi.rulebook.language import FanOut, Procedure, Regulation, Step

NAMED = 5  # children named one by one in a sentence; the rest are counted


def fan_out_of(procedure: Procedure) -> FanOut | None:
    """The (last) fan-out of a procedure."""
    return next((step.fan_out for step in reversed(procedure.steps) if step.fan_out), None)


def has_come(fan: FanOut, regulation: Regulation, child: Child) -> bool:
    """Whether the child has ended or stands at the step where the children gather, or behind it."""
    if child.end:
        return True
    names = [step.name for step in regulation.procedures[fan.procedure].steps]
    return fan.at in names and child.step in names and names.index(child.step) >= names.index(fan.at)


def missing(fan: FanOut, regulation: Regulation, facts: Facts) -> tuple[Child, ...]:
    """The children that have not come (未到)."""
    return tuple(child for child in facts.children if not has_come(fan, regulation, child))


def not_gathered(step: Step, regulation: Regulation, facts: Facts, *, due: date | None, today: date) -> str | None:
    """Why a 分办 step cannot be left yet: children are missing, and the day to go on without them (或至) is not past."""
    if step.fan_out is None or (step.fan_out.until is not None and due is not None and today > due):
        return None
    late = missing(step.fan_out, regulation, facts)
    if not late:
        return None
    until = f"，或者{words.on(due)}过后" if step.fan_out.until is not None and due is not None else ""
    return f"{listed(late)}还没有{_place(step.fan_out)}，要等全部到齐{until}才能往下办"


def come_again(procedure: Procedure, regulation: Regulation, facts: Facts, place: Standing) -> dict[Child, list[int]]:
    """Once the others are through: the children that were examined again because an objection was upheld, each with the
    numbers of these objections. One with another objection still open waits."""
    fan = fan_out_of(procedure)
    if fan is None or place.end is None:
        return {}
    found = {}
    for child in facts.children:
        about = [one for one in place.objections if one.row in (child.id, child.name)]
        upheld = [one.number for one in about if one.state == "成立" and not one.taken_up]
        if upheld and not any(one.open for one in about) and has_come(fan, regulation, child):
            found[child] = upheld
    return found


def still_underway(step: Step, facts: Facts, stopped: frozenset[str]) -> str | None:
    """Why an automatic step over the children waits: some were sent back and have not come again. Those that an objection
    stopped hold nobody up."""
    back = [child for child in facts.children if child.redo and not stopped & {child.id, child.name}]
    if step.auto is None or not step.auto.of_children or not back:
        return None
    return f"{listed(back)}退回重办，还没有办完"


def not_passed(procedure: Procedure, step: Step, regulation: Regulation, facts: Facts) -> str | None:
    """Why a 等待 step waits on: the parent has not taken the step it waits for, or not with that outcome."""
    if step.wait is None:
        return None
    wanted = step.wait.outcome or _first_outcome(procedure, step.wait.step, regulation)
    if facts.parent.get(step.wait.step) == wanted:
        return None
    return f"要等上级事项的“{step.wait.step}”办理为“{wanted}”"


def unmarked(step: Step, facts: Facts, by: Actor) -> str | None:
    """Which sheets the step still needs before this person may take it with its first outcome."""
    need, found = step.marking, facts.marks.get(step.name)
    if need is None or found is None or not found.drawn:
        return None
    sheet = f"“{need.standard}”{need.role or '评分'}表"
    if (need.each or need.role) and not by.system and by.id not in found.raters:
        return f"请您先填写并提交{sheet}"
    if len(found.raters) < need.least:
        asked = "本事项被抽中复核，" if need.share is not None else ""
        return f"{asked}至少要有 {need.least} 人提交{sheet}，现在有 {len(found.raters)} 人，还缺 {need.least - len(found.raters)} 人"
    return None


def listed(children: tuple[Child, ...] | list[Child]) -> str:
    named = words.listed(child.name for child in children[:NAMED])
    return named if len(children) <= NAMED else f"{named}等 {len(children)} 个单位"


def _place(fan: FanOut) -> str:
    return f"到“{fan.at}”" if fan.at else "办结"


def _first_outcome(procedure: Procedure, name: str, regulation: Regulation) -> str | None:
    """Of the parent's step."""
    for one in regulation.procedures.values():
        if any(step.fan_out and step.fan_out.procedure == procedure.name for step in one.steps):
            found = next((step for step in one.steps if step.name == name and step.outcomes), None)
            if found is not None:
                return found.outcomes[0].name
    return None
