"""The forms of a ranking: compute a period, correct, set the school's factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from jizhi.results.models import Place
from jizhi.rulebook.indicators import leaves
from jizhi.sheets.models import Sheet
from jizhi.supervision.forms.fields import options
from jizhi.supervision.ranking import preview, rules
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


class UpheldForm(forms.Form):
    """What should stand instead of one mark of a place, in one rater's sheet or in all of them; asks, stores nothing."""

    item = forms.ChoiceField(
        label="指标", error_messages={"required": "选申诉的那一项", "invalid_choice": "细则里没有这一项，请选列出的指标"}
    )
    entry = forms.CharField(
        label="应为",
        max_length=200,
        help_text="照评分表的写法，例：优，或者 7/8",
        error_messages={"required": "填这一项应当怎样评，例：优，或者 7/8", "max_length": "太长，最多 200 字"},
    )
    sheet = forms.ChoiceField(label="改谁的评分", required=False, error_messages={"invalid_choice": "请选列出的评分人，或者全部评分人"})

    def __init__(self, data: Mapping[str, Any] | None = None, *, place: Place, sheets: Sequence[Sheet]) -> None:
        super().__init__(data)
        self.place, self.sheets = place, sheets
        found = [(leaf.code, leaf.name) for leaf in leaves(*preview.standard_of(place).indicators)]
        raters = [(str(sheet.pk), sheet.rater.name) for sheet in sheets]
        for name, choices in {"item": [("", "请选择"), *found], "sheet": [("", "全部评分人"), *raters]}.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (wrong := preview.unreadable(self.place, data["item"], data["entry"])):
            self.add_error("entry", wrong)
        return data

    def chosen(self) -> list[Sheet]:
        wanted = self.cleaned_data["sheet"]
        return [sheet for sheet in self.sheets if not wanted or str(sheet.pk) == wanted]


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
