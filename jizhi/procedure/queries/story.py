"""The story of a case: its time line, its steps, its clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jizhi.evidence.models import Evidence
from jizhi.procedure import forms
from jizhi.procedure.docket import Docket
from jizhi.procedure.models import Act
from jizhi.procedure.rules import is_back
from jizhi.rulebook import judgement
from jizhi.rulebook.amounts import CITED
from jizhi.rulebook.judgement import LAUNCH
from jizhi.rulebook.language import FieldSpec, Step
from jizhi.rulebook.recusal import RECORDED_FOR
from jizhi.rulebook.tally import DUE, RECORDED, RULE
from jizhi.ui import due
from jizhi.ui.templatetags.jizhi import cn_date

MOST = 9  # steps of a stepper
NEAR = 1  # done steps before the current one that a phone shows


@dataclass(frozen=True)
class Line:
    """One line of the time line. ``state`` is back (sent back), struck (withdrawn) or empty."""

    when: str
    heading: str
    who: str
    text: str = ""
    details: tuple[tuple[str, str], ...] = ()
    files: tuple[Evidence, ...] = ()
    state: str = ""
    exchange: tuple[Line, ...] = ()  # 意见, 申辩, 答复 side by side


@dataclass(frozen=True)
class Stage:
    """One step of the stepper. ``state`` is done, current, skip or empty."""

    name: str
    state: str
    remark: str = ""
    back: str = ""
    far: bool = False


@dataclass(frozen=True)
class Timer:
    """One clock, or the current step's own limit."""

    name: str
    remark: str
    due: date
    state: str
    words: str


def timeline(docket: Docket, files: Mapping[int, Sequence[Evidence]]) -> list[Line]:
    """Newest first. An opinion, the party's reply and the answer stand side by side where they follow each other.
    ``files`` are the evidence of each act, by its id."""
    counted = {act.number for act in judgement.counted(docket.procedure, docket.acts)}
    totals = Counter(row.step for row in docket.rows)
    rounds: Counter[str] = Counter()
    pairs: list[tuple[Act, Line]] = []
    for row in docket.rows:
        rounds[row.step] += 1
        nth = rounds[row.step] if totals[row.step] > 1 and docket.step(row.step) and not {DUE, RECORDED} & set(row.facts) else 0
        pairs.append((row, _line(docket, row, nth, row.number in counted, files.get(row.pk, ()))))
    return list(reversed(_with_exchanges(docket, pairs)))


def stepper(docket: Docket) -> list[Stage]:
    """发起 and the steps in the order of the regulation, with who did each last and what sent the case back."""
    place = docket.standing
    acts = judgement.counted(docket.procedure, docket.acts)
    names = [step.name for step in docket.procedure.steps]
    current = names.index(place.step) if place.step in names else len(names)
    acts = judgement.moving(docket.procedure, acts)
    stages = [_stage(docket, LAUNCH, -1, current, acts), *(_stage(docket, name, n, current, acts) for n, name in enumerate(names))]
    stages = _shortened(stages, current + 1)
    shown = next((n for n, stage in enumerate(stages) if stage.state == "current"), len(stages))
    return [_far(stage, n < shown - NEAR) for n, stage in enumerate(stages)]


def timers(docket: Docket, today: date) -> list[Timer]:
    """The current step's limit, then the clocks, what runs first."""
    place = docket.standing
    step = docket.step(place.step or "")
    found = []
    if step is not None and place.step_due is not None:
        remark = f"{cn_date(place.since, 'year')}到本步骤，次日起算"
        found.append(Timer(f"{step.name}期", remark, place.step_due, due.state(place.step_due, today), due.words(place.step_due, today)))
    found += _of_publicity(place, today)
    for running in sorted(place.clocks, key=lambda clock: (clock.stopped is not None, clock.due)):
        name = running.name + (f"（第 {running.round} 次）" if running.round > 1 else "")
        remark = f"{cn_date(running.started, 'year')}起算" + ("，预计" if running.predicted else "")
        if running.stopped is None:
            state, words = due.state(running.due, today), due.words(running.due, today)
        else:
            late = running.stopped > running.due
            state, words = ("late", due.words(running.due, running.stopped) + "完成") if late else ("done", "按期")
        found.append(Timer(name, remark, running.due, state, words))
    return found


