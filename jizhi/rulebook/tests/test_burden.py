import pytest

from jizhi.rulebook.reading import Problem, read

PROCEDURE = """制度: 巡查办法
代号: patrol
施行: 2026-01-01
适用: {单位类型: %(kind)s}
条文:
  - {条: 第一条, 文: 不设打卡和积分，不看在线时长，不搞一票否决。}
程序:
  巡查:
    代号: patrol
    对象: 事
    发起: {由: {职务: 督学}, 表单: {地点: 短文, %(field)s}}
    步骤:
      - 记录: {代号: note, 由: {职务: 督学}, 结论: {记下: 结束}}
    终点: {结束: 已记}
"""

STANDARD = """制度: 考核细则
代号: test
施行: 2026-01-01
适用: {单位类型: %(kind)s}
细则:
  处室:
    代号: office
    对象: 处室
    满分: 10
    指标:
      - %(indicator)s: {代号: A, 分值: 10, 计分: 四档}
    %(more)s
"""


def with_field(field: str, kind: str = "学校") -> list[Problem]:
    return read(PROCEDURE % {"field": field, "kind": kind}, "试.yaml")[1]


def with_indicator(indicator: str, kind: str = "学校", more: str = "小数: 2") -> list[Problem]:
    return read(STANDARD % {"indicator": indicator, "kind": kind, "more": more}, "试.yaml")[1]


@pytest.mark.parametrize(
    ("field", "asks_for"),
    [
        ("到岗打卡: 是否", "打卡签到"),
        ("签到时间: 日期", "打卡签到"),
        ("本月积分: 数", "积分"),
        ("依据: {选择: [登录次数, 工作实效]}", "在线时长或登录次数"),
        ("巡查轨迹: 附件", "强制照片、视频、轨迹或定位"),
        ("点赞数: 数", "点赞、转发或投票"),
    ],
)
def test_a_burden_is_refused_by_name_with_the_rule_that_forbids_it(field: str, asks_for: str) -> None:
    (problem,) = with_field(field)
    assert problem.severity == "error"
    assert f"要求{asks_for}" in problem.text
    assert "国办函〔2026〕12号" in problem.text or "整治形式主义" in problem.text
    assert problem.line == 11


@pytest.mark.parametrize("indicator", ["在线时长", "学习积分", "线上活跃度"])
def test_indicators_may_not_count_use_of_a_program(indicator: str) -> None:
    assert [problem.severity for problem in with_indicator(indicator)] == ["error"]


@pytest.mark.parametrize("indicator", ["办学定位", "定积分教学", "不要求打卡"])
def test_words_that_only_look_alike_are_let_through(indicator: str) -> None:
    assert with_indicator(indicator) == []


@pytest.mark.parametrize(
    "field",
    ["照片: {附件: {照片: 必填}}", "材料: {附件: 必填}", "材料: {附件: {照片: 可选, 必填: 是}}", "材料: {附件: {照片: 可选}, 必填: 是}"],
)
def test_a_required_attachment_must_say_why(field: str) -> None:
    (problem,) = with_field(field)
    assert "没有写“为何必须”" in problem.text
    assert "教师厅〔2025〕2号" in problem.text
    assert (
        with_field(
            field.replace("必填: 是", "必填: 是, 为何必须: 立案须附原件")
            .replace("{附件: 必填}", "{附件: 必填, 为何必须: 原件}")
            .replace("照片: 必填}}", "照片: 必填}, 为何必须: 验收须看实物}")
        )
        == []
    )


def test_optional_attachments_need_no_reason() -> None:
    assert with_field("照片: {附件: {照片: 可选}}") == []
    assert with_field("照片: 附件") == []


@pytest.mark.parametrize("indicator", ["台账建立", "材料齐全", "会议次数"])
def test_judging_by_paper_is_only_warned_of(indicator: str) -> None:
    regulation, (problem,) = read(STANDARD % {"indicator": indicator, "kind": "学校", "more": "小数: 2"}, "试.yaml")
    assert regulation is not None
    assert problem.severity == "warn"


def test_a_school_has_no_veto() -> None:
    assert (
        "不得设“一票否决”"
        in with_indicator("安全", more="红线: [{名: 安全事故一票否决, 则: 不打等级，转专项核查}]".replace("，", ""))[0].text
    )
    assert "不能直接扣罚" in with_indicator("安全", more="红线: [{名: 安全事故, 则: 总分清零}]")[0].text
    assert with_indicator("安全", more="红线: [{名: 安全事故, 则: 不打等级转专项核查}]") == []


def test_a_village_may_have_a_red_line_that_the_law_gives_it() -> None:
    assert with_indicator("安全", kind="村", more="红线: [{名: 一票否决事项, 则: 转乡镇认定}]") == []
