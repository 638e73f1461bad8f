"""The whole page of a new record: its fields, its scores, its problems; checked together, so that everything wrong shows at
once and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from jizhi.access.actor import Actor
from jizhi.org.models import Level, Person, Unit
from jizhi.regulation.models import Edition
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.language import FieldSpec, Standard
from jizhi.sheets.actions import SheetRefused
from jizhi.supervision import rules
from jizhi.supervision.actions import FoundProblem, ProblemRefused, Scores, Written
from jizhi.supervision.forms.record import ProblemRows, RecordForm
from jizhi.supervision.forms.scores import ScoreForm
from jizhi.supervision.models import Record, Task
from jizhi.supervision.queries import people, register
from jizhi.supervision.queries.records import previous

METHOD = "方法"  # of the launch form: taken from the record


@dataclass(frozen=True)
class Wrong:
    """One line of the error summary; ``field`` is the id of the element it leads to."""

    field: str
    label: str
    text: str


class Desk:
    """Unbound without ``data``; then ``initial`` (by the names of the page) fills it. After ``is_valid``: ``written()``."""

    def __init__(
        self,
        kind: rules.RecordKind,
        unit: Unit,
        *,
        actor: Actor,
        today: date,
        task: Task | None = None,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        assert actor.person is not None
        self.kind, self.unit, self.task, self.today = kind, unit, task, today
        self.refused: list[Wrong] = []
        initial = initial or {}
        self.record = RecordForm(data, files, kind=kind, unit=unit, inspector=actor.person, today=today, initial=dict(initial))
        self.about = _chosen(self.record)
        self.previous = list(previous(actor, person=_person(self.about), department=_unit(self.about)).select_related("sheet")[:5])
        self.record.follow(previous(actor, person=_person(self.about), department=_unit(self.about)))
        self.edition = edition_in_force(unit, kind.regulation, on=today) if kind.scored else None
        standard = _standard(self.edition, kind)
        self.unscored = bool((data or initial).get("unscored"))
        self.scores = ScoreForm(data, standard=standard, initial=dict(initial)) if standard else None
        self.can_find, specs = _launch(unit, today)
        areas = tuple(indicator.name for indicator in standard.indicators) if standard else ()
        self.problems = ProblemRows(data, initial=initial, specs=specs, areas=areas, layer=kind.layer, unit=unit)

    def is_valid(self) -> bool:
        """All three parts, whatever the others say."""
        right = self.record.is_valid()
        about = self.record.cleaned_data.get("person") or self.record.cleaned_data.get("department")
        self.problems.suppose(**_answerable(about, self.today))
        return all([self.unscored or self.scores is None or self.scores.is_valid(), self.problems.is_valid(), right])

    @property
    def is_bound(self) -> bool:
        return self.record.is_bound

    @property
    def errors(self) -> list[Wrong]:
        """Everything wrong, in the order of the page."""
        if not self.is_bound:
            return []
        found = list(_wrong(self.record, first=("person", "department", "day", "methods")))
        if self.scores and not self.unscored:
            found += [Wrong("scores", "", str(text)) for text in self.scores.non_field_errors()]
            found += _wrong(self.scores)
        found += _wrong(self.record, first=("strengths",))
        for form in self.problems.forms:
            found += _wrong(form)
        if self.problems.missing:
            found.append(Wrong(self.problems.forms[0]["text"].id_for_label, "问题", self.problems.missing))
        return list(dict.fromkeys([*found, *_wrong(self.record), *self.refused]))

    def written(self) -> Written:
        data = self.record.cleaned_data
        return Written(
            kind=self.kind,
            subject=data.get("person") or data["department"],
            day=data["day"],
            methods=data["methods"],
            strengths=data["strengths"],
            problems=[self._problem(row) for row in self.problems.problems],
            suggestions=data["suggestions"],
            facts=data["facts"],
            scores=self._scores(),
            task=self.task,
            follow_up_on=data["follow_up_on"],
            follows=data["follows"],
            counts=not data["developmental"],
            evidence=data["evidence"],
            upload=data["upload"],
        )

    def refuse(self, refused: ProblemRefused | SheetRefused) -> None:
        """Show what the act found beside the field it is about."""
        if isinstance(refused, ProblemRefused):
            form = [row for row in self.problems.forms if row.cleaned_data.get("text")][refused.row]
            for name, text in refused.problems:
                field = next((f"launch-{n}" for n, spec in enumerate(form.specs) if spec.name == name), "finding")
                form.add_error(field, text)
            return
        for code, text in refused.fields.items():
            self.refused.append(Wrong(f"item-{code}", code, text))
        if not refused.fields:
            self.refused.append(Wrong("scores", "评分", f"{refused.text}。只记意见时请勾选“本次不评分”"))

    def _scores(self) -> Scores | None:
        if self.scores is None or self.edition is None or self.unscored:
            return None
        return Scores(self.edition, self.kind.standard, self.scores.entries, self.scores.bonuses, self.scores.red_lines)

    def _problem(self, row: Mapping[str, Any]) -> FoundProblem:
        area = row.get("area") or self.kind.subject
        wanted = bool(row.get("finding")) and self.can_find
        return FoundProblem(row["text"], wanted, area, row.get("department"), row.get("person"), row["form"])


def initial_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A kept draft ({name: [values]}) as the initial values of the page."""
    found = {}
    for name, values in draft.items():
        if isinstance(values, list) and name != "key":
            found[name] = values if name == "methods" or len(values) > 1 else (values[0] if values else "")
    return found


