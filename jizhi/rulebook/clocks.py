"""Where a case stands after its acts, its clocks and its step's limit, and what falls due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jizhi.kernel.workdays import Calendar
from jizhi.rulebook import publicity
from jizhi.rulebook.facts import AGAIN, LAUNCH, REDONE, SENT_BACK, SYSTEM, Act, Facts, Filed, Late, Notice, Running, Standing
from jizhi.rulebook.history import (
    APPROVE,
    ASK,
    branch_of,
    counted,
    outcome_named,
    pending,
    settled,
    side_act_named,
    silent_outcome,
    step_named,
)
from jizhi.rulebook.language import Clock, Duration, Escalation, Length, Procedure, Ref, Regulation, SideAct, Step
from jizhi.rulebook.parameters import Form, as_date, first, last_day_or_length

WORKDAYS = "个工作日"


def standing(procedure: Procedure, regulation: Regulation, facts: Facts, acts: Sequence[Act], calendar: Calendar) -> Standing:
    """Where the case stands after its acts (withdrawn acts do not count).

    With no act yet the case stands at its first step since it began. ValueError for a history this procedure cannot have.
    """
    replay = _Replay(procedure, regulation, facts, calendar)
    kept = counted(procedure, acts)
    for n, act in enumerate(kept):
        replay.take(act, kept[:n])
    return replay.standing(pending(procedure, kept))


def silence(
    procedure: Procedure,
    regulation: Regulation,
    facts: Facts,
    acts: Sequence[Act],
    *,
    today: date,
    calendar: Calendar,
    place: Standing | None = None,
) -> Act | None:
    """The act of the system that falls due (视为无意见, 期满), or None. ``place`` is where these acts leave the case, if known."""
    place = place or standing(procedure, regulation, facts, acts, calendar)
    step = step_named(procedure, place.step or "")
    if place.notice is not None and place.notice.over(today):
        return Act(max((act.number for act in acts), default=0) + 1, place.notice.step, publicity.OVER, SYSTEM.id, SYSTEM.name, today)
    if step is None or place.step_due is None or today <= place.step_due:
        return None
    outcome = silent_outcome(step)
    if outcome is None:
        return None
    number = max((act.number for act in acts), default=0) + 1
    return Act(number=number, step=step.name, outcome=outcome.name, by=SYSTEM.id, by_name=SYSTEM.name, day=today)


def overdue(procedure: Procedure, place: Standing, today: date) -> list[Late]:
    """What runs past its last day, each with whom to tell; a step whose silence moves it is not late but moves."""
    late: list[Late] = []
    for running in place.clocks:
        if running.stopped is None and running.late(today):
            rule = next(clock.late for clock in procedure.clocks if clock.name == running.name) or Escalation()
            late.append(Late("时钟", running.name, running.round, running.due, rule.tell, rule.state))
    step = step_named(procedure, place.step or "")
    if step is not None and place.step_due is not None and today > place.step_due and silent_outcome(step) is None:
        late.append(Late("步骤", step.name, place.round, place.step_due, step.silence.tell if step.silence else None))
    if place.end is None:
        waits = {publicity.UNSCREENED: "受理", publicity.UNANSWERED: "答复"}
        for one in place.objections:
            if one.open and one.due is not None and today > one.due:
                late.append(Late("异议", f"第 {one.number} 号异议的{waits[one.state]}", one.number, one.due, None))
    return late


def span(procedure: Procedure, clock: Clock) -> frozenset[str]:
    """The steps over which a clock runs: from where its start leads to its stops (included: a stop counts when it is done).

    A step from which the stops are reached only through the start again is before the span, not in it.
    """
    start = step_named(procedure, clock.start)
    first_steps = {procedure.steps[0].name} if clock.start == LAUNCH else _targets(procedure, start.name if start else "")
    after: set[str] = set()
    front = first_steps - {clock.start}
    while front:
        after |= front
        front = {to for name in front - set(clock.stops) for to in _targets(procedure, name)} - after - {clock.start}
    return frozenset(name for name in after if _reaches(procedure, name, clock))


def _targets(procedure: Procedure, name: str) -> set[str]:
    step = step_named(procedure, name)
    if step is None:
        return set()
    named = {branch.to for outcome in step.outcomes for branch in outcome.branches}
    return named | ({step.silence.to} if step.silence and step.silence.to else set())


def _reaches(procedure: Procedure, name: str, clock: Clock) -> bool:
    seen: set[str] = set()
    front = {name}
    while front:
        if front & set(clock.stops):
            return True
        seen |= front
        front = {to for step in front for to in _targets(procedure, step)} - seen - {clock.start}
    return False


@dataclass
class _Replay:
    """A case walked act by act."""

    procedure: Procedure
    regulation: Regulation
    facts: Facts
    calendar: Calendar

    def __post_init__(self) -> None:
        self.step: str | None = self.procedure.steps[0].name
        self.end: str | None = None
        self.since = self.facts.began
        self.visits: Counter[str] = Counter()
        self.running: dict[str, Running] = {}
        self.units: dict[str, str] = {}  # of the length each clock was measured by
        self.spans = {clock.name: span(self.procedure, clock) for clock in self.procedure.clocks}
        self.forms: list[Form] = []  # latest first
        self.visits[self.step] = 1
        self.posted = self.facts.began  # of the notice now up
        self.filed: tuple[Filed, ...] = ()
        self.prolonged: date | None = None  # 展期 of the step where the case stands

    def take(self, act: Act, before: Sequence[Act]) -> None:
        if act.step == publicity.OBJECTION and side_act_named(self.procedure, act.step):
            self._take_objection(act)
            return
        side = side_act_named(self.procedure, act.step)
        if side is not None:
            self._take_side(side, act, before)
            return
        self.forms.insert(0, act.form)
        if act.step == LAUNCH:
            target = self.procedure.steps[0].name
            self.visits.clear()
        else:
            outcome = settled(self.procedure, before, act)
            if outcome is None:
                return  # a member's word, or 记: the case stays
            target = self._target(act if outcome == act.outcome else replace(act, outcome=outcome), before)
        if act.step == AGAIN:
            again = {number for row in act.facts[REDONE].values() for number in row["异议"]}
            self.filed = tuple(replace(one, taken_up=one.taken_up or one.number in again) for one in self.filed)
        for clock in self.procedure.clocks:
            self._mark(clock, act, target)
        self._arrive(target, act.day)

    def _target(self, act: Act, before: Sequence[Act]) -> str:
        if act.step in (SENT_BACK, AGAIN):
            return act.outcome
        step = step_named(self.procedure, act.step)
        outcome = outcome_named(step, act.outcome, by=act.by) if step else None
        branch = None
        if step and outcome:
            facts = replace(self.facts, figures=act.facts)  # as they were read then
            branch = branch_of(self.procedure, facts, before, step, outcome, act.form)
        if branch is None:
            raise ValueError(f"act {act.number} ({act.step}, {act.outcome}) is not one of procedure {self.procedure.name}")
        return branch.to

    def _mark(self, clock: Clock, act: Act, target: str) -> None:
        """Start, stop or restart a clock because a main act was done."""
        running = self.running.get(clock.name)
        inside = target in self.spans[clock.name]
        if act.step == clock.start:
            if inside:
                self._start(clock, clock.length, act.day, act.form, round_=running.round + 1 if running else 1)
            return
        if running is None:
            return
        if running.stopped is None and (act.step in clock.stops or (target in clock.stops and target in self.procedure.ends)):
            running = self.running[clock.name] = replace(running, stopped=act.day)
        if running.stopped is not None and inside:
            if clock.again is not None:
                self._start(clock, clock.again, act.day, act.form, round_=running.round + 1)
            else:
                self.running[clock.name] = replace(running, due=self._days_left(running, act.day), stopped=None)

    def _start(self, clock: Clock, length: Length, day: date, form: Form, *, round_: int) -> None:
        due = self._due(length, day, form)
        cap = self._due(clock.cap, day, form) if clock.cap and length is clock.length else None  # 退回另计 says its own length
        last = min((d for d in (due, cap) if d is not None), default=None)
        if last is None:
            self.running.pop(clock.name, None)  # nothing in the form or the parameters says how long
            return
        found = self._length(length, day, form)
        self.units[clock.name] = found.unit if isinstance(found, Duration) else "日"
        self.running[clock.name] = Running(clock.name, last, day, None, round_, self.calendar.predicted(last))

    def _days_left(self, running: Running, day: date) -> date:
        """The due day after a pause: what was left when it stopped goes on. What was late stays late."""
        stopped = running.stopped or day
        if stopped > running.due or stopped == day:
            return running.due
        if self.units.get(running.name) == WORKDAYS:
            return self.calendar.after(day, self.calendar.workdays_between(stopped, running.due), WORKDAYS)
        return self.calendar.after(day, (running.due - stopped).days, "日")

    def _take_objection(self, act: Act) -> None:
        """Counted wherever the case stands; one that is upheld sends the case back from its notice."""
        number = publicity.number_of(act.form, self.filed, act.outcome)
        filed_at = next((one.step for one in self.filed if one.number == number), None)
        about = filed_at or publicity.heard_at(self.procedure, self.step)
        declared = publicity.objections_at(self.procedure, about)
        if declared is None:
            raise ValueError(f"act {act.number}: no objections are heard at {about}")
        state = publicity.state_after(act.outcome, declared)
        waiting = {publicity.UNSCREENED: declared.screening, publicity.UNANSWERED: declared.answering}.get(state)
        due = self._due(waiting.limit, act.day) if waiting and waiting.limit else None
        self.filed = publicity.changed(self.filed, act, about, declared, due)
        if act.outcome == publicity.UPHELD and declared.upheld is not None and self.step == about:
            moved = replace(act, step=about, outcome=publicity.OBJECTED)
            for clock in self.procedure.clocks:
                self._mark(clock, moved, declared.upheld)
            self._arrive(declared.upheld, act.day)

    def _notice(self) -> Notice | None:
        step = step_named(self.procedure, self.step or "")
        if step is None or step.publicity is None:
            return None
        length = self._length(step.publicity.least, self.posted)
        last = publicity.last_day(step.publicity, length, self.posted, self.calendar)
        stops = step.objections is not None and step.objections.stops == "停"
        return Notice(step.name, self.posted, last, tuple(one.number for one in self.filed if one.open) if stops else ())

    def _take_side(self, side: SideAct, act: Act, before: Sequence[Act]) -> None:
        """An approved extension sets its clock's last day to the day asked for (or the one the approver wrote); a corrected
        notice is put up anew."""
        if act.step == publicity.CORRECTION:
            self.posted = act.day
            self.forms.insert(0, act.form)
            return
        said = settled(self.procedure, before, act)
        if side.changes is None or said is None or (side.approve and said != APPROVE):
            return
        asked = next((a.form for a in reversed(before) if a.step == side.name and a.outcome == ASK), {})
        due = as_date(first((act.form, asked), "至"))
        if side.changes.root == "期限":
            self.prolonged = due if self.step == side.changes.path[0] else self.prolonged
            return
        running = self.running.get(side.changes.path[0])
        if due is not None and running is not None and running.stopped is None:
            self.running[running.name] = replace(running, due=due, predicted=self.calendar.predicted(due))

    def _arrive(self, target: str, day: date) -> None:
        self.since = self.posted = day
        self.prolonged = None
        if target not in self.procedure.ends:
            self.step, self.end = target, None  # a child that had ended may be sent back
            self.visits[target] += 1
            return
        self.step, self.end = None, self.procedure.ends[target]
        self.running = {name: running if running.stopped else replace(running, stopped=day) for name, running in self.running.items()}

    def _length(self, length: Length, day: date, *forms: Form) -> date | Duration | None:
        where: dict[str, Any] = {"regulation": self.regulation, "procedure": self.procedure, "facts": self.facts}
        return last_day_or_length(length, forms=(*forms, *self.forms), on=day, **where)

    def _due(self, length: Length, day: date, *forms: Form) -> date | None:
        return due_day(self._length(length, day, *forms), day, self.calendar)

    def _step_due(self, step: Step) -> date | None:
        """The earliest of 期限, 或至 and 截止; a 截止 that is past when the case is sent back sets nothing any more."""
        until = step.until if isinstance(step.until, date) else self._due(step.until, self.since) if step.until else None
        if until is not None and until < self.since and self.visits[step.name] > 1:
            until = None
        join = step.fan_out.until if step.fan_out else None
        joined = join if isinstance(join, date) else self._due(join, self.since) if join else None
        limit = self.prolonged or (self._due(step.limit, self.since) if step.limit else None)
        days = (limit, joined, until)
        return min((day for day in days if day is not None), default=None)

    def standing(self, asked: tuple[str, ...]) -> Standing:
        clocks = tuple(replace(running, predicted=self.calendar.predicted(running.due)) for running in self.running.values())
        step = step_named(self.procedure, self.step or "")
        step_due = self._step_due(step) if step else None
        notice = self._notice()
        waits = () if self.end else tuple(one.due for one in self.filed if one.open)
        over = notice.last if notice and not notice.blocking else None
        due = min([d for d in (step_due, over, *waits, *(c.due for c in clocks if c.stopped is None)) if d is not None], default=None)
        return Standing(
            step=self.step,
            end=self.end,
            since=self.since,
            round=self.visits[self.step] if self.step else 0,
            step_due=step_due,
            clocks=clocks,
            due=due,
            predicted=due is not None and self.calendar.predicted(due),
            pending=() if self.end else asked,
            notice=notice,
            objections=self.filed,
        )


def due_day(found: date | Duration | None, day: date, calendar: Calendar) -> date | None:
    """The last day of what begins after ``day``: a chosen date is kept as chosen, a length's rest day rolls forward."""
    if isinstance(found, Duration):
        return calendar.after(day, found.count, found.unit)
    return found


def clock_of(procedure: Procedure, ref: Ref | None) -> Clock | None:
    """The clock that 时钟.整改期 names."""
    if ref is None or ref.root != "时钟":
        return None
    return next((clock for clock in procedure.clocks if clock.name == ref.path[0]), None)
