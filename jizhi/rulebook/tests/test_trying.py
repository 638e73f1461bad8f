"""jizhi try: imagined cases on a regulation, through the command."""

import argparse
import json

import pytest

from jizhi.cli import try_
from jizhi.rulebook.tests.loop import CASES, LOOP

BEGUN = """
- 名称: {name}
  经过:
    - {{日: 2026-03-02, 人: 督学甲, 办: 发起, 填: {{程度: 一般}}}}
    - {{日: 2026-03-02, 人: 督学甲, 办: 初步意见}}
    - {{日: 2026-03-04, 人: 教务主任, 办: 申辩, 结论: 无意见}}
    - {{日: 2026-03-05, 人: 组长, 办: 通报, 填: {{整改时限: 2026-03-20}}}}
"""


@pytest.fixture
def tried(tmp_path, capsys):
    """Run the command on the loop and some cases: exit code and what was printed."""

    def run(cases: str, *options: str, loop: str = LOOP) -> tuple[int, str]:
        (tmp_path / "loop.yaml").write_text(loop)
        (tmp_path / "cases.yaml").write_text(cases)
        parser = argparse.ArgumentParser()
        try_.add(parser.add_subparsers())
        args = parser.parse_args(["try", str(tmp_path / "loop.yaml"), str(tmp_path / "cases.yaml"), *options])
        code = args.run(args)
        return code, capsys.readouterr().out

    return run


def begun(more: str, name: str = "整改中") -> str:
    return BEGUN.format(name=name) + "".join(f"  {line}\n" for line in more.strip("\n").splitlines())


@pytest.mark.req("S07")
def test_the_cases_of_the_loop_hold(tried):
    assert tried(CASES) == (
        0,
        "✓ 第一次复查不通过，第二次通过，第三人销号\n✓ 申辩期过未答视为无意见\n共 2 例，通过 2 例，未通过 0 例。\n",
    )


def test_a_case_that_does_not_hold_says_what_was_otherwise(tried):
    code, out = tried(CASES.replace("拒绝: 不得兼办", "拒绝: 无权").replace("所在: 通报", "所在: 答复"))
    assert code == 1
    assert "✗ 第一次复查不通过，第二次通过，第三人销号（第 2 行）：应当以“无权”拒绝，实际以“不得兼办”拒绝：" in out
    assert "应当在“答复”，实际在“通报”。" in out


def test_an_act_that_is_refused_on_the_way_fails_the_case(tried):
    by_the_finder = CASES.replace("督学丙, 办: 复查, 结论: 不通过", "督学甲, 办: 复查, 结论: 不通过")
    assert tried(by_the_finder)[0] == 0  # a party whom nobody named excludes nobody
    code, out = tried(by_the_finder.replace("  经过:", "  当事人: {发现人: 督学甲}\n  经过:"))
    assert code == 1
    assert "第 11 行（2026-03-20，督学甲办“复查”）被拒绝：回避，您（督学甲）是本事项的发现人" in out


def test_whoever_acts_as_a_party_is_that_party(tried):
    case = begun("""
  - {日: 2026-03-18, 人: 教师乙, 办: 整改}
  - {日: 2026-03-18, 人: 教务主任, 办: 申请销号}
再办: {日: 2026-03-19, 人: 教师乙, 办: 复查, 结论: 通过}
应当: {拒绝: 整改}
""")
    assert tried(case)[0] == 0


def test_deadlines_lateness_and_extensions(tried):
    extended = """
  - {日: 2026-03-10, 人: 教师乙, 办: 延期, 结论: 申请, 填: {至: 2026-03-27, 理由: 设备未到}}
  - {日: 2026-03-11, 人: 校长, 办: 延期, 结论: 批准}
"""
    cases = [
        begun("应当: {所在: 整改, 到期: 2026-03-20, 超期: 否}"),
        begun("应当: {超期: 是, 截至: 2026-03-21}"),
        begun(f"{extended}应当: {{到期: 2026-03-27, 超期: 否, 截至: 2026-03-26}}"),
        begun("再办: {日: 2026-03-21, 人: 教师乙, 办: 延期, 结论: 申请}\n应当: {拒绝: 已过期, 至: 2026-03-20}"),
        begun("再办: {日: 2026-03-18, 人: 教师乙, 办: 整改}\n应当: {所在: 申请销号}"),
    ]
    code, out = tried("".join(cases))
    assert (code, out.count("✓")) == (0, 5)


