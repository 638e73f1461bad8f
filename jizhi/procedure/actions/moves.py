"""Beginning a case and taking a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import Http404

from jizhi.access.actor import SYSTEM, Actor
from jizhi.access.gate import visible
from jizhi.audit.actions import record
from jizhi.evidence.actions import add_evidence
from jizhi.evidence.rules import Unusable
from jizhi.kernel.workdays import china
from jizhi.org.models import Unit
from jizhi.org.queries import ancestor_ids
from jizhi.papers.actions import issue_paper
from jizhi.procedure import deciding, forms
from jizhi.procedure.actions import fanout
from jizhi.procedure.actions.noticing import renew_notice, settle_objection
from jizhi.procedure.actions.refusals import FormProblems, Refused
from jizhi.procedure.actions.todos import announce, renew
from jizhi.procedure.docket import Docket, acts_of, docket_of, facts_of, party_json
from jizhi.procedure.effects import effect_named
from jizhi.procedure.models import Act, Case, CaseParty
from jizhi.procedure.permissions import is_mine
from jizhi.procedure.queries.people import refusal_of
from jizhi.procedure.rules import paper_of
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import LAUNCH, Problem, Refusal
from jizhi.rulebook.language import FieldSpec, SideAct, Step
from jizhi.rulebook.recusal import RECORDED_FOR
from jizhi.rulebook.tally import RECORDED

# a case with what judging it reads; the text of an edition is parsed once per process
WHOLE = Case.objects.select_related("unit", "edition").defer("edition__text")


def begin(
    code: str,
    procedure: str,
    *,
    unit: Unit,
    title: str,
    parties: Mapping[str, object],
    form: Mapping[str, Any],
    by: Actor,
    today: date,
    key: str = "",
    about: Case | None = None,
    subject: Model | None = None,
    uploads: Mapping[str, UploadedFile] | None = None,
) -> Case:
    """Begin a case under the edition in force in ``unit``. Parties are a Person, a Unit or a rulebook Party by name; those that
    the launch form names (当事人: 表单.申请人) need not be given.

    Raises Refused (not adopted, not entitled) or FormProblems. With a ``key`` seen before, the case it made is returned.
    """
    try:
        with transaction.atomic():
            if key and (made := Case.objects.filter(key=key).first()):
                return made
            edition = edition_in_force(unit, code, on=today)
            if edition is None:
                raise Refused(Refusal("未采用", f"{unit.name}还没有采用规定“{procedure}”的制度，请先在“制度”页采用"))
            return open_case(
                edition,
                procedure,
                unit=unit,
                title=title,
                parties={name: party_json(party) for name, party in parties.items()},
                form=form,
                by=by,
                today=today,
                key=key,
                about=about,
                subject=(subject._meta.label, str(subject.pk)) if subject is not None else ("", ""),
                uploads=uploads,
            )
    except IntegrityError:
        if key and (made := Case.objects.filter(key=key).first()):  # the same form, submitted twice at once
            return made
        raise


def open_case(
    edition: Edition,
    name: str,
    *,
    unit: Unit,
    title: str,
    parties: Mapping[str, Any],
    form: Mapping[str, Any],
    by: Actor,
    today: date,
    key: str = "",
    about: Case | None = None,
    subject: tuple[str, str] = ("", ""),
    opinion: str = "",
    asked: bool = True,
    uploads: Mapping[str, UploadedFile] | None = None,
) -> Case:
    """Make the case and its first act inside the caller's transaction. ``asked`` False: the engine itself begins it
    (并, 抽取), nobody's right to is in question."""
    regulation = regulation_of(edition)
    procedure = regulation.procedures.get(name)
    if procedure is None:
        raise Refused(Refusal("没有这个程序", f"《{regulation.name}》没有“{name}”这个程序"))
    case = Case(
        unit=unit,
        edition=edition,
        procedure=name,
        title=title[:120],
        subject_type=subject[0],
        subject_id=subject[1],
        about=about,
        parties={**deciding.parties_of(procedure, form), **parties},
        began_on=today,
        began_by=by.person,
        since=today,
        key=key[:64],
        **{f"at_{depth}": pk for depth, pk in enumerate(ancestor_ids(unit)[: deciding.DEEPEST + 1])},
    )
    specs = judgement.fields_of(procedure, LAUNCH)
    values = forms.coerced(specs, {**form, **{field: file.name for field, file in (uploads or {}).items()}})
    case.form = forms.stored(values)
    docket = Docket(case, regulation, procedure, facts_of(case, procedure))
    if asked:
        _allow(docket, LAUNCH, None, {}, by=by, today=today)
        problems = [*_complete(docket, specs, values, today), *deciding.problems(docket, specs, values, by=by, today=today)]
        problems += judgement.recording_problems(procedure, docket.facts, by.rulebook(), values)
        if problems:
            raise FormProblems(problems)
    case.save(force_insert=True)
    _keep_parties(case)
    facts = judgement.recording_facts(procedure, docket.facts, by.rulebook()) if asked else {}
    row = _append(docket, LAUNCH, LAUNCH, {}, by=by, today=today, opinion=opinion, facts=facts)
    _keep_files(row, uploads or {}, by=by)
    record(
        "procedure.begin_case",
        case,
        by=by,
        fields={"程序": name, "事项": case.title, "日期": today, "当事人": case.parties, "表单": case.form, "制度": str(edition), **facts},
    )
    _settle(docket.then(row), row, by=by, today=today)
    fanout.after(case, row, today=today)
    return case


