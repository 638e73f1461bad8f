"""``jizhi check``, ``explain`` and ``schema`` as they are called."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jizhi.cli.main import COMMANDS, Command, main

LIBRARY = Path(__file__).parents[2] / "library"
LOOP = str(LIBRARY / "loop.yaml")


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    """The loop with two slips: a step that is not there, and a key that is none."""
    text = (LIBRARY / "loop.yaml").read_text(encoding="utf-8")
    file = tmp_path / "错.yaml"
    file.write_text(text.replace("申请: 复查", "申请: 复察").replace("意见: 必填", "一见: 必填"), encoding="utf-8")
    return str(file)


@pytest.mark.req("S07")
def test_the_shipped_loop_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", LOOP]) == 0
    assert "《校级督导整改闭环办法》没有问题" in capsys.readouterr().out


def test_every_problem_is_listed_with_its_place(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", LOOP, wrong]) == 1
    said = capsys.readouterr().out
    assert "没有叫“复察”的步骤或终点" in said
    assert "是否想写“复查”？" in said
    assert "没有“一见”这个写法" in said
    assert "是否想写“意见”？" in said
    assert "共 2 个问题" in said


@pytest.mark.parametrize("basis", ["《教育督导条例》第十五条", "第九条、第十条", "第九条第二款；《教育督导条例》第七条", "本办法第九条"])
def test_a_basis_is_an_article_of_the_file_or_of_a_law(basis: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = changed(tmp_path, "依据: 第九条", f"依据: {basis}")
    assert main(["check", file]) == 0, capsys.readouterr().out
    main(["explain", file])
    assert basis in capsys.readouterr().out


@pytest.mark.parametrize("basis", ["第九条、第九十九条", "本办法第九十九条", "第九十九条；《教育督导条例》第十五条"])
def test_an_article_that_the_file_does_not_have_is_named(basis: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", changed(tmp_path, "依据: 第九条", f"依据: {basis}")]) == 1
    assert "没有叫“第九十九条”的条文" in capsys.readouterr().out


def changed(folder: Path, old: str, new: str) -> str:
    """The loop with one thing written otherwise."""
    text = (LIBRARY / "loop.yaml").read_text(encoding="utf-8")
    assert old in text
    file = folder / "改.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(file)


def test_problems_as_json(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", wrong, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    (file,) = answer["files"]
    assert [problem["key"] for problem in file["problems"]] == ["一见", "复察"]
    assert set(file["problems"][0]) == {"file", "line", "column", "key", "text", "later", "severity"}


def test_what_cannot_be_opened_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "图.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert main(["check", LOOP, str(tmp_path / "没有.yaml"), str(binary), str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert "找不到文件" in told.err
    assert "不是 UTF-8" in told.err
    assert "打不开文件" in told.err
    assert "没有问题" in told.out


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "缺少参数"), (["chek"], "没有这个命令"), (["check"], "缺少参数：文件"), (["check", LOOP, "--jsn"], "不认识的参数")],
)
def test_wrong_usage_is_told_in_chinese(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert "用法：jizhi" in told


def test_the_loop_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", LOOP]) == 0
    assert "1. 初步意见：由办过发起的人办理" in capsys.readouterr().out
    assert main(["explain", LOOP, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"].startswith("《校级督导整改闭环办法》")


def test_what_does_not_read_is_not_explained(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", wrong]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "复察" in told.err
    assert main(["explain", "没有.yaml"]) == 2


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert "步骤" in json.loads(capsys.readouterr().out)["$defs"]


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    told = capsys.readouterr().out
    assert all(command.name in told and command.help in told for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_answers_to_help(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command.name, "--help"])
    assert stopped.value.code == 0
    assert f"用法：jizhi {command.name}" in capsys.readouterr().out


def test_checking_starts_without_django() -> None:
    code = f"import sys; from jizhi.cli.main import main; main(['check', {LOOP!r}]); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