def test_a_form_may_be_what_is_tried(tried):
    case = begun("应当: {表单: [整改时限]}").replace("    - {日: 2026-03-05, 人: 组长", "  再办: {日: 2026-03-05, 人: 组长")
    assert tried(case.replace("2026-03-20}", "2026-03-23}"))[0] == 0
    code, out = tried(case)
    assert code == 1
    assert "表单应当指出“整改时限”，实际：没有问题" in out


def test_people_who_are_described_hold_only_what_they_hold(tried):
    people = """人物:
    督学丙: {机构: 督导组, 席位: 督学}
    区督学: {机构: 督导室, 席位: 督学, 单位: 上级}
    教务主任: {职务: 教务主任, 单位: 教务处, 主持: 是}
  当事人: {被督导: {单位: 教务处}, 发现人: 督学甲, 整改人: 教师乙}
  经过:"""
    rest = """
  - {日: 2026-03-18, 人: 教师乙, 办: 整改}
  - {日: 2026-03-18, 人: 教务主任, 办: 申请销号}
再办: {日: 2026-03-19, 人: WHO, 办: 复查, 结论: 通过}
应当: EXPECTED
"""

    def case(who: str, expected: str, text: str = people) -> str:
        return begun(rest.replace("WHO", who).replace("EXPECTED", expected)).replace("经过:", text)

    assert tried(case("区督学", "{拒绝: 无权}"))[0] == 0
    assert tried(case("督学丙", "{所在: 销号}"))[0] == 0
    only_the_finder = people.replace("督学丙: {", "督学甲: {")
    assert tried(case("区督学", "{所在: 销号}", only_the_finder))[0] == 0


def test_another_procedure_and_the_case_it_is_about(tried):
    case = """
- 名称: 原复查人不得回访
  程序: 回头看
  对象经过:
    - {日: 2026-03-19, 人: 督学丙, 办: 复查, 结论: 通过}
  经过:
    - {日: 2026-07-01, 人: 系统, 办: 发起}
  再办: {日: 2026-07-02, 人: 督学丙, 办: 回访, 结论: 未反弹}
  应当: {拒绝: 除外}
"""
    assert tried(case) == (0, "✓ 原复查人不得回访\n共 1 例，通过 1 例，未通过 0 例。\n")


def test_a_bad_case_file_is_told_all_at_once(tried):
    code, out = tried("""- 名称: 错处很多
  经过:
    - {日: 2026-02-30, 人: 督学甲, 办: 发起}
    - {日: 2026-03-02, 人: 督学甲, 办: 申请消号}
    - {日: 2026-03-02, 人: 督学甲, 办: 复查}
    - {日: 2026-03-02, 人: 督学甲, 办: 通报, 填: {时限: 2026-03-20}}
  应当: {拒绝: 无权, 所在: 天上, 颜色: 红}
- 名称: 没有结果
  经过: []
""")
    assert code == 1
    for said in (
        "cases.yaml:3:11 “日”写的“2026-02-30”不是日期",
        "没有叫“申请消号”的步骤",
        "是否想写“申请销号”？",
        "cases.yaml:5:7 “复查”有 3 种结论，请写明结论：通过、部分通过、不通过。",
        "没有叫“时限”的“通报”的表单项",
        "“应当”写了“拒绝”，还要用“再办”写明办哪一步。",
        "没有叫“天上”的步骤或终点",
        "没有“颜色”这个写法",
        "cases.yaml:8:3 用例缺少“应当”",
        "“经过”应当是一列办理",
    ):
        assert said in out
    assert "✓" not in out


def test_json_and_exit_codes(tried, tmp_path, capsys):
    code, out = tried(CASES.replace("拒绝: 不得兼办", "拒绝: 无权"), "--json")
    told = json.loads(out)
    assert code == 1
    assert [(case["name"], case["passed"]) for case in told["cases"]] == [
        ("第一次复查不通过，第二次通过，第三人销号", False),
        ("申辩期过未答视为无意见", True),
    ]
    assert told["problems"] == []
    code, out = tried(CASES, "--json", loop=LOOP.replace("代号: recheck", "代号: recheck, 颜色: 红"))
    assert code == 1
    assert json.loads(out)["problems"][0]["line"] > 0
    missing = argparse.Namespace(regulation=tmp_path / "none.yaml", cases=tmp_path / "none.yaml", json=False)
    assert try_.run(missing) == 2
    assert "打不开文件" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "一句话", "a: b", "- 3", "- [1]", "- {名称: 甲, 经过: 乙, 应当: 丙}", "{", "- *a", "\x00"])
def test_nonsense_is_a_problem_never_an_error(tried, text):
    code, out = tried(text)
    assert code == 1
    assert "cases.yaml:" in out