def _keep_parties(case: Case) -> None:
    CaseParty.objects.bulk_create(
        CaseParty(case=case, name=name, person_id=person, unit_id=party["unit"])
        for name, party in case.parties.items()
        for person in [party["person"], *party.get("others", ())]
    )


def act(
    case_id: int,
    step: str,
    outcome: str,
    form: Mapping[str, Any],
    *,
    by: Actor,
    today: date,
    opinion: str = "",
    key: str = "",
    uploads: Mapping[str, UploadedFile] | None = None,
) -> Act:
    """Take a step, or a side act of that name. The only way a case moves.

    Http404 when the case is not visible; Refused when the regulation forbids; FormProblems when the form is not right. With
    a ``key`` seen before on this case, the act it made is returned.
    """
    with transaction.atomic():
        case = WHOLE.select_for_update(of=("self",)).filter(pk=case_id).first()
        if case is None or not _sees(by, case):
            raise Http404("没有这件案件，或您无权查看")
        key = f"{case_id}:{key}"[:64] if key else ""
        if key and (made := case.acts.filter(key=key).first()):
            return made
        return take(docket_of(case), step, outcome, form, by=by, today=today, opinion=opinion, key=key, uploads=uploads)


def _sees(by: Actor, case: Case) -> bool:
    """Whether the case is visible. Most acts are by somebody who has it on the desk (my_cases): that is asked first, for the
    whole question costs more than the rest of the act's reading."""
    if by.person is not None and any(is_mine(todo, by) for todo in case.todos.filter(done_at=None)):
        return True
    return visible(by, Case.objects.filter(pk=case.pk)).exists()


