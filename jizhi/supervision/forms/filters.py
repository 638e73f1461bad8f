"""What lists can be narrowed by; a value that is not offered does not narrow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from jizhi.org.models import Unit
from jizhi.supervision import rules
from jizhi.supervision.models import Form
from jizhi.supervision.queries import register, tasks


class FilterForm(forms.Form):
    """GET forms: nothing is required, nothing is an error."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            field.required = False

    def chosen(self) -> dict[str, str]:
        """The values that are right, as words; empty ones left out."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *choices]


class TaskFilter(FilterForm):
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *tasks.STATES])
    form = forms.ChoiceField(label="组织形式", choices=[("", "全部"), *Form.choices])
    kind = forms.ChoiceField(label="检查类型", choices=[("", "全部"), *((kind.code, kind.name) for kind in rules.KINDS)])
    text = forms.CharField(label="任务名称", max_length=40)


class RecordFilter(FilterForm):
    kind = forms.ChoiceField(label="检查类型", choices=[("", "全部"), *((kind.code, kind.name) for kind in rules.KINDS)])
    subject = forms.ChoiceField(label="处室或学校")
    period = forms.ChoiceField(label="学期")
    text = forms.CharField(label="教师、检查人或内容", max_length=40)
    method = forms.ChoiceField(label="方法", choices=[("", "全部"), *((method, method) for method in rules.METHODS)])
    evidence = forms.ChoiceField(label="佐证", choices=[("", "全部"), ("text", "文字"), ("file", "照片或文件"), ("none", "没有佐证")])
    followup = forms.ChoiceField(label="跟踪", choices=[("", "全部"), ("due", "到期未跟踪")])

    def __init__(self, *args: Any, units: Iterable[Unit], periods: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("subject", ((str(unit.pk), unit.name) for unit in units))
        self.offer("period", ((period, period) for period in periods))


class RegisterFilter(FilterForm):
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *register.STATES])
    age = forms.ChoiceField(label="登记多久", choices=[("", "全部"), *((age[0], age[1]) for age in register.AGES)])
    department = forms.ChoiceField(label="责任处室")
    area = forms.ChoiceField(label="领域")
    unit = forms.ChoiceField(label="学校")
    layer = forms.ChoiceField(label="层面")
    degree = forms.ChoiceField(label="程度")
    text = forms.CharField(label="问题或编号", max_length=40)
    method = forms.ChoiceField(label="发现方法", choices=[("", "全部"), *((method, method) for method in rules.METHODS)])

    def __init__(
        self, *args: Any, departments: Iterable[Unit], schools: Iterable[Unit], words: dict[str, list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        schools = list(schools)
        named = ((unit, f"{unit.parent.name} {unit.name}" if len(schools) > 1 and unit.parent else unit.name) for unit in departments)
        self.offer("department", ((str(unit.pk), name) for unit, name in named))
        self.offer("unit", ((str(unit.pk), unit.name) for unit in schools))
        for name, values in words.items():
            self.offer(name, ((value, value) for value in values))

    def narrow(self) -> register.Filter:
        return register.Filter(**self.chosen())
