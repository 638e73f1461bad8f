"""The rows of a batch act (批办), and what was decided for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jizhi.procedure.docket import Docket
from jizhi.procedure.effects import columns
from jizhi.procedure.many import redone
from jizhi.procedure.models import Act
from jizhi.rulebook import joining, judgement
from jizhi.rulebook.facts import AGAIN, REDONE, Child
from jizhi.rulebook.language import Step


@dataclass(frozen=True)
class BatchRow:
    """One child: what the program proposes for it, and why it is left out (停该行), if it is."""

    id: str
    name: str
    default: str
    where: str
    stopped: str = ""


def batch_rows(docket: Docket, step: Step) -> list[BatchRow]:
    """The children about which a batch act decides: those that were worked out, and those that have come since."""
    fan = joining.fan_out_of(docket.procedure)
    if fan is None or step.batch is None or step.batch.default is None:
        return []
    source, column = step.batch.default
    worked = worked_out(docket, source)
    objected = docket.standing.stopped_rows
    again = redone(docket.rows)
    rows = []
    for child in docket.facts.children:
        if again and child.id not in again:
            continue
        if not again and child.id not in worked and (child.end or child.step != fan.at):
            continue
        stopped = "异议没有办完" if objected & {child.id, child.name} else "退回重办，还没有回来" if child.redo else ""
        rows.append(BatchRow(child.id, child.name, str(worked.get(child.id, {}).get(column, "")), _where(child), stopped))
    return rows


def worked_out(docket: Docket, source: str) -> Mapping[str, Mapping[str, Any]]:
    """What the last act of a step worked out for each child (测算)."""
    kept = (row.facts["子件"] for row in reversed(docket.rows) if row.step == source and "子件" in row.facts)
    return next(kept, {})


def proposed(docket: Docket, step: Step, key: str) -> Act | None:
    """What another member of a body that decides by 议定 has put on the table since the case came to this step: the latest
    act that keeps ``key`` (行, 退回)."""
    for row in reversed(docket.rows):
        if row.step == step.name and key in row.facts:
            return row
        if row.step != step.name and docket.side_act(row.step) is None:
            return None
    return None


def options_of(docket: Docket, step: Step) -> Sequence[str]:
    """The values to choose from; none where any text will do."""
    column = columns().get(step.batch.default[1]) if step.batch and step.batch.default else None
    return list(column.options(docket.case)) if column and column.options else []


def rows_decided(docket: Docket) -> dict[str, Mapping[str, Any]]:
    """Child id → its row in the last batch act that decided about it, without the rows that an objection stops (停该行). What
    an award reads."""
    standing, now = _rounds(docket)
    stopped = docket.standing.stopped_rows
    return {pk: row for pk, row in {**standing, **now}.items() if not stopped & {pk, row.get("单位", "")}}


def rows_standing(docket: Docket) -> dict[str, Mapping[str, Any]]:
    """Where some rows are decided again: those of the others, which stay."""
    return _rounds(docket)[0]


def _rounds(docket: Docket) -> tuple[dict[str, Mapping[str, Any]], Mapping[str, Mapping[str, Any]]]:
    """What was decided before the case went back for some rows alone (个别重办), these aside; and what was decided since."""
    moved = {act.number for act in judgement.moving(docket.procedure, judgement.counted(docket.procedure, docket.acts))}
    standing: dict[str, Mapping[str, Any]] = {}
    now: Mapping[str, Mapping[str, Any]] = {}
    for row in docket.rows:
        if row.step == AGAIN:
            standing, now = {pk: one for pk, one in {**standing, **now}.items() if pk not in row.facts[REDONE]}, {}
        elif "行" in row.facts and row.number in moved:
            now = row.facts["行"]
    return standing, now


def _where(child: Child) -> str:
    return child.end or child.step or ""
