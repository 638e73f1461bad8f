"""公示 is a minimum wait; objections stop it; nothing gets past either."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.kernel.workdays import china
from jizhi.rulebook import judgement
from jizhi.rulebook.explain import explain
from jizhi.rulebook.judgement import SYSTEM
from jizhi.rulebook.language import Duration, Ref
from jizhi.rulebook.reading import read
from jizhi.rulebook.tests.notice import BOTH, CLERK, LEADER, NOTICE, OTHER, OVERSEER, REVIEWER, SUNDAY, VILLAGER, posted, regulation
from jizhi.rulebook.trying import try_cases

pytestmark = pytest.mark.req("F04")


def day(text: str) -> date:
    month, number = text.split("-")
    return date(2026, int(month), int(number))


def test_the_language_reads_the_whole_of_a_notice() -> None:
    step = regulation().procedures["申请发放"].steps[1]
    notice, heard = step.publicity, step.objections
    assert notice is not None
    assert heard is not None
    assert (notice.least, notice.rolls, notice.indexed) == (Ref(root="参数", path=("公示天数",)), True, False)
    assert notice.shows == {"姓名": "掩码", "用途": "归类", "金额": "原样"}
    assert notice.down_after == Duration(count=30, unit="日")
    assert (heard.stops, heard.upheld) == ("停", "初审")
    assert heard.screening is not None
    assert heard.screening.reason
    assert [(outcome.name, outcome.branches[0].to) for outcome in step.outcomes] == [("期满", "审核"), ("异议成立", "初审")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("末日遇休: 顺延", "末日遇休: 延后", "“末日遇休”不能写“延后”，可写：顺延、不顺延"),
        ("金额: 原样", "金额: 打码", "“金额”不能写“打码”"),
        ("期满: 审核", "期满: 审合", "没有叫“审合”的步骤或终点"),
        ("成立: 初审", "成立: 初申", "没有叫“初申”的步骤或终点"),
        ("          期满: 审核\n", "", "缺少“期满”"),
        ("          代号: publicity\n", "          代号: publicity\n          由: {职务: 村文书}\n", "是公示，由系统按期办结，不写“由”"),
        ("            归类: {就学就医: 困难帮扶}\n", "", "要在“归类”里写明归为哪一类"),
        ("满: 参数.公示天数", "满: 七天", "“满”写的“七天”不是期限"),
    ],
)
def test_what_is_wrong_in_a_notice_is_named(old: str, new: str, said: str) -> None:
    assert old in NOTICE
    found, problems = read(NOTICE.replace(old, new, 1), "aid.yaml")
    assert found is None
    assert said in "\n".join(str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("put_up", "rule", "first_day", "ends"),
    [
        ("11-22", "顺延", "不计", "11-30"),  # Sunday: day seven is a Sunday too
        ("11-20", "顺延", "不计", "11-27"),
        ("11-22", "不顺延", "不计", "11-29"),
        ("11-22", "顺延", "计", "11-30"),  # day seven a Saturday, rolls over it and Sunday
        ("11-22", "不顺延", "计", "11-28"),
        ("9-24", "顺延", "不计", "10-8"),  # 10-01 lies in the National Day holidays
    ],
)
def test_the_last_full_day(put_up: str, rule: str, first_day: str, ends: str) -> None:
    text = NOTICE.replace("末日遇休: 顺延", f"末日遇休: {rule}").replace("首日: 不计", f"首日: {first_day}")
    story = posted(day(put_up), text)
    notice = story.where().notice
    assert notice is not None
    assert notice.last == day(ends)
    assert story.tick(day(ends)) is None
    due = story.tick(day(ends) + timedelta(days=1))
    assert due is not None
    assert (due.outcome, story.where().step) == ("期满", "审核")


def test_the_next_step_waits_and_is_told_until_when() -> None:
    story = posted()
    early = story.no(day("11-30"), LEADER, "审核", "同意")
    assert early is not None
    assert (early.reason, early.text) == ("公示未满", "公示至2026年11月30日方满7日，此前不得审核（第五条）。")
    assert early.until == day("11-30")
    for outcome in ("期满", "异议成立"):
        assert story.no(day("11-30"), SYSTEM, "公示", outcome) is not None
    assert story.no(day("12-1"), LEADER, "公示", "期满") is not None  # not even the leader ends it by hand
    assert story.no(day("12-1"), SYSTEM, "公示", "异议成立") is not None
    story.tick(day("12-1"))
    assert story.no(day("12-1"), LEADER, "审核", "同意") is None


def test_an_objection_stops_it_until_answered_and_an_unfounded_one_adds_no_days() -> None:
    story = posted()
    story.tell(day("11-30"), VILLAGER, "异议", "提出", 异议号="1")  # the last day counts
    place = story.where()
    assert [(one.number, one.state, one.due) for one in place.objections] == [(1, "待受理", day("12-1"))]
    assert place.due == day("12-1")
    assert story.tick(day("12-20")) is None  # late screening never lets it through
    stopped = story.no(day("12-20"), LEADER, "审核", "同意")
    assert stopped is not None
    assert stopped.reason == "有异议"
    assert "第 1 号" in stopped.text
    late = judgement.overdue(story.procedure, place, day("12-20"))
    assert [one.name for one in late] == ["第 1 号异议的受理"]
    story.tell(day("12-21"), OVERSEER, "异议", "受理", 异议号="1", 核实为="7")
    assert story.where().objections[0].due == day("12-24")
    assert story.tick(day("12-22")) is None
    story.tell(day("12-22"), OTHER, "异议", "不成立", 异议号="1", 答复="已核实")
    assert story.tick(day("12-22")) is not None
    assert story.where().step == "审核"


def test_who_screens_and_who_answers() -> None:
    story = posted().tell(day("11-23"), VILLAGER, "异议", "提出")
    assert story.no(day("11-24"), LEADER, "异议", "受理", 异议号="1").reason == "无权"  # type: ignore[union-attr]
    assert story.no(day("11-24"), OVERSEER, "异议", "成立", 异议号="1").reason == "结论不符"  # type: ignore[union-attr]
    assert story.no(day("11-24"), OVERSEER, "异议", "受理", 异议号="2").reason == "没有这件异议"  # type: ignore[union-attr]
    assert story.no(day("11-22"), OVERSEER, "异议", "受理", 异议号="1").reason == "早于上一步"  # type: ignore[union-attr]
    story.tell(day("11-24"), BOTH, "异议", "受理", 异议号="1")
    barred = story.no(day("11-24"), BOTH, "异议", "不成立", 异议号="1")
    assert barred is not None
    assert barred.text.startswith("您（两头）是办过本事项“初审”的人")
    story.tell(day("11-24"), OTHER, "异议", "不成立", 异议号="1")
    again = story.no(day("11-25"), OTHER, "异议", "成立", 异议号="1")
    assert again is not None
    assert "已经处理完" in again.text


def test_an_upheld_objection_sends_the_case_back_and_the_next_notice_is_a_full_one() -> None:
    story = posted().tell(day("11-23"), VILLAGER, "异议", "提出").tell(day("11-23"), VILLAGER, "异议", "提出")
    story.tell(day("11-24"), OVERSEER, "异议", "受理", 异议号="1").tell(day("11-25"), OVERSEER, "异议", "成立", 异议号="1")
    assert (story.where().step, story.where().notice) == ("初审", None)
    outside = story.no(day("11-25"), VILLAGER, "异议", "提出")
    assert outside is not None
    assert outside.reason == "不在此步"
    story.tell(day("11-27"), REVIEWER, "初审", "同意")
    notice = story.where().notice
    assert notice is not None
    assert (notice.last, notice.blocking) == (day("12-4"), (2,))  # the second objection still waits
    assert story.tick(day("12-5")) is None
    story.tell(day("12-5"), OVERSEER, "异议", "不受理", 异议号="2", 不受理理由="与本事项无关")
    assert story.tick(day("12-5")) is not None


def test_an_objection_after_the_last_day_is_refused_with_the_clause() -> None:
    story = posted()
    late = story.no(day("12-1"), VILLAGER, "异议", "提出")
    assert late is not None
    assert (late.reason, late.until, late.clause) == ("已过期", day("11-30"), "第五条")
    story.tick(day("12-1"))
    gone = story.no(day("12-2"), VILLAGER, "异议", "提出")
    assert gone is not None
    assert gone.reason == "已过期"


def test_changed_content_restarts_the_notice_and_only_who_put_it_up_changes_it() -> None:
    story = posted().tell(day("11-23"), VILLAGER, "异议", "提出")
    assert story.no(day("11-26"), LEADER, "更正公示", "更正公示") is not None
    story.tell(day("11-26"), REVIEWER, "更正公示", "更正公示", 金额="2000", 更正说明="金额写错")
    notice = story.where().notice
    assert notice is not None
    assert (notice.posted, notice.last, notice.blocking) == (day("11-26"), day("12-3"), (1,))
    fixed = story.no(day("11-26"), REVIEWER, "更正公示", "更正公示")
    assert fixed is None
    text = NOTICE.replace("内容变更: 重新公示", "内容变更: 不得变更")
    assert posted(text=text).no(day("11-26"), REVIEWER, "更正公示", "更正公示") is not None


def test_a_withdrawn_review_takes_no_objection_with_it() -> None:
    story = posted().tell(day("11-23"), VILLAGER, "异议", "提出").tell(day("11-24"), REVIEWER, "撤回", "撤回")
    assert story.where().step == "初审"
    story.tell(day("11-24"), REVIEWER, "初审", "同意")
    notice = story.where().notice
    assert notice is not None
    assert (notice.last, notice.blocking) == (day("12-1"), (1,))


def test_where_only_the_row_stops_the_others_go_on() -> None:
    text = NOTICE.replace("期间: 停", "期间: 停该行").replace("成立: 初审", "成立: {子件: 初审}")
    story = posted(text=text).tell(day("11-23"), VILLAGER, "异议", "提出", 所异议的行="五星村")
    assert story.where().stopped_rows == {"五星村"}
    assert story.tick(day("12-1")) is not None
    story.tell(day("12-2"), OVERSEER, "异议", "受理", 异议号="1").tell(day("12-3"), OVERSEER, "异议", "成立", 异议号="1")
    assert (story.where().step, story.where().stopped_rows) == ("审核", {"五星村"})


def test_explain_reads_the_rules_of_the_notice_aloud() -> None:
    said = explain(regulation())
    for words in (
        "公示满“公示天数”（7 日）（第五条）",
        "最后一天遇休息日顺延到下一个工作日",
        "只公示姓名（掩码）、用途（归类）、金额",
        "就学就医归为“困难帮扶”",
        "期满 30 日后下架",
        "受理时核实身份",
        "不受理的写明理由",
        "成立的到“初审”",
        "期满到“审核”",
    ):
        assert words in said


def test_cases_with_objections_can_be_tried() -> None:
    cases = """
