"""An overlay (基于) on its base: it may change only what the base allows (可改); everything else stands as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jizhi.rulebook.appraisal_reading import cross_problems, has, sections
from jizhi.rulebook.language import Regulation, Value

FIELDS = {"参数": "parameters", "附表": "schedules", "细则": "standards", "机构": "bodies", "程序": "procedures"}


def is_base(regulation: Regulation, based_on: str) -> bool:
    """Whether ``code@year`` means this regulation."""
    return based_on == f"{regulation.code}@{regulation.since.year}"


def resolve(base: Regulation, overlay: Regulation) -> tuple[Regulation | None, list[str]]:
    """Base and overlay as one regulation, or every reason against it; each names the key that may not be changed."""
    problems = [*_identity(base, overlay), *_forbidden(base, overlay)]
    if problems:
        return None, problems
    changed: dict[str, Any] = {
        field: {**getattr(base, field), **getattr(overlay, field)} for word, field in FIELDS.items() if word != "参数"
    }
    whole = base.model_copy(
        update={
            **changed,
            "name": overlay.name,
            "code": overlay.code,
            "since": overlay.since,
            "applies_to": overlay.applies_to,
            "clauses": (*base.clauses, *overlay.clauses),
            "parameters": _parameters(base.parameters, overlay.parameters),
            "may_change": overlay.may_change,
            "based_on": None,
        }
    )
    problems = cross_problems(whole)
    return (None, problems) if problems else (whole, [])


def _identity(base: Regulation, overlay: Regulation) -> list[str]:
    if overlay.based_on is None:
        return [f"《{overlay.name}》没有写“基于”，不是下位制度。"]
    problems = []
    if not is_base(base, overlay.based_on):
        problems.append(f"《{overlay.name}》基于“{overlay.based_on}”，不是“{base.code}@{base.since.year}”。")
    if overlay.since < base.since:
        problems.append(f"施行日期 {overlay.since} 早于上位制度《{base.name}》的 {base.since}。")
    return problems


def _forbidden(base: Regulation, overlay: Regulation) -> list[str]:
    allowed = "、".join(base.may_change) or "没有写，什么都不能改"
    paths = [f"{section}.{name}" for section, names in sections(overlay).items() for name in names]
    problems = []
    for path in paths:
        if path not in base.may_change:
            why = "不在可改之列" if has(base, path) else "上位制度没有这一项，也没有列入可改"
            problems.append(f"“{path}”不能改：{why}（《{base.name}》的可改：{allowed}），请删去。")
    for path in overlay.may_change:
        if path not in base.may_change:
            problems.append(f"“可改”里的“{path}”超出了《{base.name}》允许的范围（{allowed}），请删去。")
    old = {clause.number for clause in base.clauses}
    problems += [f"条文“{clause.number}”与上位制度的重复，请另编条号。" for clause in overlay.clauses if clause.number in old]
    return problems


def _parameters(base: Mapping[str, tuple[Value, ...]], overlay: Mapping[str, tuple[Value, ...]]) -> dict[str, tuple[Value, ...]]:
    """The overlay's values beside the base's earlier ones; what it dates the same it replaces, what it dates later stays its own."""
    merged = dict(base)
    for name, values in overlay.items():
        first = min(value.since for value in values)
        merged[name] = (*(value for value in base.get(name, ()) if value.since < first), *values)
    return merged
