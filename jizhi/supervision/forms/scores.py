"""The scores of a sheet: one control per leaf of the standard, by its kind of scoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from jizhi.rulebook import formula, scoring
from jizhi.rulebook.indicators import leaves
from jizhi.rulebook.language import Indicator, Standard
from jizhi.rulebook.scoring import NOT_APPLICABLE
from jizhi.ui.fields import Whole

GRADES, YES_NO, COUNT, FORMULA, POINTS = "四档", "是否", "扣分", "公式", "得分"


@dataclass(frozen=True)
class Item:
    """One leaf on the page: its controls in order, the tick 不适用 where they are numbers, and what is wrong with it."""

    leaf: Indicator
    kind: str
    controls: tuple[forms.BoundField, ...]
    absent: forms.BoundField | None

    @property
    def errors(self) -> list[str]:
        return [str(text) for control in self.controls for text in control.errors]

    @property
    def is_rated(self) -> bool:
        """Whether something is entered (the page counts 已评 without JavaScript)."""
        return bool(self.absent and self.absent.value()) or all(control.value() not in (None, "") for control in self.controls)

    @property
    def anchor(self) -> str:
        return f"item-{self.leaf.code}"


@dataclass(frozen=True)
class Group:
    """A first-level indicator with its leaves."""

    indicator: Indicator
    items: tuple[Item, ...]

    @property
    def rated(self) -> int:
        return sum(item.is_rated for item in self.items)

    @property
    def anchor(self) -> str:
        return f"group-{self.indicator.code}"


class ScoreForm(forms.Form):
    """After ``is_valid``: ``entries`` by leaf code in the words that rulebook.scoring reads (None is 不适用), ``bonuses``
    {name: (points, fact)} and ``red_lines`` {name: fact}."""

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        self.leaves = leaves(*standard.indicators)
        for leaf in self.leaves:
            self.fields.update(_fields(standard, leaf))
        for number, bonus in enumerate(standard.bonuses):
            hint = bonus.needs or "写明事实"
            self.fields[f"bonus-{number}"] = forms.DecimalField(
                label=bonus.name,
                required=False,
                min_value=0,
                max_value=bonus.most,
                decimal_places=2,
                error_messages={"invalid": "请填数", "max_value": f"最多 {formula.plain(bonus.most)} 分", "min_value": "不能小于 0"},
            )
            self.fields[f"bonus-{number}-fact"] = forms.CharField(
                label=f"{bonus.name}的事实", required=False, max_length=300, help_text=hint
            )
        for number, red in enumerate(standard.red_lines):
            self.fields[f"red-{number}"] = forms.BooleanField(label=red.name, required=False, help_text=red.then)
            self.fields[f"red-{number}-fact"] = forms.CharField(label=f"{red.name}的时间、地点和事实", required=False, max_length=300)

    # ---- what the page shows ----

    def groups(self) -> list[Group]:
        return [Group(top, tuple(self.item(leaf) for leaf in leaves(top))) for top in self.standard.indicators]

    def item(self, leaf: Indicator) -> Item:
        names = [name for name in self.fields if name == f"s-{leaf.code}" or name.startswith(f"s-{leaf.code}~")]
        absent = f"na-{leaf.code}"
        return Item(leaf, _kind(leaf), tuple(self[name] for name in names), self[absent] if absent in self.fields else None)

    def rated(self) -> int:
        return sum(group.rated for group in self.groups())

    @property
    def total(self) -> int:
        return len(self.leaves)

    def percent(self) -> int:
        return round(100 * self.rated() / self.total) if self.total else 0

    def bonus_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"bonus-{n}"], self[f"bonus-{n}-fact"]) for n in range(len(self.standard.bonuses))]

    def red_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"red-{n}"], self[f"red-{n}-fact"]) for n in range(len(self.standard.red_lines))]

    @property
    def bonus_open(self) -> bool:
        """Whether the page shows the bonuses unfolded."""
        return any(field.value() or (self.is_bound and field.errors) for row in self.bonus_rows() for field in row)

    @property
    def red_open(self) -> bool:
        """Whether the page shows the red lines unfolded."""
        return any(tick.value() or fact.value() for tick, fact in self.red_rows())

    # ---- what was entered ----

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.entries: dict[str, str | None] = {}
        for leaf in self.leaves:
            self._read(leaf, data)
        self.bonuses: dict[str, tuple[str, str]] = dict(self._bonuses(data))
        self.red_lines: dict[str, str] = dict(self._reds(data))
        if self.entries and not self.errors and all(entry is None for entry in self.entries.values()):
            self.add_error(None, "所有指标都不适用，无法得分，请至少评一项")
        return data

    def _read(self, leaf: Indicator, data: Mapping[str, Any]) -> None:
        """The leaf's entry, or an error at its first control."""
        names = [control.name for control in self.item(leaf).controls]
        if any(name in self.errors for name in names):
            return
        values = [data.get(name) for name in names]
        if data.get(f"na-{leaf.code}") or values == [NOT_APPLICABLE]:
            self.entries[leaf.code] = None
            return
        if any(value in (None, "") for value in values):
            what = "还没有评，不适用的请选“不适用”" if len(values) == 1 else "还没有填全，不适用的请打钩“不适用”"
            self.add_error(names[0], what)
            return
        entry = _entry(leaf, values)
        found = scoring.mark(self.standard, leaf, entry)
        if isinstance(found, str):
            self.add_error(names[0], found)
        else:
            self.entries[leaf.code] = entry

    def _bonuses(self, data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
        for number, bonus in enumerate(self.standard.bonuses):
            points, fact = data.get(f"bonus-{number}"), (data.get(f"bonus-{number}-fact") or "").strip()
            if points and not fact:
                self.add_error(f"bonus-{number}-fact", "加分要写明事实")
            elif points:
                yield bonus.name, (str(points), fact)

    def _reds(self, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for number, red in enumerate(self.standard.red_lines):
            fact = (data.get(f"red-{number}-fact") or "").strip()
            if data.get(f"red-{number}") and not fact:
                self.add_error(f"red-{number}-fact", "红线要写明时间、地点和事实")
            elif data.get(f"red-{number}"):
                yield red.name, fact


def _kind(leaf: Indicator) -> str:
    return leaf.scoring.kind if leaf.scoring else POINTS


def _fields(standard: Standard, leaf: Indicator) -> dict[str, forms.Field]:
    """The controls of one leaf, named ``s-<code>`` (``s-<code>~<n>`` for the inputs of a formula) and ``na-<code>``."""
    name, kind, label = f"s-{leaf.code}", _kind(leaf), f"{leaf.code} {leaf.name}"
    if kind in (GRADES, YES_NO):
        words = [*(standard.grade_points if kind == GRADES else ("是", "否")), NOT_APPLICABLE]
        messages = {"invalid_choice": f"请在{'、'.join(words)}中选"}
        choices = [(word, word) for word in words]
        return {name: forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect, error_messages=messages)}
    absent = {f"na-{leaf.code}": forms.BooleanField(label=NOT_APPLICABLE, required=False)}
    if kind == COUNT:
        return {name: Whole(label=f"{label}（扣分项数）", required=False), **absent}
    if kind == FORMULA and leaf.scoring and leaf.scoring.formula:
        inputs = formula.variables(leaf.scoring.formula)
        return {**{f"{name}~{n}": _number(f"{label}：{variable}") for n, variable in enumerate(inputs)}, **absent}
    return {name: _number(f"{label}（得分）"), **absent}


def _number(label: str) -> forms.DecimalField:
    messages = {"invalid": "请填数", "min_value": "不能小于 0", "max_value": "数太大，请核对"}
    return forms.DecimalField(label=label, required=False, min_value=0, max_value=1_000_000, error_messages=messages)


def _entry(leaf: Indicator, values: list[Any]) -> str:
    """What was entered, in the words of rulebook.scoring."""
    kind = _kind(leaf)
    if kind == COUNT:
        return f"扣{values[0]}项"
    if kind == FORMULA and leaf.scoring and leaf.scoring.formula:
        pairs = zip(formula.variables(leaf.scoring.formula), values, strict=True)
        return "；".join(f"{name}={format(value, 'f')}" for name, value in pairs)
    return format(values[0], "f") if kind == POINTS else str(values[0])
