"""回避 that binds a whole procedure, 代录, and who then counts when a body decides (议定)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jizhi.rulebook import tally
from jizhi.rulebook.decisions import CHALLENGE, CHALLENGED, RECUSAL_ACTS, STEPS_DOWN
from jizhi.rulebook.facts import LAUNCH, Act, Actor, Facts, Problem
from jizhi.rulebook.history import APPROVE, ASK, DECLINE, side_act_named, step_named
from jizhi.rulebook.language import FieldSpec, Procedure, Recording, Who
from jizhi.rulebook.publicity import OBJECTION, RAISED
from jizhi.rulebook.words import by_clause

RECORDED_FOR = "代录"  # key of Act.facts: {"人": id, "名": name} of whom the recorder did it for
WHY = FieldSpec(
    name="代录缘由", kind="长文", required=False, hint="代当事人办的必须写明：本人为什么不能自己办，是书面、电话还是当面委托的。"
)


def principal(procedure: Procedure) -> tuple[str, str] | None:
    """The party for whom somebody else may begin a case, and the form field that names him."""
    launch = procedure.launch
    people = {field.name for field in launch.form if field.kind == "人"} if launch else set()
    return next(((name, ref.path[0]) for name, ref in procedure.parties.items() if ref.root == "表单" and ref.path[0] in people), None)


def _recorder(procedure: Procedure, name: str) -> tuple[Recording | None, str]:
    """代录 of 发起 or of a side act, and the party for whom it is. A step that 由 gives to a party and to somebody else
    beside him is the party's own: the other takes it for him."""
    if name == LAUNCH:
        named = principal(procedure)
        return (procedure.launch.recorded if procedure.launch else None), named[0] if named else ""
    if (step := step_named(procedure, name)) is not None:
        party, others = _party_in(step.by), tuple(who for who in step.by if not who.party and not who.system)
        return (Recording(by=others, clause=step.clause), party) if party and others else (None, "")
    side = side_act_named(procedure, name)
    return (side.recorded if side else None), _party_in(side.by) if side else ""


def _party_in(whos: Sequence[Who]) -> str:
    return next((who.party for who in whos if who.party), "")


def recording(procedure: Procedure, facts: Facts, actor: Actor, name: str = LAUNCH) -> Recording | None:
    """代录, where the actor would begin the case, take a step or ask for a side act for somebody else."""
    rule, named = _recorder(procedure, name)
    party = facts.parties.get(named)
    if rule is None or party is None or actor.system or actor.id in (party.person, *party.others):
        return None
    return rule if party.person or step_named(procedure, name) is None else None  # a unit's step is taken by its people


def recording_fields(procedure: Procedure, name: str = LAUNCH) -> tuple[FieldSpec, ...]:
    """What only a recorder fills in."""
    rule, _ = _recorder(procedure, name)
    papers = tuple(FieldSpec(name=need, kind="附件", required=False, hint="代为录入的必须上传。") for need in (rule.needs if rule else ()))
    return papers if rule is None or name == LAUNCH else (*papers, WHY)


def recording_problems(procedure: Procedure, facts: Facts, actor: Actor, form: Mapping[str, Any], name: str = LAUNCH) -> list[Problem]:
    """What a recorder must attach or say and has not."""
    rule = recording(procedure, facts, actor, name)
    blank = [field for field in recording_fields(procedure, name) if rule and form.get(field.name) in (None, "", [], ())]
    clause = by_clause(rule.clause if rule else None)
    return [Problem(one.name, f"代为录入的，请{'填写' if one == WHY else '上传'}“{one.name}”{clause}。") for one in blank]


def recording_facts(procedure: Procedure, facts: Facts, actor: Actor, name: str = LAUNCH) -> dict[str, Any]:
    """What the act keeps of it: in whose name it is done."""
    if recording(procedure, facts, actor, name) is None:
        return {}
    party = facts.parties[_recorder(procedure, name)[1]]
    return {RECORDED_FOR: {"人": party.person, "名": party.name}}


def recused(procedure: Procedure, who: Who, name: str, actor: Actor, facts: Facts, acts: Sequence[Act], outcome: str | None) -> str | None:
    """Why 回避 of the procedure keeps the actor from a step, as what he is; None where it does not. A party's own steps, a
    subject unit's own steps and the raising of an objection are free of it. ``acts`` are the counted ones."""
    rule = procedure.recusal
    if rule is None or actor.system or who.system or who.party is not None or who.unit == "对象" or name == STEPS_DOWN:
        return None
    if (name == CHALLENGE and outcome not in (ASK, APPROVE, DECLINE)) or (name == OBJECTION and outcome in (None, RAISED)):
        return None
    if name == LAUNCH and recording(procedure, facts, actor) is None:
        return None
    for exclusion in rule.who:
        party = facts.parties.get(exclusion.party or "")
        if party is not None and actor.id in (party.person, *party.others):
            return f"本事项的{exclusion.party}"
        if relation := facts.kin.get(exclusion.kin_of or "", {}).get(actor.id):
            return f"本事项{exclusion.kin_of}的近亲属（{relation}）"
        if exclusion.serves and subject_units(facts) & actor.serves:
            return "在被办理单位任职的人"
    if actor.id in stepped_down(procedure, acts):
        return "本事项已经回避的人"
    return "被申请回避的人" if name == CHALLENGE and outcome != ASK and actor.id == _challenged(acts) else None


def subject_units(facts: Facts) -> set[str]:
    """The units that the case is about: the party 对象, else every party that is a unit, else the case's own."""
    subject = facts.parties.get("对象")
    parties = [subject] if subject else list(facts.parties.values())
    return {party.unit for party in parties if party.unit is not None} or {facts.unit}


def stepped_down(procedure: Procedure, acts: Sequence[Act]) -> dict[str, str]:
    """Who was recused one by one: person id -> how."""
    found: dict[str, str] = {}
    for n, act in enumerate(acts):
        if act.step == STEPS_DOWN:
            found[act.by] = "自报"
        elif act.step == CHALLENGE and act.outcome == APPROVE and (person := _challenged(acts[:n])):
            found[person] = "决定"
    return found


def _challenged(acts: Sequence[Act]) -> str | None:
    return next((str(act.form.get(CHALLENGED)) for act in reversed(acts) if act.step == CHALLENGE and act.outcome == ASK), None)


def takers_of_launch(acts: Sequence[Act]) -> dict[str, str]:
    """Both who recorded a case and in whose name: id -> name."""
    said = [act.facts[RECORDED_FOR] for act in acts if act.step == LAUNCH and RECORDED_FOR in act.facts]
    return {str(one["人"]): str(one["名"]) for one in said if one.get("人")}


def spoken(procedure: Procedure, acts: Sequence[Act], name: str) -> dict[str, str]:
    """What members have said on a step or side act that is not settled yet; ``acts`` are the counted ones."""
    return tally.spoken(acts, name, lambda step: side_act_named(procedure, step) is not None)


def plain_side_act(name: str) -> bool:
    return name in RECUSAL_ACTS
