"""``jizhi score`` on what people send: CSV from Excel, workbooks, and every way to get them wrong."""

import argparse
import io
import json
from pathlib import Path

import openpyxl
import pytest

from jizhi.cli import score

LIBRARY = Path(__file__).parents[2] / "library"
SMALL = """\
制度: 例
代号: ex
施行: 2024-10-01
适用: {单位类型: 学校}
细则:
  例:
    代号: EX
    对象: 处室
    满分: 100
    四档: {优: 1, 良: 0.85, 合格: 0.7, 不合格: 0.4}
    等级: {优: 90, 良: 80, 不合格: 0}
    红线: [{名: 安全事故, 则: 不打等级，转专项核查}]
    排序: [总分, A, 抽签]
    指标:
      - 甲项: {代号: A, 分值: 60, 计分: 得分}
      - 乙项: {代号: B, 分值: 40, 计分: 四档}
"""
HEAD = "对象,评分人,评分组,指标,得分\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "例.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    score.add(parser.add_subparsers())
    args = parser.parse_args(["score", *map(str, arguments)])
    code: int = args.run(args)
    return code


def sheet(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "评分.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.req("S13")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_subjects_come_in_order_of_rank_each_with_its_reason(
    rules: Path, tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    marks = (("总务处", 50, 40), ("教务处", 50, "优"), ("德育处", 56, 34), ("办公室", 54, ""))
    rows = "".join(f"{name},甲,,A,{a}\n{name},甲,,乙项,{b}\n" for name, a, b in marks)
    assert run(rules, sheet(tmp_path, HEAD + rows, encoding), "--json", "--seed", "20260325") == 0
    out = json.loads(capsys.readouterr().out)
    assert out["problems"] == []
    assert [list(one) for one in out["results"]] == [["subject", "score", "grade", "rank", "decided_by", "raters"]] * 4
    first, second, *equal = out["results"]
    assert (first["subject"], first["score"], first["grade"], first["rank"], first["raters"]) == ("德育处", "90.00", "优", 1, 1)
    assert (second["subject"], second["decided_by"]) == ("办公室", "总分相同；“甲项” 56 高于 54")
    assert equal[-1]["decided_by"] == "总分相同；“甲项”也相同；抽签，种子 20260325，可复算"


def test_the_columns_may_stand_in_any_order_in_a_workbook(rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["填写说明"])
    data = book.create_sheet("评分")
    for row in (["得分", "指标", "评分组", "评分人", "对象"], [55.5, "A", None, "甲", "教务处"], ["良", "B", None, "甲", "教务处"]):
        data.append(row)
    file = tmp_path / "评分.xlsx"
    book.save(file)
    assert run(f"{rules}#例", file) == 0
    out = capsys.readouterr().out
    assert "抽签种子：EX" in out
    assert "第 1 名  教务处  89.50 分  良  1 人评分" in out


def test_all_problems_are_listed_with_their_rows_and_nothing_is_scored(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "教务处,甲,,A,61\n教务处,甲,,C,1\n,甲,,A,1\n教务处,乙,,A,九\n教务处,乙,一组,B,优\n"
    assert run(rules, sheet(tmp_path, HEAD + rows), "--json") == 1
    out = json.loads(capsys.readouterr().out)
    assert out["results"] == []
    assert [one["line"] for one in out["problems"]] == [2, 2, 3, 4, 5, 6]
    texts = "\n".join(one["text"] for one in out["problems"])
    for said in ("超过满分 60 分", "缺少指标 B（乙项）", "没有这个指标", "“对象”没有填写", "不是数", "与第 5 行的“”不一致"):
        assert said in texts


def test_wrong_columns_are_named_with_their_place(rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(rules, sheet(tmp_path, "对象,评分人,指标,备注,得分\n教务处,甲,A,好,1\n")) == 1
    out = capsys.readouterr().out
    assert "第 1 行第 4 列：不认识的列“备注”" in out
    assert "缺少“评分组”这一列" in out


def test_a_broken_formula_in_a_cell_does_not_pass_for_not_applicable(
    rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD.strip().split(","), ["教务处", "甲", None, "A", "=1/0"], ["教务处", "甲", None, "B", 40]):
        book.active.append(row)
    file = tmp_path / "评分.xlsx"
    book.save(file)
    assert run(rules, file) == 1
    assert "第 2 行第 5 列：这一格的公式出错或没有算出数" in capsys.readouterr().out


def test_a_red_line_has_neither_grade_nor_rank(rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "教务处,甲,,A,60\n教务处,甲,,B,优\n教务处,甲,,安全事故,是\n德育处,甲,,A,1\n德育处,甲,,B,1\n"
    assert run(rules, sheet(tmp_path, HEAD + rows), "--json") == 0
    ranked, stopped = json.loads(capsys.readouterr().out)["results"]
    assert (ranked["subject"], ranked["rank"]) == ("德育处", 1)
    assert (stopped["rank"], stopped["grade"], stopped["decided_by"]) == (None, None, "安全事故：不打等级，转专项核查")


def test_a_wrong_call_exits_with_two(rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = sheet(tmp_path, HEAD)
    assert run(tmp_path / "没有.yaml", data) == 2
    assert run(f"{rules}#没有", data) == 2
    assert run(rules, tmp_path / "没有.csv") == 2
    assert "打不开文件" in capsys.readouterr().err


def test_an_unreadable_standard_or_sheet_is_a_problem(rules: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules.write_text(SMALL.replace("分值: 60", "分值: 50"), encoding="utf-8")
    assert run(rules, sheet(tmp_path, HEAD + "教务处,甲,,A,1\n")) == 1
    assert "合计 90 分" in capsys.readouterr().out
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04" + bytes(40))
    assert run(LIBRARY / "department.yaml", broken, "--json") == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["text"].startswith("打不开这个文件")


@pytest.mark.req("S04")
@pytest.mark.parametrize("name", ["lesson", "department", "campus"])
def test_full_marks_by_a_shipped_standard_are_a_hundred(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from jizhi.rulebook.indicators import leaves
    from jizhi.rulebook.reading import read

    file = LIBRARY / f"{name}.yaml"
    regulation, problems = read(file.read_text(encoding="utf-8"), name)
    assert problems == []
    assert regulation is not None
    (standard,) = regulation.standards.values()
    text = io.StringIO()
    text.write(HEAD)
    for leaf in leaves(*standard.indicators):
        text.write(f"一处,督学甲,,{leaf.code},{leaf.points}\n")
    assert run(file, sheet(tmp_path, text.getvalue()), "--json") == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert (result["score"], result["grade"]) == ("100.00", "优")
