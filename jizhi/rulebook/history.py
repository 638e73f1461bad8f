"""What of a case's history counts, and where an act leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from jizhi.rulebook import tally
from jizhi.rulebook.facts import LAUNCH, SYSTEM, Act, Facts, Move
from jizhi.rulebook.language import Branch, Condition, Outcome, Procedure, Regulation, SideAct, Step, Test
from jizhi.rulebook.parameters import Form, first
from jizhi.rulebook.publicity import OBJECTION, corrected, side_act_of_publicity

WITHDRAW = "withdraw"
ASK, APPROVE, DECLINE = "申请", "批准", "不批准"
TIMES = "本步次数"
YES = {"是": True, "true": True, "True": True, "on": True, "否": False, "false": False, "False": False}


def step_named(procedure: Procedure, name: str) -> Step | None:
    return procedure.step_by_name.get(name)


def side_act_named(procedure: Procedure, name: str) -> SideAct | None:
    return procedure.side_act_by_name.get(name) or side_act_of_publicity(procedure, name)


def outcome_named(step: Step, name: str, *, by: str = "") -> Outcome | None:
    """The outcome; for an act ``by`` the system where silence leads (逾期: {视为: 无意见, 到: 通报})."""
    if by == SYSTEM.id and (silent := silent_outcome(step)) is not None and silent.name == name:
        return silent
    return next((outcome for outcome in step.outcomes if outcome.name == name), None)


def silent_outcome(step: Step) -> Outcome | None:
    """What silence counts as in this step, or None where silence moves nothing."""
    rule = step.silence
    if rule is None:
        return None
    if rule.to is not None:
        return Outcome(name=rule.counts_as or "逾期", branches=(Branch(to=rule.to),))
    return next((outcome for outcome in step.outcomes if outcome.name == rule.counts_as), None)


def outcomes_of(procedure: Procedure, name: str, acts: Sequence[Act]) -> tuple[str, ...]:
    """The outcomes that a page offers for a step or side act as the case stands. A side act that needs no approval has one."""
    if (step := step_named(procedure, name)) is not None:
        recorded = (step.record.name,) if step.record else ()
        return (*recorded, *(outcome.name for outcome in step.outcomes))
    side = side_act_named(procedure, name)
    if side is None:
        return ()
    if not side.approve:
        return (side.name,)
    return (APPROVE, DECLINE) if name in pending(procedure, counted(procedure, acts)) else (ASK,)


def is_withdrawal(side: SideAct | None) -> bool:
    return side is not None and (side.code == WITHDRAW or side.name == "撤回")


def counted(procedure: Procedure, acts: Sequence[Act]) -> tuple[Act, ...]:
    """The acts that count: a withdrawal takes away the last main act, the side acts after it, and itself; never an objection,
    which is not the withdrawer's."""
    kept: list[Act] = []
    for act in acts:
        side = side_act_named(procedure, act.step)
        if not is_withdrawal(side):
            kept.append(act)
            continue
        objections: list[Act] = []
        while kept:
            last = kept.pop()
            if side_act_named(procedure, last.step) is None:
                break
            if last.step == OBJECTION:
                objections.insert(0, last)
        kept += objections
    return tuple(kept)


def last_main_act(procedure: Procedure, acts: Sequence[Act]) -> Act | None:
    """Of counted acts, the last that moved the case."""
    return next((act for act in reversed(acts) if side_act_named(procedure, act.step) is None), None)


def pending(procedure: Procedure, acts: Sequence[Act]) -> tuple[str, ...]:
    """Of counted acts, the side acts asked for and not answered; a main act makes them lapse."""
    open_: dict[str, None] = {}
    for n, act in enumerate(acts):
        side = side_act_named(procedure, act.step)
        if side is not None and side.approve and act.outcome == ASK:
            open_[act.step] = None
        elif settled(procedure, acts[:n], act) is None:
            continue
        elif side is None:
            open_.clear()
        else:
            open_.pop(act.step, None)
    return tuple(open_)


def settled(procedure: Procedure, before: Sequence[Act], act: Act) -> str | None:
    """The outcome that an act brings about; None for a member's word that decides nothing yet, and for 记."""
    return tally.settled(before, act, lambda name: side_act_named(procedure, name) is not None)


def moving(procedure: Procedure, acts: Sequence[Act]) -> tuple[Act, ...]:
    """Of counted acts, those that moved the case."""
    return tally.moving(acts, lambda name: side_act_named(procedure, name) is not None)


def figures_named(procedure: Procedure) -> tuple[str, ...]:
    """The figures (数) that the conditions of a procedure read."""
    whens = [branch.when for step in procedure.steps for outcome in step.outcomes for branch in outcome.branches]
    guards = [one for step in procedure.steps for guard in step.guards for one in (guard.when, guard.then)]
    found = [test.subject for one in (*whens, *guards) if one is not None for test in one.tests if test.figure]
    return tuple(dict.fromkeys(found))


