"""One case for each of many units: opening the children, gathering them, moving on by itself, sending some back.

``before`` and ``after`` are called for every act by ``moves``: what the act has to keep, and what it sets going, in the same
transaction. Everything here looks again at what is there, so that running it twice changes nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from jizhi.access.actor import SYSTEM
from jizhi.audit.actions import record
from jizhi.org.models import Unit
from jizhi.org.queries import ancestor_ids
from jizhi.procedure.actions.refusals import FormProblems, Refused
from jizhi.procedure.actions.todos import announce_all, first_todos, remind
from jizhi.procedure.docket import Docket, acts_of, docket_of, facts_of, party_json
from jizhi.procedure.effects import effects, freezes
from jizhi.procedure.many import frozen_units, passed_by, sent_back_by
from jizhi.procedure.models import Act, Case, CaseParty, Todo
from jizhi.procedure.queries.units import units_below
from jizhi.regulation.models import Edition
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import joining, judgement
from jizhi.rulebook.facts import AGAIN, LAUNCH, REDONE, SENT_BACK, Child, Problem, Refusal
from jizhi.rulebook.history import branch_of
from jizhi.rulebook.language import FanOut, Procedure, Ref, Step
from jizhi.rulebook.parameters import first

DEEPEST = 5  # at_0 … at_5
STANDING = ("step", "end", "since", "round", "due", "falls_due", "predicted", "number")


def digest(kept: object) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def before(docket: Docket, step: Step, outcome: str, values: Mapping[str, Any], facts: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """What has to be kept with the act: what it freezes. Refused where rows are to be given and are not."""
    named = judgement.outcome_named(step, outcome)
    first_one = outcome == step.outcomes[0].name
    if step.batch is not None and step.batch.of_children and first_one and "行" not in facts:
        raise Refused(Refusal("须批办", f"“{step.name}”逐个单位定，请在批办页里办理"))
    branch = branch_of(docket.procedure, docket.facts, docket.acts, step, named, values) if named else None
    if branch is not None and branch.children and not facts.get("退回"):
        raise Refused(Refusal("须选单位", f"“{outcome}”要写明退回哪些单位，请在批办页里勾选"))
    return {"冻结": _frozen(docket, step, values, today=today)} if step.freezes and first_one else {}


def after(case: Case, row: Act, *, today: date) -> None:
    """What an act sets going: children sent back or released, what the system takes at once, the parent going on."""
    if back := row.facts.get("退回"):
        why = f"{row.step}“{row.outcome}”：{row.opinion}"
        send_back(case, [int(pk) for pk in back["子件"]], back["到"], because=row, why=why, today=today)
    _release(case, row, today=today)
    onward(case, today=today)
    take_up_again(case, today=today)
    if case.parent_id is not None:
        _tell_parent(case, today=today)


def onward(case: Case, *, today: date) -> bool:
    """Take the step at which the case stands, where the system takes it and it is time. Whether it was taken."""
    procedure = regulation_of(case.edition).procedures[case.procedure]
    step = judgement.step_named(procedure, case.step)
    if step is None or not (step.fan_out or step.wait or step.auto):
        return False
    if step.fan_out:
        open_children(case, step.fan_out, today=today)
    return _taken(docket_of(case), step, today=today)


def _taken(docket: Docket, step: Step, *, today: date) -> bool:
    from jizhi.procedure.actions import moves  # which calls this module after every act

    try:
        with transaction.atomic():
            facts, opinion = _worked_out(docket, step, today=today)
            moves.take_by_system(docket, step, facts=facts, opinion=opinion, today=today)
    except (Refused, FormProblems) as no:
        docket.case.refresh_from_db(fields=STANDING)  # what was rolled back is still in memory
        if step.auto:
            remind(docket.case, step.name, str(no))
        return False
    return True


def _worked_out(docket: Docket, step: Step, *, today: date) -> tuple[dict[str, Any], str]:
    """What is kept with an automatic act, and its words."""
    if step.fan_out:
        late = joining.missing(step.fan_out, docket.regulation, docket.facts)
        said = f"未到 {len(late)} 个：{joining.listed(late)}。" if late else ""
        come = len(docket.facts.children) - len(late)
        facts = {"已到": come, "未到": [{"子件": one.id, "单位": one.name, "所在": one.step} for one in late]}
        return facts, f"应到 {len(docket.facts.children)} 个单位，已到 {come} 个。{said}"
    if step.wait:
        return {"父件": {"步骤": step.wait.step, "结论": docket.facts.parent.get(step.wait.step, "")}}, ""
    assert step.auto is not None  # one of the three
    args = {name: _argument(docket, value, today=today) for name, value in step.auto.args.items()}
    effect = effects().get(step.auto.effect)
    worked = effect.facts(docket.case, args, by=SYSTEM, today=today) if effect and effect.facts else {}
    return {"自动": args, **worked}, ""


def _argument(docket: Docket, value: Any, *, today: date) -> Any:
    """A parameter as it is today, else the value itself, as JSON keeps it."""
    if not isinstance(value, Ref):
        return _plain(value)
    try:
        return _plain(judgement.parameter(docket.regulation, value.path[0], on=today, region=docket.facts.region))
    except KeyError:
        raise Refused(Refusal("没有参数", f"参数“{value.path[0]}”在{today}没有适用于本地的值，请制度管理员补上"))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, int | str) else str(value)


def go_on(*, today: date) -> list[str]:
    """What ``tick`` does: the steps that are the system's and were not taken at once, and children left waiting. A line each."""
    done: list[str] = []
    for edition in Edition.objects.filter(pk__in=Case.objects.filter(end="").order_by().values("edition").distinct()).order_by("pk"):
        for procedure in regulation_of(edition).procedures.values():
            for step in procedure.steps:
                if not (step.fan_out or step.auto or step.wait):
                    continue
                here = Case.objects.filter(edition=edition, procedure=procedure.name, step=step.name, end="")
                if step.fan_out or step.auto:
                    done += [
                        line for pk in list(here.order_by("pk").values_list("pk", flat=True)) for line in _attend(pk, step, today=today)
                    ]
                else:
                    parents = here.exclude(parent=None).order_by("parent").values_list("parent", flat=True).distinct()
                    done += [line for pk in list(parents) for line in _attend_parent(pk or 0, procedure, step, today=today)]
    return done