def _of_publicity(place: judgement.Standing, today: date) -> list[Timer]:
    """The wait, which is never late, and what is due of open objections."""
    found = []
    if place.notice is not None and place.notice.last is not None:
        over = today > place.notice.last
        remark = f"{cn_date(place.notice.posted, 'year')}张贴"
        words = "已满" if over else f"连今天还有 {(place.notice.last - today).days + 1} 天"
        found.append(Timer("公示期", remark, place.notice.last, "done" if over else "run", words))
    for one in place.objections:
        if one.open and one.due is not None and place.end is None:
            name = f"第 {one.number} 号异议{one.state.removeprefix('待')}"
            found.append(Timer(name, f"{cn_date(one.filed, 'year')}提出", one.due, due.state(one.due, today), due.words(one.due, today)))
    return found


def described(specs: Sequence[FieldSpec], kept: Mapping[str, Any], people: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a form holds, in the order of its fields: (程度, 一般)."""
    values = forms.loaded(specs, kept)
    kinds = {spec.name: spec.kind for spec in specs}
    named = [
        (name, people.get(str(value), "") if kinds.get(name) == "人" else forms.shown(value, kinds.get(name, "")))
        for name, value in values.items()
    ]
    return [(name, text) for name, text in named if text]


def leads_to(docket: Docket, row: Act) -> str:
    """The step or end that an act led to; empty for side acts."""
    step = docket.step(row.step)
    outcome = judgement.outcome_named(step, row.outcome, by="system" if row.by_id is None else "") if step else None
    if step is None or outcome is None:
        return ""
    before = tuple(act for act in docket.acts if act.number < row.number)
    done = next(act for act in docket.acts if act.number == row.number)
    said = judgement.settled(docket.procedure, judgement.counted(docket.procedure, before), done)
    settled = judgement.outcome_named(step, said, by=done.by) if said else None
    if settled is None:  # a member's word, or 记
        return ""
    facts = replace(docket.facts, figures=done.facts)
    try:
        return judgement.move(docket.procedure, docket.regulation, facts, before, step, settled, done.form).to
    except ValueError:  # a regulation whose branches do not cover this act
        return ""


def _line(docket: Docket, row: Act, nth: int, counts: bool, files: Sequence[Evidence]) -> Line:
    specs = judgement.fields_of(docket.procedure, row.step)
    ticked, attached = ({spec.name for spec in specs if spec.kind == kind} for kind in ("多选", "附件"))
    details = described(specs, row.form, {})
    side = docket.side_act(row.step) is not None
    back = counts and is_back(docket.procedure, row.step, leads_to(docket, row))
    return Line(
        when=cn_date(row.day, "year"),
        heading=_heading(docket, row, nth) + ("" if counts or side else "（已撤回）"),
        who=_who(row, [*_remarks(row), *(text for name, text in details if name in ticked)]),
        text=row.opinion,
        details=tuple((name, text) for name, text in details if name not in ticked | attached),
        files=tuple(files),
        state="back" if back else "" if counts or side else "struck",
    )


def _heading(docket: Docket, row: Act, nth: int) -> str:
    step = docket.step(row.step)
    heading = row.step
    if row.outcome != row.step and (step is None or len(step.outcomes) > 1):
        heading += f"：{row.outcome}"
    if is_back(docket.procedure, row.step, to := leads_to(docket, row)):
        heading += f"，退回{to}"
    return heading + (f"（第 {nth} 次）" if nth else "")


def _remarks(row: Act) -> list[str]:
    """How an act came about: recorded for somebody, one word of several, what it cites."""
    found = [f"为{row.facts[RECORDED_FOR]['名']}代录"] if RECORDED_FOR in row.facts else []
    found += [f"应到 {row.facts[DUE]} 人，{row.facts[RULE]}议定"] if DUE in row.facts else []
    if cited := row.facts.get(CITED):
        found.append(f"引用{cited['编号'] or cited['事项']}（{cited['终点']}）")
    return found


def _who(row: Act, ticked: Sequence[str]) -> str:
    return "，".join([f"{row.by_name}（{row.post}）" if row.post not in ("", row.by_name) else row.by_name, *ticked])


def _with_exchanges(docket: Docket, pairs: list[tuple[Act, Line]]) -> list[Line]:
    lines: list[Line] = []
    n = 0
    while n < len(pairs):
        if _is_exchange(docket, [row for row, _ in pairs[n : n + 3]], [line for _, line in pairs[n : n + 3]]):
            lines.append(_exchange(docket, pairs[n : n + 3]))
            n += 3
        else:
            lines.append(pairs[n][1])
            n += 1
    return lines


def _is_exchange(docket: Docket, rows: Sequence[Act], lines: Sequence[Line]) -> bool:
    """What was said, what the party replied, and an answer for which the regulation asks an opinion."""
    steps = [docket.step(row.step) for row in rows]
    if len(rows) < 3 or any(step is None for step in steps) or any(line.state for line in lines):
        return False
    asked, reply, answer = (step for step in steps if step is not None)
    return not _by_party(asked) and _by_party(reply) and not _by_party(answer) and answer.opinion == "必填" and rows[1].by_id is not None


def _by_party(step: Step) -> bool:
    return all(who.party for who in step.by)


def _exchange(docket: Docket, pairs: Sequence[tuple[Act, Line]]) -> Line:
    rows = [row for row, _ in pairs]
    first, last = rows[0].day, rows[-1].day
    same = first.month == last.month
    when = cn_date(first, "year") if first == last else f"{cn_date(first, 'year').removesuffix('日' if same else '')}—"
    when += "" if first == last else (f"{last.day}日" if same else cn_date(last))
    parts = []
    for row, line in pairs:
        step = docket.step(row.step)
        outcome = f" {row.outcome}" if step and len(step.outcomes) > 1 else ""
        parts.append(Line(line.when, row.step, f"{row.by_name} {cn_date(row.day)}{outcome}", line.text, line.details, line.files))
    return Line(when, f"{rows[0].step}、{rows[1].step}与{rows[2].step}", "", exchange=tuple(parts))


def _stage(docket: Docket, name: str, index: int, current: int, acts: Sequence[judgement.Act]) -> Stage:
    mine = [act for act in acts if act.step == name]
    last = mine[-1] if mine else None
    step = docket.step(name)
    if index == current:
        again = docket.standing.round
        return Stage(name, "current", f"第 {again} 次，在办" if again > 1 else "在办", _sent_back(docket, last))
    if index > current:
        return Stage(name, "", turn(docket, step) if step else "", _sent_back(docket, last))
    if last is None:
        return Stage(name, "skip", "未经此步" if index >= 0 else "")
    if len(mine) > 1:
        return Stage(name, "done", f"第 {len(mine)} 次 {cn_date(last.day)}")
    told = last.outcome if step and len(step.outcomes) > 1 else last.by_name
    return Stage(name, "done", f"{cn_date(last.day)} {told}")


def _sent_back(docket: Docket, last: judgement.Act | None) -> str:
    """3月20日不通过: what the step's last act was, where it sent the case back."""
    row = next((row for row in docket.rows if last and row.number == last.number), None)
    if last is None or row is None or not is_back(docket.procedure, last.step, leads_to(docket, row)):
        return ""
    return f"{cn_date(last.day)}{last.outcome}"


def turn(docket: Docket, step: Step) -> str:
    """Whose step it is, shortly: 校长, 督导组, 教务处."""
    who = step.by[0]
    party = docket.facts.parties.get(who.party) if who.party else None
    return party.name if party else who.post or who.body or ""


def _shortened(stages: list[Stage], current: int) -> list[Stage]:
    if len(stages) <= MOST:
        return stages
    start = max(0, min(current - MOST // 2, len(stages) - MOST))
    return stages[start : start + MOST]


def _far(stage: Stage, far: bool) -> Stage:
    return replace(stage, far=far and stage.state in ("done", "skip"))
