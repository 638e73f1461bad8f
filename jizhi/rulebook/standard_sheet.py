"""A standard from a spreadsheet, and back to the text of a regulation.

Columns: 一级指标 (blank below its first row, as merged cells leave it; its points may stand behind it: 教学准备与目标（12）),
编号, 二级指标, 分值, 观察点 (several with ；), 方法 (看、听、查、访、交流), 计分 (四档, 得分, 是否, 扣分：每项扣 1 分, 公式：甲÷乙×7).
A last row 合计 may state the full points, else they are 100.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources

from jizhi.rulebook import formula
from jizhi.rulebook.formula import number, plain
from jizhi.rulebook.indicators import standard_problems
from jizhi.rulebook.language import Indicator, Scoring, Standard
from jizhi.rulebook.phrases import CODE
from jizhi.rulebook.reading import read
from jizhi.rulebook.standards import METHODS
from jizhi.rulebook.tables import NO_VALUE, Line, read_table

COLUMNS = ("一级指标", "编号", "二级指标", "分值", "观察点", "方法", "计分")
FULL = Decimal(100)
TOTALS = ("合计", "总计", "总分")
WITH_POINTS = re.compile(r"(.+?)\s*[（(]\s*(\d+(?:\.\d+)?)\s*分?\s*[)）]")
ASIDE = re.compile(r"[（(]([^（）()+\-*/×÷\d]+)[)）]")  # （无到期问题得满分）, (百分制)
DEDUCTION = re.compile(r"每\D*?(?:1|一)?\D*?扣\s*(\d+(?:\.\d+)?)\s*分")


@dataclass(frozen=True)
class Problem:
    """What is wrong at a row (as the spreadsheet numbers it) and a named column; None and "" for the file as a whole."""

    row: int | None
    column: str
    text: str

    def __str__(self) -> str:
        place = (f"第 {self.row} 行" if self.row else "") + (f"“{self.column}”列" if self.column else "")
        return f"{place}：{self.text}" if place else self.text


@dataclass
class _Group:
    """A level-1 indicator being gathered; ``stated`` are the points written behind its name."""

    name: str
    row: int
    stated: Decimal | None
    leaves: list[Indicator] = field(default_factory=list)


def read_standard(file: bytes, name: str, *, code: str = "LOCAL", subject: str = "处室") -> tuple[Standard | None, list[Problem]]:
    """The standard that a spreadsheet describes, or everything that is wrong with it. 四档 and 等级 are the library's."""
    table = read_table(file, columns=COLUMNS)
    columns = {place: column for column, place in table.places.items()}
    columns[0] = ""
    problems = [Problem(one.row, columns.get(one.column or 0, f"第 {one.column} 列"), one.text) for one in table.problems]
    lines, full = list(table.lines), FULL
    if lines and lines[-1].cells["一级指标"].rstrip("：:") in TOTALS:
        full = _points(lines.pop(), problems) or FULL
    groups = _groups(lines, problems)
    if groups:
        _check_sums(groups, full, lines[-1].row, problems)
    if problems or not groups:
        return None, sorted(problems, key=lambda one: (one.row or 0, COLUMNS.index(one.column) if one.column in COLUMNS else -1))
    model = _model()
    standard = Standard(
        name=name, code=code, subject=subject, full=full, indicators=tuple(_indicators(groups)),
        grade_points=model.grade_points, bands=model.bands,
    )  # fmt: skip
    return standard, [Problem(None, "", one.text) for one in standard_problems(standard)]


@cache
def _model() -> Standard:
    """Whose 四档 and 等级 an imported standard takes over: the shipped lesson standard."""
    text = (resources.files("jizhi") / "library" / "lesson.yaml").read_text(encoding="utf-8")
    regulation, problems = read(text, "lesson.yaml")
    if regulation is None:
        raise ValueError(f"the shipped lesson standard does not read: {problems}")
    return next(iter(regulation.standards.values()))