@transaction.atomic
def _attend(case_id: int, step: Step, *, today: date) -> list[str]:
    case = _locked(case_id)
    if case.end or case.step != step.name or not onward(case, today=today):  # another machine was here first
        return []
    return [f"{case.title}：{step.name}，由系统办理"]


@transaction.atomic
def _attend_parent(case_id: int, child: Procedure, step: Step, *, today: date) -> list[str]:
    case = _locked(case_id)
    procedure = regulation_of(case.edition).procedures[case.procedure]
    rows = tuple(case.acts.all())
    count = release(case, child, step, passed_by(procedure, acts_of(procedure, rows)), _last(rows, step), today=today)
    return [f"{case.title}：{count} 个子件不再等待"] if count else []


def _locked(case_id: int) -> Case:
    return Case.objects.select_related("unit", "edition").defer("edition__text").select_for_update(of=("self",)).get(pk=case_id)


def _last(rows: Sequence[Act], step: Step) -> Act | None:
    """The act of the parent that this step waits for."""
    return next((row for row in reversed(rows) if step.wait is not None and row.step == step.wait.step), None)


# opening


def open_children(case: Case, fan: FanOut, *, today: date) -> int:
    """One child case per unit below that has none yet. Returns how many were opened. Refused where there is no unit."""
    docket = docket_of(case)
    units = _units(docket, fan, today=today)
    if not units:
        raise Refused(Refusal("没有单位", f"{case.unit.name}下辖没有“{fan.below}”，无法分办"))
    known = set(Case.objects.filter(parent=case, procedure=fan.procedure).values_list("unit_id", flat=True))
    wanted = [unit for unit in units if unit.pk not in known]
    if not wanted:
        return 0
    procedure = docket.regulation.procedures[fan.procedure]
    opened = _bulk_open(case, procedure, wanted, today=today)
    fields = {"程序": fan.procedure, "单位数": len(opened), "单位": [one.unit.name for one in opened], "日期": today}
    record("procedure.open_children", case, by=SYSTEM, fields={**fields, "摘要": digest([one.unit_id for one in opened])})
    first_step = procedure.steps[0]
    for child in opened if first_step.auto or first_step.wait or first_step.fan_out else ():
        onward(child, today=today)
    return len(opened)


