"""Imagined cases on a regulation: what holds, what does not and why, what is wrong in the file."""

import pytest

from jizhi.rulebook.tests.loop import CASES, regulation
from jizhi.rulebook.trying import CaseFileError, try_cases

BEGUN = """
- 名称: {name}
  经过:
    - {{日: 2026-03-02, 人: 督学甲, 办: 发起, 填: {{程度: 一般}}}}
    - {{日: 2026-03-02, 人: 督学甲, 办: 初步意见}}
    - {{日: 2026-03-04, 人: 教务主任, 办: 申辩, 结论: 无意见}}
    - {{日: 2026-03-05, 人: 组长, 办: 通报, 填: {{整改时限: 2026-03-20}}}}
"""


def tried(cases: str) -> list[str]:
    """The reasons of the cases that do not hold."""
    return [result.reason for result in try_cases(regulation(), cases, "cases.yaml") if not result.passed]


def wrong(cases: str) -> str:
    """What is wrong in a case file, a line each."""
    with pytest.raises(CaseFileError) as found:
        try_cases(regulation(), cases, "cases.yaml")
    return str(found.value)


def begun(more: str, name: str = "整改中") -> str:
    return BEGUN.format(name=name) + "".join(f"  {line}\n" for line in more.strip("\n").splitlines())


def test_a_case_that_does_not_hold_says_what_was_otherwise():
    refused, stands = tried(CASES.replace("拒绝: 不得兼办", "拒绝: 无权").replace("所在: 通报", "所在: 答复"))
    assert refused.startswith("应当以“无权”拒绝，实际以“不得兼办”拒绝：您（督学丙）已办过本事项的“复查”")
    assert stands == "应当在“答复”，实际在“通报”。"


def test_an_act_that_is_refused_on_the_way_fails_the_case():
    by_the_finder = CASES.replace("督学丙, 办: 复查, 结论: 不通过", "督学甲, 办: 复查, 结论: 不通过")
    assert tried(by_the_finder) == []  # a party whom nobody named excludes nobody
    reason, *_ = tried(by_the_finder.replace("  经过:", "  当事人: {发现人: 督学甲}\n  经过:"))
    assert reason.startswith("第 11 行（2026-03-20，督学甲办“复查”）被拒绝：回避，您（督学甲）是本事项的发现人")


def test_whoever_acts_as_a_party_is_that_party():
    case = begun("""
  - {日: 2026-03-18, 人: 教师乙, 办: 整改}
  - {日: 2026-03-18, 人: 教务主任, 办: 申请销号}
再办: {日: 2026-03-19, 人: 教师乙, 办: 复查, 结论: 通过}
应当: {拒绝: 整改}
""")
    assert tried(case) == []


def test_deadlines_lateness_and_extensions():
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
    assert tried("".join(cases)) == []


def test_a_form_may_be_what_is_tried():
    case = begun("应当: {表单: [整改时限]}").replace("    - {日: 2026-03-05, 人: 组长", "  再办: {日: 2026-03-05, 人: 组长")
    assert tried(case.replace("2026-03-20}", "2026-03-23}")) == []
    assert tried(case) == ["表单应当指出“整改时限”，实际：没有问题"]


def test_people_who_are_described_hold_only_what_they_hold():
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

    assert tried(case("区督学", "{拒绝: 无权}")) == []
    assert tried(case("督学丙", "{所在: 销号}")) == []
    only_the_finder = people.replace("督学丙: {", "督学甲: {")
    assert tried(case("区督学", "{所在: 销号}", only_the_finder)) == []


def test_another_procedure_and_the_case_it_is_about():
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
    assert tried(case) == []


def test_a_bad_case_file_is_told_all_at_once():
    out = wrong("""- 名称: 错处很多
  经过:
    - {日: 2026-02-30, 人: 督学甲, 办: 发起}
    - {日: 2026-03-02, 人: 督学甲, 办: 申请消号}
    - {日: 2026-03-02, 人: 督学甲, 办: 复查}
    - {日: 2026-03-02, 人: 督学甲, 办: 通报, 填: {时限: 2026-03-20}}
  应当: {拒绝: 无权, 所在: 天上, 颜色: 红}
- 名称: 没有结果
  经过: []
""")
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


@pytest.mark.parametrize("text", ["", "一句话", "a: b", "- 3", "- [1]", "- {名称: 甲, 经过: 乙, 应当: 丙}", "{", "- *a", "\x00"])
def test_nonsense_is_a_problem_never_an_error(text):
    assert "cases.yaml:" in wrong(text)
