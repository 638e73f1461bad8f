"""From the text of a regulation to its models: every problem at once, in Chinese, with line and column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from jizhi.rulebook import appraisal_reading, burden, fanout, phrases, procedures, reachability, schedules, standards
from jizhi.rulebook.language import Clause, Regulation, Source, Value
from jizhi.rulebook.phrases import Scope
from jizhi.rulebook.source import Entry, Problem, Reader, Table, Text, Tree, parse

__all__ = ["Problem", "read"]

SOURCES: tuple[str, ...] = get_args(Source)
ALLOWED = ("制度", "代号", "施行", "适用", "条文", "参数", "机构", "程序", "细则", "附表", "基于", "可改")


def read(text: str, file: str) -> tuple[Regulation | None, list[Problem]]:
    """The regulation, or None when any problem is an error; the problems in order of their place in the file."""
    reader = Reader(file)
    tree = parse(text, reader)
    regulation = _regulation(tree, reader) if tree is not None and (table := reader.table(tree, "制度")) and table else None
    problems = sorted(set(reader.problems), key=lambda problem: (problem.line, problem.column, problem.text))
    return (None if any(problem.severity == "error" for problem in problems) else regulation), problems


def _regulation(tree: Tree, reader: Reader) -> Regulation | None:
    if not isinstance(tree, Table):
        return None
    found = reader.keys(tree, "制度", allowed=ALLOWED, required=("制度", "代号", "施行", "适用"), later=Regulation.LATER)
    values: dict[str, Any] = {
        "name": reader.text(found["制度"].value, "制度") if "制度" in found else None,
        "code": phrases.code(found.get("代号"), reader) or None,
        "since": phrases.day(found["施行"].value, "施行", reader) if "施行" in found else None,
        "applies_to": _applies_to(found["适用"].value, reader) if "适用" in found else None,
    }
    if "条文" in found:
        values["clauses"] = _clauses(found["条文"].value, reader)
    if "参数" in found:
        values["parameters"] = {entry.key: _parameter(entry, reader) for entry in reader.named(found["参数"].value, "参数")}
    scope = _scope(found, values)
    if "机构" in found:
        values["bodies"] = _read_all(found["机构"], "机构", lambda entry: standards.body(entry, reader, scope), reader)
    if "程序" in found:
        values["procedures"] = _procedures(found["程序"], reader, scope, _names(found.get("细则")))
    if "细则" in found:
        alone = (values["code"] or "") if len(reader.named(found["细则"].value, "细则")) == 1 else ""  # the only one may bear its code
        values["standards"] = _read_all(
            found["细则"], "细则", lambda entry: standards.standard(entry, reader, scope, default=alone), reader
        )
    if "附表" in found:
        values["schedules"] = _read_all(found["附表"], "附表", lambda entry: schedules.schedule(entry, reader, scope), reader)
    if "基于" in found:
        values["based_on"] = appraisal_reading.based_on(found["基于"].value, reader)
    if "可改" in found:
        values["may_change"] = appraisal_reading.changeable(found["可改"].value, reader)
    for kind in ("机构", "程序", "细则", "附表"):
        _same_codes(found.get(kind), kind, reader)
    burden.check(tree, values["applies_to"] or "", reader)
    if any(values[key] is None for key in ("name", "code", "since", "applies_to")):
        return None
    regulation = Regulation(**values)
    appraisal_reading.check(regulation, found, reader)
    return regulation


def _applies_to(tree: Tree, reader: Reader) -> str | None:
    table = reader.table(tree, "适用")
    if table is None:
        return None
    found = reader.keys(table, "“适用”", allowed=("单位类型",), required=("单位类型",), later=("地域", "层级"))
    return reader.text(found["单位类型"].value, "单位类型") if "单位类型" in found else None


def _scope(found: dict[str, Entry], values: dict[str, Any]) -> Scope:
    parameters: dict[str, tuple[Value, ...]] = values.get("parameters", {})
    written = found["参数"].value.keys() if "参数" in found and isinstance(found["参数"].value, Table) else ()
    return Scope(
        parameters={name: tuple(value.amount for value in dated) for name, dated in parameters.items() if dated},
        unread_parameters=frozenset(written),
        bodies=_names(found.get("机构")),
        procedures=_names(found.get("程序")),
        clauses=tuple(clause.number for clause in values["clauses"]) if values.get("clauses") else None,
    )


def _names(entry: Entry | None) -> tuple[str, ...]:
    return entry.value.keys() if entry and isinstance(entry.value, Table) else ()


def _read_all(entry: Entry, kind: str, read_one: Any, reader: Reader) -> dict[str, Any]:
    return {one.key: model for one in reader.named(entry.value, kind) if (model := read_one(one)) is not None}


def _procedures(entry: Entry, reader: Reader, scope: Scope, standards: tuple[str, ...]) -> dict[str, Any]:
    entries = reader.named(entry.value, "程序")
    trees = {one.key: one.value for one in entries}
    found = {}
    for one in entries:
        before = len(reader.problems)
        model = procedures.procedure(one, reader, procedures.names(one, scope, trees))
        if model is not None:
            found[one.key] = model
        if model is not None and len(reader.problems) == before:
            reachability.check(model, one, reader)
    _subject_ends(found, entries, reader)
    fanout.check(found, entries, standards, reader)
    fanout.begun_by_first_step(found)
    return found


def _subject_ends(found: dict[str, Any], entries: Iterable[Entry], reader: Reader) -> None:
    """对象的终点 must be an end of the procedure it is about."""
    for entry in entries:
        model = found.get(entry.key)
        if model is None or model.subject.case is None:
            continue
        about = found.get(model.subject.case)
        if about and model.subject.end and model.subject.end not in (*about.ends, *about.ends.values()):
            reader.unknown(entry.mark, model.subject.end, f"“{about.name}”终点", about.ends.values())


def _same_codes(entry: Entry | None, kind: str, reader: Reader) -> None:
    seen: set[str] = set()
    for one in entry.value.entries if entry and isinstance(entry.value, Table) else ():
        code = one.value.get("代号") if isinstance(one.value, Table) else None
        word = code.value.value if code and isinstance(code.value, Text) else None
        if code and word in seen:
            reader.problem(code.mark, "代号", f"{kind}“{one.key}”的代号“{word}”与前面的重复。")
        elif word:
            seen.add(word)


def _clauses(tree: Tree, reader: Reader) -> tuple[Clause, ...]:
    """``- {条: 第六条, 章: 第三章 意见与申辩, 文: …, 原文: …}``."""
    clauses: list[Clause] = []
    for item in reader.rows(tree):
        table = reader.table(item, "条文")
        if table is None:
            continue
        found = reader.keys(table, "“条文”", allowed=("条", "文", "章", "原文"), required=("条", "文"))
        words = {key: reader.text(entry.value, key) for key, entry in found.items()}
        number, text = words.get("条"), words.get("文")
        if not number or not text:
            continue
        if any(clause.number == number for clause in clauses):
            reader.problem(found["条"].value.mark, "条", f"“{number}”重复。")
        clauses.append(Clause(number=number, text=text, chapter=words.get("章"), quotes=words.get("原文")))
    return tuple(clauses)


def _parameter(entry: Entry, reader: Reader) -> tuple[Value, ...]:
    values: list[Value] = []
    seen: set[tuple[Any, ...]] = set()
    for item in reader.rows(entry.value):
        table = reader.table(item, entry.key)
        value = _value(entry.key, table, reader) if table else None
        if table is None or value is None:
            continue
        if (value.since, value.region) in seen:
            reader.problem(table.mark, entry.key, f"参数“{entry.key}”在同一天、同一地域写了两个值。")
        seen.add((value.since, value.region))
        values.append(value)
    return tuple(values)


def _value(name: str, table: Table, reader: Reader) -> Value | None:
    where = f"参数“{name}”"
    found = reader.keys(
        table, where, allowed=("自", "至", "地域", "值", "来源", "依据", "存疑"), required=("自", "值", "来源"), later=("含本数",)
    )
    if not {"自", "值", "来源"} <= set(found):
        return None
    since = phrases.day(found["自"].value, "自", reader)
    until = phrases.day(found["至"].value, "至", reader) if "至" in found else None
    source = phrases.choice(found["来源"].value, "来源", SOURCES, reader)
    region = reader.text(found["地域"].value, "地域") if "地域" in found else None
    if region and not (region.isdigit() and len(region) in (2, 4, 6, 9, 12)):
        reader.problem(found["地域"].value.mark, "地域", f'{where}的“地域”请写行政区划代码，如 "500000"，不能写“{region}”。')
    if since and until and until < since:
        reader.problem(found["至"].value.mark, "至", f"{where}的“至”早于“自”。")
    if source == "法" and not {"依据", "存疑"} & set(found):
        reader.problem(table.mark, "依据", f"{where}的来源是“法”，请写明“依据”（法规名称和条款），尚未查实的写“存疑”。")
    if since is None or source is None:
        return None
    words = {key: reader.text(found[key].value, key) for key in ("依据", "存疑") if key in found}
    return Value(
        since=since, until=until, region=region, amount=phrases.scalar(found["值"].value, "值", reader),
        source=source, basis=words.get("依据"), doubtful=words.get("存疑"),  # type: ignore[arg-type]
    )  # fmt: skip
