"""The forms of a ranking: compute a period, correct, set the school's factors."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from jizhi.supervision.forms.fields import options
from jizhi.supervision.ranking import rules
from jizhi.supervision.ranking.queries import Rated


class ComputeForm(forms.Form):
    """Which period to rank: one that has sheets."""

    period = forms.ChoiceField(
        label="学期", error_messages={"required": "选一个学期", "invalid_choice": "这个学期还没有处室评分，请选列出的学期"}
    )

    def __init__(self, *args: Any, periods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options(periods)


class CorrectForm(forms.Form):
    reason = forms.CharField(
        label="更正理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "写明为什么更正，例：3 号整改延期已批准，不应算到期", "max_length": "太长，最多 300 字"},
    )


class AmendForm(forms.Form):
    """One rater's entries, to be corrected after an appeal; what is left as it was stays."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, rated: list[Rated]) -> None:
        super().__init__(data)
        self.rated = rated
        for one in rated:
            self.fields[one.code] = forms.CharField(
                label=f"{one.name}（{one.full} 分）", required=False, max_length=200, initial=one.entry, help_text=f"现得 {one.points}"
            )
        self.fields["reason"] = CorrectForm.base_fields["reason"]

    def changes(self) -> dict[str, str | None]:
        typed = {one.code: self.cleaned_data[one.code].strip() for one in self.rated}
        return {one.code: typed[one.code] or None for one in self.rated if typed[one.code] != one.entry}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.changes():
            self.add_error(None, "没有改动任何一项")
        return data


class FactorForm(forms.Form):
    """A factor for each rank; ranks left empty have none."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, ranks: int, kept: Mapping[int, Decimal]) -> None:
        super().__init__(data)
        for rank in range(1, ranks + 1):
            field = forms.CharField(label=f"第 {rank} 名", required=False, max_length=12, initial=kept.get(rank))
            field.widget.attrs["inputmode"] = "decimal"
            self.fields[f"rank_{rank}"] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = {int(name.removeprefix("rank_")): text for name, text in data.items()}
        self.factors, problems = rules.factor_problems(typed)
        for rank, text in problems.items():
            self.add_error(f"rank_{rank}", text)
        if not self.factors and not problems:
            self.add_error(None, "至少填一个名次的系数")
        return data
