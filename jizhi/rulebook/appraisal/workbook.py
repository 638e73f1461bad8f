"""A campaign from one workbook: sheets 单位, 得分, 个性任务, 测评, 否决, 往年, 干部. Columns are in docs/user-guide.md."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from jizhi.rulebook.appraisal.data import Ballots, Cadre, Campaign, Extra, Past, Problem, Problems, Task, Unit, Veto
from jizhi.rulebook.formula import number
from jizhi.rulebook.indicators import folded, index
from jizhi.rulebook.language import Standard
from jizhi.rulebook.scoring import Row, Sheet
from jizhi.rulebook.tables import NO_VALUE, Grid, Line, read_grid, read_workbook

UNITS, SCORES, TASKS, BALLOTS, VETOES, PAST, CADRES = "单位", "得分", "个性任务", "测评", "否决", "往年", "干部"
SHEETS = (UNITS, SCORES, TASKS, BALLOTS, VETOES, PAST, CADRES)
NOTE = "备注"
RATER = "汇总"  # where the rater is not named
OTHER_NAMES = {"对象": "单位", "村": "单位", "党支部": "单位"}
OTHER_NAMES_IN = {
    TASKS: {"名称": "任务", "任务名称": "任务", "难度系数": "难度", "单位(计量)": "计量单位"},
    BALLOTS: {"测评组": "组", "组别": "组", "评分组": "组"},
    VETOES: {"否决事项": "事项", "文号": "依据文件", "申辩": "申辩记录"},
    CADRES: {"考核等次": "考核", "年终考核": "考核", "任职月数": "月数"},
    PAST: {"年份": "年度", "等级": "等次"},
}


@dataclass
class Read:
    """What was read; ``broken`` sheets could not be read as tables, so that what is missing from them says nothing."""

    campaign: Campaign
    problems: list[Problem] = field(default_factory=list)
    broken: frozenset[str] = frozenset()


def read_campaign(data: bytes, standard: Standard) -> Read:
    """Everything in the workbook, with everything wrong with its form."""
    grids, reason = read_workbook(data)
    if reason:
        return Read(Campaign(()), [Problem(reason)], frozenset(SHEETS))
    work = _Work({name: _renamed(name, grid) for name, grid in grids.items()})
    for name in grids:
        if name not in SHEETS and any(name.startswith(known) or known in name for known in SHEETS):
            work.problems.add(name, None, "", f"工作表“{name}”不认识；只读{'、'.join(SHEETS)}")
    choices = tuple(standard.poll.coefficients) if standard.poll else ()
    unit_lines = work.lines(UNITS, ("单位",), ("乡镇", "分组"))
    sheets, extras = work.scores(standard)
    task_lines = work.lines(TASKS, ("单位", "任务", "目标值", "难度", "分值", "完成值"), ("计量单位", "判定"), need=False)
    ballot_lines = work.lines(BALLOTS, ("单位", "发出", "收回", "有效", *choices), ("组", "弃权"), need=False)
    veto_lines = work.lines(VETOES, ("单位", "事项", "依据文件"), ("认定机关", "认定日期", "申辩记录"), need=False)
    past_lines = work.lines(PAST, ("单位", "年度"), ("乡镇", "分组", "名次", "等次", "星级", "得分"), need=False)
    cadre_lines = work.lines(CADRES, ("单位", "姓名", "职务", "考核"), ("工龄", "月数"), need=False)
    campaign = Campaign(
        units=tuple(Unit(line.cells["单位"], line.cells["乡镇"], line.cells["分组"], line.row) for line in unit_lines),
        sheets=sheets,
        extras=extras,
        tasks=tuple(_task(line) for line in task_lines),
        ballots=tuple(_ballots(line, choices) for line in ballot_lines),
        vetoes=tuple(_veto(line) for line in veto_lines),
        past=tuple(one for line in past_lines if (one := _past(line, work.problems)) is not None),
        cadres=tuple(_cadre(line) for line in cadre_lines),
    )
    return Read(campaign, work.problems.found, frozenset(work.broken))


def _plain(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell).split())


def _renamed(sheet: str, grid: Grid) -> Grid:
    """The head with the usual other names of columns as we write them, unless both are there."""
    names = {**OTHER_NAMES, **OTHER_NAMES_IN.get(sheet, {})}
    (row, head), *body = grid
    present = {_plain(cell) for cell in head}
    return [(row, [names[_plain(cell)] if _plain(cell) in names and names[_plain(cell)] not in present else cell for cell in head]), *body]


class _Work:
    def __init__(self, grids: Mapping[str, Grid]) -> None:
        self.grids, self.problems, self.broken = grids, Problems(), set[str]()

    def lines(self, sheet: str, columns: Sequence[str], optional: Sequence[str] = (), *, need: bool = True) -> Sequence[Line]:
        grid = self.grids.get(sheet)
        if grid is None:
            if need:
                self.problems.add(sheet, None, "", f"缺少工作表“{sheet}”")
                self.broken.add(sheet)
            return ()
        table = read_grid(grid, columns=columns, optional=(*optional, NOTE))
        by_place = {at: name for name, at in table.places.items()}
        for one in table.problems:
            self.problems.add(sheet, one.row, by_place.get(one.column or 0, f"第 {one.column} 列" if one.column else ""), one.text)
        if table.problems:
            self.broken.add(sheet)
        return [Line(line.row, {name: cell.replace(NO_VALUE, "") for name, cell in line.cells.items()}) for line in table.lines]

    def scores(self, standard: Standard) -> tuple[tuple[Sheet, ...], tuple[Extra, ...]]:
        """得分, long (评分人, 指标, 得分) or wide (a column for each indicator)."""
        grid = self.grids.get(SCORES)
        head = [_plain(cell) for cell in grid[0][1]] if grid else []
        if grid is None or {"指标", "得分"} & set(head):
            lines = self.lines(SCORES, ("单位", "指标", "得分"), ("评分人", "评分组"))
            entries = [(line, line.cells["指标"], line.cells["得分"]) for line in lines]
        else:
            named = [name for name in head if name and name not in ("单位", "评分人", "评分组", NOTE)]
            lines = self.lines(SCORES, ("单位", *dict.fromkeys(named)), ("评分人", "评分组"))
            entries = [(line, name, line.cells[name]) for line in lines for name in named]
        return self._gathered(standard, entries)

    def _gathered(self, standard: Standard, entries: Iterable[tuple[Line, str, str]]) -> tuple[tuple[Sheet, ...], tuple[Extra, ...]]:
        beside = _beside(standard)
        known = index(standard)
        rows: dict[tuple[str, str], list[Row]] = {}
        groups: dict[tuple[str, str], tuple[str, int]] = {}
        extras: list[Extra] = []
        for line, indicator, value in entries:
            unit, rater, group = line.cells["单位"], line.cells["评分人"] or RATER, line.cells["评分组"]
            if not indicator:
                self.problems.add(SCORES, line.row, "指标", "“指标”没有填写")
            elif not unit:
                self.problems.add(SCORES, line.row, "单位", "“单位”没有填写")
            elif (item := beside.get(folded(indicator))) and folded(indicator) not in known:
                if value:
                    extras.append(Extra(unit, item, value, rater, line.row))
            else:
                key = (unit, folded(rater))
                rows.setdefault(key, []).append(Row(indicator, value, line.row))
                first, at = groups.setdefault(key, (group, line.row))
                if first != group:
                    text = f"单位“{unit}”，评分人“{rater}”：评分组“{group}”与第 {at} 行的“{first}”不一致"
                    self.problems.add(SCORES, line.row, "评分组", text)
        return tuple(Sheet(unit, rater, tuple(of), groups[unit, rater][0]) for (unit, rater), of in rows.items()), tuple(extras)


def _beside(standard: Standard) -> dict[str, str]:
    """Items on 得分 that are no indicators: parts with marks of their own, 加减分."""
    names = [part.name for part in standard.parts if part.source == "评分"]
    names += [item.name for item in standard.adjustments.items] if standard.adjustments else []
    return {folded(name): name for name in names}


def _task(line: Line) -> Task:
    cell = line.cells
    return Task(cell["单位"], cell["任务"], cell["目标值"], cell["完成值"], cell["难度"], cell["分值"], cell["计量单位"], line.row)


def _ballots(line: Line, choices: Sequence[str]) -> Ballots:
    cell = line.cells
    counts = {choice: cell[choice] for choice in choices}
    return Ballots(cell["单位"], cell["发出"], cell["收回"], cell["有效"], counts, cell["弃权"], cell["组"], line.row)


def _veto(line: Line) -> Veto:
    cell = line.cells
    return Veto(cell["单位"], cell["事项"], cell["依据文件"], cell["认定机关"], cell["认定日期"], cell["申辩记录"], line.row)


def _cadre(line: Line) -> Cadre:
    cell = line.cells
    return Cadre(cell["单位"], cell["姓名"], cell["职务"], cell["考核"], cell["工龄"] or 0, cell["月数"] or 12, line.row)


def _past(line: Line, problems: Problems) -> Past | None:
    cell, before = line.cells, len(problems.found)

    def whole(name: str, least: int, most: int) -> int | None:
        if not cell[name]:
            return None
        value = number(cell[name].removesuffix("年").removesuffix("星"))
        if value is None or value.denominator != 1 or not least <= value <= most:
            problems.add(PAST, line.row, name, f"“{cell['单位']}”的{name}“{cell[name]}”应当是 {least} 到 {most} 的整数")
            return None
        return int(value)

    year, rank, stars = whole("年度", 1990, 2200), whole("名次", 1, 10**6), whole("星级", 0, 5)
    if not cell["年度"]:
        problems.add(PAST, line.row, "年度", f"“{cell['单位']}”没有填写年度")
    if not cell["单位"]:
        problems.add(PAST, line.row, "单位", "“单位”没有填写")
    if year is None or len(problems.found) > before:
        return None
    score = number(cell["得分"]) if cell["得分"] else None
    exact = None if score is None else Decimal(score.numerator) / Decimal(score.denominator)
    return Past(cell["单位"], year, cell["乡镇"], cell["分组"], rank, cell["等次"], stars, exact, line.row)


def all_problems(read: Read, found: Callable[[], Iterable[Problem]]) -> list[Problem]:
    """Problems of form, and beside them those of content that do not follow from a sheet that could not be read."""
    if not read.problems:
        return list(found())
    if UNITS in read.broken or len(read.broken) == len(SHEETS):
        return read.problems
    rest = [one for one in found() if one.sheet not in read.broken and (one.line is not None or one.sheet not in (PAST,))]
    return [*read.problems, *(one for one in rest if one not in read.problems)]
