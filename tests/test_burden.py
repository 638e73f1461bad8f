"""The burden gate seen from outside: what a regulation may not ask, and what no page may count."""

import subprocess
import sys
from pathlib import Path

import pytest

import jizhi

pytestmark = pytest.mark.req("X15")

SCHOOL = """\
制度: 试写的制度
代号: school.try
施行: 2026-09-01
适用: {{单位类型: 学校}}
细则:
  试写:
    代号: try
    对象: 处室
    满分: 100
    指标:
      - {name}: {{代号: one, 分值: 100, 计分: 得分}}
"""
PHOTO = """\
制度: 试写的制度
代号: school.try
施行: 2026-09-01
适用: {单位类型: 学校}
程序:
  检查:
    代号: check
    对象: 处室
    发起: {由: {职务: 校长}, 表单: {现场照片: {附件: 必填}}}
    步骤:
      - 办理: {代号: do, 由: {职务: 校长}, 结论: {办好: 结束}}
    终点: {结束: 已办}
"""


def check(text: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "try.yaml"
    file.write_text(text, encoding="utf-8")
    return subprocess.run([str(Path(sys.executable).parent / "jizhi"), "check", str(file)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["登录次数", "在线时长", "会议签到", "学习积分", "一票否决", "责任状"])
def test_a_school_regulation_may_not_ask_for_it(name: str, tmp_path: Path) -> None:
    found = check(SCHOOL.format(name=name), tmp_path)
    assert found.returncode == 1
    assert name in found.stdout + found.stderr


def test_a_compulsory_photo_asks_why(tmp_path: Path) -> None:
    found = check(PHOTO, tmp_path)
    assert found.returncode == 1
    assert "为何必须" in found.stdout + found.stderr


def test_no_code_counts_log_ins_or_time_online() -> None:
    root = Path(jizhi.__file__).parent
    files = [path for path in root.rglob("*") if path.suffix in {".py", ".html"} and "migrations" not in path.parts]
    assert [path.name for path in files if "last_login" in path.read_text(encoding="utf-8")] == []
