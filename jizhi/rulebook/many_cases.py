"""What a case file imagines of other cases: ``子件: {甲村: 待审定}``, ``父件: {县委审定: 通过}``, ``评分: {乡镇考核: [甲, 乙]}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jizhi.rulebook import joining
from jizhi.rulebook.facts import Child, Marks
from jizhi.rulebook.language import Procedure, Regulation
from jizhi.rulebook.source import Entry, Reader

KEYS = ("子件", "父件", "评分")


def imagined(found: Mapping[str, Entry], procedure: Procedure, regulation: Regulation, reader: Reader) -> dict[str, Any]:
    """The values of Facts that these keys give."""
    values: dict[str, Any] = {}
    if "子件" in found:
        values["children"] = _children(found["子件"], procedure, regulation, reader)
    if "父件" in found:
        values["parent"] = {
            one.key: word
            for one in reader.named(found["父件"].value, "父件")
            if (word := reader.text(one.value, one.key)) and _parent_step(one, procedure, regulation, reader)
        }
    marked = [step.name for step in procedure.steps if step.marking]
    entries = reader.named(found["评分"].value, "评分") if "评分" in found else []
    for one in entries:
        if one.key not in marked:
            reader.unknown(one.mark, one.key, "要评分的步骤", marked)
    written = {one.key: reader.words(one.value, one.key) for one in entries}
    values["marks"] = {name: Marks(written.get(name, ())) for name in marked}
    return values


def _children(entry: Entry, procedure: Procedure, regulation: Regulation, reader: Reader) -> tuple[Child, ...]:
    fan = joining.fan_out_of(procedure)
    child = regulation.procedures.get(fan.procedure) if fan else None
    if child is None:
        reader.problem(entry.mark, "子件", f"“{procedure.name}”没有分办，不用写“子件”。")
        return ()
    steps, ends = [step.name for step in child.steps], child.ends
    found = []
    for one in reader.named(entry.value, "子件"):
        word = reader.text(one.value, one.key)
        if word in steps:
            found.append(Child(one.key, one.key, one.key, step=word))
        elif word in ends or word in ends.values():
            found.append(Child(one.key, one.key, one.key, end=ends.get(word or "", word)))
        elif word:
            reader.unknown(one.value.mark, word, f"“{child.name}”步骤或终点", [*steps, *ends])
    return tuple(found)


def _parent_step(entry: Entry, procedure: Procedure, regulation: Regulation, reader: Reader) -> bool:
    parents = [
        one for one in regulation.procedures.values() for step in one.steps if step.fan_out and step.fan_out.procedure == procedure.name
    ]
    steps = [step.name for one in parents for step in one.steps]
    if entry.key not in steps:
        reader.unknown(entry.mark, entry.key, "父件步骤", steps)
    return entry.key in steps
