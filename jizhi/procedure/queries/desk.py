"""The case page: where the case is, who holds it, what comes next, and what the reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.apps import apps
from django.http import QueryDict
from django.urls import reverse

from jizhi.access.actor import Actor, Holding
from jizhi.access.gate import visible
from jizhi.evidence.models import Evidence
from jizhi.kernel.workdays import china
from jizhi.org.models import Person
from jizhi.org.queries import people_in
from jizhi.papers.models import Paper
from jizhi.papers.queries import papers_about
from jizhi.procedure.beside import Shown, shown_beside
from jizhi.procedure.deciding import choices
from jizhi.procedure.docket import Docket
from jizhi.procedure.forms import DeclaredForm, Error, stored
from jizhi.procedure.models import Act, Case, Todo
from jizhi.procedure.queries.children import Share, progress
from jizhi.procedure.queries.lists import called, status_of
from jizhi.procedure.queries.marking import Marking, marking_of
from jizhi.procedure.queries.people import people_at, refusal_of, without
from jizhi.procedure.queries.publicity import Heard, Wait, heard, next_day, wait_of
from jizhi.procedure.queries.story import Line, Stage, Timer, described, stepper, timeline, timers, turn
from jizhi.procedure.queries.tally import Tally, tally_of
from jizhi.procedure.rules import Address, is_back, onward
from jizhi.rulebook import judgement
from jizhi.rulebook.articles import anchor, own_articles
from jizhi.rulebook.judgement import LAUNCH, Problem, Refusal
from jizhi.rulebook.language import Step
from jizhi.rulebook.publicity import CORRECTION, OBJECTION
from jizhi.ui.templatetags.jizhi import WEEKDAYS, cn_date

HEARING = ("受理异议", "答复异议")
LOW = 6  # people of a body named one by one; more are counted
LONG = 18  # characters that fit half a row of the facts


@dataclass(frozen=True)
class Cell:
    """One cell of the where strip."""

    label: str
    value: str
    remark: str = ""
    state: str = ""  # of a status mark instead of the remark


@dataclass(frozen=True)
class Choice:
    """One outcome of a step, and where it leads."""

    name: str
    leads: str
    chosen: bool
    id: str


@dataclass(frozen=True)
class Typed:
    """What came back with problems: the step or side act it was for, what was typed, what is wrong."""

    step: str
    data: QueryDict
    problems: Sequence[Problem] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Panel:
    """A form that the reader may fill in now: the current step's, or a side act's."""

    name: str
    form: DeclaredForm
    choices: tuple[Choice, ...]
    opinion: str  # "" none asked, 选填, 必填
    typed_opinion: str
    problems: tuple[Problem, ...]
    draft: str  # key of the autosaved draft
    note: str = ""  # what a side act does
    said: str = ""  # the reader's word, where several decide together

    @property
    def outcome_errors(self) -> list[str]:
        return [problem.text for problem in self.problems if problem.field == "结论"]

    @property
    def opinion_errors(self) -> list[str]:
        return [problem.text for problem in self.problems if problem.field == "意见"]

    @property
    def errors(self) -> list[Error]:
        """The summary above the form: fields in their order, then 结论 and 意见."""
        own = [Error("outcome-1", "结论", text) for text in self.outcome_errors]
        return [*self.form.errors, *own, *(Error("opinion", "意见", text) for text in self.opinion_errors)]


def prefix_of(docket: Docket, name: str) -> str:
    """What the names of a side act's fields begin with: they share the page with those of the step."""
    sides = [side.name for side in docket.procedure.side_acts]
    return f"s{sides.index(name) + 1}-" if name in sides else "c-" if name == CORRECTION else ""


def draft_key(docket: Docket, name: str) -> str:
    """The autosaved draft of this form as the case stands now; the next round begins an empty one."""
    return f"/cases/{docket.case.pk}/{prefix_of(docket, name)}{len(docket.rows)}"