def _groups(lines: Sequence[Line], problems: list[Problem]) -> list[_Group]:
    groups: list[_Group] = []
    codes: dict[str, int] = {}
    for line in lines:
        top = line.cells["一级指标"]
        if top:
            named = WITH_POINTS.fullmatch(top)
            name, stated = (named[1], Decimal(named[2])) if named else (top, None)
            if not groups or groups[-1].name != name:
                if any(group.name == name for group in groups):
                    problems.append(Problem(line.row, "一级指标", f"“{name}”在前面出现过，同一个一级指标的各行请放在一起"))
                groups.append(_Group(name, line.row, stated))
        elif not groups:
            problems.append(Problem(line.row, "一级指标", "第一行要写明一级指标"))
            continue
        leaf = _leaf(line, problems)
        if leaf.code and leaf.code in codes:
            problems.append(Problem(line.row, "编号", f"编号“{leaf.code}”重复，已在第 {codes[leaf.code]} 行"))
        codes.setdefault(leaf.code, line.row)
        groups[-1].leaves.append(leaf)
    return groups


def _leaf(line: Line, problems: list[Problem]) -> Indicator:
    cells = line.cells
    if not CODE.fullmatch(cells["编号"]):
        text = f"编号“{cells['编号']}”须以英文字母开头，只用字母、数字、点和横线" if cells["编号"] else "编号没有填写"
        problems.append(Problem(line.row, "编号", text))
    if not cells["二级指标"]:
        problems.append(Problem(line.row, "二级指标", "二级指标没有填写"))
    methods = tuple(word for word in re.split(r"[、,，;；/\s]+", cells["方法"]) if word)
    problems += [Problem(line.row, "方法", f"“{word}”不是督导方法，可写：{'、'.join(METHODS)}") for word in methods if word not in METHODS]
    return Indicator(
        name=cells["二级指标"] or "—",
        code=cells["编号"],
        points=_points(line, problems) or Decimal(0),
        scoring=_scoring(line, problems),
        look_for=tuple(point.strip() for point in re.split(r"[；;\n]", cells["观察点"]) if point.strip()),
        methods=methods,
    )


def _points(line: Line, problems: list[Problem]) -> Decimal | None:
    text = line.cells["分值"]
    given = number(text)
    if given is not None and given > 0:
        return formula.rounded(given, 4).normalize() if given.denominator > 1 else Decimal(given.numerator)
    if text != NO_VALUE:  # that is told already
        problems.append(Problem(line.row, "分值", f"分值“{text}”应当是大于 0 的数" if text else "分值没有填写"))
    return None


def _scoring(line: Line, problems: list[Problem]) -> Scoring | None:
    text = line.cells["计分"].strip()
    kind, _, rest = re.sub("[:：]", "：", text, count=1).partition("：")
    if text in ("四档", "得分", "是否"):
        return Scoring(kind=text)  # type: ignore[arg-type]
    if kind == "扣分" and (found := DEDUCTION.search(rest)):
        return Scoring(kind="扣分", each=Decimal(found[1]), note=rest.strip())
    if kind == "公式":
        written, *more = re.split("[；;]", rest)
        asides = [*ASIDE.findall(written), *(part.strip() for part in more)]
        bare = ASIDE.sub("", written).strip()
        try:
            if formula.variables(bare):
                note = "；".join(asides) or None
                return Scoring(kind="公式", formula=bare, note=note, empty_full=bool(re.search("无.*满分", note or "")))
        except formula.FormulaError:
            pass
        problems.append(Problem(line.row, "计分", f"公式“{rest}”读不懂，请写成“公式：按期完成数÷应完成数×14”的样子"))
        return None
    said = f"计分“{text}”不认识" if text else "计分没有填写"
    problems.append(Problem(line.row, "计分", f"{said}，可写：四档、得分、是否、扣分：每项扣 1 分、公式：甲÷乙×7"))
    return None


def _check_sums(groups: Sequence[_Group], full: Decimal, last: int, problems: list[Problem]) -> None:
    sums = [sum((leaf.points for leaf in group.leaves), Decimal(0)) for group in groups]
    for group, total in zip(groups, sums, strict=True):
        if group.stated is not None and group.stated != total:
            text = f"“{group.name}”写明 {plain(group.stated)} 分，下面各项合计 {plain(total)} 分，应当相等"
            problems.append(Problem(group.row, "一级指标", text))
    if sum(sums) != full:
        listed = "、".join(f"{group.name} {plain(total)}" for group, total in zip(groups, sums, strict=True))
        problems.append(Problem(last, "分值", f"到这一行为止合计 {plain(sum(sums, Decimal(0)))} 分，应为 {plain(full)} 分（{listed}）"))


