"""Whether every step of a procedure can be reached, and leads to an end."""

from __future__ import annotations

from jizhi.rulebook.language import Procedure, Step
from jizhi.rulebook.source import Entry, Mark, Reader, Row, Table, Tree


def check(procedure: Procedure, entry: Entry, reader: Reader) -> None:
    """For a procedure that reads well otherwise."""
    leads = {step.name: _targets(step) for step in procedure.steps}
    reached = _closure({procedure.steps[0].name}, leads)
    for step in procedure.steps:
        mark = _mark(entry.value, "步骤", step.name) or entry.mark
        if step.name not in reached:
            reader.problem(mark, step.name, f"步骤“{step.name}”走不到：没有任何结论从“{procedure.steps[0].name}”通向它。")
        elif not _closure({step.name}, leads) & set(procedure.ends):
            reader.problem(mark, step.name, f"步骤“{step.name}”出不去：从它出发走不到任何终点（{'、'.join(procedure.ends)}）。")
    for end in procedure.ends:
        if end not in reached:
            mark = _mark(entry.value, "终点", end) or entry.mark
            reader.problem(mark, end, f"终点“{end}”没有任何结论走到，请核对。", warn=True)


def _targets(step: Step) -> set[str]:
    to = {branch.to for outcome in step.outcomes for branch in outcome.branches}
    return to | ({step.silence.to} if step.silence and step.silence.to else set())


def _closure(start: set[str], leads: dict[str, set[str]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        for to in leads.get(waiting.pop(), set()) - reached:
            reached.add(to)
            waiting.append(to)
    return reached


def _mark(tree: Tree, *path: str) -> Mark | None:
    """Where a name is written; steps may be a list of single-key items."""
    mark: Mark | None = None
    for name in path:
        tables = tree.items if isinstance(tree, Row) else (tree,)
        entry = next((found for table in tables if isinstance(table, Table) and (found := table.get(name))), None)
        if entry is None:
            return None
        mark, tree = entry.mark, entry.value
    return mark
