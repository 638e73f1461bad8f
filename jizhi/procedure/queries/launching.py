"""The page by which a case is begun: the declared form, what each choice allows and asks for, and whom it may be for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.http import QueryDict

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.kernel.ids import id_of
from jizhi.org.models import Person, Unit
from jizhi.org.queries import people_in, people_matching
from jizhi.procedure.deciding import choices, registered, waiting_for
from jizhi.procedure.docket import Docket, facts_of
from jizhi.procedure.forms import DeclaredForm, Error, shown
from jizhi.procedure.models import Case
from jizhi.procedure.queries.people import refusal_of
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import LAUNCH, Party, Problem, Refusal
from jizhi.rulebook.language import FieldSpec, Procedure, Ref
from jizhi.rulebook.parameters import parameter

NOBODY = "0"
OBJECT = FieldSpec(
    name="关于哪件事项",
    kind="案件",
    required=False,
    hint="要作为某一件事项的凭据的，选那一件；没有选的，以后不能引用。不针对哪一件的空着。",
)
MOST = 200  # people offered for one choice; more are searched


@dataclass(frozen=True)
class Use:
    """What one choice of the form allows and asks for: 就学就医, 5000, (入学或就医票据)."""

    name: str
    limit: str
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Launch:
    """A case that is not there yet. ``typed`` and ``problems`` are what came back; ``named`` narrows the people offered."""

    docket: Docket
    actor: Actor
    today: date
    typed: QueryDict | None = None
    problems: Sequence[Problem] = ()
    refused: Refusal | None = None
    named: str = ""
    about: str = ""  # the case from whose page it was opened
    asked_use: str = ""  # the use chosen on the first page

    @property
    def procedure(self) -> Procedure:
        return self.docket.procedure

    @property
    def unit(self) -> Unit:
        return self.docket.case.unit

    @property
    def edition(self) -> Edition:
        return self.docket.case.edition

    @cached_property
    def refusal(self) -> Refusal | None:
        """Why the reader may not begin it at all, by himself or for somebody else."""
        own = refusal_of(self.docket, LAUNCH, None, {}, by=self.actor.rulebook(), today=self.today)
        return own if own is None or not self.records else None

    @cached_property
    def records(self) -> bool:
        """Whether the reader may begin it in another's name (代录)."""
        launch = self.procedure.launch
        party = next((name for name, ref in self.procedure.parties.items() if ref.root == "表单"), None)
        if launch is None or launch.recorded is None or party is None:
            return False
        other = replace(self.docket, facts=replace(self.docket.facts, parties={party: Party("", NOBODY)}))
        return refusal_of(other, LAUNCH, None, {}, by=self.actor.rulebook(), today=self.today) is None

    @cached_property
    def specs(self) -> tuple[FieldSpec, ...]:
        """The fields with what the regulation says about them; those of a recorder only for one."""
        launch = self.procedure.launch
        needs = launch.recorded.needs if launch and launch.recorded and not self.records else ()
        specs = judgement.fields_of(self.procedure, LAUNCH)
        about = (OBJECT,) if self.objects else ()
        return (*about, *(self._told(spec) for spec in specs if spec.name not in needs and self._of_use(spec)))

    @cached_property
    def use_field(self) -> FieldSpec | None:
        """The choice by which the papers differ (附件: {按: 用途})."""
        specs = judgement.fields_of(self.procedure, LAUNCH)
        by = next((spec.needed.path[-1] for spec in specs if spec.needed is not None), "")
        return next((spec for spec in specs if spec.name == by), None)

    @property
    def use(self) -> str:
        """What was chosen there: on the first page, or in what came back."""
        asked = self.typed.get(self.use_field.name, "") if self.typed is not None and self.use_field else self.asked_use
        return asked if self.use_field is not None and asked in self.use_field.options else ""

    @property
    def asks_use(self) -> bool:
        """Whether the use is to be chosen first, so that the form asks for its papers alone."""
        return self.use_field is not None and not self.use and self.typed is None

    def _of_use(self, spec: FieldSpec) -> bool:
        return not (self.use and spec.needed) or spec.name in _names(self._parameter(spec.needed).get(self.use))

    @cached_property
    def objects(self) -> list[Case]:
        """The cases that could cite this one as their evidence (须): it says which one it is about."""
        return list(waiting_for(self.unit, self.edition.code, self.procedure, by=self.actor)[:MOST])

    def object_of(self, raw: Mapping[str, Any]) -> Case | None:
        """The case chosen, of those offered."""
        return next((one for one in self.objects if str(one.pk) == raw.get(OBJECT.name)), None)

    @cached_property
    def form(self) -> DeclaredForm:
        return DeclaredForm(
            self.specs, data=self.typed, initial=self._own, problems=self.problems, people=self._people, choices=self._choices
        )

    @property
    def errors(self) -> list[Error]:
        """Everything wrong, also what stands beside no field."""
        known = {spec.name for spec in self.specs}
        return [*self.form.errors, *(Error("", one.field, one.text) for one in self.problems if one.field not in known)]

    @property
    def searchable(self) -> bool:
        """Whether the register is too long to offer as a list."""
        return self.records and registered(self.unit)[MOST : MOST + 1].exists()

    @cached_property
    def uses(self) -> list[Use]:
        """What each choice allows and asks for, where the form has amounts or papers by choice."""
        specs = judgement.fields_of(self.procedure, LAUNCH)
        limit = next((spec.limit for spec in specs if isinstance(spec.limit, Ref)), None)
        papers = next((spec.needed for spec in specs if spec.needed is not None), None)
        keys = {ref.path[1] for ref in (limit, papers) if ref is not None and len(ref.path) > 1}
        field = next((spec for spec in specs if spec.name in keys), None)
        if field is None:
            return []
        amounts, needed = self._parameter(limit), self._parameter(papers)
        return [Use(name, shown(amounts.get(name, "")), _names(needed.get(name))) for name in field.options]

    @property
    def limit(self) -> str:
        """The one limit of a form without choices."""
        ref = next((spec.limit for spec in self.specs if spec.limit is not None), None)
        if isinstance(ref, Ref):
            found = self._value(ref)
            return "" if found is None or isinstance(found, Mapping) else shown(found)
        return "" if ref is None else shown(ref)

    def _told(self, spec: FieldSpec) -> FieldSpec:
        if self.use and spec == self.use_field:
            return spec.model_copy(update={"options": (self.use,)})
        if spec.hint or not (spec.needed or spec.limit):
            return spec
        if spec.needed is not None:
            uses = [name for name, papers in self._parameter(spec.needed).items() if spec.name in _names(papers)]
            return spec.model_copy(update={"hint": f"用途为“{'”“'.join(uses)}”的须上传，照片、文档都可以。"}) if uses else spec
        amounts = self._parameter(spec.limit)
        amounts = {self.use: amounts[self.use]} if self.use in amounts else amounts
        said = "；".join(f"{name}最多 {amount} 元" for name, amount in amounts.items()) or (f"最多 {self._value(spec.limit)} 元")
        return spec.model_copy(update={"hint": f"{said}。"})

    def _parameter(self, ref: Any) -> Mapping[str, Any]:
        found = self._value(ref)
        return found if isinstance(found, Mapping) else {}

    def _value(self, ref: Any) -> Any:
        if not isinstance(ref, Ref):
            return ref
        try:
            return parameter(self.docket.regulation, ref.path[0], on=self.today, region=self.docket.facts.region)
        except KeyError:
            return None

    @property
    def _own(self) -> Mapping[str, Any]:
        """The reader himself, where only he can be meant."""
        mine = {spec.name: str(self.actor.person.pk) for spec in self.specs if spec.status is not None and self.actor.person}
        chosen = {self.use_field.name: self.use} if self.use_field else {}
        return {OBJECT.name: self.about, **chosen, **({} if self.records else mine)}

    @cached_property
    def _people(self) -> list[tuple[str, str]]:
        if not any(spec.kind == "人" and spec.status is None for spec in self.specs):
            return []
        people = visible(self.actor, people_in(self.unit).filter(left_on=None))
        return [(str(one.pk), one.name) for one in people[:500]]

    @cached_property
    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        """People on the register for a recorder, nobody but himself for a villager; cases that may be cited."""
        found: dict[str, list[tuple[str, str]]] = {}
        for spec in self.specs:
            if spec == OBJECT:
                found[spec.name] = [(str(one.pk), f"{one.number} {one.title}".strip()) for one in self.objects]
            elif spec.status is not None:
                found[spec.name] = [(str(one.pk), _called(one)) for one in self._register()]
            elif (offered := choices(self.docket, spec, by=self.actor, today=self.today)) is not None:
                found[spec.name] = offered
        return found

    def _register(self) -> list[Person]:
        rows = registered(self.unit).select_related("household").order_by("pinyin", "pk")
        if not self.records:
            return list(rows.filter(pk=self.actor.person.pk)) if self.actor.person else []
        asked = self.typed.get(next(iter(spec.name for spec in self.specs if spec.status), ""), "") if self.typed else ""
        found = list(people_matching(rows, self.named)[:MOST])
        return found if any(str(one.pk) == asked for one in found) else [*found, *rows.filter(pk=id_of(asked))]


