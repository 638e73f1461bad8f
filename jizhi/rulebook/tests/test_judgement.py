"""Who may do what, when, and what they are told when they may not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.kernel.workdays import china
from jizhi.rulebook import judgement
from jizhi.rulebook.judgement import SYSTEM, Act, Actor, Facts, Held, Party
from jizhi.rulebook.tests.loop import (
    DISTRICT,
    FACTS,
    FINDER,
    HEAD,
    INSPECTOR,
    LOOP,
    OFFICE,
    PRINCIPAL,
    SCHOOL,
    SECOND,
    TEACHER,
    THIRD,
    Story,
    applied,
    notified,
    problems,
    regulation,
)


def test_the_loop_runs_twice_and_is_closed_by_a_third_person():
    story = applied().tell("3-20", SECOND, "复查", "不通过").tell("3-23", TEACHER, "整改", "完成")
    story.tell("3-23", HEAD, "申请销号", "申请").tell("3-24", SECOND, "复查", "通过").tell("3-25", PRINCIPAL, "销号", "同意")
    place = story.at()
    assert (place.step, place.end, place.due) == (None, "已销号", None)
    assert place.since == date(2026, 3, 25)


def test_what_a_person_is_told_follows_the_order_of_the_checks():
    story = applied()
    assert story.no("3-19", FINDER, "复查").reason == "回避"  # a member, but the finder
    assert story.no("3-19", TEACHER, "复查").reason == "不得兼办"  # rectified, and no member: hears of the duty
    assert story.no("3-19", HEAD, "复查").reason == "无权"
    assert story.no("3-17", SECOND, "复查").reason == "早于上一步"
    assert story.no("3-19", SECOND, "销号").reason == "不在此步"
    assert story.no("3-19", SECOND, "复查", "再议").reason == "结论不符"
    assert story.no("3-19", SECOND, "复查", "通过") is None


def test_a_refusal_is_a_whole_sentence_with_clause_and_date():
    text = LOOP.replace("代号: recheck\n", "代号: recheck\n          依据: 第十一条\n")
    story = applied(Story(text))
    early = story.no("3-17", SECOND, "复查")
    assert early.text == "上一步“申请销号”办于2026年3月18日，“复查”的办理日期不能早于这一天（第十一条）。"
    assert (early.until, early.clause) == (date(2026, 3, 18), "第十一条")
    head = story.no("3-19", HEAD, "复查")
    assert head.text.startswith("能办理“复查”的是督导组成员，且不是整改人（教师乙）、发现人（督学甲）")
    assert head.text.endswith("您（教务主任）现在以教务主任的身份办事，不能办理（第十一条）。")


def test_an_ended_case_takes_no_further_act():
    story = applied().tell("3-20", SECOND, "复查", "通过").tell("3-21", PRINCIPAL, "销号", "同意")
    for step in ("销号", "撤回", "进展", "发起"):
        refused = story.no("3-22", PRINCIPAL, step)
        assert refused.reason == "已办结"
        assert "2026年3月21日办结（已销号）" in refused.text


def test_the_rechecker_cannot_close_and_the_finder_cannot_answer():
    story = applied().tell("3-20", SECOND, "复查", "通过")
    both = Actor(SECOND.id, SECOND.name, (Held("校长", SCHOOL),))
    refused = story.no("3-21", both, "销号", "同意")
    assert refused.reason == "不得兼办"
    assert "“复查”和“销号”不得由同一人办理" in refused.text
    replied = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达").tell("3-3", HEAD, "申辩", "有申辩")
    assert replied.no("3-4", FINDER, "答复").reason == "不得兼办"
    assert replied.no("3-4", SECOND, "答复", "部分采纳") is None


def test_a_unit_answers_through_whoever_heads_it():
    story = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达")
    clerk = Actor("干事", "干事", (Held("干事", OFFICE),))
    assert story.no("3-3", clerk, "申辩").reason == "无权"
    assert story.no("3-3", HEAD, "申辩", "无意见") is None


def test_several_people_may_be_one_party():
    both = replace(FACTS, parties={**FACTS.parties, "发现人": Party("督学甲、督学丙", person=FINDER.id, others=(SECOND.id,))})
    story = applied(Story(facts=both))
    assert story.no("3-19", SECOND, "复查").reason == "回避"
    assert story.no("3-19", THIRD, "复查") is None
    assert SECOND.id in judgement.barred(story.procedure, story.facts, story.acts, "复查")


def test_posts_are_held_in_the_right_unit():
    story = applied().tell("3-20", SECOND, "复查", "通过")
    elsewhere = Actor("外校长", "外校长", (Held("校长", "甘宁小学"),))
    assert story.no("3-21", elsewhere, "销号").reason == "无权"
    assert story.no("3-21", PRINCIPAL, "销号") is None


@pytest.mark.parametrize(
    ("unit", "held_in"), [("上级", DISTRICT), ("上级(县)", DISTRICT), ("上级(省)", "重庆市"), ("对象", OFFICE), ("本单位", SCHOOL)]
)
def test_a_post_may_be_asked_of_a_unit_above_or_of_the_subjects(unit, held_in):
    text = LOOP.replace("{代号: close_out, 由: {职务: 校长, 单位: 本单位}", f"{{代号: close_out, 由: {{职务: 主任, 单位: {unit}}}")
    story = applied(Story(text)).tell("3-20", SECOND, "复查", "通过")
    assert story.no("3-21", Actor("主任", "主任", (Held("主任", held_in),)), "销号") is None
    assert story.no("3-21", Actor("主任", "主任", (Held("主任", "别处"),)), "销号").reason == "无权"


def test_imagined_people_hold_what_is_asked_but_stay_excluded():
    imagined = Actor("谁", "谁", imagined=True)
    story = applied()
    assert story.no("3-19", imagined, "复查", "通过") is None
    assert story.no("3-19", replace(FINDER, held=(), imagined=True), "复查").reason == "回避"


def test_the_system_acts_only_when_silence_counts():
    story = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达")
    early = story.no("3-9", SYSTEM, "申辩", "无意见")
    assert (early.reason, early.until) == ("无权", date(2026, 3, 9))  # 3月7日 is a Saturday
    assert story.no("3-10", SYSTEM, "申辩", "无意见") is None
    assert story.no("3-10", SYSTEM, "到期") is None
    assert notified().no("6-1", SYSTEM, "整改", "完成").reason == "无权"


def test_short_handed_lets_the_level_above_in_when_nobody_is_left():
    story = applied()
    two = (FINDER, replace(TEACHER, held=SECOND.held))
    assert story.no("3-19", INSPECTOR, "复查", "通过", roster=(*two, SECOND)).reason == "无权"
    assert story.no("3-19", INSPECTOR, "复查", "通过", roster=two) is None
    assert story.no("3-19", INSPECTOR, "复查", "通过").reason == "无权"  # nothing known of who there is
    assert story.no("3-19", PRINCIPAL, "复查", "通过", roster=two).reason == "无权"
    assert judgement.entitled(story.procedure, story.facts, story.acts, "复查") == (
        "督导组成员，且不是整改人（教师乙）、发现人（督学甲）；因回避无人可办时，由上级单位的督导室成员办理",
    )


def test_who_is_barred_is_known_by_name():
    story = applied().tell("3-20", SECOND, "复查", "通过")
    assert judgement.barred(story.procedure, story.facts, story.acts, "复查") == {"教师乙": "教师乙", "督学甲": "督学甲"}
    assert set(judgement.barred(story.procedure, story.facts, story.acts, "销号")) == {"教师乙", "督学丙"}


def test_a_look_back_is_not_done_by_who_closed_the_case_it_is_about():
    before = applied().tell("3-20", SECOND, "复查", "通过").tell("3-21", PRINCIPAL, "销号", "同意")
    story = Story(facts=replace(FACTS, by=SYSTEM.id, began=date(2026, 7, 1), subject_acts=tuple(before.acts)), procedure="回头看")
    story.tell("7-1", SYSTEM, "发起")
    refused = story.no("7-2", SECOND, "回访")
    assert refused.reason == "除外"
    assert "办过原事项“复查”的人" in refused.text
    assert story.no("7-2", FINDER, "回访", "反弹") is None
    step = judgement.step_named(story.procedure, "回访")
    outcome = judgement.outcome_named(step, "反弹")
    move = judgement.move(story.procedure, story.regulation, story.facts, story.acts, step, outcome, {})
    assert (move.to, move.ends, move.start) == ("已回访", True, ("整改",))


def test_an_effect_and_a_paper_belong_to_the_first_outcome():
    story = Story(LOOP.replace("效力: 督导.销号", "文书: 销号单（督销）, 效力: 督导.销号"))
    step = judgement.step_named(story.procedure, "销号")
    moves = [judgement.move(story.procedure, story.regulation, story.facts, story.acts, step, one, {}) for one in step.outcomes]
    assert [(move.to, move.paper, move.effect) for move in moves] == [("已销号", "销号单（督销）", "督导.销号"), ("复查", None, None)]


def test_nobody_begins_what_only_another_procedure_begins():
    story = Story(procedure="约谈")
    assert story.no("3-2", PRINCIPAL, "发起").reason == "无权"
    assert story.tell("3-2", SYSTEM, "发起").at().step == "约谈"


def test_a_guard_names_the_field_and_what_it_needs():
    story = applied(Story().graver("重大隐患"))
    refused = story.no("3-19", SECOND, "复查", "通过", 方法=["查"])
    assert refused.reason == "条件不足"
    assert refused.text == "“程度”为“重大隐患”时，“方法”须包含“看”，请补上后再办“复查”。"
    assert story.no("3-19", SECOND, "复查", "通过", 方法=["查", "看"]) is None
    assert story.no("3-19", SECOND, "复查", "通过").reason == "条件不足"  # the 方法 of the finding is not that of the recheck
    assert story.no("3-19", SECOND, "复查") is None  # the person may act; what he fills in is another question


def test_the_second_failure_also_starts_the_talk():
    story = applied()
    step = judgement.step_named(story.procedure, "复查")
    failed = judgement.outcome_named(step, "不通过")

    def leads() -> judgement.Move:
        return judgement.move(story.procedure, story.regulation, story.facts, story.acts, step, failed, {})

    assert (leads().to, leads().start) == ("整改", ())
    story.tell("3-19", SECOND, "复查", "不通过").tell("3-20", TEACHER, "整改", "完成").tell("3-20", HEAD, "申请销号", "申请")
    assert (leads().to, leads().start) == ("整改", ("约谈",))
    story.tell("3-20", SECOND, "复查", "不通过")
    assert story.no("3-20", SECOND, "撤回").text == "上一步“复查”已经引起“约谈”，不能撤回。"


def test_an_extension_is_asked_for_then_approved_by_another():
    story = notified()
    assert story.no("3-10", HEAD, "延期", "申请").reason == "无权"
    story.tell("3-10", TEACHER, "延期", "申请", 至="2026-03-27", 理由="设备未到")
    assert story.at().pending == ("延期",)
    assert story.no("3-11", TEACHER, "延期", "申请").reason == "待批准"
    assert story.no("3-11", TEACHER, "延期", "批准").reason == "不得兼办"
    assert story.at().due == date(2026, 3, 20)
    story.tell("3-11", PRINCIPAL, "延期", "批准")
    assert story.at().due == date(2026, 3, 27)
    again = story.no("3-12", TEACHER, "延期", "申请", 至="2026-04-03")
    assert again.reason == "次数已满"
    assert "最多 1 次" in again.text


def test_an_extension_comes_too_late_after_the_last_day():
    story = notified()
    assert story.no("3-20", TEACHER, "延期", "申请", 至="2026-03-27") is None
    late = story.no("3-21", TEACHER, "延期", "申请", 至="2026-03-27")
    assert (late.reason, late.until) == ("已过期", date(2026, 3, 20))
    assert story.no("3-10", TEACHER, "延期", "申请", 至="2026-03-19").reason == "条件不足"
    assert story.no("3-10", PRINCIPAL, "延期", "批准").reason == "结论不符"


def test_a_refused_extension_may_be_asked_for_again():
    story = notified().tell("3-10", TEACHER, "延期", "申请", 至="2026-03-27").tell("3-11", PRINCIPAL, "延期", "不批准")
    assert story.at().due == date(2026, 3, 20)
    assert story.no("3-12", TEACHER, "延期", "申请", 至="2026-03-25") is None


def test_progress_is_recorded_and_moves_nothing():
    story = notified()
    before = story.at()
    story.tell("3-8", TEACHER, "进展", "进展", 说明="已换新")
    assert story.at() == before
    assert applied().no("3-19", TEACHER, "进展").reason == "不在此步"


def test_only_the_taker_of_the_last_act_withdraws_it():
    story = applied()
    assert story.no("3-18", TEACHER, "撤回").reason == "无权"
    story.tell("3-18", HEAD, "撤回")
    assert story.at().step == "申请销号"
    assert story.no("3-18", HEAD, "撤回").reason == "无权"  # now the last act is the teacher's
    assert Story().tell("3-2", FINDER, "发起").no("3-2", FINDER, "撤回").reason == "条件不足"


def test_a_withdrawn_act_bars_nobody():
    story = applied().tell("3-19", SECOND, "复查", "通过").tell("3-19", SECOND, "撤回")
    principal_too = replace(SECOND, held=PRINCIPAL.held)
    story.tell("3-20", THIRD, "复查", "通过")
    assert story.no("3-21", principal_too, "销号", "同意") is None


def test_a_form_is_told_everything_at_once():
    story = Story()
    wrong = problems(story, "发起", {"层面": "别的", "方法": [], "颜色": "红"}, "3-2")
    assert set(wrong) == {"层面", "程度", "方法", "颜色"}
    assert wrong["层面"] == "“层面”没有“别的”这一项，请从决策、执行、落实中选择。"
    assert wrong["方法"] == "请至少选择 1 项“方法”。"
    assert wrong["颜色"] == "这张表没有“颜色”一项，请去掉。"
    assert problems(story, "发起", {"层面": "执行", "程度": "一般", "方法": "查"}, "3-2") == {}


def test_a_limit_is_a_real_day_not_past_and_not_beyond_the_cap():
    story = Story()
    cap = "一般问题最长 15 日，请选 3月20日或更早；需要更久请把程度改为“较重”。"
    assert problems(story, "通报", {"整改时限": "2026-03-23"}, "3-5") == {"整改时限": cap}
    assert problems(story, "通报", {"整改时限": date(2026, 3, 20)}, "3-5") == {}
    assert "不能早于今天（3月5日）" in problems(story, "通报", {"整改时限": "2026-03-04"}, "3-5")["整改时限"]
    assert "不是真实的日期" in problems(story, "通报", {"整改时限": "2026-02-30"}, "3-5")["整改时限"]
    assert problems(story.graver("较重"), "通报", {"整改时限": "2026-04-30"}, "3-5") == {
        "整改时限": "较重问题最长 30 日，请选 4月7日或更早。"
    }
    assert problems(story.graver("重大隐患"), "通报", {"整改时限": "2026-12-31"}, "3-5") == {}


def test_an_extension_asks_for_a_day_and_a_reason():
    story = notified()
    assert set(problems(story, "延期", {}, "3-10")) == {"至", "理由"}
    assert "不能早于今天" in problems(story, "延期", {"至": "2026-03-09", "理由": "设备未到"}, "3-10")["至"]
    assert problems(story, "延期", {"至": "2026-03-30", "理由": "设备未到"}, "3-10") == {}


@pytest.mark.parametrize("value", ["x", ["a", "b"], {"a": 1}, 3, True, "\x00", "9" * 400])
@pytest.mark.parametrize("field", ["层面", "方法", "佐证"])
def test_odd_values_are_problems_never_errors(field, value):
    form = {"层面": "执行", "程度": "一般", "方法": ["查"], field: value}
    assert set(problems(Story(), "发起", form, "3-2")) <= {field}


def test_a_parameter_is_taken_by_day_and_nearest_region():
    text = LOOP.replace(
        "申辩期: [", '申辩期: [{自: 2010-01-01, 值: 3日, 来源: 本地}, {自: 2026-05-01, 地域: "500000", 值: 7日, 来源: 本地}, '
    )
    reg = regulation(text)

    def days(on: date, region: str) -> int:
        return judgement.parameter(reg, "申辩期", on=on, region=region).count

    assert days(date(2026, 3, 1), "500101") == 5
    assert days(date(2026, 5, 1), "500101") == 7
    assert days(date(2026, 5, 1), "510000") == 3
    assert days(date(2012, 5, 1), "500101") == 3
    with pytest.raises(KeyError):
        judgement.parameter(reg, "申辩期", on=date(2009, 1, 1), region="500101")


# Anybody may be anything here: only the exclusions and the incompatible duties keep people apart.
ANYONE = [
    Actor(name, name, (Held("督导组组长", SCHOOL, body="督导组"), Held("校长", SCHOOL), Held("教务主任", OFFICE, head=True)), imagined=True)
    for name in ("甲", "乙", "丙", "丁")
]
LOOSE = Facts(
    unit=SCHOOL,
    upward=((DISTRICT, "县"),),
    region="500101",
    began=date(2026, 3, 2),
    by="甲",
    parties={"被督导": Party("乙", person="乙"), "整改人": Party("乙", person="乙"), "发现人": Party("甲", person="甲")},
    form={"程度": "一般"},
)
THE_LOOP = regulation()
RECTIFY = THE_LOOP.procedures["整改"]
TRIES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 3), st.sampled_from(["", "撤回", "延期", "进展"])), max_size=40
)


def walk(tries: list[tuple[int, int, int, str]]) -> list[Act]:
    """A history of whatever the rulebook allowed of some random tries."""
    acts = [Act(1, "发起", "发起", "甲", "甲", LOOSE.began)]
    today = LOOSE.began
    for who, later, which, side in tries:
        today += timedelta(days=later // 3)
        place = judgement.standing(RECTIFY, THE_LOOP, LOOSE, acts, china())
        name = side or place.step or "销号"
        outcomes = judgement.outcomes_of(RECTIFY, name, acts)
        outcome = outcomes[which % len(outcomes)]
        form = {"整改时限": str(today + timedelta(days=9)), "至": str(today + timedelta(days=30))} if name in ("通报", "延期") else {}
        by = ANYONE[who]
        refused = judgement.refusal(RECTIFY, THE_LOOP, LOOSE, acts, name, outcome, form, by=by, today=today, calendar=china())
        if refused is None:
            acts.append(Act(len(acts) + 1, name, outcome, by.id, by.name, today, form))
        else:
            assert refused.text.endswith("。")
    return acts


@given(TRIES)
@settings(max_examples=60)
def test_nobody_ever_takes_two_steps_of_one_incompatible_set(tries):
    kept = judgement.counted(RECTIFY, walk(tries))
    for duties in RECTIFY.incompatible:
        for person in {act.by for act in kept}:
            assert len({act.step for act in kept if act.by == person and act.step in duties}) <= 1


@given(TRIES)
@settings(max_examples=60)
def test_a_withdrawn_act_leaves_the_standing_as_before(tries):
    acts = walk(tries)
    for n, act in enumerate(acts):
        if act.step != "撤回":
            continue
        so_far = acts[: n + 1]
        kept = list(judgement.counted(RECTIFY, so_far))
        assert act not in kept
        standing = [judgement.standing(RECTIFY, THE_LOOP, LOOSE, some, china()) for some in (so_far, kept)]
        assert standing[0] == standing[1]
        assert judgement.counted(RECTIFY, kept) == tuple(kept)