def _indicators(groups: Sequence[_Group]) -> Iterator[Indicator]:
    """Level-1 codes are what their children's codes share (KT1 of KT1.1, KT1.2), else numbered."""
    prefixes = [{leaf.code.rpartition(".")[0] for leaf in group.leaves} for group in groups]
    shared = [next(iter(prefix)) if len(prefix) == 1 else "" for prefix in prefixes]
    taken = [code for code in shared if code] + [leaf.code for group in groups for leaf in group.leaves]
    for order, (group, code) in enumerate(zip(groups, shared, strict=True), start=1):
        own = code if code and taken.count(code) == 1 else f"N{order}"
        points = sum((leaf.points for leaf in group.leaves), Decimal(0))
        yield Indicator(name=group.name, code=own, points=points, children=tuple(group.leaves))


def regulation_yaml(standard: Standard, *, name: str, code: str, since: date, applies_to: str = "学校") -> str:
    """A regulation that holds the standard, ready for ``jizhi check``, ``jizhi score`` and adoption."""
    head = [f"制度: {_said(name)}", f"代号: {_said(code)}", f"施行: {since.isoformat()}", f"适用: {{单位类型: {_said(applies_to)}}}"]
    return "\n".join([*head, standard_yaml(standard)])


def standard_yaml(standard: Standard) -> str:
    """The 细则 block of a standard with indicators, 四档 and 等级 (what a spreadsheet can carry)."""
    lines = ["细则:", f"  {_said(standard.name)}:", f"    代号: {standard.code}", f"    对象: {_said(standard.subject)}"]
    lines.append(f"    满分: {plain(standard.full)}")
    if standard.grade_points:
        lines.append(f"    四档: {{{', '.join(f'{_said(grade)}: {plain(share, 4)}' for grade, share in standard.grade_points.items())}}}")
    if standard.bands:
        lines.append(f"    等级: {{{', '.join(f'{_said(band.grade)}: {plain(band.least)}' for band in standard.bands)}}}")
    lines.append("    指标:")
    return "\n".join([*lines, *(line for indicator in standard.indicators for line in _indicator_yaml(indicator, "      ")), ""])


def _indicator_yaml(indicator: Indicator, pad: str) -> Iterator[str]:
    yield f"{pad}- {_said(indicator.name)}:"
    yield f"{pad}    代号: {indicator.code}"
    yield f"{pad}    分值: {plain(indicator.points, 4)}"
    if indicator.methods:
        yield f"{pad}    方法: [{', '.join(indicator.methods)}]"
    if indicator.scoring:
        yield f"{pad}    计分: {_scoring_yaml(indicator.scoring)}"
    if indicator.look_for:
        yield f"{pad}    观察点:"
        yield from (f"{pad}      - {_said(point)}" for point in indicator.look_for)
    if indicator.children:
        yield f"{pad}    指标:"
        for child in indicator.children:
            yield from _indicator_yaml(child, pad + "      ")


def _scoring_yaml(scoring: Scoring) -> str:
    if scoring.kind not in ("扣分", "公式"):
        return scoring.kind
    parts = [f"扣分: 每项 {plain(scoring.each or Decimal(0), 4)}" if scoring.kind == "扣分" else f"公式: {_said(scoring.formula or '')}"]
    parts += ["无则满分: 是"] if scoring.empty_full else []
    parts += [f"备注: {_said(scoring.note)}"] if scoring.note else []
    return f"{{{', '.join(parts)}}}"


def _said(text: str) -> str:
    """A scalar, quoted where YAML would read signs in it."""
    plainly = re.fullmatch(r"[^\W_][\w（）、，。；～“”《》÷×·.+ /()-]*", text) and text == text.strip() and text != "null"
    return text if plainly else json.dumps(text, ensure_ascii=False)
