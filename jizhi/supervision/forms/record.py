"""The record: its own fields, and the rows of problems, each of which can become a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from jizhi.org.models import Person, Unit
from jizhi.rulebook.language import FieldSpec
from jizhi.supervision import rules
from jizhi.supervision.forms.fields import Attachment, Lines, options
from jizhi.supervision.models import Record
from jizhi.supervision.queries import people
from jizhi.ui.fields import Day, Key, Whole

ROWS = 3  # blank problem rows without JavaScript
MOST_ROWS = 50
TEMPLATE_ROW = "__n__"  # what ui/jizhi.js replaces by a serial number


class RecordForm(forms.Form):
    """Everything of a record but scores and problems. ``facts`` after cleaning are by the names of the kind's specs."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="教师",
        empty_label="请选择",
        error_messages={"required": "选一位教师", "invalid_choice": "选一位本校教师"},
    )
    department = forms.ModelChoiceField(
        Unit.objects.none(),
        label="受检单位",
        empty_label="请选择",
        error_messages={"required": "选一个处室或校区", "invalid_choice": "选一个本校处室"},
    )
    day = Day(label="检查日期", error_messages={"required": "选检查日期"})
    methods = forms.MultipleChoiceField(
        label="方法",
        choices=[(method, method) for method in rules.METHODS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一种方法：看、听、查、访、交流", "invalid_choice": "方法只有看、听、查、访、交流"},
    )
    strengths = Lines(missing="至少写一条优点", hint="一行一条")
    suggestions = Lines(missing="至少写一条建议", hint="一行一条")
    follow_up_on = Day(label="跟踪日期", required=False, help_text="到时看建议落实得怎样，不需要就留空")
    follows = forms.ModelChoiceField(
        Record.objects.none(),
        label="这次是跟踪哪一次的建议",
        required=False,
        empty_label="不是跟踪",
        error_messages={"invalid_choice": "只能选这位教师以前的记录"},
    )
    developmental = forms.BooleanField(label="发展性检查，不计入考核", required=False)
    unscored = forms.BooleanField(label="本次不评分，只记意见", required=False)
    evidence = forms.CharField(
        label="佐证（文字）",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="看到、听到、查到的原始情况",
    )
    upload = Attachment(label="佐证（照片或文件）")
    key = Key()

    def __init__(self, *args: Any, kind: rules.RecordKind, unit: Unit, inspector: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        self.fields["strengths"].label, self.fields["suggestions"].label = "优点", "建议"
        if kind.about == "person":
            del self.fields["department"]
            self._queryset("person", people.teachers_of(unit).exclude(pk=inspector.pk))
        else:
            del self.fields["person"]
            self._queryset("department", people.inspectable_units(unit).filter(level__in=kind.levels))
        for spec in kind.facts:
            self.fields[f"fact-{spec.code}"] = _fact_field(spec)

    def follow(self, records: Any) -> None:
        """Which earlier records this one may follow up."""
        self._queryset("follows", records)

    def _queryset(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def fact_fields(self) -> list[forms.BoundField]:
        """Those that must be filled."""
        return [self[f"fact-{spec.code}"] for spec in self.kind.facts if spec.required]

    def more_fields(self) -> list[forms.BoundField]:
        """Those that may."""
        return [self[f"fact-{spec.code}"] for spec in self.kind.facts if not spec.required]

    @property
    def more_open(self) -> bool:
        return any(field.value() or (self.is_bound and field.errors) for field in self.more_fields())

    @property
    def rest_open(self) -> bool:
        """Whether the page shows evidence and follow-up unfolded: something stands there or is wrong."""
        rest = [self[name] for name in ("evidence", "upload", "follow_up_on", "follows", "developmental")]
        return any(field.value() or (self.is_bound and field.errors) for field in rest)

    def subject_field(self) -> forms.BoundField:
        return self["person" if self.kind.about == "person" else "department"]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(f"{day.month}月{day.day}日还没有到，检查日期最晚是今天")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["facts"] = {
            spec.name: data[f"fact-{spec.code}"] for spec in self.kind.facts if data.get(f"fact-{spec.code}") not in (None, "")
        }
        day, later = data.get("day"), data.get("follow_up_on")
        if day and later and later < day:
            self.add_error("follow_up_on", f"跟踪日期要在检查日期 {day.month}月{day.day}日之后")
        present, expected = data["facts"].get("实到"), data["facts"].get("应到")
        if present is not None and expected is not None and present > expected:
            self.add_error("fact-present", f"实到 {present} 人多于应到 {expected} 人，请核对")
        return data


class ProblemForm(forms.Form):
    """One problem; ticked, it becomes a finding and the loop's own launch form (``specs``) must be filled."""

    text = forms.CharField(
        label="问题",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "太长，最多 500 字，一事一条"},
    )
    finding = forms.BooleanField(label="记为整改问题", required=False)
    area = forms.ChoiceField(label="领域", required=False, error_messages={"invalid_choice": "选一个领域"})
    department = forms.ModelChoiceField(Unit.objects.none(), label="责任处室", required=False, empty_label="受检处室")
    person = forms.ModelChoiceField(Person.objects.none(), label="责任人", required=False, empty_label="受检教师或处室负责人")

    def __init__(self, *args: Any, specs: tuple[FieldSpec, ...], areas: tuple[str, ...], layer: str, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.specs = specs
        self.defaults: dict[str, Any] = {}
        for name, queryset in (("department", people.departments_of(unit)), ("person", people.teachers_of(unit))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
            field.error_messages["invalid_choice"] = f"选本校的{field.label}"
        if areas:
            self.fields["area"] = forms.ChoiceField(label="领域", required=False, choices=options(areas))
        else:
            del self.fields["area"]
        for number, spec in enumerate(specs):
            self.fields[f"launch-{number}"] = _launch_field(spec)
            if layer in spec.options:
                self.fields[f"launch-{number}"].initial = layer

    def launch_fields(self) -> list[forms.BoundField]:
        return [self[f"launch-{number}"] for number in range(len(self.specs))]

    def suppose(self, **defaults: Any) -> None:
        """Who answers for it where nothing is chosen: the inspected."""
        self.defaults = defaults

    @property
    def is_open(self) -> bool:
        """Whether the page shows the fields of a finding unfolded."""
        return bool(self["finding"].value()) or (self.is_bound and bool(self.errors))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["text"] = " ".join((data.get("text") or "").split())
        if data.get("finding"):
            self._clean_finding(data)
        data["form"] = {
            spec.name: data[f"launch-{number}"]
            for number, spec in enumerate(self.specs)
            if data.get(f"launch-{number}") not in (None, "", [])
        }
        return data

    def _clean_finding(self, data: dict[str, Any]) -> None:
        if not data["text"] and "text" not in self.errors:
            self.add_error("text", "写明这个问题，一事一条")
        for name, what in (("department", "选一个处室。不清楚归谁管，可先选“办公室”，由它转办"), ("person", "选一位责任人")):
            data[name] = data.get(name) or self.defaults.get(name)
            if not data[name] and name not in self.errors:
                self.add_error(name, what)
        for number, spec in enumerate(self.specs):
            name = f"launch-{number}"
            if spec.required and data.get(name) in (None, "", []) and name not in self.errors:
                self.add_error(name, f"选{spec.name}" if spec.options else f"填{spec.name}")


class ProblemRows:
    """Rows numbered as the page numbered them; any number of them may come (JavaScript adds and removes rows)."""

    def __init__(self, data: QueryDict | None, *, initial: Mapping[str, Any] | None = None, **made: Any) -> None:
        self.made = made
        self.missing = ""
        serials = _serials(data if data is not None else initial or {})
        numbers = serials if data is not None else sorted({*serials, *map(str, range(ROWS))}, key=int)
        self.forms = [self._form(number, data, initial or {}) for number in numbers[:MOST_ROWS]] or [self._form("0", data, {})]

    def _form(self, number: str, data: QueryDict | None, initial: Mapping[str, Any]) -> ProblemForm:
        start = {name.removeprefix(f"p{number}-"): value for name, value in initial.items() if name.startswith(f"p{number}-")}
        return ProblemForm(data, prefix=f"p{number}", initial=start, **self.made)

    def template_row(self) -> ProblemForm:
        """The row that JavaScript copies."""
        return ProblemForm(None, prefix=f"p{TEMPLATE_ROW}", **self.made)

    def suppose(self, **defaults: Any) -> None:
        for form in self.forms:
            form.suppose(**defaults)

    def is_valid(self) -> bool:
        """Every row that says something is right, and there is at least one."""
        right = [form.is_valid() for form in self.forms]
        if all(right) and not self.problems:
            self.missing = "至少写一条问题"
        return all(right) and not self.missing

    @property
    def problems(self) -> list[dict[str, Any]]:
        """The cleaned rows that say something."""
        return [form.cleaned_data for form in self.forms if form.is_valid() and form.cleaned_data["text"]]


def _serials(data: Mapping[str, Any]) -> list[str]:
    found = (re.match(r"p(\d{1,16})-", name) for name in data)
    return sorted({match[1] for match in found if match}, key=int)


def _fact_field(spec: rules.FactSpec) -> forms.Field:
    if spec.kind == "number":
        return Whole(label=spec.name, required=spec.required)
    if spec.kind == "choice":
        messages = {"invalid_choice": f"请选一种{spec.name}", "required": f"选{spec.name}"}
        return forms.ChoiceField(label=spec.name, required=spec.required, choices=options(spec.options), error_messages=messages)
    widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if spec.kind == "long" else forms.TextInput()
    limit = 4000 if spec.kind == "long" else 60
    messages = {"required": f"填{spec.name}", "max_length": f"太长，最多 {limit} 字"}
    return forms.CharField(
        label=spec.name, required=spec.required, max_length=limit, widget=widget, help_text=spec.hint, error_messages=messages
    )


def _launch_field(spec: FieldSpec) -> forms.Field:
    """A control for one field of the loop's launch form; whether it must be filled depends on the tick 记为整改问题."""
    common: dict[str, Any] = {"label": spec.name, "required": False, "help_text": spec.hint or ""}
    match spec.kind:
        case "选择":
            return forms.ChoiceField(choices=options(spec.options), error_messages={"invalid_choice": f"请选一种{spec.name}"}, **common)
        case "多选":
            return forms.MultipleChoiceField(choices=[(o, o) for o in spec.options], widget=forms.CheckboxSelectMultiple, **common)
        case "日期":
            return Day(**common)
        case "数":
            return forms.DecimalField(error_messages={"invalid": "请填数"}, **common)
        case "是否":
            return forms.BooleanField(**common)
        case "长文":
            return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), **common)
    return forms.CharField(max_length=200, **common)
