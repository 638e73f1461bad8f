"""Dry run: a regulation judged on imagined people, acts and days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from jizhi.kernel.workdays import Calendar, china
from jizhi.rulebook.cases import UNIT, CaseFileError, Expected, Line, TryCase, read_cases, region_of, upward_of
from jizhi.rulebook.clocks import overdue, silence, standing
from jizhi.rulebook.facts import LAUNCH, SYSTEM, Act, Actor, Facts, Party, Refusal
from jizhi.rulebook.fields import fields_of, form_problems
from jizhi.rulebook.history import APPROVE, DECLINE, counted, step_named
from jizhi.rulebook.language import Regulation
from jizhi.rulebook.legality import EXPIRY, refusal
from jizhi.rulebook.parties import decision, whose_turn
from jizhi.rulebook.recusal import recording_facts, recording_problems
from jizhi.rulebook.tally import RECORDED

__all__ = ["CaseFileError", "CaseResult", "region_of", "try_cases"]


@dataclass(frozen=True)
class CaseResult:
    """How one case came out; ``reason`` says what was otherwise than it should have been."""

    name: str
    passed: bool
    reason: str
    line: int


def try_cases(regulation: Regulation, cases_text: str, file: str) -> list[CaseResult]:
    """Run every case of a file. CaseFileError when the file itself is wrong: all its problems at once, nothing run."""
    calendar = china()
    results = []
    for case in read_cases(regulation, cases_text, file):
        reason = _Trial(regulation, case, calendar).failing()
        results.append(CaseResult(case.name, reason is None, reason or "", case.line))
    return results


class _Trial:
    """One case being walked. People who are not described are imagined: they hold whatever a step asks; a party whom the
    case does not name is whoever first acts as that party."""

    def __init__(self, regulation: Regulation, case: TryCase, calendar: Calendar) -> None:
        begin = case.acts[0] if case.acts else case.once_more
        assert begin is not None  # the file says how it begins
        self.regulation, self.case, self.calendar = regulation, case, calendar
        self.procedure = case.procedure
        self.acts: list[Act] = []
        self.facts = Facts(
            unit=UNIT,
            upward=upward_of(regulation),
            region=case.region,
            began=begin.day,
            by=self._actor(begin.who).id,
            parties={**_named(case, begin), **case.parties},
            form=begin.form,
            subject_acts=case.subject_acts,
            kin=case.kin,
            **case.many,
        )

    def failing(self) -> str | None:
        """What is otherwise than it should be; None when the case holds."""
        for line in self.case.acts:
            if (no := self._refusal(line)) is not None:
                return f"{line}被拒绝：{no.reason}，{no.text}"
            self._do(line)
        expected, more = self.case.expected, self.case.once_more
        if more is not None:
            no = self._refusal(more)
            if expected.refused is not None:
                return _refused_otherwise(expected, no)
            if no is not None:
                return f"{more}被拒绝：{no.reason}，{no.text}"
            if expected.form:
                return self._form_otherwise(expected, more)
            if more.outcome is None:
                return f"{more}没有写结论，无法知道办后的结果，请写明结论。"
            self._do(more)
        return self._standing_otherwise(expected, (more or self.case.acts[-1]).day)

    def _actor(self, name: str) -> Actor:
        if name == SYSTEM.name:
            return SYSTEM
        return self.case.people.get(name) or Actor(id=name, name=name, imagined=True)

    def _refusal(self, line: Line) -> Refusal | None:
        self.facts = replace(self.facts, figures={**self.facts.figures, **line.figures})
        return refusal(
            self.procedure,
            self.regulation,
            self.facts,
            self.acts,
            line.what,
            line.outcome,
            line.form,
            by=self._actor(line.who),
            today=line.day,
            calendar=self.calendar,
            roster=tuple(self.case.people.values()) or None,
        )

    def _do(self, line: Line) -> None:
        actor = self._actor(line.who)
        if line.what == EXPIRY:
            silent = silence(self.procedure, self.regulation, self.facts, self.acts, today=line.day, calendar=self.calendar)
            self.acts += [silent] if silent else []
            return
        whos = whose_turn(self.procedure, line.what, self.acts, line.outcome)
        if len(whos) == 1 and (name := whos[0].party) and name not in self.facts.parties:
            self.facts = replace(self.facts, parties={**self.facts.parties, name: Party(name=actor.name, person=actor.id)})
        outcome = line.outcome or LAUNCH
        kept = self._kept(line, actor, outcome)
        self.acts.append(Act(len(self.acts) + 1, line.what, outcome, actor.id, actor.name, line.day, line.form, kept))

    def _kept(self, line: Line, actor: Actor, outcome: str) -> dict[str, object]:
        """What the act reads and keeps, as the engine does it. Members count only where 人物 says who they are."""
        step = step_named(self.procedure, line.what)
        asks = step is not None or outcome not in (APPROVE, DECLINE)
        recorded = recording_facts(self.procedure, self.facts, actor, line.what) if asks else {}
        if line.what == LAUNCH:
            return recorded
        if step is not None and step.record is not None and outcome == step.record.name:
            return {**recorded, RECORDED: step.record.effect}
        everyone = tuple(self.case.people.values())
        tally = decision(self.procedure, line.what, outcome, actor, self.facts, counted(self.procedure, self.acts), everyone)
        return {**self.facts.figures, **recorded, **tally}

    def _form_otherwise(self, expected: Expected, line: Line) -> str | None:
        problems = form_problems(
            fields_of(self.procedure, line.what, line.outcome),
            line.form,
            procedure=self.procedure,
            regulation=self.regulation,
            facts=self.facts,
            today=line.day,
            calendar=self.calendar,
        )
        if line.outcome not in (APPROVE, DECLINE):
            problems += recording_problems(self.procedure, self.facts, self._actor(line.who), line.form, line.what)
        missing = [word for word in expected.form if not any(word == one.field or word in one.text for one in problems)]
        if not missing:
            return None
        found = "".join(one.text for one in problems) or "没有问题"
        return f"表单应当指出“{missing[0]}”，实际：{found}"

    def _standing_otherwise(self, expected: Expected, last_day: date) -> str | None:
        place = standing(self.procedure, self.regulation, self.facts, self.acts, self.calendar)
        today = expected.as_of or last_day
        stands = place.end or place.step
        if expected.at is not None and stands != expected.at:
            return f"应当在“{expected.at}”，实际在“{stands}”。"
        late = overdue(self.procedure, place, today)
        if expected.late is not None and bool(late) != expected.late:
            what = f"“{late[0].name}”已于 {late[0].due} 到期" if late else "没有超期的期限"
            return f"到 {today} 应当{'超期' if expected.late else '不超期'}，实际{what}。"
        if expected.due is not None and place.due != expected.due:
            return f"应当 {expected.due} 到期，实际{f' {place.due} 到期' if place.due else '没有期限'}。"
        return None


def _named(case: TryCase, begin: Line) -> dict[str, Party]:
    """The parties that the launch form names: 申请人: 表单.申请人."""
    launch = case.procedure.launch
    people = {field.name for field in launch.form if field.kind == "人"} if launch else set()
    found = {
        name: begin.form.get(ref.path[0]) for name, ref in case.procedure.parties.items() if ref.root == "表单" and ref.path[0] in people
    }
    return {name: Party(name=str(who), person=str(who)) for name, who in found.items() if who}


def _refused_otherwise(expected: Expected, no: Refusal | None) -> str | None:
    wanted = expected.refused or ""
    if no is None:
        return f"应当以“{wanted}”拒绝，实际准予办理。"
    if wanted != no.reason and wanted not in no.text:
        return f"应当以“{wanted}”拒绝，实际以“{no.reason}”拒绝：{no.text}"
    if expected.until is not None and no.until != expected.until:
        return f"应当拒绝至 {expected.until}，实际{f'至 {no.until}' if no.until else '没有写明至哪一天'}：{no.text}"
    return None