def takers(acts: Sequence[Act], facts: Facts, steps: Sequence[str]) -> dict[str, str]:
    """Who took any of the steps: id -> name. Whoever began the case took 发起."""
    found = {act.by: act.by_name for act in acts if act.step in steps and act.by != SYSTEM.id}
    if LAUNCH in steps and facts.by and facts.by != SYSTEM.id:
        found.setdefault(facts.by, "")
    if LAUNCH in steps:  # 代录: in whose name it was begun
        said = [act.facts["代录"] for act in acts if act.step == LAUNCH and "代录" in act.facts]
        found |= {str(one["人"]): str(one["名"]) for one in said if one.get("人")}
    return found


def move(
    procedure: Procedure, regulation: Regulation, facts: Facts, acts: Sequence[Act], step: Step, outcome: Outcome, form: Mapping[str, Any]
) -> Move:
    """Where an allowed act leads (branches by value and by count). ``acts`` are those before it.

    ValueError when no branch holds; ``refusal`` says so before (条件不足).
    """
    found = branch_of(procedure, facts, counted(procedure, acts), step, outcome, form)
    if found is None:
        raise ValueError(f"{step.name}: no branch of {outcome.name} holds")
    ends, first = found.to in procedure.ends, outcome.name == step.outcomes[0].name
    return Move(
        to=procedure.ends[found.to] if ends else found.to,
        ends=ends,
        start=found.start,
        paper=step.paper if first else None,
        effect=found.effect or (step.effect if first else None),
    )


def branch_of(procedure: Procedure, facts: Facts, acts: Sequence[Act], step: Step, outcome: Outcome, form: Form) -> Branch | None:
    """The first branch whose condition holds, this act counted in 本步次数; ``acts`` are the counted ones before it."""
    if outcome.branches and outcome.branches[0].when is None:
        return outcome.branches[0]
    times = 1 + sum(act.step == step.name for act in moving(procedure, acts))
    answer = answers(replace(facts, form=corrected(facts.form, acts)), step, form, times=times)
    return next((branch for branch in outcome.branches if branch.when is None or holds(branch.when, answer)), None)


def answers(facts: Facts, step: Step, form: Form, *, times: int) -> Callable[[str], Any]:
    """Subjects of conditions: 本步次数, fields of the act's form, else of the launch form. What the step itself asks is
    never answered by the launch form: the 方法 of a recheck is not the 方法 of the finding."""
    own = {field.name for field in step.form}

    def answer(subject: str) -> Any:
        if subject == TIMES:
            return times
        if "." in subject and subject in facts.figures:
            return facts.figures[subject]
        return first((form,) if subject in own else (form, facts.form), subject)

    return answer


def holds(condition: Condition, answer: Callable[[str], Any]) -> bool:
    return not failing(condition, answer)


def failing(condition: Condition, answer: Callable[[str], Any]) -> list[Test]:
    return [test for test in condition.tests if not _passes(*_whole(test, answer))]


def _whole(test: Test, answer: Callable[[str], Any]) -> tuple[Test, Any]:
    """A test of a share as one of numbers: 实到 * 3 against 应到 * 2."""
    have = answer(test.subject)
    if test.share_of is None:
        return test, have
    whole, (above, below) = _number(answer(test.share_of)), test.value
    part = _number(have)
    if whole is None or part is None or whole <= 0 or part < 0:
        return test, None
    return test.model_copy(update={"value": whole * above}), part * below


def _passes(test: Test, actual: Any) -> bool:
    if test.op == "不等于":
        return not _same(actual, test.value)
    if actual is None:
        return False
    match test.op:
        case "等于":
            return _same(actual, test.value)
        case "含":
            return _has(actual, test.value)
    have, want = _number(actual), _number(test.value)
    if have is None or want is None:
        return False
    match test.op:
        case "至多":
            return have <= want
        case "至少":
            return have >= want
        case "超过":
            return have > want
        case _:
            return have < want


def _same(actual: Any, wanted: Any) -> bool:
    if isinstance(wanted, list | tuple):  # 程度: [一般, 较重] is any one of them
        return any(_same(actual, one) for one in wanted)
    if isinstance(actual, list | tuple):
        return [_plain(one) for one in actual] == [_plain(wanted)]
    return bool(_plain(actual) == _plain(wanted))


def _has(actual: Any, wanted: Any) -> bool:
    ticked = [_plain(one) for one in actual] if isinstance(actual, list | tuple) else [_plain(actual)]
    asked = wanted if isinstance(wanted, list | tuple) else [wanted]
    return all(_plain(one) in ticked for one in asked)


def _plain(value: Any) -> Any:
    """Values of forms are strings, those of regulations typed: compare as booleans, numbers, then text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in YES:
        return YES[value]
    number = _number(value)
    return str(value) if number is None else number


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
