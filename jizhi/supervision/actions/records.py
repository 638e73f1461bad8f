"""Writing a record: its draft, and handing it in with scores, findings and evidence in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import Forbidden, require
from jizhi.audit.actions import record as log
from jizhi.evidence.actions import add_evidence
from jizhi.messages.actions import send_to_all
from jizhi.org.models import Draft, Person, Unit
from jizhi.procedure import actions as procedure
from jizhi.procedure.models import Todo
from jizhi.regulation.models import Edition
from jizhi.sheets.actions import hand_in_sheet, save_sheet
from jizhi.sheets.models import Sheet
from jizhi.supervision import rules
from jizhi.supervision.models import Finding, Record, Task
from jizhi.supervision.queries import people, register
from jizhi.ui import drafts

FOLLOW_UP = "跟踪指导"


@dataclass(frozen=True)
class FoundProblem:
    """One problem; with ``wanted`` it becomes a finding and its case begins with ``form``."""

    text: str
    wanted: bool = False
    area: str = ""
    department: Unit | None = None
    person: Person | None = None
    form: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scores:
    """A filled-in standard, as ScoreForm read it."""

    edition: Edition
    standard: str
    entries: Mapping[str, str | None]
    bonuses: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    red_lines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """Everything an inspector wrote down."""

    kind: rules.RecordKind
    subject: Person | Unit
    day: date
    methods: Sequence[str]
    strengths: str
    problems: Sequence[FoundProblem]
    suggestions: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    scores: Scores | None = None
    task: Task | None = None
    follow_up_on: date | None = None
    follows: Record | None = None
    counts: bool = True
    evidence: str = ""
    upload: UploadedFile | None = None


class ProblemRefused(Exception):  # noqa: N818  an outcome, not a fault
    """A finding could not begin: which problem (counted from 0), beside which field ("" for the row) and why."""

    def __init__(self, row: int, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("；".join(text for _, text in problems))
        self.row, self.problems = row, tuple(problems)


@transaction.atomic
def keep_draft(form_key: str, data: Mapping[str, list[str]], *, by: Actor, today: date) -> Draft:
    """Keep what is typed so far without JavaScript; it is the writer's own and survives log-out."""
    require(by, "supervision.submit_record")
    assert by.person is not None
    draft = drafts.keep(by.person.user, form_key, dict(data))
    log("supervision.keep_draft", draft, by=by, label="检查记录草稿", fields={"日期": today})
    return draft


@transaction.atomic
def submit_record(unit: Unit, written: Written, *, by: Actor, today: date, now: datetime, key: str = "") -> Record:
    """The record with its sheet handed in, its findings begun as cases, its evidence kept and the inspected told: all or
    nothing. With a ``key`` seen before, the record it made is returned. Raises ProblemRefused or sheets' SheetRefused."""
    Unit.objects.select_for_update().get(pk=unit.pk)  # the same form, submitted twice at once
    if key and (made := Record.objects.filter(key=key).first()):
        return made
    require(by, "supervision.submit_record", unit)
    if by.person is None or by.person == written.subject:
        raise Forbidden("不能检查本人，请由其他成员登记这次检查")
    found = _create(unit, written, by.person, now=now, key=key)
    if written.scores:
        found.sheet = _handed_in(found, written.scores, by=by, today=today, now=now)
        found.save(update_fields=["sheet"])
    if written.evidence or written.upload:
        add_evidence(found, unit=unit, text=written.evidence, upload=written.upload, by=by, now=now)
    findings = _findings(found, written, by=by, today=today)
    _close_todos(found, now=now)
    _tell(found, today=today, now=now)
    log("supervision.submit_record", found, by=by, fields=_content(found, findings))
    return found


def _create(unit: Unit, written: Written, inspector: Person, *, now: datetime, key: str) -> Record:
    subject = written.subject
    person, department = (subject, None) if isinstance(subject, Person) else (None, subject)
    return Record.objects.create(
        unit=unit,
        task=written.task,
        kind=written.kind.code,
        person=person,
        department=department,
        title=rules.headline(written.kind, written.facts, subject.name)[:120],
        facts=dict(written.facts),
        day=written.day,
        period=people.period_of(unit, written.day),
        inspector=inspector,
        methods=[method for method in rules.METHODS if method in written.methods],
        strengths="\n".join(rules.lines(written.strengths)),
        problems="\n".join(problem.text for problem in written.problems),
        suggestions="\n".join(rules.lines(written.suggestions)),
        follow_up_on=written.follow_up_on,
        follows=written.follows,
        counts=written.counts,
        submitted_at=now,
        key=key,
    )