- 名称: 公示期内不得审核
  经过:
    - {日: 2026-11-22, 人: 文书, 办: 发起, 填: {用途: 就学就医, 金额: 3000}}
    - {日: 2026-11-22, 人: 评审甲, 办: 初审, 结论: 同意}
  再办: {日: 2026-11-30, 人: 组长, 办: 审核, 结论: 同意}
  应当: {拒绝: 公示至2026年11月30日方满7日, 至: 2026-11-30}
- 名称: 期满后可以审核
  经过:
    - {日: 2026-11-22, 人: 文书, 办: 发起}
    - {日: 2026-11-22, 人: 评审甲, 办: 初审, 结论: 同意}
    - {日: 2026-11-24, 人: 村民, 办: 异议, 结论: 提出}
    - {日: 2026-11-25, 人: 监委甲, 办: 异议, 结论: 受理}
    - {日: 2026-11-26, 人: 监委甲, 办: 异议, 结论: 不成立, 填: {答复: 属实}}
    - {日: 2026-12-01, 人: 系统, 办: 期满}
  再办: {日: 2026-12-01, 人: 组长, 办: 审核, 结论: 同意}
  应当: {所在: 发放}
- 名称: 不受理须写理由
  经过:
    - {日: 2026-11-22, 人: 文书, 办: 发起}
    - {日: 2026-11-22, 人: 评审甲, 办: 初审, 结论: 同意}
    - {日: 2026-11-24, 人: 村民, 办: 异议, 结论: 提出}
  再办: {日: 2026-11-25, 人: 监委甲, 办: 异议, 结论: 不受理, 填: {异议号: 1}}
  应当: {表单: 不受理理由}
