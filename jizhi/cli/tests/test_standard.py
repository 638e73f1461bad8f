"""``jizhi standard``: a standard kept in a spreadsheet becomes the text of a regulation, or is refused by row and column."""

import argparse
import io
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from jizhi.cli import standard
from jizhi.rulebook.indicators import walk
from jizhi.rulebook.language import Indicator
from jizhi.rulebook.reading import read
from jizhi.rulebook.standard_sheet import COLUMNS, read_standard

LIBRARY = Path(__file__).parents[2] / "library"
ROWS = [
    ["教学准备与目标（12）", "KT1.1", "学情与教学设计", 6, "教案与本节课一致；写明易错点", "查", "四档"],
    [None, "KT1.2", "目标明确可检测", 6, "目标 2～4 条", "听、查", "得分"],
    ["整改与改进", "CS5.1", "整改按期销号", 60, "以复查人认定时间为准", "查", "公式：按期销号数÷到期问题数×60（无到期问题得满分）"],
    [None, "CS5.2", "问题不反弹", 28, "", "", "扣分：每反弹 1 项扣 2 分，扣完为止"],
]

pytestmark = pytest.mark.req("S04")


def workbook(rows: Sequence[Sequence[object]], head: Sequence[str] = COLUMNS) -> bytes:
    book = openpyxl.Workbook()
    for row in (head, *rows):
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def run(tmp_path: Path, data: bytes, *options: str) -> int:
    file = tmp_path / "处室细则.xlsx"
    file.write_bytes(data)
    parser = argparse.ArgumentParser()
    standard.add(parser.add_subparsers())
    args = parser.parse_args(["standard", str(file), "--since", "2026-09-01", *options])
    code: int = args.run(args)
    return code


def changed(row: int, column: str, value: object) -> list[list[object]]:
    rows: list[list[object]] = [list(one) for one in ROWS]
    rows[row - 2][COLUMNS.index(column)] = value
    return rows


def test_the_printed_regulation_reads_back_as_the_same_standard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, workbook(ROWS)) == 0
    regulation, problems = read(capsys.readouterr().out, "打印")
    assert problems == []
    assert regulation is not None
    got = regulation.standards["处室细则"]
    assert [(depth, one.code, one.name, int(one.points)) for depth, one in walk(got.indicators)] == [
        (0, "KT1", "教学准备与目标", 12), (1, "KT1.1", "学情与教学设计", 6), (1, "KT1.2", "目标明确可检测", 6),
        (0, "CS5", "整改与改进", 88), (1, "CS5.1", "整改按期销号", 60), (1, "CS5.2", "问题不反弹", 28),
    ]  # fmt: skip
    first, second = got.indicators[0].children, got.indicators[1].children
    assert first[0].look_for == ("教案与本节课一致", "写明易错点")
    assert first[1].methods == ("听", "查")
    assert second[0].scoring is not None
    assert (second[0].scoring.formula, second[0].scoring.empty_full) == ("按期销号数÷到期问题数×60", True)
    assert second[1].scoring is not None
    assert second[1].scoring.each == 2
    assert got.grade_points["良"]


@pytest.mark.parametrize(
    ("row", "column", "value", "place", "says"),
    [
        (3, "分值", 5, "第 2 行“一级指标”列", "写明 12 分，下面各项合计 11 分"),
        (5, "分值", 27, "第 5 行“分值”列", "合计 99 分，应为 100 分"),
        (3, "分值", "六", "第 3 行“分值”列", "应当是大于 0 的数"),
        (4, "编号", "KT1.1", "第 4 行“编号”列", "已在第 2 行"),
        (2, "方法", "看、闻", "第 2 行“方法”列", "“闻”不是督导方法"),
        (4, "计分", "公式：按期÷÷7", "第 4 行“计分”列", "读不懂"),
        (5, "计分", "看着给", "第 5 行“计分”列", "不认识"),
    ],
)
def test_what_is_wrong_is_refused_with_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: int, column: str, value: object, place: str, says: str
) -> None:
    assert run(tmp_path, workbook(changed(row, column, value))) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if place in line]
    assert any(says in line for line in lines)


def test_an_unknown_column_is_named_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = [*COLUMNS[:5], "权重", "计分"]
    assert run(tmp_path, workbook(ROWS, head), "--json") == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert problems[0]["row"] == 1
    assert problems[0]["column"] == "第 6 列"
    assert "不认识的列“权重”" in problems[0]["text"]
    assert any("缺少“方法”这一列" in one["text"] for one in problems)


def test_a_total_row_states_the_full_points() -> None:
    rows = [
        ["甲项", "A.1", "事一", 300, "", "看", "得分"],
        [None, "A.2", "事二", 700, "", "看", "得分"],
        ["合计", None, None, 1000, None, None, None],
    ]
    found, problems = read_standard(workbook(rows), "千分制")
    assert problems == []
    assert found is not None
    assert found.full == 1000


@pytest.mark.parametrize("name", ["lesson", "department", "campus"])
def test_a_shipped_standard_survives_the_way_through_a_spreadsheet(name: str) -> None:
    regulation, _ = read((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"), name)
    assert regulation is not None
    (shipped,) = regulation.standards.values()
    rows: list[list[object]] = []
    for top in shipped.indicators:
        for order, one in enumerate(top.children):
            rows.append(
                [
                    None if order else top.name,
                    one.code,
                    one.name,
                    float(one.points),
                    "；".join(one.look_for),
                    "、".join(one.methods),
                    _how(one),
                ]
            )
    found, problems = read_standard(workbook(rows), shipped.name)
    assert problems == []
    assert found is not None
    assert [_plainly(one) for _, one in walk(found.indicators)] == [_plainly(one) for _, one in walk(shipped.indicators)]


def _how(one: Indicator) -> str:
    assert one.scoring is not None
    if one.scoring.kind == "扣分":
        return f"扣分：每项扣 {one.scoring.each} 分"
    if one.scoring.kind == "公式":
        return f"公式：{one.scoring.formula}" + ("（无则得满分）" if one.scoring.empty_full else "")
    return one.scoring.kind


def _plainly(one: Indicator) -> tuple[object, ...]:
    how = (one.scoring.kind, one.scoring.formula, one.scoring.each, one.scoring.empty_full) if one.scoring else ()
    return (one.code, one.name, one.points, one.look_for, one.methods, *how)
