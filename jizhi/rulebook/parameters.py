"""Dated parameters and the lengths that refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jizhi.rulebook.facts import Facts
from jizhi.rulebook.language import Contract, Duration, FieldSpec, Length, Procedure, Ref, Regulation

Form = Mapping[str, Any]


def parameter(regulation: Regulation, name: str, *, on: date, region: str) -> Any:
    """The value in force on a day in a region (the longest matching region prefix wins). KeyError when there is none."""
    in_force = [
        value
        for value in regulation.parameters[name]
        if value.since <= on and (value.until is None or on <= value.until) and region.startswith(significant(value.region))
    ]
    if not in_force:
        raise KeyError(name)
    return max(in_force, key=lambda value: (len(significant(value.region)), value.since)).amount


def significant(region: str | None) -> str:
    """The part of a division code that says something: 500000 is all of 50, 500101 itself."""
    code = region or ""
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    while 2 < len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    return code


@dataclass(frozen=True)
class Keyed:
    """A parameter's amount, and the form field and value it was keyed by (程度: 一般) where it was keyed by one."""

    amount: Any
    table: Mapping[str, Any] | None = None
    field: str | None = None
    value: str | None = None


def looked_up(ref: Ref, *, regulation: Regulation, procedure: Procedure, facts: Facts, forms: Sequence[Form], on: date) -> Keyed | None:
    """What a reference means on a day, by the forms given (nearest first) and the launch form; None when it says nothing here.

    A parameter that is a table (一般: 15日) is keyed by the field named in the reference, by the key itself, or, where the
    reference stops at the table, by the one form field whose options it lists.
    """
    chain = [*forms, facts.form]
    if ref.root == "表单":
        value = first(chain, ref.path[0])
        return None if value is None else Keyed(value)
    if ref.root != "参数":
        return None
    try:
        amount = parameter(regulation, ref.path[0], on=on, region=facts.region)
    except KeyError:
        return None  # no value for this day or place: the rule sets nothing here
    keys = ref.path[1:] or _field_keying(amount, procedure)
    found = Keyed(amount)
    for key in keys:
        if not isinstance(found.amount, Mapping):
            return None
        table = found.amount
        value = key if key in table else first(chain, key)
        if str(value) not in table:
            return None
        found = Keyed(table[str(value)], table, None if key in table else key, str(value))
    return None if isinstance(found.amount, Mapping) else found


def last_day_or_length(length: Length, **where: Any) -> date | Duration | None:
    """A length as written, or what its reference gives: a duration, or a date chosen in a form."""
    if isinstance(length, Duration):
        return length
    if isinstance(length, Contract):
        chosen = as_date(first([*where["forms"], where["facts"].form], length.field))
        return chosen or last_day_or_length(length.fallback, **where)
    found = looked_up(length, **where)
    return None if found is None else _measure(found.amount)


def as_date(value: Any) -> date | None:
    """A real date, or None: forms carry dates as 2026-03-20."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        return None


def first(forms: Iterable[Form], key: str) -> Any:
    """The nearest answer that is not blank."""
    return next((form[key] for form in forms if form.get(key) not in (None, "", [], ())), None)


def fields_with_options(procedure: Procedure) -> Iterator[FieldSpec]:
    """Every choice field of a procedure, launch form first."""
    launch = procedure.launch.form if procedure.launch else ()
    sides = (field for side in procedure.side_acts for field in side.form)
    steps = (field for step in procedure.steps for field in step.form)
    return (field for field in (*launch, *steps, *sides) if field.options)


def _field_keying(amount: Any, procedure: Procedure) -> tuple[str, ...]:
    if not isinstance(amount, Mapping):
        return ()
    keys = set(amount)
    return next(((field.name,) for field in fields_with_options(procedure) if keys <= set(field.options)), ("",))


def _measure(amount: Any) -> date | Duration | None:
    if isinstance(amount, Duration):
        return amount
    return as_date(amount)