def launch_of(actor: Actor, unit: Unit, code: str, procedure: str, *, today: date, named: str = "") -> Launch | None:
    """By the procedure's name or code; None where the unit has adopted no such regulation."""
    edition = edition_in_force(unit, code, on=today)
    regulation = regulation_of(edition) if edition else None
    found = next((one for one in regulation.procedures.values() if procedure in (one.name, one.code)), None) if regulation else None
    if edition is None or regulation is None or found is None or found.launch is None:
        return None
    case = Case(unit=unit, edition=edition, procedure=found.name, began_on=today, began_by=actor.person, since=today)
    return Launch(Docket(case, regulation, found, facts_of(case, found)), actor, today, named=named)


def title_of(launch: Launch, raw: Mapping[str, Any]) -> str:
    """What the case is called: its first short text (项目名称), else of whom and what (张三申请发放), else its first choice."""
    short = next((str(raw[spec.name]) for spec in launch.specs if spec.kind == "短文" and spec.required and raw.get(spec.name)), "")
    if short:
        return short
    person = next((str(raw[spec.name]) for spec in launch.specs if spec.status is not None and raw.get(spec.name)), "")
    if one := registered(launch.unit).filter(pk=id_of(person)).first():
        return f"{one.name}{launch.procedure.name}"
    choice = next((str(raw[spec.name]) for spec in launch.specs if spec.kind == "选择" and raw.get(spec.name)), "")
    return f"{launch.procedure.name}：{choice}" if choice else launch.procedure.name


def _names(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else (str(value),)


def _called(person: Person) -> str:
    group = person.household.group if person.household else ""
    return f"{person.name}（{group}）" if group else person.name