- 名称: 未受理的异议停住
  经过:
    - {日: 2026-11-22, 人: 文书, 办: 发起}
    - {日: 2026-11-22, 人: 评审甲, 办: 初审, 结论: 同意}
    - {日: 2026-11-24, 人: 村民, 办: 异议, 结论: 提出}
  再办: {日: 2026-12-10, 人: 系统, 办: 期满}
  应当: {拒绝: 有异议}
"""
    assert [result.reason for result in try_cases(regulation(), cases, "aid.cases.yaml")] == ["", "", "", ""]


MOVES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["提出", "受理", "不受理", "不成立", "成立", "更正公示", "撤回", "初审", "审核", "期满"]),
        st.integers(1, 3),
        st.sampled_from([OVERSEER, OTHER, REVIEWER, BOTH, LEADER, VILLAGER, CLERK, SYSTEM]),
    ),
    max_size=40,
)


@settings(max_examples=150)
@given(MOVES)
def test_in_any_order_nothing_gets_past_the_wait_or_an_open_objection(moves: list[tuple[int, str, int, judgement.Actor]]) -> None:
    """Whatever is tried, in whatever order: the step after the notice is reached only when the last full day of the notice
    as it stands has ended, and no objection is unscreened or open."""
    story, today = posted(), SUNDAY
    for later, what, number, by in moves:
        today += timedelta(days=later)
        before = story.where()
        if what == "期满":
            story.tick(today)
        else:
            step = what if what in ("更正公示", "撤回", "初审", "审核") else "异议"
            outcome = "同意" if step in ("初审", "审核") else what
            form = {"异议号": str(number)} if step == "异议" and what != "提出" else {}
            if story.no(today, by, step, outcome, **form) is None:
                story.tell(today, by, step, outcome, **form)
        after = story.where()
        if before.step != "审核" and after.step == "审核":
            assert before.notice is not None
            assert not any(one.open for one in before.objections)
            ends = china().after(before.notice.posted, 7, "日")
            assert before.notice.last == ends
            assert today > ends
            assert (today - before.notice.posted).days >= 8
        assert after.step not in ("发放", None) or before.step in ("审核", "发放", "初审", None)
