"""Forms that a regulation declares: reading what was typed, keeping it as JSON, and showing it as rows of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from jizhi.rulebook.judgement import Problem
from jizhi.rulebook.language import FieldSpec

WIDGETS = {
    "短文": "text",
    "长文": "area",
    "日期": "date",
    "数": "number",
    "金额": "number",
    "是否": "radio",
    "多选": "ticks",
    "附件": "file",
}
WIDGETS |= {"人": "select", "案件": "select", "指标": "text"}
MOST_DIGITS = 15  # 1e999999999 written out would fill the memory
FEW = 8  # options shown as chips; more become a drop-down list
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def coerced(specs: Sequence[FieldSpec], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Typed text as values: 日期 a date, 数 a Decimal, 是否 a bool, 多选 a list. What was left empty is absent; what cannot
    be read stays as typed, for the rulebook to say so. Names that no field declares are dropped."""
    given = {spec: _tidy(raw.get(spec.name)) for spec in specs}
    return {spec.name: _read(spec, value) for spec, value in given.items() if value not in (None, "", [])}


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return {name: _plain(value) for name, value in values.items()}


def loaded(specs: Sequence[FieldSpec], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Values back from JSON; names that no field declares come as they are."""
    return {**kept, **coerced(specs, kept)}


def shown(value: Any, kind: str = "") -> str:
    """A value in words: 看、查; 2026年3月20日; 是; an amount 1,000.00 元."""
    if kind == "金额" and isinstance(number := _number(value), int | Decimal):
        return f"{number:,.2f} 元"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list | tuple):
        return "、".join(shown(one) for one in value)
    return str(value)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool
    id: str


@dataclass(frozen=True)
class Row:
    """One field as the template draws it. ``errors`` stand beside it."""

    id: str
    name: str
    label: str
    widget: str  # text area date number radio ticks select file
    required: bool
    hint: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def described_by(self) -> str:
        """Ids for aria-describedby."""
        return " ".join([*([f"{self.id}-hint"] if self.hint else []), *([f"{self.id}-error"] if self.errors else [])])


@dataclass(frozen=True)
class Error:
    """One line of the summary; ``field`` is the id of the element it leads to."""

    field: str
    label: str
    text: str


@dataclass
class DeclaredForm:
    """A form declared by ``specs``. ``data`` is what was posted (None: nothing yet), ``initial`` a draft or known values,
    ``problems`` what the rulebook found, ``people`` the choices of fields of the kind 人 as (id, name). Template:
    ``{% include "procedure/_fields.html" with rows=form.rows %}`` and ``form.errors`` for ``ui/_errors.html``."""

    specs: Sequence[FieldSpec]
    data: QueryDict | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    prefix: str = ""
    people: Sequence[tuple[str, str]] = ()
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)  # of single fields: people on a register, cases

    @property
    def raw(self) -> dict[str, Any]:
        """What was typed, by field name; before that, the initial values."""
        if self.data is None:
            return {spec.name: self.initial.get(spec.name) for spec in self.specs}
        return {spec.name: self._posted(spec) for spec in self.specs}

    @property
    def values(self) -> dict[str, Any]:
        return coerced(self.specs, self.raw)

    @property
    def rows(self) -> list[Row]:
        return [self._row(number, spec) for number, spec in enumerate(self.specs, 1)]

    @property
    def errors(self) -> list[Error]:
        """Everything wrong, for the summary above the form."""
        return [Error(row.id, row.label, text) for row in self.rows for text in row.errors]

    def _posted(self, spec: FieldSpec) -> Any:
        assert self.data is not None
        name = self.prefix + spec.name
        return self.data.getlist(name) if spec.kind == "多选" else self.data.get(name, "")

    def _row(self, number: int, spec: FieldSpec) -> Row:
        key = f"{self.prefix}f{number}"
        raw = _tidy(self.raw.get(spec.name))
        options = self._options(spec, raw, key)
        return Row(
            id=key,
            name=self.prefix + spec.name,
            label=spec.name,
            widget=self._widget(spec),
            required=spec.required,
            hint=_hint(spec),
            value="" if raw is None or isinstance(raw, list) else str(_plain(raw)),
            options=options,
            errors=tuple(dict.fromkeys(problem.text for problem in self.problems if problem.field == spec.name)),
        )

    def _widget(self, spec: FieldSpec) -> str:
        if spec.kind == "选择":
            return "radio" if len(spec.options) <= FEW else "select"
        return WIDGETS[spec.kind]

    def _options(self, spec: FieldSpec, raw: Any, key: str) -> tuple[Option, ...]:
        pairs: Iterable[tuple[str, str]] = [(option, option) for option in spec.options]
        if spec.kind in ("人", "案件"):
            pairs = self.choices.get(spec.name, self.people if spec.kind == "人" else ())
        elif spec.kind == "是否":
            pairs = [("是", "是"), ("否", "否")]
        chosen = [shown(one) for one in (raw if isinstance(raw, list | tuple) else [raw])]
        return tuple(Option(value, label, value in chosen, f"{key}-{n}") for n, (value, label) in enumerate(pairs, 1))


def _hint(spec: FieldSpec) -> str:
    if spec.hint:
        return spec.hint
    if spec.kind == "附件":
        return spec.why_required or "可以不传；照片、文档、表格都可以。"
    return f"至少选 {spec.at_least} 项。" if spec.at_least and spec.at_least > 1 else ""


def _tidy(value: Any) -> Any:
    """Without idle blanks, and without NUL, which PostgreSQL refuses."""
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    if isinstance(value, list | tuple):
        return [one for one in (_tidy(each) for each in value) if one not in (None, "")]
    return value


def _read(spec: FieldSpec, value: Any) -> Any:
    match spec.kind:
        case "日期":
            return _day(value) if isinstance(value, str) else value
        case "数" | "金额":
            return _number(value)
        case "是否":
            return {"是": True, "否": False}.get(value, value) if isinstance(value, str) else value
        case "多选":
            return value if isinstance(value, list) else [str(value)]
    return value if isinstance(value, list) else str(value)


def _day(text: str) -> date | str:
    found = DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else text
    except ValueError:
        return text


def _number(value: Any) -> Any:
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).replace(",", "").replace("，", ""))
    except InvalidOperation:
        return value
    return number if number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS else value


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