def _bulk_open(case: Case, procedure: Procedure, units: Sequence[Unit], *, today: date) -> list[Case]:
    """All at once: a county has six hundred villages."""
    regulation = regulation_of(case.edition)
    above = Unit.objects.in_bulk({pk for unit in units for pk in ancestor_ids(unit)})
    dockets: list[Docket] = []
    shared: dict[Any, Any] = {}
    for unit in units:
        line = ancestor_ids(unit)
        child = Case(
            unit=unit,
            edition=case.edition,
            procedure=procedure.name,
            title=f"{case.title}：{unit.name}"[:120],
            subject_type=Unit._meta.label,
            subject_id=str(unit.pk),
            parent=case,
            parties={"对象": party_json(unit), **{name: party_json(unit) for name, ref in procedure.parties.items() if not ref.path}},
            form={},
            began_on=today,
            since=today,
            key=f"fan{case.pk}-{unit.pk}",
            **{f"at_{depth}": pk for depth, pk in enumerate(line[: DEEPEST + 1])},
        )
        facts = facts_of(child, procedure, line=[above[pk] for pk in reversed(line)])
        begun = Act(case=child, number=1, step=LAUNCH, outcome=LAUNCH, by_name=SYSTEM.name, day=today, opinion=f"由“{case.title}”分办。")
        docket = Docket(child, regulation, procedure, facts, (begun,), shared)
        place = docket.standing
        child.step, child.end, child.since, child.round = place.step or "", place.end or "", place.since, place.round
        child.due, child.falls_due, child.predicted = place.due, place.due or date.max, place.predicted
        dockets.append(docket)
    cases = Case.objects.bulk_create([docket.case for docket in dockets])
    for docket in dockets:
        docket.rows[0].case_id = docket.case.pk
    Act.objects.bulk_create([docket.rows[0] for docket in dockets])
    rows = [(child, name, party) for child in cases for name, party in child.parties.items()]
    CaseParty.objects.bulk_create(CaseParty(case=child, name=name, unit_id=party["unit"]) for child, name, party in rows)
    Todo.objects.bulk_create([todo for docket in dockets for todo in first_todos(docket, today=today)])
    return cases


def _units(docket: Docket, fan: FanOut, *, today: date) -> list[Unit]:
    """As frozen, else as they are today without those that 除 names."""
    frozen = frozen_units(docket.rows)
    if frozen is not None:
        return list(Unit.objects.filter(pk__in=frozen).order_by("path"))
    forms = [act.form for act in reversed(docket.acts)]
    return _listed(docket, fan, {}, forms, today=today)[0]


def _listed(
    docket: Docket, fan: FanOut, values: Mapping[str, Any], forms: Sequence[Mapping[str, Any]], *, today: date
) -> tuple[list[Unit], list[Unit]]:
    """The units that take part, and those that a list leaves out. FormProblems names every word that is no unit below."""
    units = units_below(docket.case.unit, fan.below, on=today)
    by_name = {unit.name: unit for unit in units}
    out: dict[int, Unit] = {}
    problems: list[Problem] = []
    for field in fan.excluding:
        text = first((values, *forms, docket.facts.form), field) or ""
        names = [word.strip() for word in str(text).replace("、", "\n").replace("，", "\n").splitlines() if word.strip()]
        unknown = [name for name in names if name not in by_name]
        problems += [Problem(field, f"{docket.case.unit.name}下辖没有叫“{name}”的“{fan.below}”，请核对名称。") for name in unknown]
        out |= {by_name[name].pk: by_name[name] for name in names if name in by_name}
    if problems:
        raise FormProblems(problems)
    return [unit for unit in units if unit.pk not in out], list(out.values())


