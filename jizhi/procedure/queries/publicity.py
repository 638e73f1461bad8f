"""The publicity of a case as its page shows it: the wait, where the notice is, and each objection with what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.http import QueryDict

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.org.models import Person
from jizhi.papers.models import Publication
from jizhi.procedure import notices
from jizhi.procedure.docket import Docket
from jizhi.procedure.models import Objection
from jizhi.procedure.queries.people import refusal_of
from jizhi.rulebook import judgement
from jizhi.rulebook.facts import Filed
from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.publicity import (
    ADMITTED,
    ANSWER,
    CHANGES,
    DECLINED,
    NUMBER,
    OBJECTION,
    REASON,
    UNANSWERED,
    UNFOUNDED,
    UNSCREENED,
    UPHELD,
    turn,
)
from jizhi.rulebook.source import said
from jizhi.ui import due

MOST = 300  # people of a register offered one by one
MARKS = {UNSCREENED: "soon", UNANSWERED: "soon", "不受理": "off", "不成立": "done", "成立": "late"}


@dataclass(frozen=True)
class Wait:
    """The notice now up: until when, in words, and where the public sees it."""

    step: str
    posted: date
    last: date | None
    words: str
    state: str
    blocking: str
    shown: Publication | None
    registered: bool  # whether the reader may open the publication's own page


@dataclass(frozen=True)
class Handling:
    """The form by which the reader screens or answers one objection."""

    title: str
    outcomes: tuple[tuple[str, str], ...]  # the outcome and what comes of it
    texts: tuple[str, ...]  # the names of the text fields
    people: tuple[tuple[str, str], ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()

    @property
    def wrong(self) -> dict[str, str]:
        """The name of a field → what is wrong with it."""
        return {problem.field: problem.text for problem in self.problems}


@dataclass(frozen=True)
class Heard:
    """One objection; who made it and what it says only for those who handle it."""

    number: int
    state: str
    mark: str
    filed: date
    channel: str
    row: str
    due: date | None
    due_words: str
    answer: str
    about: Objection | None
    handling: Handling | None


def wait_of(docket: Docket, actor: Actor, *, today: date) -> Wait | None:
    """The publicity that the case stands in."""
    notice = docket.standing.notice
    step = docket.step(notice.step) if notice else None
    if notice is None or step is None:
        return None
    shown = notices.current(docket, step)
    if notice.last is None:
        words, state = "制度没有写明公示天数", "late"
    elif today > notice.last:
        words, state = ("公示期已满，等异议处理完", "late") if notice.blocking else ("公示期已满，由系统转入下一步", "done")
    else:
        days = (notice.last - today).days + 1
        words, state = f"连今天还有 {days} 天", "run"
    return Wait(
        step=notice.step,
        posted=notice.posted,
        last=notice.last,
        words=words,
        state=state,
        blocking=said(f"第 {number} 号" for number in notice.blocking),
        shown=shown,
        registered=shown is not None and visible(actor, Publication.objects.filter(pk=shown.pk)).exists(),
    )


def heard(docket: Docket, actor: Actor, typed: QueryDict | None, problems: Sequence[Problem], *, today: date) -> list[Heard]:
    """Every objection, the newest first. ``typed`` is what came back with problems."""
    filed = docket.standing.objections
    if not filed:
        return []
    kept = {one.number: one for one in docket.case.objections.select_related("person")}
    closing = (DECLINED, UNFOUNDED, UPHELD)
    answers = {str(row.form.get(NUMBER)): row for row in docket.rows if row.step == OBJECTION and row.outcome in closing}
    found = []
    for one in reversed(filed):
        about, answered = kept.get(one.number), answers.get(str(one.number))
        handling = _handling(docket, one, about, actor, today=today) if one.open else None
        hearing = handling is not None or _hears(docket, one, actor)
        mine = typed is not None and str(typed.get(NUMBER)) == str(one.number)
        if handling is not None and mine and typed is not None:
            values = {key: typed.get(key, "") for key in typed}
            handling = replace(handling, typed=values, problems=problems)
        found.append(
            Heard(
                number=one.number,
                state=one.state,
                mark=due.state(one.due, today) if one.open and one.due else MARKS[one.state],
                filed=one.filed,
                channel=about.channel if about else "",
                row=one.row,
                due=one.due if one.open else None,
                due_words=due.words(one.due, today) if one.open and one.due else "",
                answer=(answered.form.get(REASON) or answered.form.get(ANSWER) or "") if answered else "",
                about=about if hearing else None,
                handling=handling,
            )
        )
    return found


def next_day(docket: Docket) -> date | None:
    """The first day on which the next step can be taken."""
    notice = docket.standing.notice
    return notice.last + timedelta(days=1) if notice and notice.last else None


def _hears(docket: Docket, one: Filed, actor: Actor) -> bool:
    """Whether the reader is one of those who screen or answer, exclusions aside."""
    whos = (*turn(docket.procedure, one.step, ADMITTED), *turn(docket.procedure, one.step, UPHELD))
    reader = actor.rulebook()
    return any(judgement.entitles(who, reader, docket.procedure, docket.facts, docket.acts) for who in whos)


def _handling(docket: Docket, one: Filed, about: Objection | None, actor: Actor, *, today: date) -> Handling | None:
    outcomes = CHANGES[one.state]
    if refusal_of(docket, OBJECTION, outcomes[0], {NUMBER: str(one.number)}, by=actor.rulebook(), today=today) is not None:
        return None
    if one.state == UNSCREENED:
        leads = ((ADMITTED, "查清以后答复"), (DECLINED, "写明理由"))
        return Handling("是否受理", leads, (REASON,), _candidates(docket, about))
    step = docket.step(one.step)
    declared = step.objections if step else None
    back = (declared.upheld or f"{declared.upheld_child}（只退回该行）") if declared else ""
    return Handling("答复", ((UNFOUNDED, "继续公示，不加天数"), (UPHELD, f"停止公示，退回{back}")), (ANSWER,), ())


def _candidates(docket: Docket, about: Objection | None) -> tuple[tuple[str, str], ...]:
    """On the register of the unit: those of the objector's name first, else everyone."""
    people = Person.objects.filter(household__unit=docket.case.unit).select_related("household").order_by("name", "pk")
    if about is None:
        return ()
    if about.person is not None:
        return ((str(about.person.pk), _called(about.person)),)
    name = about.name.split("（")[0].strip()
    same = list(people.filter(name=name)[:MOST]) or list(people[:MOST])
    return tuple((str(person.pk), _called(person)) for person in same)


def _called(person: Person) -> str:
    group = person.household.group if person.household else ""
    return f"{person.name}（{group}）" if group else person.name