def take(
    docket: Docket,
    name: str,
    outcome: str,
    form: Mapping[str, Any],
    *,
    by: Actor,
    today: date,
    opinion: str = "",
    key: str = "",
    uploads: Mapping[str, UploadedFile] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Act:
    """Judge, append, move. The caller holds the lock on the case row. ``facts`` are kept with the act (行, 应到)."""
    declared = docket.step(name) or docket.side_act(name)
    if declared is None:
        raise Refused(Refusal("没有这一步", f"“{docket.procedure.name}”没有“{name}”这一步"))
    if isinstance(declared, Step):  # may he at all, before he is told what to fill in
        _allow(docket, name, None, {}, by=by, today=today)
    opinion = opinion.replace("\x00", "").strip()
    specs = judgement.fields_of(docket.procedure, name, outcome)
    values = forms.coerced(specs, {**form, **{field: file.name for field, file in (uploads or {}).items()}})
    problems = [*_complete(docket, specs, values, today), *deciding.problems(docket, specs, values, by=by, today=today)]
    if isinstance(declared, SideAct):
        _allow(docket, name, outcome, values, by=by, today=today)
        if specs:  # not an approval
            problems += judgement.recording_problems(docket.procedure, docket.facts, by.rulebook(), values, name)
    else:
        problems += judgement.recording_problems(docket.procedure, docket.facts, by.rulebook(), values, name)
        if outcome not in judgement.outcomes_of(docket.procedure, name, docket.acts):
            problems.append(Problem("结论", "请选一个结论。"))
    if isinstance(declared, Step) and declared.opinion == "必填" and not opinion:
        problems.append(Problem("意见", "请写意见：看到了什么，为什么是这个结论。"))
    if problems:
        raise FormProblems(problems)
    _allow(docket, name, outcome, values, by=by, today=today)
    facts = {**(facts or {}), **deciding.facts_of_act(docket, name, outcome, specs, values, by=by, today=today)}
    if isinstance(declared, Step):
        facts = {**(facts or {}), **fanout.before(docket, declared, outcome, values, facts or {}, today=today)}
    row = _append(docket, name, outcome, values, by=by, today=today, opinion=opinion, key=key, facts=facts)
    _keep_files(row, uploads or {}, by=by)
    _follow(docket, declared, row, values, by=by, today=today)
    return row


def _keep_files(row: Act, uploads: Mapping[str, UploadedFile], *, by: Actor) -> None:
    problems: list[Problem] = []
    for field, file in uploads.items():
        try:
            add_evidence(row, unit=row.case.unit, upload=file, by=by, now=row.at)
        except Unusable as reason:
            problems.append(Problem(field, f"{reason}。"))
    if problems:  # the caller's transaction takes the act back
        raise FormProblems(problems)


def take_silence(docket: Docket, due: judgement.Act, *, today: date) -> Act:
    """The act of the system when a step's time has run out. The caller holds the lock on the case row."""
    step = docket.step(due.step)
    assert step is not None  # the rulebook names a step of this procedure
    said = "公示期满，没有未了的异议。" if step.publicity else "期满未办理，按规定由系统记录。"
    row = _append(docket, due.step, due.outcome, {}, by=SYSTEM, today=today, opinion=said)
    _follow(docket, step, row, {}, by=SYSTEM, today=today)
    return row


def take_by_system(docket: Docket, step: Step, *, facts: Mapping[str, Any], opinion: str, today: date) -> Act:
    """A step that the system takes at once (分办, 等待, 自动). The caller holds the lock on the case row. Raises Refused."""
    outcome = step.outcomes[0].name
    _allow(docket, step.name, outcome, {}, by=SYSTEM, today=today)
    row = _append(docket, step.name, outcome, {}, by=SYSTEM, today=today, opinion=opinion, facts=facts)
    _follow(docket, step, row, {}, by=SYSTEM, today=today)
    return row


def note(docket: Docket, step: str, outcome: str, *, opinion: str, facts: Mapping[str, Any], today: date) -> Act:
    """An act of the system that nobody takes: a child sent back by its parent, a parent that goes back for some rows. The
    caller logs it for all at once."""
    row = _append(docket, step, outcome, {}, by=SYSTEM, today=today, opinion=opinion, facts=facts)
    _settle(docket.then(row), row, by=SYSTEM, today=today)
    return row


def _follow(docket: Docket, declared: Step | SideAct, row: Act, values: Mapping[str, Any], *, by: Actor, today: date) -> None:
    """What an act leads to: the case moves, its effect runs, other procedures begin."""
    case = docket.case
    move = move_of(docket, declared, row, values) if isinstance(declared, Step) else None
    before = case.step
    after = docket.then(row)
    record(
        "procedure.act",
        case,
        by=by,
        fields={
            "步骤": row.step,
            "结论": row.outcome,
            "办理日": today,
            "表单": row.form,
            "意见": row.opinion,
            "从": before,
            "到": after.standing.step or after.standing.end or "",
            **({RECORDED_FOR: row.facts[RECORDED_FOR]} if RECORDED_FOR in row.facts else {}),
            **({"所据摘要": fanout.digest(row.facts)} if row.facts else {}),
        },
    )
    _settle(after, row, by=by, today=today)
    if move is None:
        if isinstance(declared, Step) and declared.record is not None and RECORDED in row.facts:
            _run(declared.record.effect, case, row, by=by, today=today)
            _end_by_figure(docket_of(case), declared, today=today)
        return
    if move.paper:
        _issue(after, row, move.paper, by=by, today=today)
    if move.effect:
        _run(move.effect, case, row, by=by, today=today)
    for procedure in move.start:
        start_because(case, procedure, row, by=by, today=today)
    fanout.after(case, row, today=today)


def _run(effect: str, case: Case, row: Act, *, by: Actor, today: date) -> None:
    run = effect_named(effect)
    if run is None:
        raise Refused(Refusal("没有这个效力", f"制度写的效力“{effect}”本系统没有，请制度管理员改正后再办"))
    run(case, row, by=by, today=today)


def _end_by_figure(docket: Docket, step: Step, *, today: date) -> None:
    """After 记: the outcome that only waited for a figure (余额 = 0) comes about by itself."""
    for outcome in step.outcomes:
        tests = [test for branch in outcome.branches if branch.when for test in branch.when.tests]
        if not tests or not all(test.figure for test in tests) or _does_not_hold(docket, step, outcome.name):
            continue
        said = "、".join(f"{name}为 {value}" for name, value in docket.facts.figures.items())
        facts = dict(docket.facts.figures)
        row = _append(docket, step.name, outcome.name, {}, by=SYSTEM, today=today, opinion=f"{said}，按规定由系统记录。", facts=facts)
        _follow(docket, step, row, {}, by=SYSTEM, today=today)
        return


def _does_not_hold(docket: Docket, step: Step, outcome: str) -> bool:
    """Whether no branch of the outcome holds as the figures now stand."""
    found = judgement.outcome_named(step, outcome)
    try:
        return found is None or not judgement.move(docket.procedure, docket.regulation, docket.facts, docket.acts, step, found, {})
    except ValueError:
        return True


def _issue(docket: Docket, row: Act, text: str, *, by: Actor, today: date) -> None:
    """Issue the step's paper; the first one numbers the case."""
    case, named = docket.case, paper_of(text)
    if named is None or by.person is None:
        return
    name, kind = named
    snapshot = {
        "事项": case.title,
        "当事人": {role: party["name"] for role, party in case.parties.items()},
        "登记": forms.stored(docket.form),
        "内容": row.form,
        "意见": row.opinion,
        "依据": f"{case.edition} {declared_clause(docket, row.step)}".strip(),
    }
    paper = issue_paper(kind, unit=case.unit, title=f"{name}：{case.title}"[:120], about=case, snapshot=snapshot, by=by, today=today)
    if not case.number:
        case.number = paper.label
        case.save(update_fields=["number"])


def declared_clause(docket: Docket, name: str) -> str:
    step = docket.step(name)
    return (step.clause if step else None) or ""


def move_of(docket: Docket, step: Step, row: Act, values: Mapping[str, Any]) -> judgement.Move | None:
    """Where the act leads. ``docket`` is as it was before the act."""
    (done,) = acts_of(docket.procedure, (row,))
    said = judgement.settled(docket.procedure, judgement.counted(docket.procedure, docket.acts), done)
    outcome = judgement.outcome_named(step, said, by="system" if row.by_id is None else "") if said else None
    if outcome is None:
        return None
    return judgement.move(docket.procedure, docket.regulation, docket.facts, docket.acts, step, outcome, values)


def start_because(case: Case, procedure: str, row: Act, *, by: Actor, today: date) -> Case:
    """A procedure that an outcome starts (并): same edition, about this case, with its parties and, where an earlier case
    of the chain ran the same procedure, that case's form."""
    origin: Case | None = case
    while origin is not None and origin.procedure != procedure:
        origin = origin.about
    return open_case(
        case.edition,
        procedure,
        unit=case.unit,
        title=origin.title if origin else f"{procedure}：{case.title}",
        parties=case.parties,
        form=origin.form if origin else {},
        by=by,
        today=today,
        about=case,
        subject=(case.subject_type, case.subject_id),
        opinion=f"因“{case.title}”{row.step}“{row.outcome}”而启动。",
        asked=False,
    )


def _allow(docket: Docket, name: str, outcome: str | None, values: Mapping[str, Any], *, by: Actor, today: date) -> None:
    refusal = refusal_of(docket, name, outcome, values, by=by.rulebook(), today=today)
    if refusal is not None:
        raise Refused(refusal)


def _complete(docket: Docket, specs: Sequence[FieldSpec], values: Mapping[str, Any], today: date) -> list[Problem]:
    """Everything wrong with a form."""
    return judgement.form_problems(
        specs, values, procedure=docket.procedure, regulation=docket.regulation, facts=docket.facts, today=today, calendar=china()
    )


def _append(
    docket: Docket,
    step: str,
    outcome: str,
    values: Mapping[str, Any],
    *,
    by: Actor,
    today: date,
    opinion: str = "",
    key: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Act:
    return Act.objects.create(
        case=docket.case,
        number=docket.rows[-1].number + 1 if docket.rows else 1,
        step=step,
        outcome=outcome,
        by=by.person,
        by_name=by.name,
        post=by.post,
        day=today,
        form=forms.stored(values),
        opinion=opinion,
        facts=dict(facts or {}),
        key=key,
    )


def _settle(docket: Docket, row: Act, *, by: Actor, today: date) -> None:
    """Bring the case row and the to-do rows to where the history stands."""
    case = docket.case
    write_standing(case, docket.standing)
    renew(docket, today=today, now=row.at)
    announce(docket, by=by, now=row.at, key=f"case{case.pk}-{row.number}")
    settle_objection(docket, row, today=today)
    renew_notice(docket, row, by=by, today=today)


def write_standing(case: Case, place: judgement.Standing) -> None:
    columns = ("step", "end", "since", "round", "due", "falls_due", "predicted")
    before = [getattr(case, column) for column in columns]
    case.step, case.end = place.step or "", place.end or ""
    case.since, case.round = place.since, place.round
    case.due = None if place.end else place.due
    case.falls_due = case.due or date.max
    case.predicted = place.predicted and not place.end
    if before != [getattr(case, column) for column in columns]:  # a member's word changes nothing
        case.save(update_fields=columns)