@dataclass(frozen=True)
class Desk:
    """Everything that the page of one case shows to one reader."""

    docket: Docket
    actor: Actor
    today: date
    typed: Typed | None = None

    @property
    def case(self) -> Case:
        return self.docket.case

    @cached_property
    def step(self) -> Step | None:
        return self.docket.step(self.docket.standing.step or "")

    @cached_property
    def refusal(self) -> Refusal | None:
        """Why the reader may not take the current step."""
        return refusal_of(self.docket, self.step.name, None, {}, by=self.actor.rulebook(), today=self.today) if self.step else None

    @cached_property
    def panel(self) -> Panel | None:
        """The current step's form; None for who may not take it and for ended cases."""
        if self.step is None or self.refusal is not None:
            return None
        return self._panel(self.step.name, self.step.opinion)

    @cached_property
    def tallies(self) -> list[tuple[str, Tally]]:
        """What waits for several people to agree: the step, and side acts asked for."""
        names = [self.step.name] if self.step else []
        found = [(name, tally_of(self.docket, name, today=self.today)) for name in (*names, *self.docket.standing.pending)]
        return [(name, one) for name, one in found if one is not None]

    @cached_property
    def sides(self) -> list[Panel]:
        """The side acts that the reader may take now."""
        if self.step is None:
            return []
        names = [side.name for side in self.docket.procedure.side_acts]
        names += [CORRECTION] if self.docket.standing.notice else []
        return [self._panel(name, "") for name in names if self._may(name)]

    @cached_property
    def wait(self) -> Wait | None:
        """The notice that the case stands in."""
        return wait_of(self.docket, self.actor, today=self.today)

    @cached_property
    def objections(self) -> list[Heard]:
        """Every objection that was made."""
        typed = self.typed if self.typed and self.typed.step == OBJECTION else None
        return heard(self.docket, self.actor, typed.data if typed else None, typed.problems if typed else (), today=self.today)

    @cached_property
    def status(self) -> tuple[str, str]:
        return status_of(self.case, self.today)

    @cached_property
    def where(self) -> list[Cell]:
        place, since = self.docket.standing, self.case.since
        days = china().workdays_between(since, self.today)
        if place.end:
            first = self.case.began_on
            return [
                Cell("现在", place.end, "已办结", "done"),
                Cell("在谁手里", "—", "不再有人要办"),
                Cell("何时办结", cn_date(since, "year"), f"{cn_date(first, 'year')}发起"),
                Cell("用时", f"{(since - first).days} 天", f"共办理 {len(self.docket.rows)} 次"),
            ]
        name = place.step + (f"（第 {place.round} 次）" if place.round > 1 else "") if place.step else ""
        state, _ = self.status
        mark = {"late": "逾期", "soon": "三日内到期"}.get(state, "在期")
        holder, remark = self.holder
        return [
            Cell("现在", name, mark, state),
            Cell("在谁手里", holder, remark),
            Cell("从何时起", cn_date(since, "year"), "今天" if since == self.today else f"已 {days} 个工作日"),
            Cell("下一步", self._next_words(), self._deadline()),
        ]

    @cached_property
    def holder(self) -> tuple[str, str]:
        """In whose hands, and a remark: (督导组, 5 人中任一人，含您)."""
        verbs = [self.case.step, *(HEARING if self.docket.standing.notice else ())]
        rows = list(self.case.todos.filter(kind="do", done_at=None, verb__in=verbs).select_related("unit", "person"))
        if not rows:
            return ("公示中", "没有未了的异议") if self.docket.standing.notice else ("—", "")
        people = [person for row in rows for person in self._people(row)]
        called = "、".join(dict.fromkeys(self._called(row) for row in rows))
        return called, self._who_of(list(dict.fromkeys(people)), named=all(row.person_id for row in rows))

    @cached_property
    def steps(self) -> list[Stage]:
        return stepper(self.docket)

    @property
    def far(self) -> int:
        return sum(stage.far for stage in self.steps)

    @cached_property
    def lines(self) -> list[Line]:
        return timeline(self.docket, self._files())

    @cached_property
    def timers(self) -> list[Timer]:
        return timers(self.docket, self.today)

    @cached_property
    def facts(self) -> list[tuple[str, str, bool]]:
        """What the case is about: parties, then the launch form, each with whether it needs a whole row."""
        launch = self.docket.procedure.launch
        parties = [(name, party.name) for name, party in self.docket.facts.parties.items()]
        found = [*parties, *described(launch.form if launch else (), stored(self.docket.form), dict(self.people))]
        return [(name, text, len(text) > LONG) for name, text in dict.fromkeys(found)]

    @property
    def launched(self) -> str:
        """3月2日由督学甲发起."""
        first = self.docket.rows[0]
        return f"{cn_date(first.day, 'year')}由{first.by_name}{LAUNCH}"

    @cached_property
    def people(self) -> list[tuple[str, str]]:
        """Choices of fields of the kind 人: the unit's people."""
        return [(str(person.pk), person.name) for person in people_in(self.case.unit).filter(left_on=None)[:500]]

    @cached_property
    def subject(self) -> tuple[str, str] | None:
        """What the case was begun from, with its page, where its room gives it one and the reader may see it."""
        if not self.case.subject_type:
            return None
        model = apps.get_model(self.case.subject_type)
        found = visible(self.actor, model._default_manager.filter(pk=self.case.subject_id)).first()
        link = getattr(found, "get_absolute_url", None)
        return (str(found), link()) if found is not None and link else None

    @cached_property
    def evidence(self) -> list[Evidence]:
        """Files and texts about the subject and the case."""
        about = [(self.case._meta.label, str(self.case.pk)), (self.case.subject_type, self.case.subject_id)]
        return [row for kind, pk in about if kind for row in Evidence.objects.filter(about_type=kind, about_id=pk)]

    @cached_property
    def papers(self) -> list[Paper]:
        return list(papers_about(self.case))

    @cached_property
    def related(self) -> list[Case]:
        """The case this one is about, and those that came of it."""
        found = visible(self.actor, Case.objects.filter(about=self.case)).order_by("pk")
        about = visible(self.actor, Case.objects.filter(followers=self.case))
        above = self.case.parent_id
        parent = visible(self.actor, Case.objects.filter(pk=above)) if above else ()
        return [*parent, *about, *found]

    @cached_property
    def shares(self) -> list[Share]:
        """How far the children have come."""
        return progress(self.case, self.actor)

    @cached_property
    def beside(self) -> list[Shown]:
        """What domain rooms add to the page."""
        return shown_beside(self.case, self.actor, today=self.today)

    @property
    def batched(self) -> bool:
        """Whether the step is taken row by row, on a page of its own."""
        return bool(self.step and self.step.batch and self.step.batch.of_children)

    @cached_property
    def marking(self) -> Marking | None:
        """The sheets that the step asks for."""
        return marking_of(self.docket, self.step, self.actor) if self.step else None

    @cached_property
    def told(self) -> list[Todo]:
        """To whom something overdue was reported and is still open."""
        return list(self.case.todos.filter(kind="escalated", done_at=None).select_related("unit"))

    @cached_property
    def entitled(self) -> str:
        """Who may take the current step."""
        if self.step is None:
            return ""
        return "，或".join(judgement.entitled(self.docket.procedure, self.docket.facts, self.docket.acts, self.step.name))

    @cached_property
    def rivals(self) -> str:
        """Steps that whoever takes this one may not take: 销号."""
        sets = [duties for duties in self.docket.procedure.incompatible if self.step and self.step.name in duties]
        return "、".join(dict.fromkeys(f"“{name}”" for duties in sets for name in duties if self.step and name != self.step.name))

    @property
    def withdrawable(self) -> bool:
        return any(side.code == "withdraw" for side in self.docket.procedure.side_acts)

    @cached_property
    def other_holding(self) -> Holding | None:
        """Another post of the reader in which he could take the step."""
        if self.step is None or self.refusal is None:
            return None
        for held in self.actor.holdings:
            acting = replace(self.actor, acting=held).rulebook()
            if held != self.actor.acting and refusal_of(self.docket, self.step.name, None, {}, by=acting, today=self.today) is None:
                return held
        return None

    @property
    def clause(self) -> str:
        """The clause of the current step."""
        return (self.step.clause if self.step else None) or ""

    @property
    def origin_clause(self) -> str:
        launch = self.docket.procedure.launch
        return (launch.clause if launch else None) or ""

    @property
    def clause_link(self) -> str:
        return self._link(self.clause)

    @property
    def origin_link(self) -> str:
        return self._link(self.origin_clause)

    def _link(self, clause: str) -> str:
        """The article in the very edition that the case runs by; where a law is cited, the edition alone."""
        numbers = own_articles(clause)
        at = f"?at={numbers[0]}#{anchor(numbers[0])}" if numbers else ""
        return reverse("regulation_edition", args=[self.case.edition_id]) + at

    def _may(self, side: str) -> bool:
        outcome = judgement.outcomes_of(self.docket.procedure, side, self.docket.acts)[0]
        return refusal_of(self.docket, side, outcome, {}, by=self.actor.rulebook(), today=self.today) is None

    def _panel(self, name: str, opinion: str) -> Panel:
        outcomes = judgement.outcomes_of(self.docket.procedure, name, self.docket.acts)
        typed = self.typed if self.typed and self.typed.step == name else None
        chosen = typed.data.get("outcome", "") if typed else outcomes[0] if len(outcomes) == 1 else ""
        step = self.docket.step(name)
        specs = judgement.fields_of(self.docket.procedure, name, outcomes[0] if step is None else None)
        if judgement.recording(self.docket.procedure, self.docket.facts, self.actor.rulebook(), name) is None:
            specs = tuple(spec for spec in specs if spec not in judgement.recording_fields(self.docket.procedure, name))
        form = DeclaredForm(
            specs,
            data=typed.data if typed else None,
            problems=typed.problems if typed else (),
            prefix=prefix_of(self.docket, name),
            people=self.people,
            choices=self._choices(name),
        )
        choices = tuple(
            Choice(outcome, self._leads(step, outcome) if step else "", outcome == chosen, f"outcome-{n}")
            for n, outcome in enumerate(outcomes, 1)
        )
        text, problems = (typed.data.get("opinion", ""), tuple(typed.problems)) if typed else ("", ())
        counted = judgement.counted(self.docket.procedure, self.docket.acts)
        said = judgement.spoken(self.docket.procedure, counted, name).get(self.actor.id, "")
        return Panel(name, form, choices, opinion, text, problems, draft_key(self.docket, name), self._note(name), said)

    def _choices(self, name: str) -> dict[str, list[tuple[str, str]]]:
        """What single fields offer: people on the register, cases to cite, whom one may ask to be recused."""
        specs = judgement.fields_of(self.docket.procedure, name)
        offered = {spec.name: choices(self.docket, spec, by=self.actor, today=self.today) for spec in specs}
        return {name: found for name, found in offered.items() if found is not None}

    def _note(self, name: str) -> str:
        """What a side act does, for above its form."""
        side = self.docket.side_act(name)
        last = next((a for a in reversed(judgement.counted(self.docket.procedure, self.docket.acts)) if self.docket.step(a.step)), None)
        if side is not None and side.code == "withdraw" and last is not None:
            return f"收回您办的“{last.step}”，回到{last.step}。经过里仍留有记录。"
        approvers = "、".join(who.post or who.body or who.party or "" for who in side.approve) if side else ""
        return f"等{approvers}批准后生效。" if approvers else ""

    def _leads(self, step: Step, name: str) -> str:
        """送校长办理“销号”; 退回整改，同时启动约谈; 办结：已销号."""
        if step.record is not None and name == step.record.name:
            return f"记一笔，可以分次，仍在“{step.name}”"
        outcome = judgement.outcome_named(step, name)
        assert outcome is not None  # the page offers the step's own outcomes
        docket = self.docket
        try:
            move = judgement.move(docket.procedure, docket.regulation, docket.facts, docket.acts, step, outcome, {})
        except ValueError:
            return "按所填内容决定下一步"
        also = f"，同时启动{'、'.join(move.start)}" if move.start else ""
        if move.ends:
            return f"办结：{move.to}{also}"
        if is_back(docket.procedure, step.name, move.to):
            return f"退回{move.to}{also}"
        following = docket.step(move.to)
        return f"送{turn(docket, following) if following else ''}办理“{move.to}”{also}"

    def _next_words(self) -> str:
        assert self.step is not None  # asked only of open cases
        to = onward(self.docket.procedure, self.step)
        following = self.docket.step(to)
        if following is None:
            return f"办结（{self.docket.procedure.ends.get(to, to)}）"
        return f"{turn(self.docket, following)}{following.name}"

    def _deadline(self) -> str:
        if self.docket.standing.notice is not None:
            first = next_day(self.docket)
            return f"{cn_date(first, 'year')}起，没有未了的异议即可" if first else "没有规定公示天数"
        last = self.docket.standing.step_due or self.docket.standing.due
        if last is None:
            return "没有规定期限"
        return f"{cn_date(last, 'year')}（周{WEEKDAYS[last.weekday()]}）前完成{self.case.step}"

    def _people(self, row: Todo) -> list[Person]:
        address = Address(str(row.unit_id), str(row.person_id) if row.person_id else None, row.body, row.post, row.head)
        return without(people_at(address, today=self.today), row.except_ids)

    def _called(self, row: Todo) -> str:
        elsewhere = row.person is None and not row.head and row.unit_id != self.case.unit_id
        return f"{row.unit.name if elsewhere else ''}{called(row)}"

    def _who_of(self, people: list[Person], *, named: bool) -> str:
        mine = self.actor.person in people
        if len(people) == 1:
            return "即您" if mine else "" if named else people[0].name
        if not people:
            return "现在没有人任职，请联系系统管理员"
        who = "、".join(person.name for person in people) if len(people) <= LOW else f"{len(people)} 人"
        together = next((f"，{tally.rule}议定" for name, tally in self.tallies if self.step and name == self.step.name), "中任一人")
        return f"{who}{together}" + ("，含您" if mine else "")

    def _files(self) -> Mapping[int, list[Evidence]]:
        ids = [str(row.pk) for row in self.docket.rows]
        found: dict[int, list[Evidence]] = {}
        for row in Evidence.objects.filter(about_type=Act._meta.label, about_id__in=ids):
            found.setdefault(int(row.about_id), []).append(row)
        return found
