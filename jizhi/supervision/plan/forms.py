"""The forms of a line of the list and of a plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from jizhi.org.models import Person, Unit
from jizhi.supervision.plan import queries, rules
from jizhi.supervision.plan.actions import Typed
from jizhi.supervision.plan.models import ListItem
from jizhi.ui.fields import Day, Key, Several


class ItemForm(forms.Form):
    year = forms.IntegerField(label="年度", min_value=2020, max_value=2100, error_messages={"required": "写年度", "invalid": "写四位年份"})
    title = forms.CharField(label="事项", max_length=80, error_messages={"required": "写事项名称"})
    basis = forms.CharField(label="报备文号", max_length=80, error_messages={"required": "写报备文号，便于查对"})


class PlanForm(forms.Form):
    kind = forms.ChoiceField(label="类型", choices=rules.KINDS, widget=forms.RadioSelect, error_messages={"required": "选一种类型"})
    title = forms.CharField(label="名称", max_length=80, error_messages={"required": "写计划名称"})
    item = forms.ModelChoiceField(ListItem.objects.none(), label="年度清单事项", required=False, empty_label="清单外")
    off_list_reason = forms.CharField(label="清单外的理由", max_length=300, required=False, help_text="选了清单事项就不用写")
    content = forms.CharField(
        label="内容、范围、方式",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "写内容、范围和方式"},
    )
    announced_on = Day(label="公告日期", error_messages={"required": "选公告日期"})
    starts_on = Day(label="开始日期", error_messages={"required": "选开始日期"})
    ends_on = Day(label="结束日期", error_messages={"required": "选结束日期"})
    short_notice_reason = forms.CharField(
        label="公告不足一个月的理由", max_length=300, required=False, help_text="提前一个月公告的不用写；经常性督导不用写"
    )
    schools = Several(Unit.objects.none(), label="学校", widget=forms.CheckboxSelectMultiple, error_messages={"required": "至少选一所学校"})
    inspectors = Several(
        Person.objects.none(), label="督导小组", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请选督导小组成员"}
    )
    key = Key()

    def __init__(self, *args: Any, unit: Unit, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "item": ListItem.objects.filter(unit=unit, year=today.year),
            "schools": queries.schools_of(unit, on=today),
            "inspectors": queries.inspectors_of(unit, on=today),
        }
        for name, queryset in rows.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset

    def typed(self) -> Typed:
        data = dict(self.cleaned_data)
        return Typed(**data | {"schools": list(data["schools"]), "inspectors": list(data["inspectors"])})