def _frozen(docket: Docket, step: Step, values: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """冻结: the edition, the list of units, and whatever the rooms keep of their schedules, each with its digest."""
    found: dict[str, Any] = {}
    fan = joining.fan_out_of(docket.procedure)
    if "细则" in step.freezes:
        found["细则"] = {"制度": str(docket.case.edition), "摘要": docket.case.edition.digest}
    units: list[Unit] = []
    if fan is not None:
        units, out = _listed(docket, fan, values, [act.form for act in reversed(docket.acts)], today=today)
        if not units:
            raise Refused(Refusal("没有单位", f"{docket.case.unit.name}下辖没有“{fan.below}”，无法分办"))
    if "名单" in step.freezes and fan is not None:
        pks = [unit.pk for unit in units]
        found["名单"] = {"单位": pks, "除": [unit.pk for unit in out], "摘要": digest([unit.code for unit in units])}
    for word in step.freezes:
        if word not in found and (freeze := freezes().get(word)) is not None:
            found[word] = dict(freeze.of(docket.case, units, today))
    return found


# gathering


def _tell_parent(case: Case, *, today: date) -> None:
    """The last child to come lets the parent go on. Looked at first without the lock, so that children do not queue."""
    parent = Case.objects.select_related("unit", "edition").defer("edition__text").get(pk=case.parent_id or 0)
    regulation = regulation_of(parent.edition)
    procedure = regulation.procedures[parent.procedure]
    step, fan = judgement.step_named(procedure, parent.step), joining.fan_out_of(procedure)
    if parent.end:
        take_up_again(parent, today=today)
    if step is None or fan is None or not (step.fan_out or (step.auto and step.auto.of_children)):
        return
    me = Child(str(case.pk), str(case.unit_id), case.unit.name, case.step or None, case.end or None)
    if not joining.has_come(fan, regulation, me) or joining.missing(fan, regulation, docket_of(parent).facts):
        return
    onward(_locked(parent.pk), today=today)


def _release(case: Case, row: Act, *, today: date) -> None:
    """The children that waited for this very act go on (等待: 父件.步骤)."""
    regulation = regulation_of(case.edition)
    procedure = regulation.procedures[case.procedure]
    for name in dict.fromkeys(step.fan_out.procedure for step in procedure.steps if step.fan_out):
        child = regulation.procedures[name]
        for step in child.steps:
            if step.wait is not None and step.wait.step == row.step:
                release(case, child, step, {row.step: row.outcome}, row, today=today)


def release(case: Case, child: Procedure, step: Step, passed: Mapping[str, str], row: Act | None, *, today: date) -> int:
    """Let the children that stand at this 等待 step go on, where the parent has passed what they wait for."""
    from jizhi.procedure.actions import moves

    regulation = regulation_of(case.edition)
    nobody = judgement.Facts(unit="", upward=(), region="", began=today, by="", parent=passed)
    if joining.not_passed(child, step, regulation, nobody) is not None:
        return 0
    waiting = moves.WHOLE.select_for_update(of=("self",)).filter(parent=case, procedure=child.name, step=step.name, end="")
    rows = list(waiting.order_by("pk"))
    back = sent_back_by([one.pk for one in rows])
    rows = [one for one in rows if row is None or back.get(one.pk, 0) < row.number]
    if not rows:
        return 0
    to, decided = step.outcomes[0].branches[0].to, (row.facts.get("行", {}) if row else {})
    if to not in child.ends or step.paper or step.effect or step.outcomes[0].branches[0].start:
        return sum(onward(one, today=today) for one in rows)
    _bulk_end(case, rows, step, passed, decided, today=today)
    return len(rows)


def _bulk_end(
    case: Case, children: Sequence[Case], step: Step, passed: Mapping[str, str], decided: Mapping[str, Any], *, today: date
) -> None:
    """Children whose wait leads straight to an end: their acts, their standing and their to-dos at once, one entry in the log."""
    regulation = regulation_of(case.edition)
    above = Unit.objects.in_bulk({pk for one in children for pk in ancestor_ids(one.unit)})
    histories: dict[int, list[Act]] = {one.pk: [] for one in children}
    for act in Act.objects.filter(case__in=[one.pk for one in children]).order_by("case", "number"):
        histories[act.case_id].append(act)
    dockets: list[Docket] = []
    assert step.wait is not None  # the caller looked
    for one in children:
        one.parent = case
        procedure = regulation.procedures[one.procedure]
        facts = facts_of(one, procedure, [above[pk] for pk in reversed(ancestor_ids(one.unit))], passed)
        before_ = Docket(one, regulation, procedure, facts, tuple(histories[one.pk]))
        mine = decided.get(str(one.pk), {})
        kept = {"父件": {"步骤": step.wait.step, "结论": passed.get(step.wait.step, ""), **({"行": mine} if mine else {})}}
        said = "，".join(filter(None, [f"{step.wait.step}：{passed.get(step.wait.step, '')}", str(mine.get("值", ""))])) + "。"
        act = Act(
            case=one, number=before_.rows[-1].number + 1, step=step.name, outcome=step.outcomes[0].name,
            by_name=SYSTEM.name, day=today, opinion=said, facts=kept,
        )  # fmt: skip
        dockets.append(before_.then(act))
    Act.objects.bulk_create([docket.rows[-1] for docket in dockets])
    ends: dict[str, list[int]] = {}
    for docket in dockets:
        ends.setdefault(docket.standing.end or "", []).append(docket.case.pk)
    for end, pks in ends.items():
        Case.objects.filter(pk__in=pks).update(step="", end=end, since=today, round=0, due=None, falls_due=date.max, predicted=False)
    fields = {"步骤": step.name, "件数": len(dockets), "子件": [docket.case.pk for docket in dockets], "日期": today}
    entry = record("procedure.release_children", case, by=SYSTEM, fields={**fields, "摘要": digest(dict(decided))})
    Todo.objects.filter(case__in=[one.pk for one in children], done_at=None, kind__in=("do", "escalated")).update(done_at=entry.at)
    for docket in dockets:
        docket.case.step, docket.case.end, docket.case.since = "", docket.standing.end or "", today
    announce_all(dockets, today=today, now=entry.at)


# sending back, and deciding again for those sent back


def send_back(case: Case, children: Iterable[int], to: str, *, because: Act, why: str, today: date) -> list[Case]:
    """Send children of a case back to one of their steps, those that have ended as well, by an act of the system in their
    history that names who decided (``because``, an act of the case). Inside the caller's transaction; the caller has judged
    whether it may be."""
    from jizhi.procedure.actions import moves

    found = list(moves.WHOLE.select_for_update(of=("self",)).filter(parent=case, pk__in=list(children)).order_by("pk"))
    for child in found:
        said, kept = f"“{case.title}”{why}"[:500], {"父件": {"步骤": because.step, "办理": because.number}}
        moves.note(docket_of(child), SENT_BACK, to, opinion=said, facts=kept, today=today)
        onward(child, today=today)
    fields = {"退回到": to, "子件": [child.pk for child in found], "事由": why, "日期": today}
    record("procedure.send_children_back", case, by=SYSTEM, fields=fields)
    return found


def take_up_again(case: Case, *, today: date) -> bool:
    """A case that has ended goes back to where it computes and decides, for those rows alone that were examined again because
    an objection was upheld; what was decided for the others stays. Inside the caller's transaction."""
    from jizhi.procedure.actions import moves

    procedure = regulation_of(case.edition).procedures[case.procedure]
    fan_out = next((step for step in reversed(procedure.steps) if step.fan_out), None)
    if not case.end or fan_out is None:
        return False
    docket = docket_of(_locked(case.pk))
    rows = joining.come_again(docket.procedure, docket.regulation, docket.facts, docket.standing)
    if not rows:
        return False
    to = fan_out.outcomes[0].branches[0].to
    kept = {child.id: {"单位": child.name, "异议": numbers} for child, numbers in rows.items()}
    names = joining.listed(list(rows))
    said = f"{names}的异议成立，已经重新办过；只就{names}重新办理，其余单位的结果不变。"
    moves.note(docket, AGAIN, to, opinion=said, facts={REDONE: kept}, today=today)
    record("procedure.take_up_again", case, by=SYSTEM, fields={"到": to, "子件": kept, "日期": today})
    onward(docket.case, today=today)
    case.refresh_from_db(fields=STANDING)
    return True


__all__ = ["after", "before", "digest", "go_on", "onward", "open_children", "release", "send_back", "take_up_again"]
