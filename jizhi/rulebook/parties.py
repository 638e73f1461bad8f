"""Who may take a step: posts, bodies, parties, takers of earlier steps; who is left out; and the words for both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jizhi.rulebook import tally
from jizhi.rulebook.facts import LAUNCH, Act, Actor, Facts, Party
from jizhi.rulebook.history import ASK, counted, last_main_act, pending, side_act_named, step_named, takers
from jizhi.rulebook.language import Exclusion, Procedure, Who
from jizhi.rulebook.publicity import OBJECTION, turn
from jizhi.rulebook.recusal import recused, stepped_down, subject_units
from jizhi.rulebook.words import listed


@dataclass(frozen=True)
class Bar:
    """Why an exclusion leaves a person out: 回避 for a party, 除外 for whoever took a step; ``text`` says which he is."""

    reason: str
    text: str


def whose_turn(procedure: Procedure, name: str, acts: Sequence[Act], outcome: str | None = None) -> tuple[Who, ...]:
    """Who is asked for a step, 发起 or a side act as the case stands: an asked side act waits for its approver."""
    if name == LAUNCH:
        return procedure.launch.by if procedure.launch else (Who(system=True),)
    if (step := step_named(procedure, name)) is not None:
        return step.by
    side = side_act_named(procedure, name)
    if side is None:
        return ()
    if name == OBJECTION:
        return turn(procedure, None, outcome)
    asking = (*side.by, *(side.recorded.by if side.recorded else ()))
    if not side.approve or outcome == ASK:
        return asking
    asked = name in pending(procedure, counted(procedure, acts))
    return side.approve if asked or outcome is not None else asking


def entitles(who: Who, actor: Actor, procedure: Procedure, facts: Facts, acts: Sequence[Act]) -> bool:
    """Whether the actor is one whom ``who`` names, exclusions aside; ``acts`` are the counted ones. The imagined hold every
    post and are every party, but have done only what they did."""
    if actor.system or who.system:
        return actor.system and who.system
    if who.acted:
        return actor.id in takers(acts, facts, who.acted)
    if who.previous:
        last = last_main_act(procedure, acts)
        return last is not None and last.by == actor.id
    if actor.imagined:
        return True
    if who.party is not None:
        return is_party(facts.parties.get(who.party), actor)
    units = _units(who, facts)
    if who.status is not None:
        return bool(units & actor.registered)
    if who.body is not None:
        return any(held.body == who.body and held.unit in units for held in actor.held)
    return any(who.post in (held.title, f"{held.body or ''}{held.title}") and held.unit in units for held in actor.held)


def is_party(party: Party | None, actor: Actor) -> bool:
    if party is None:
        return False
    if actor.id in (party.person, *party.others):
        return True
    return party.unit is not None and any(held.head and held.unit == party.unit for held in actor.held)


def bar(who: Who, actor: Actor, facts: Facts, acts: Sequence[Act]) -> Bar | None:
    """The first exclusion that leaves this actor out, imagined or not; ``acts`` are the counted ones."""
    for exclusion in who.excluding:
        if exclusion.party is not None and is_party(facts.parties.get(exclusion.party), actor):
            return Bar("回避", f"本事项的{exclusion.party}")
        if relation := facts.kin.get(exclusion.kin_of or "", {}).get(actor.id):
            return Bar("回避", f"本事项{exclusion.kin_of}的近亲属（{relation}）")
        if exclusion.serves and subject_units(facts) & actor.serves:
            return Bar("回避", "在被办理单位任职的人")
        about = facts.subject_acts if exclusion.of_subject_case else acts
        for step in exclusion.acted:
            if actor.id in _took(exclusion, step, about, facts):
                return Bar("除外", f"办过{'原事项' if exclusion.of_subject_case else '本事项'}“{step}”的人")
    return None


def kept_out(
    procedure: Procedure, name: str, who: Who, actor: Actor, facts: Facts, acts: Sequence[Act], outcome: str | None = None
) -> Bar | None:
    """What of ``who`` itself or of 回避 of the whole procedure leaves this actor out."""
    found = bar(who, actor, facts, acts)
    if found is None and (what := recused(procedure, who, name, actor, facts, acts, outcome)):
        return Bar("回避", what)
    return found


def members(
    procedure: Procedure, name: str, who: Who, facts: Facts, acts: Sequence[Act], roster: Sequence[Actor], outcome: str | None = None
) -> tuple[list[Actor], list[Actor]]:
    """Of the roster those whom ``who`` names, and of these the ones who may take part."""
    named = [actor for actor in roster if entitles(who, actor, procedure, facts, acts)]
    free = [
        actor
        for actor in named
        if kept_out(procedure, name, who, actor, facts, acts, outcome) is None and clash(procedure, name, actor, facts, acts) is None
    ]
    return named, free


def decision(
    procedure: Procedure, name: str, outcome: str | None, actor: Actor, facts: Facts, acts: Sequence[Act], roster: Sequence[Actor]
) -> dict[str, object]:
    """What the act of this actor keeps for the tally (议定); nothing where he decides alone. ``acts`` are the counted ones."""
    own = whose_turn(procedure, name, acts, outcome)
    short = short_handed(procedure, name, facts, acts, roster, outcome)
    for who in (*procedure.short_handed, *own) if short else own:
        _, free = members(procedure, name, who, facts, acts, roster, outcome)
        if who.decides != "任一人" and any(one.id == actor.id for one in free):
            return tally.facts_of(who.decides, sorted(one.id for one in free))
        if entitles(who, actor, procedure, facts, acts):
            return {}
    return {}


def collects(procedure: Procedure, name: str, acts: Sequence[Act], outcome: str | None = None) -> bool:
    """Whether a step or side act is decided by several people together."""
    return any(who.decides != "任一人" for who in (*whose_turn(procedure, name, acts, outcome), *procedure.short_handed))


def clash(procedure: Procedure, name: str, actor: Actor, facts: Facts, acts: Sequence[Act]) -> str | None:
    """The step of an incompatible set that the actor has already taken; ``acts`` are the counted ones."""
    for step in _rivals(procedure, name):
        if actor.id in takers(acts, facts, (step,)):
            return step
    return None


def short_handed(
    procedure: Procedure, name: str, facts: Facts, acts: Sequence[Act], roster: Sequence[Actor] | None, outcome: str | None
) -> bool:
    """Whether exclusions and incompatible duties leave none of the step's own people, or of a body that decides together
    (议定) not more than half; ``acts`` are the counted ones."""
    if not procedure.short_handed or roster is None:
        return False
    found = [(who, *members(procedure, name, who, facts, acts, roster, outcome)) for who in whose_turn(procedure, name, acts, outcome)]
    return any(named for _, named, _ in found) and all(tally.too_few(who.decides, len(named), len(free)) for who, named, free in found)


def barred(procedure: Procedure, facts: Facts, acts: Sequence[Act], step: str) -> dict[str, str]:
    """The people, id -> name, whom an exclusion or an incompatible duty keeps from a step (to-do rows leave them out)."""
    kept = counted(procedure, acts)
    found: dict[str, str] = {}
    for who in whose_turn(procedure, step, acts):
        for exclusion in who.excluding:
            party = facts.parties.get(exclusion.party or "")
            if party is not None:
                found |= dict.fromkeys((*([party.person] if party.person else []), *party.others), party.name)
            found |= dict.fromkeys(facts.kin.get(exclusion.kin_of or "", {}), f"{exclusion.kin_of}的近亲属")
            for name in exclusion.acted:
                found |= _took(exclusion, name, facts.subject_acts if exclusion.of_subject_case else kept, facts)
    return found | takers(kept, facts, tuple(_rivals(procedure, step)))


def entitled(procedure: Procedure, facts: Facts, acts: Sequence[Act], step: str) -> tuple[str, ...]:
    """Who may take the step, in words for the page: 督导组成员，且不是发现人（督学甲）、整改人（教师乙）."""
    kept = counted(procedure, acts)
    whos = whose_turn(procedure, step, acts)
    said = [_with_exclusions(who, procedure, facts, kept, step) for who in whos]
    if procedure.short_handed and step != LAUNCH and any(who.excluding or list(_rivals(procedure, step)) for who in whos):
        stand_ins = "或".join(_called(who, procedure, facts, kept) for who in procedure.short_handed)
        said[-1] += f"；因回避无人可办时，由{stand_ins}办理"
    return tuple(said)


def _with_exclusions(who: Who, procedure: Procedure, facts: Facts, acts: Sequence[Act], step: str) -> str:
    left_out: list[str] = []
    named: set[str] = set()
    for exclusion in who.excluding:
        if exclusion.party is not None:
            party = facts.parties.get(exclusion.party)
            left_out.append(f"{exclusion.party}（{party.name}）" if party else exclusion.party)
            named |= {id_ for id_ in (party.person, *party.others) if id_} if party else set()
        if exclusion.kin_of is not None:
            left_out.append(f"{exclusion.kin_of}的近亲属")
        for name in exclusion.acted:
            took = _took(exclusion, name, facts.subject_acts if exclusion.of_subject_case else acts, facts)
            left_out.append(_doer(name, took, facts, "原事项" if exclusion.of_subject_case else ""))
            named |= set(took)
    if procedure.recusal is not None and who.party is None and step_named(procedure, step) is not None:
        left_out += [f"{one.party or f'{one.kin_of}的近亲属'}" for one in procedure.recusal.who if one.party or one.kin_of]
        gone = [id_ for id_ in stepped_down(procedure, acts) if id_ not in named]
        left_out += ["已经回避的人"] if gone else []
    for rival in _rivals(procedure, step):
        took = {id_: name for id_, name in takers(acts, facts, (rival,)).items() if id_ not in named}
        if took:
            left_out.append(_doer(rival, took, facts))
            named |= set(took)
    called = _called(who, procedure, facts, acts)
    return f"{called}，且不是{listed(left_out)}" if left_out else called


def _called(who: Who, procedure: Procedure, facts: Facts, acts: Sequence[Act]) -> str:
    if who.system:
        return "系统"
    if who.party is not None:
        party = facts.parties.get(who.party)
        if party is None:
            return who.party
        return f"{who.party}（{party.name}负责人）" if party.person is None else f"{who.party}（{party.name}）"
    if who.acted:
        return "或".join(_doer(step, takers(acts, facts, (step,)), facts) for step in who.acted)
    if who.previous:
        last = last_main_act(procedure, acts)
        return f"上一步的办理人（{last.by_name}）" if last else "上一步的办理人"
    place = {"本单位": "", "上级": "上级单位的", "对象": "被办理单位的"}.get(who.unit, f"{who.unit}的")
    if who.status is not None:
        return f"{place}{who.status}的村民"
    agreed = "" if who.decides == "任一人" else f"（{who.decides}议定）"
    return f"{place}{who.body}成员{agreed}" if who.body is not None else f"{place}{who.post}"


def _doer(step: str, took: dict[str, str], facts: Facts, of: str = "") -> str:
    role = f"{of}发起人" if step == LAUNCH else f"{of}“{step}”的办理人"
    names = [name for name in took.values() if name]
    return f"{role}（{listed(names)}）" if names else role


def _took(exclusion: Exclusion, step: str, acts: Sequence[Act], facts: Facts) -> dict[str, str]:
    if exclusion.of_subject_case:  # facts.by began this case, not the one it is about
        return {act.by: act.by_name for act in acts if act.step == step}
    return takers(acts, facts, (step,))


def _rivals(procedure: Procedure, name: str) -> Iterator[str]:
    """The other steps of every incompatible set that has this one."""
    return (step for duties in procedure.incompatible if name in duties for step in duties if step != name)


def _units(who: Who, facts: Facts) -> set[str]:
    if who.unit == "本单位":
        return {facts.unit}
    if who.unit == "上级":
        return {facts.upward[0][0]} if facts.upward else set()
    if who.unit == "对象":
        subject = facts.parties.get("对象")
        parties = [subject] if subject else list(facts.parties.values())
        return {party.unit for party in parties if party.unit is not None}
    level = who.unit.removeprefix("上级").strip("（）()")
    return next(({unit} for unit, word in facts.upward if word == level), set())