def initial_from(task: Task | None, last: Record | None, *, today: date, kind: rules.RecordKind) -> dict[str, Any]:
    """What is known beforehand: today, the task's subject, the class and subject of the last lesson."""
    found: dict[str, Any] = {"day": today, "methods": [kind.method] if kind.method else []}
    if task:
        found |= {"person": task.subject_person_id, "department": task.subject_unit_id}
    if last:
        codes = {spec.name: spec.code for spec in kind.facts}
        found |= {f"fact-{codes[name]}": last.facts[name] for name in ("班级", "学科") if name in last.facts and name in codes}
    return found


def _standard(edition: Edition | None, kind: rules.RecordKind) -> Standard | None:
    return regulation_of(edition).standards.get(kind.standard) if edition else None


def _launch(unit: Unit, today: date) -> tuple[bool, tuple[FieldSpec, ...]]:
    """Whether the school runs the loop, and what its launch form asks beyond what the record knows."""
    edition = edition_in_force(unit, register.LOOP, on=today)
    procedure = regulation_of(edition).procedures.get(register.RECTIFY) if edition else None
    if procedure is None or procedure.launch is None:
        return procedure is not None, ()
    return True, tuple(spec for spec in procedure.launch.form if spec.name != METHOD and spec.kind != "附件")


def _answerable(about: Person | Unit | None, today: date) -> dict[str, Any]:
    """Who answers for a finding unless someone else is chosen: the inspected himself, or the head of the department."""
    if isinstance(about, Person):
        return {"person": about, "department": about.unit if about.unit.level == Level.DEPARTMENT else None}
    if isinstance(about, Unit):
        return {"person": people.heads_of(about, on=today).first(), "department": about}
    return {}


def _chosen(form: RecordForm) -> Person | Unit | None:
    """The subject as chosen so far, before the form is checked."""
    field = form.subject_field()
    value = str(field.value() or "")
    choices = field.field
    assert isinstance(choices, forms.ModelChoiceField)
    assert choices.queryset is not None
    found: Person | Unit | None = choices.queryset.filter(pk=int(value)).first() if value.isdecimal() and len(value) < 18 else None
    return found


def _person(about: Person | Unit | None) -> Person | None:
    return about if isinstance(about, Person) else None


def _unit(about: Person | Unit | None) -> Unit | None:
    return about if isinstance(about, Unit) else None


def _wrong(form: forms.BaseForm, *, first: tuple[str, ...] = ()) -> Iterator[Wrong]:
    """The form's errors as lines; only those of the fields named, when some are."""
    for name, texts in form.errors.items():
        if name == "__all__" or (first and name not in first):
            continue
        field = form[name]
        choices = getattr(field.field.widget, "input_type", "") in ("radio", "checkbox") and hasattr(field.field.widget, "choices")
        for text in texts:
            yield Wrong(field.auto_id if choices else field.id_for_label, str(field.label), str(text))
