"""Own tasks: 分值 × min(完成值 ÷ 目标值, 1) × 难度, the block capped; and the checks on the rows of their schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jizhi.rulebook.appraisal.data import Problems, Task, TaskScore, Value
from jizhi.rulebook.formula import ONE, ZERO, fraction, number, plain
from jizhi.rulebook.language import OwnTasks, Schedule

SHEET = "个性任务"


@dataclass(frozen=True)
class Own:
    """``score`` is what counts, capped; ``rate`` the share achieved of what these tasks could give, before the cap."""

    tasks: tuple[TaskScore, ...]
    score: Fraction
    rate: Fraction


def own_score(own: OwnTasks, schedule: Schedule, unit: str, rows: Sequence[Task], problems: Problems) -> Own | None:
    """A unit's own block, or None after adding what is wrong with its rows."""
    before = len(problems.found)
    first = rows[0].line if rows else None
    if not schedule.least <= len(rows) <= schedule.most:
        most = f" 至 {schedule.most}" if schedule.most < 9999 else " 以上"
        problems.add(SHEET, first, "", f"“{unit}”有 {len(rows)} 项个性任务，应当是 {schedule.least}{most} 项")
    seen: set[str] = set()
    for row in rows:
        if not row.name:
            problems.add(SHEET, row.line, "任务", f"“{unit}”的任务没有写名称")
        elif row.name in seen:
            problems.add(SHEET, row.line, "任务", f"“{unit}”的任务“{row.name}”重复")
        seen.add(row.name)
    read = [_read(schedule, row, problems) for row in rows]
    if len(problems.found) > before:
        return None
    scores = tuple(_scored(row, *values) for row, values in zip(rows, read, strict=True) if values is not None)
    total = sum((values[2] for values in read if values), ZERO)
    wanted = schedule.totals.get("分值")
    if wanted is not None and total != fraction(wanted):
        problems.add(SHEET, first, "分值", f"“{unit}”的分值合计 {plain(total)} 分，应当是 {plain(wanted)} 分")
        return None
    achieved = sum((one.score for one in scores), ZERO)
    possible = sum((values[2] * values[3] for values in read if values), ZERO)
    return Own(scores, min(achieved, fraction(own.points)), achieved / possible if possible else ZERO)


def _read(schedule: Schedule, row: Task, problems: Problems) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    """(target, done, points, difficulty); the schedule's columns say within which limits."""
    limits = {column.name: (column.least, column.most) for column in schedule.columns}
    where = f"“{row.unit}”的任务“{row.name}”"
    values: list[Fraction] = []
    for name, given in (("目标值", row.target), ("完成值", row.done), ("分值", row.points), ("难度", row.difficulty)):
        value = _number(given)
        least, most = limits.get(name, (None, None))
        if value is None:
            text = f"没有填写“{name}”" if given in (None, "") else f"“{name}”写的“{given}”不是数"
            problems.add(
                SHEET, row.line, name, f"{where}{text}" + ("，没有完成的请填 0" if name == "完成值" and given in (None, "") else "")
            )
        elif value < 0 or (value == 0 and name != "完成值"):
            problems.add(SHEET, row.line, name, f"{where}的{name}应当{'不小于' if name == '完成值' else '大于'} 0")
        elif (least is not None and value < least) or (most is not None and value > most):
            problems.add(SHEET, row.line, name, f"{where}的{name}是 {plain(value)}，应当在 {_span(least, most)}")
        else:
            values.append(value)
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 else None


def _span(least: Decimal | None, most: Decimal | None) -> str:
    if least is None:
        return f"{plain(most or Decimal(0))} 以下"
    return f"{plain(least)} 到 {plain(most)} 之间" if most is not None else f"{plain(least)} 以上"


def _number(value: Value) -> Fraction | None:
    return None if value is None else number(value)


def _scored(row: Task, target: Fraction, done: Fraction, points: Fraction, difficulty: Fraction) -> TaskScore:
    rate = min(done / target, ONE)
    score = points * rate * difficulty
    full = "，超额不加分" if done > target else ""
    share = plain(rate * 100)
    how = f"完成 {plain(done)}／目标 {plain(target)}{row.measure}，完成率 {share}%{full}；"
    how += f"{plain(points)} 分 × {share}% × 难度 {plain(difficulty)} = {plain(score)} 分"
    return TaskScore(row.name, points, rate, score, how)
