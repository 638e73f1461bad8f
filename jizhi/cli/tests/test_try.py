"""jizhi try: imagined cases on a regulation, through the command."""

import json
from pathlib import Path

import pytest

from jizhi.cli.main import main
from jizhi.rulebook.tests.loop import CASES, LOOP


@pytest.fixture
def tried(tmp_path, capsys):
    """Run the command on the loop and some cases: exit code and what was printed."""

    def run(cases: str, *options: str, loop: str = LOOP) -> tuple[int, str]:
        (tmp_path / "loop.yaml").write_text(loop)
        (tmp_path / "cases.yaml").write_text(cases)
        code = main(["try", str(tmp_path / "loop.yaml"), str(tmp_path / "cases.yaml"), *options])
        return code, capsys.readouterr().out

    return run


@pytest.mark.req("S07")
def test_the_cases_of_the_loop_hold(tried):
    assert tried(CASES) == (
        0,
        "✓ 第一次复查不通过，第二次通过，第三人销号\n✓ 申辩期过未答视为无意见\n共 2 例，通过 2 例，未通过 0 例。\n",
    )


def test_a_case_that_does_not_hold_says_where_and_why(tried):
    code, out = tried(CASES.replace("拒绝: 不得兼办", "拒绝: 无权"))
    assert code == 1
    assert "✗ 第一次复查不通过，第二次通过，第三人销号（第 2 行）：应当以“无权”拒绝，实际以“不得兼办”拒绝：" in out


def test_json_tells_cases_and_problems(tried):
    code, out = tried(CASES.replace("拒绝: 不得兼办", "拒绝: 无权"), "--json")
    told = json.loads(out)
    assert code == 1
    assert [(case["name"], case["passed"]) for case in told["cases"]] == [
        ("第一次复查不通过，第二次通过，第三人销号", False),
        ("申辩期过未答视为无意见", True),
    ]
    assert told["problems"] == []


def test_a_regulation_or_a_case_file_with_problems_runs_nothing(tried):
    code, out = tried(CASES, "--json", loop=LOOP.replace("代号: recheck", "代号: recheck\n          颜色: 红"))
    told = json.loads(out)
    assert (code, told["cases"]) == (1, [])
    assert "颜色" in told["problems"][0]["text"]
    code, out = tried(CASES.replace("办: 销号", "办: 消号"))
    assert code == 1
    assert "cases.yaml:14:" in out
    assert "✓" not in out


def test_a_missing_file_is_wrong_usage(capsys):
    assert main(["try", str(Path("none.yaml")), str(Path("none.yaml"))]) == 2
    assert "找不到文件 none.yaml" in capsys.readouterr().err
