"""A case as the rulebook sees it: its regulation, its facts and its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, cast

from jizhi.kernel.workdays import Calendar, china
from jizhi.org.models import Level, Person, Unit
from jizhi.org.queries import ancestors, kin_among, region_among
from jizhi.procedure import forms, many
from jizhi.procedure.figures import figures_about, figures_of
from jizhi.procedure.models import Act, Case
from jizhi.procedure.rules import Address
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook import judgement
from jizhi.rulebook.language import Procedure, Regulation, SideAct, Step
from jizhi.rulebook.publicity import corrected

Reached = dict[tuple[Address, date], dict[Person, judgement.Held]]


@dataclass(frozen=True)
class Docket:
    """A case with all that judging it needs. ``rows`` are the stored acts, ``acts`` the same as the rulebook reads them.
    ``reached`` keeps who stands behind an address on a day: within one act that is asked once."""

    case: Case
    regulation: Regulation
    procedure: Procedure
    facts: judgement.Facts
    rows: tuple[Act, ...] = ()
    reached: Reached = field(default_factory=dict, compare=False, repr=False)

    def then(self, row: Act) -> Docket:
        """As it is after one more act."""
        return replace(self, rows=(*self.rows, row))

    @cached_property
    def acts(self) -> tuple[judgement.Act, ...]:
        return acts_of(self.procedure, self.rows)

    @cached_property
    def standing(self) -> judgement.Standing:
        return self.standing_by(china())

    @cached_property
    def form(self) -> Mapping[str, Any]:
        """The launch form as the notices corrected since (更正公示) say it: what is decided, shown and paid."""
        return corrected(self.facts.form, judgement.counted(self.procedure, self.acts))

    def standing_by(self, calendar: Calendar) -> judgement.Standing:
        return judgement.standing(self.procedure, self.regulation, self.facts, self.acts, calendar)

    def step(self, name: str) -> Step | None:
        return judgement.step_named(self.procedure, name)

    def side_act(self, name: str) -> SideAct | None:
        return judgement.side_act_named(self.procedure, name)


def docket_of(case: Case) -> Docket:
    """The case with its history read afresh."""
    regulation = regulation_of(case.edition)
    procedure = regulation.procedures[case.procedure]
    return Docket(case, regulation, procedure, facts_of(case, procedure), tuple(case.acts.all()))


def form_now(case: Case) -> dict[str, Any]:
    """``Docket.form`` as JSON keeps it. Effects read this, never ``case.form``: a corrected amount is what was in publicity."""
    procedure = regulation_of(case.edition).procedures[case.procedure]
    launched = forms.loaded(procedure.launch.form if procedure.launch else (), case.form)
    return forms.stored(corrected(launched, judgement.counted(procedure, acts_of(procedure, tuple(case.acts.all())))))


def facts_of(
    case: Case, procedure: Procedure, line: Sequence[Unit] | None = None, passed: Mapping[str, str] | None = None
) -> judgement.Facts:
    """What the case is about, as fixed when it began. ``line``: the unit and those above it, nearest first, and ``passed``, how
    the parent left its steps, where the caller of many knows them."""
    itself, *above = line or ancestors(case.unit, itself=True)
    return judgement.Facts(
        unit=str(case.unit_id),
        upward=tuple((str(unit.pk), str(Level(unit.level).label)) for unit in above),
        region=region_among([itself, *above]),
        began=case.began_on,
        by="system" if case.began_by_id is None else str(case.began_by_id),
        parties={name: _party(party) for name, party in case.parties.items()},
        form=forms.loaded(procedure.launch.form if procedure.launch else (), case.form),
        subject_acts=_subject_acts(case),
        kin=_kin(case, procedure),
        children=many.children_of(case, procedure, regulation_of(case.edition)),
        parent=_parent(case, procedure) if passed is None else passed,
        marks=many.marks_of(case, procedure),
        figures=_WhenAsked(named, lambda: figures_of(case, named)) if (named := figures_about(case, procedure)) else {},
    )


class _WhenAsked(Mapping[str, Any]):
    """What most judging never reads, read when it is first asked for."""

    def __init__(self, names: Iterable[str], read: Callable[[], Mapping[str, Any]]) -> None:
        self._names, self._read = tuple(names), read

    @cached_property
    def _found(self) -> Mapping[str, Any]:
        return self._read()

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _kin(case: Case, procedure: Procedure) -> Mapping[str, Mapping[str, str]]:
    """The declared relatives of the parties whose relatives some step leaves out; nobody else's are looked up."""
    whos = [who for step in procedure.steps for who in step.by]
    whos += [who for step in procedure.steps if step.objections for who in step.objections.answering.by]
    rules = [*(procedure.recusal.who if procedure.recusal else ()), *(exclusion for who in whos for exclusion in who.excluding)]
    asked = {exclusion.kin_of for exclusion in rules if exclusion.kin_of in case.parties}
    people = {
        name: [int(one) for one in (party.person, *party.others) if one]
        for name in sorted(filter(None, asked))
        if (party := _party(case.parties[name]))
    }

    def read() -> dict[str, dict[str, str]]:
        known = kin_among({pk for each in people.values() for pk in each})
        return {name: {str(pk): relation for one in each for pk, relation in known.get(one, {}).items()} for name, each in people.items()}

    return _WhenAsked(people, read) if people else {}


def _parent(case: Case, procedure: Procedure) -> dict[str, str]:
    """How the parent left its steps, where some step waits for one."""
    if case.pk is None or case.parent is None or not any(step.wait for step in procedure.steps):
        return {}
    above = regulation_of(case.edition).procedures[case.parent.procedure]
    since = many.sent_back_by([case.pk]).get(case.pk, 0)
    return many.passed_by(above, acts_of(above, tuple(case.parent.acts.all())), since)


def _party(kept: Mapping[str, Any]) -> judgement.Party:
    return judgement.Party(kept["name"], kept.get("person"), kept.get("unit"), tuple(kept.get("others", ())))


def acts_of(procedure: Procedure, rows: Sequence[Act]) -> tuple[judgement.Act, ...]:
    return tuple(
        judgement.Act(
            number=row.number,
            step=row.step,
            outcome=row.outcome,
            by="system" if row.by_id is None else str(row.by_id),
            by_name=row.by_name,
            day=row.day,
            form=forms.loaded(judgement.fields_of(procedure, row.step), row.form),
            facts=row.facts,
        )
        for row in rows
    )


def party_json(party: object) -> dict[str, Any]:
    """How a party is kept: a Person, several of them, a Unit or a rulebook Party."""
    if isinstance(party, judgement.Party):
        return {"name": party.name, "person": party.person, "unit": party.unit, "others": list(party.others)}
    if isinstance(party, Unit):
        return {"name": party.name, "person": None, "unit": str(party.pk), "others": []}
    people = [party] if isinstance(party, Person) else list(cast(Iterable[Person], party))
    ids = [str(person.pk) for person in people]
    return {"name": "、".join(person.name for person in people), "person": ids[0] if ids else None, "unit": None, "others": ids[1:]}


def _subject_acts(case: Case) -> tuple[judgement.Act, ...]:
    if case.about is None:
        return ()
    procedure = regulation_of(case.about.edition).procedures[case.about.procedure]
    return acts_of(procedure, tuple(case.about.acts.all()))
