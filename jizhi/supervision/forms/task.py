"""The form of an inspection task."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from jizhi.org.models import Person, Unit
from jizhi.supervision import rules
from jizhi.supervision.models import Form
from jizhi.supervision.queries import people
from jizhi.ui.fields import Day, Key, Several


class TaskForm(forms.Form):
    """Plan a task of one school. The subject may stay open for a random visit."""

    title = forms.CharField(label="任务", max_length=80, help_text="例：第5周推门听课", error_messages={"required": "写一句任务名称"})
    form = forms.ChoiceField(
        label="组织形式",
        choices=Form.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "选一种组织形式", "invalid_choice": "选一种组织形式"},
    )
    kind = forms.ChoiceField(
        label="检查类型",
        choices=[(kind.code, kind.name) for kind in rules.KINDS],
        widget=forms.RadioSelect,
        error_messages={"required": "选一种检查类型", "invalid_choice": "选一种检查类型"},
    )
    subject_person = forms.ModelChoiceField(
        Person.objects.none(), label="受检教师", required=False, empty_label="现场确定", help_text="检查教师时选；随机听课可以现场确定"
    )
    subject_unit = forms.ModelChoiceField(
        Unit.objects.none(), label="受检处室", required=False, empty_label="现场确定", help_text="检查处室或校区时选"
    )
    planned_on = Day(label="计划日期", error_messages={"required": "选计划日期"})
    inspectors = Several(
        Person.objects.none(), label="检查人", widget=forms.CheckboxSelectMultiple, error_messages={"required": "至少选一位检查人"}
    )
    note = forms.CharField(label="要点", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    key = Key()

    def __init__(self, *args: Any, unit: Unit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self._choices("subject_person", people.teachers_of(unit))
        self._choices("subject_unit", people.inspectable_units(unit))
        self._choices("inspectors", people.inspectors_of(unit, on=today))

    def _choices(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def clean_planned_on(self) -> date:
        day: date = self.cleaned_data["planned_on"]
        if day < self.today:
            raise forms.ValidationError(f"{day.month}月{day.day}日已经过去，请选今天或以后；补记已做的检查请直接登记记录")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = rules.kind_of(data.get("kind", ""))
        if kind and kind.about == "person" and data.get("subject_unit"):
            self.add_error("subject_unit", f"{kind.name}是对教师的，请在“受检教师”里选，这里留空")
        if kind and kind.about == "unit" and data.get("subject_person"):
            self.add_error("subject_person", f"{kind.name}是对处室的，请在“受检处室”里选，这里留空")
        return data
