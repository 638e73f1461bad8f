"""What is wrong with a filled-in form, all at once, in sentences shown beside the fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jizhi.kernel.workdays import Calendar
from jizhi.rulebook import amounts, fanout, words
from jizhi.rulebook.clocks import due_day
from jizhi.rulebook.facts import LAUNCH, Facts, Problem
from jizhi.rulebook.history import APPROVE, DECLINE, YES, is_withdrawal, side_act_named, step_named
from jizhi.rulebook.language import Clock, Contract, Duration, FieldSpec, Length, Procedure, Ref, Regulation
from jizhi.rulebook.parameters import Keyed, as_date, looked_up
from jizhi.rulebook.publicity import CORRECTION, OBJECTION, side_fields
from jizhi.rulebook.recusal import recording_fields

MOST_DIGITS = 15  # before and after the point
UNTIL = "至"  # the day an extension asks for
EXTENSION = (FieldSpec(name=UNTIL, kind="日期", hint="希望延长到哪一天"), FieldSpec(name="理由", kind="长文"))
BLANK: tuple[object, ...] = (None, "", [], ())
VERBS = {"选择": "选择", "多选": "选择", "是否": "选择", "人": "选择", "指标": "选择", "附件": "上传", "案件": "选择"}


def fields_of(procedure: Procedure, name: str, outcome: str | None = None) -> tuple[FieldSpec, ...]:
    """The fields that a step, 发起 or a side act asks for; an extension without a form of its own asks 至 and 理由."""
    if name == LAUNCH:
        return (*procedure.launch.form, *recording_fields(procedure)) if procedure.launch else ()
    if (step := step_named(procedure, name)) is not None:
        return (*amounts.step_fields(step, outcome), *fanout.list_fields(procedure, step), *recording_fields(procedure, name))
    side = side_act_named(procedure, name)
    if side is not None and name in (OBJECTION, CORRECTION):
        return side_fields(procedure, name, outcome)
    if side is None or is_withdrawal(side) or outcome in (APPROVE, DECLINE):
        return ()
    if side.changes is not None and not any(field.name == UNTIL for field in side.form):
        return (*EXTENSION[:1], *(side.form or EXTENSION[1:]), *recording_fields(procedure, name))
    return (*side.form, *recording_fields(procedure, name))


def form_problems(
    fields: Sequence[FieldSpec],
    form: Mapping[str, Any],
    *,
    procedure: Procedure,
    regulation: Regulation,
    facts: Facts,
    today: date,
    calendar: Calendar,
) -> list[Problem]:
    """Everything wrong with a form, all at once: missing, not an option, too few ticks, past the cap (一般问题最长 15 日…)."""
    known = {field.name for field in fields}
    where = amounts.Where(regulation, procedure, facts, form, today)
    problems = [Problem(str(name), f"这张表没有“{name}”一项，请去掉。") for name in form if name not in known]
    for field in fields:
        value = form.get(field.name)
        if _blank(value):
            problems += [Problem(field.name, _missing(field))] if field.required else []
            problems += [Problem(field.name, text)] if not field.required and (text := amounts.paper_missing(field, where)) else []
        elif text := _wrong(field, value) or amounts.amount_wrong(field, value, where):
            problems.append(Problem(field.name, amounts.with_clause(text, field, regulation)))
        elif field.kind == "日期":
            day = as_date(value)
            judged = _Limits(procedure, regulation, facts, form, today, calendar)
            problems += [Problem(field.name, text) for text in judged.wrong(field.name, day)] if day else []
    return problems


def _blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list | tuple):
        return all(_blank(one) for one in value)
    return value in BLANK


def _missing(field: FieldSpec) -> str:
    reason = f"（{field.why_required}）" if field.why_required else ""
    if field.kind == "多选" and field.at_least:
        return f"请至少选择 {field.at_least} 项“{field.name}”{reason}。"
    return f"请{VERBS.get(field.kind, '填写')}“{field.name}”{reason}。"


def _wrong(field: FieldSpec, value: Any) -> str | None:
    """What is wrong with one value by its kind alone."""
    if field.kind == "多选":
        return _wrong_ticks(field, [value] if isinstance(value, str) else value)
    if isinstance(value, list | tuple | Mapping) and field.kind not in ("附件", "人", "指标"):
        return f"“{field.name}”只能填一项，请重新填写。"
    match field.kind:
        case "选择" if str(value) not in field.options:
            return f"“{field.name}”没有“{value}”这一项，请从{words.listed(field.options)}中选择。"
        case "日期" if as_date(value) is None:
            return f"“{field.name}”不是真实的日期，请写成 2026-03-20 这样的日期。"
        case "数" if not _is_number(value):
            return f"“{field.name}”要填数字，如 12 或 12.5。"
        case "是否" if not isinstance(value, bool) and str(value) not in YES:
            return f"“{field.name}”请选“是”或“否”。"
    return None


def _wrong_ticks(field: FieldSpec, values: Any) -> str | None:
    if not isinstance(values, list | tuple):
        return f"“{field.name}”请从{words.listed(field.options)}中选择。"
    ticked = {str(value) for value in values}
    if unknown := sorted(ticked - set(field.options)):
        return f"“{field.name}”没有{words.quoted(unknown)}，请从{words.listed(field.options)}中选择。"
    if field.at_least and len(ticked) < field.at_least:
        return f"“{field.name}”至少选 {field.at_least} 项，现在选了 {len(ticked)} 项。"
    return None


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    try:
        number = Decimal(str(value).strip())
        return number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS
    except InvalidOperation:
        return False


@dataclass(frozen=True)
class _Limits:
    """Dates that set a limit: not past, and not beyond the cap of the clock they set."""

    procedure: Procedure
    regulation: Regulation
    facts: Facts
    form: Mapping[str, Any]
    today: date
    calendar: Calendar

    def wrong(self, name: str, day: date) -> Iterator[str]:
        if name != UNTIL and not any(_asks(length, name) for length in self._lengths()):
            return
        if day < self.today:
            yield f"“{name}”不能早于今天（{words.short(self.today, day)}），请改选今天或以后的日期。"
            return
        for clock in self.procedure.clocks:
            if clock.cap is not None and _asks(clock.length, name) and (text := self._past_cap(clock, clock.cap, day)):
                yield text
                return

    def _lengths(self) -> Iterator[Length]:
        for clock in self.procedure.clocks:
            yield from (length for length in (clock.length, clock.again) if length is not None)
        yield from (step.limit for step in self.procedure.steps if step.limit is not None)

    def _past_cap(self, clock: Clock, cap: Length, day: date) -> str | None:
        found = self._cap(cap)
        last = due_day(_length_of(found), self.today, self.calendar) if found else None
        if found is None or last is None or day <= last:
            return None
        longest = f"最长 {words.length(found.amount)}" if isinstance(found.amount, Duration) else f"最迟到{words.on(last)}"
        about = f"{found.value}{self.procedure.subject.kind}" if found.field and found.value else f"“{clock.name}”"
        text = f"{about}{longest}，请选 {words.short(last, self.today)}或更早"
        if longer := self._next_longer(found):
            text += f"；需要更久请把{found.field}改为“{longer}”"
        return f"{text}。"

    def _cap(self, cap: Length) -> Keyed | None:
        if isinstance(cap, Duration):
            return Keyed(cap)
        if isinstance(cap, Contract):
            return None
        return looked_up(cap, regulation=self.regulation, procedure=self.procedure, facts=self.facts, forms=[self.form], on=self.today)

    def _next_longer(self, found: Keyed) -> str | None:
        """The key of the table whose length is the next longer one: 较重 after 一般."""
        if found.table is None or found.field is None:
            return None
        mine = due_day(_length_of(found), self.today, self.calendar)
        ends = {key: due_day(amount, self.today, self.calendar) for key, amount in found.table.items() if isinstance(amount, Duration)}
        later = {key: end for key, end in ends.items() if end is not None and mine is not None and end > mine}
        return min(later, key=lambda key: later[key], default=None)


def _length_of(found: Keyed) -> date | Duration | None:
    return found.amount if isinstance(found.amount, Duration) else as_date(found.amount)


def _asks(length: Length, name: str) -> bool:
    if isinstance(length, Contract):
        return length.field == name
    return isinstance(length, Ref) and length.root == "表单" and length.path[:1] == (name,)
