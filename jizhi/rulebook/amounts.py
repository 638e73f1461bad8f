"""金额 and evidence by use: limits and papers from dated parameters, refused with the clause quoted; cited cases as fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jizhi.rulebook.facts import Facts
from jizhi.rulebook.language import FieldSpec, Procedure, Ref, Regulation, Step
from jizhi.rulebook.parameters import Form, Keyed, looked_up

CITED = "引用的案件"  # the field by which an outcome names another case as evidence
DIGITS = 12  # before the point
LONGEST = 90  # characters of a quoted article


@dataclass(frozen=True)
class Where:
    """What a field is judged by."""

    regulation: Regulation
    procedure: Procedure
    facts: Facts
    form: Form
    today: date

    def says(self, ref: Ref) -> Keyed | None:
        return looked_up(ref, regulation=self.regulation, procedure=self.procedure, facts=self.facts, forms=[self.form], on=self.today)


def step_fields(step: Step, outcome: str | None) -> tuple[FieldSpec, ...]:
    """What a step asks when it is taken with an outcome; without one all that it may ask, what belongs to one outcome left
    open."""
    of_record = step.record.form if step.record else ()
    if step.record is not None and outcome == step.record.name:
        return of_record
    cited = [
        FieldSpec(
            name=CITED,
            kind="案件",
            cited=need,
            outcome=one.name,
            hint=f"结论为“{one.name}”的，选已经“{need.end}”的那件；须是登记时写明关于本事项的，只能引用一次。",
        )
        for one in step.outcomes
        for branch in one.branches
        for need in branch.needs
        if outcome in (None, one.name)
    ]
    if outcome is not None:
        return (*step.form, *cited[:1])
    name = step.record.name if step.record else ""
    loose = [field.model_copy(update={"required": False, "outcome": name}) for field in of_record]
    loose += [field.model_copy(update={"required": False}) for field in cited[:1]]
    return tuple({field.name: field for field in (*loose, *step.form)}.values()) if loose else step.form


def amount_of(value: Any) -> Decimal | None:
    """Yuan, with two places at most; None when it is no such amount."""
    if isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount.adjusted()) > DIGITS or amount != amount.quantize(Decimal("0.01")):
        return None
    return amount


def amount_wrong(field: FieldSpec, value: Any, where: Where) -> str | None:
    """What is wrong with an amount: not money, not above nothing, over the limit of its use."""
    if field.kind != "金额":
        return None
    amount = None if isinstance(value, list | tuple | Mapping) else amount_of(value)
    if amount is None:
        return f"“{field.name}”要填元数，最多两位小数，如 1200 或 1200.50。"
    if amount <= 0:
        return f"“{field.name}”必须大于 0。"
    if field.limit is None:
        return None
    found = where.says(field.limit) if isinstance(field.limit, Ref) else Keyed(field.limit)
    if found is None or amount <= Decimal(found.amount):
        return None
    use = f"“{found.value}”" if found.value else ""
    return f"{use}最多 {found.amount} 元，现在填了 {amount.normalize():f} 元，请改为 {found.amount} 元以内。"


def paper_missing(field: FieldSpec, where: Where) -> str | None:
    """A paper that the chosen use must come with and that is not there."""
    found = where.says(field.needed) if field.needed is not None else None
    names = () if found is None else found.amount if isinstance(found.amount, tuple) else (found.amount,)
    if found is None or field.name not in [str(name) for name in names]:
        return None
    return with_clause(f"{found.field or '用途'}为“{found.value}”的，请上传“{field.name}”。", field, where.regulation)


def with_clause(text: str, field: FieldSpec, regulation: Regulation) -> str:
    """The sentence, with the article that the field rests on quoted."""
    if not field.clause:
        return text
    said = next((one.text for one in regulation.clauses if one.number == field.clause), "")
    quoted = f"：“{said if len(said) <= LONGEST else said[: LONGEST - 1] + '…'}”" if said else ""
    return f"{text.removesuffix('。')}（{field.clause}{quoted}）。"