def _handed_in(found: Record, scores: Scores, *, by: Actor, today: date, now: datetime) -> Sheet:
    """The sheet of a lesson is about the lesson, the sheet of a department about the department in its term."""
    subject = found if found.person else found.subject
    sheet = save_sheet(
        unit=found.unit,
        edition=scores.edition,
        standard=scores.standard,
        subject=subject,
        subject_name=f"{found.subject.name} {found.title}" if found.person else found.subject.name,
        entries=scores.entries,
        by=by,
        today=today,
        period=found.period,
        red_lines=scores.red_lines,
        bonuses=scores.bonuses,
    )
    return hand_in_sheet(sheet.pk, by=by, now=now)


def _findings(found: Record, written: Written, *, by: Actor, today: date) -> list[Finding]:
    """A case for each problem that is wanted; numbered within the record."""
    rows = [(row, problem) for row, problem in enumerate(written.problems) if problem.wanted]
    return [_begin(found, row, number, problem, by=by, today=today) for number, (row, problem) in enumerate(rows, start=1)]


def _begin(found: Record, row: int, number: int, problem: FoundProblem, *, by: Actor, today: date) -> Finding:
    try:
        case = procedure.begin(
            register.LOOP,
            register.RECTIFY,
            unit=found.unit,
            title=problem.text[:120],
            parties={"被督导": problem.department, "整改人": problem.person, "发现人": by.person},
            form={**problem.form, "方法": list(found.methods)},
            by=by,
            today=today,
            key=f"record{found.pk}-{number}",
            subject=found,
        )
    except procedure.Refused as refused:
        raise ProblemRefused(row, [("", refused.refusal.text)])
    except procedure.FormProblems as wrong:
        raise ProblemRefused(row, [(one.field, one.text) for one in wrong.problems])
    return Finding.objects.create(record=found, case=case, number=number, text=problem.text, area=problem.area)


def _close_todos(found: Record, *, now: datetime) -> None:
    """What asked for this record is done; what it asks for in turn is put on the desk."""
    if found.task:
        Todo.objects.filter(case=None, link=found.task.form_link, person=found.inspector, done_at=None).update(done_at=now)
    if found.follows:
        Todo.objects.filter(case=None, link=_link(found.follows), verb=FOLLOW_UP, done_at=None).update(done_at=now)
    if found.follow_up_on:
        note = f"{found.day.month}月{found.day.day}日{found.record_kind.name}的建议"
        title = f"{found.subject.name} {found.title}"[:120]
        Todo.objects.create(
            unit=found.unit, person=found.inspector, verb=FOLLOW_UP, title=title, note=note, link=_link(found), due=found.follow_up_on
        )


def _tell(found: Record, *, today: date, now: datetime) -> None:
    """A message to the teacher, or to whoever heads the department."""
    told = [found.person] if found.person else list(people.heads_of(found.subject, on=today)) if isinstance(found.subject, Unit) else []
    title = f"{found.record_kind.name}反馈：{found.title}"
    text = f"{found.inspector.name} {found.day.month}月{found.day.day}日检查，可以查看并回应"
    send_to_all(told, title, text=text, link=_link(found), key=f"record{found.pk}", now=now)


def _content(found: Record, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "类型": found.record_kind.name,
        "对象": found.subject.name,
        "日期": found.day,
        "方法": found.methods,
        "事实": found.facts,
        "优点": found.strengths,
        "问题": found.problems,
        "建议": found.suggestions,
        "计入考核": found.counts,
        "跟踪日期": found.follow_up_on,
        "整改问题": [finding.case_id for finding in findings],
        "评分表": found.sheet_id,
    }


def _link(found: Record) -> str:
    return reverse("record", args=[found.pk])
