"""分办, 等待, 自动, 批办, 评分, 冻结, 截止: read, explained, completed by an editor, tried."""

from pathlib import Path

import pytest

from jizhi.rulebook.explain import explain
from jizhi.rulebook.fanout import KEYS
from jizhi.rulebook.reading import read
from jizhi.rulebook.schema import schema
from jizhi.rulebook.tests.campaign import CAMPAIGN, MARKED
from jizhi.rulebook.trying import try_cases

STARS = Path(__file__).parent / "trials" / "p16_stars.yaml"
MINE = ("分办", "等待", "自动", "批办", "评分", "冻结", "截止", "子件", "父件", "汇合")


def test_the_star_campaign_is_read_as_far_as_its_many_go() -> None:
    _, problems = read(STARS.read_text(encoding="utf-8"), STARS.name)
    assert [str(one) for one in problems if one.key in MINE] == []


def test_it_is_explained_in_sentences() -> None:
    regulation, problems = read(CAMPAIGN, "考核.yaml")
    assert (problems, regulation is None) == ([], False)
    assert regulation is not None
    said = explain(regulation)
    for sentence in (
        "发起：由部长发起",
        "办理时冻结细则、名单，以后不再改。",
        "给下辖每个“村”（列入“新设”名单的除外）各开一件“单村考核”；全部到“待审定”，或者到2024年12月10日为止（未到的列出），再往下办。",
        "到了本步，系统立即办理（于：子件、奖励：参数“奖励”）；办不成的，以后每天再办。",
        "对各子件逐行批办，默认按“测算”得出的档次，与默认不同的写明理由，名额不可突破。",
        "退回，到“测算”，并把所选的子件退回“复核”",
        "到2024年10月31日截止。",
        "同类事项可以一并批办。",
        "等上级事项的“审定”办理通过以后，由系统往下办。",
    ):
        assert sentence in said
    marked, _ = read(MARKED, "考核.yaml")
    assert marked is not None
    assert "办理前须有 2 人提交“村考”评分表，办理人本人也须提交。" in explain(marked)


def test_an_editor_knows_the_keys() -> None:
    step = schema()["$defs"]["步骤"]["properties"]
    assert set(KEYS) <= set(step)
    assert not any("deprecated" in step[key] for key in KEYS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("程序: 单村考核", "程序: 单村考评", "没有叫“单村考评”的程序"),
        ("在: 待审定", "在: 待审", "没有叫“待审”的“单村考核”步骤或终点"),
        ("等待: 父件.审定", "等待: 父件.审批", "没有叫“审批”的父件步骤"),
        ("等待: 父件.审定", "等待: 审定", "请写成“父件.步骤”"),
        ("除: 名单.新设", "除: 新设", "请写成“名单.名称”"),
        ("冻结: [细则, 名单]", "冻结: [细则]", "没有步骤写“冻结: [名单]”"),
        ("冻结: [细则, 名单]", "冻结: [名册]", "没有叫“名册”的可冻结的内容"),
        ("默认: 测算.档次", "默认: 计算.档次", "没有叫“计算”的步骤"),
        ("子件: 复核", "子件: 复查", "没有叫“复查”的子件步骤"),
        ("奖励: 参数.奖励", "奖励: 参数.奖金", "没有叫“奖金”的参数"),
        ("批办: 允许", "批办: 可以", "“批办”不能写“可以”"),
        ("截止: 2024-10-31", "截止: 年底", "不是日期"),
        ("          到: 测算\n", "", "缺少“到”"),
    ],
)
def test_what_is_written_wrong_is_named(old: str, new: str, said: str) -> None:
    assert CAMPAIGN.count(old) == 1
    _, problems = read(CAMPAIGN.replace(old, new), "考核.yaml")
    assert any(said in one.text for one in problems), [str(one) for one in problems]


CASES = """
- 名称: 有一村没有到，不能汇合
  经过:
    - {日: 2024-09-02, 人: 部长甲, 办: 发起}
    - {日: 2024-09-02, 人: 部长甲, 办: 发布公告}
  子件: {甲村: 待审定, 乙村: 复核, 丙村: 未申报}
  再办: {日: 2024-12-10, 人: 系统, 办: 分办}
  应当: {拒绝: 乙村还没有到“待审定”, 至: 2024-12-10}
- 名称: 过了汇合日期，未到的列出，往下办
  经过:
    - {日: 2024-09-02, 人: 部长甲, 办: 发起}
    - {日: 2024-09-02, 人: 部长甲, 办: 发布公告}
    - {日: 2024-12-11, 人: 系统, 办: 分办}
  子件: {甲村: 待审定, 乙村: 复核}
  应当: {所在: 测算}
- 名称: 申报期满视为未申报
  程序: 单村考核
  经过:
    - {日: 2024-09-02, 人: 系统, 办: 发起}
    - {日: 2024-11-01, 人: 系统, 办: 到期}
  应当: {所在: 未申报}
- 名称: 截止以后不能再申报
  程序: 单村考核
  经过: [{日: 2024-09-02, 人: 系统, 办: 发起}]
  再办: {日: 2024-11-01, 人: 村支书乙, 办: 自查, 结论: 申报}
  应当: {拒绝: 已截止, 至: 2024-10-31}
- 名称: 上级没有审定，子件等着
  程序: 单村考核
  经过: &no
    - {日: 2024-09-02, 人: 系统, 办: 发起}
    - {日: 2024-09-03, 人: 村支书乙, 办: 自查, 结论: 申报}
    - {日: 2024-09-04, 人: 考核员丙, 办: 复核, 结论: 同意}
  父件: {审定: 退回}
  再办: {日: 2024-09-05, 人: 系统, 办: 待审定}
  应当: {拒绝: 等待上级事项}
- 名称: 上级审定通过，子件办结
  程序: 单村考核
  经过:
    - {日: 2024-09-02, 人: 系统, 办: 发起}
    - {日: 2024-09-03, 人: 村支书乙, 办: 自查, 结论: 申报}
    - {日: 2024-09-04, 人: 考核员丙, 办: 复核, 结论: 同意}
    - {日: 2024-09-05, 人: 系统, 办: 待审定}
  父件: {审定: 通过}
  应当: {所在: 已定}
""".replace(" &no", "")
SHORT_OF_SHEETS = """
- 名称: 评分人数不够，不能办
  程序: 单村考核
  经过:
    - {日: 2024-09-02, 人: 系统, 办: 发起}
    - {日: 2024-09-03, 人: 村支书乙, 办: 自查, 结论: 申报}
  评分: {复核: [考核员丙]}
  再办: {日: 2024-09-04, 人: 考核员丙, 办: 复核, 结论: 同意}
  应当: {拒绝: 还缺 1 人}
"""


def test_it_is_tried_on_imagined_villages() -> None:
    for text, cases in ((CAMPAIGN, CASES), (MARKED, SHORT_OF_SHEETS)):
        regulation, _ = read(text, "考核.yaml")
        assert regulation is not None
        assert [(one.name, one.reason) for one in try_cases(regulation, cases, "用例.yaml") if not one.passed] == []
