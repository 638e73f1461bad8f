"""Deadlines: of steps, of clocks over several steps, on return, extended, late."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.kernel.workdays import Calendar, china
from jizhi.rulebook import judgement
from jizhi.rulebook.clocks import span
from jizhi.rulebook.judgement import Act
from jizhi.rulebook.language import Duration, Regulation
from jizhi.rulebook.tests.loop import FACTS, FINDER, HEAD, LEADER, LOOP, SECOND, TEACHER, Story, applied, notified, regulation

AGAIN = LOOP.replace("上限: 参数.整改上限,", "上限: 参数.整改上限, 退回另计: 7日,")


def clock(story: Story) -> judgement.Running:
    (only,) = story.at().clocks
    return only


def test_a_step_has_its_own_limit_and_a_rest_day_rolls():
    place = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达").at()
    assert (place.step, place.since, place.step_due, place.due) == ("申辩", date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 9))


def test_workdays_skip_the_holidays():
    story = notified(until="2026-04-30").tell("4-3", TEACHER, "整改", "完成").tell("4-3", HEAD, "申请销号", "申请")
    assert story.at().step_due == date(2026, 4, 13)  # 清明 4月4日—6日


def test_a_clock_runs_from_its_start_to_its_stop():
    assert Story().tell("3-2", FINDER, "发起").at().clocks == ()
    story = notified()
    assert clock(story) == judgement.Running("整改期", date(2026, 3, 20), date(2026, 3, 5))
    assert story.at().due == date(2026, 3, 20)
    story.tell("3-18", TEACHER, "整改", "完成")
    assert clock(story).stopped is None  # it stops when the application is made
    story.tell("3-18", HEAD, "申请销号", "申请")
    assert clock(story).stopped == date(2026, 3, 18)
    assert story.at().due == date(2026, 3, 25)  # the recheck's own five workdays


def test_a_chosen_day_beyond_the_cap_counts_only_to_the_cap():
    story = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达").tell("3-4", HEAD, "申辩", "无意见")
    assert clock(story.tell("3-5", LEADER, "通报", "下达", 整改时限="2026-12-31")).due == date(2026, 3, 20)


def test_without_a_chosen_day_the_cap_is_the_limit():
    story = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达").tell("3-4", HEAD, "申辩", "无意见")
    assert clock(story.tell("3-5", LEADER, "通报", "下达")).due == date(2026, 3, 20)


def test_on_return_the_days_left_go_on():
    story = applied().tell("3-24", SECOND, "复查", "不通过")
    assert clock(story) == judgement.Running("整改期", date(2026, 3, 26), date(2026, 3, 5))  # two days were left


def test_on_return_a_new_length_counts_where_the_regulation_says_so():
    story = applied(Story(AGAIN)).tell("3-24", SECOND, "复查", "不通过")
    assert clock(story) == judgement.Running("整改期", date(2026, 3, 31), date(2026, 3, 24), round=2)
    story.tell("3-25", TEACHER, "整改", "完成").tell("3-25", HEAD, "申请销号", "申请").tell("3-26", SECOND, "复查", "不通过")
    assert (clock(story).round, clock(story).due) == (3, date(2026, 4, 2))


def test_the_new_length_on_return_is_not_cut_by_the_first_cap():
    story = notified(Story(AGAIN).graver("立行立改"), until="2026-03-06")
    assert clock(story).due == date(2026, 3, 6)
    story.tell("3-6", TEACHER, "整改", "完成").tell("3-6", HEAD, "申请销号", "申请").tell("3-9", SECOND, "复查", "不通过")
    assert clock(story).due == date(2026, 3, 16)


def test_what_was_late_when_it_stopped_is_late_on_return():
    story = notified().tell("3-26", TEACHER, "整改", "完成").tell("3-26", HEAD, "申请销号", "申请")
    assert clock(story).late(date(2026, 3, 26))
    assert judgement.overdue(story.procedure, story.at(), date(2026, 3, 27)) == []  # it runs no more
    story.tell("3-27", SECOND, "复查", "不通过")
    (late,) = judgement.overdue(story.procedure, story.at(), date(2026, 3, 27))
    assert (late.kind, late.name, late.round, late.state) == ("时钟", "整改期", 1, "超期")
    assert late.tell.post == "督导室主任"


def test_a_closed_case_runs_no_clock():
    story = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达").tell("3-3", HEAD, "申辩", "有申辩")
    story.tell("3-4", SECOND, "答复", "采纳")
    assert (story.at().end, story.at().clocks, story.at().due) == ("不予认定", (), None)


def test_the_span_of_a_clock_leaves_out_what_comes_before_its_start_again():
    procedure = regulation(LOOP.replace("结论: {下达: 整改}", "结论: {下达: 整改, 退回: 答复}")).procedures["整改"]
    assert span(procedure, procedure.clocks[0]) == {"整改", "申请销号"}


def test_silence_moves_the_case_after_the_last_day():
    story = Story().tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达")
    assert story.silence("3-9") is None
    silent = story.silence("3-10")
    assert (silent.number, silent.step, silent.outcome, silent.by, silent.day) == (3, "申辩", "无意见", "system", date(2026, 3, 10))
    assert judgement.overdue(story.procedure, story.at(), date(2026, 3, 20)) == []  # it moves, it is not late
    story.acts.append(silent)
    assert story.at().step == "通报"
    assert story.silence("3-10") is None


def test_silence_may_lead_where_no_outcome_does():
    story = Story(LOOP.replace("逾期: {视为: 无意见, 到: 通报}", "逾期: {视为: 放弃申辩, 到: 通报}"))
    story.tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达")
    silent = story.silence("3-10")
    assert silent.outcome == "放弃申辩"
    step = judgement.step_named(story.procedure, "申辩")
    assert judgement.outcome_named(step, "放弃申辩") is None  # no person can choose it
    outcome = judgement.outcome_named(step, "放弃申辩", by="system")
    assert judgement.move(story.procedure, story.regulation, story.facts, story.acts, step, outcome, {}).to == "通报"
    story.acts.append(silent)
    assert story.at().step == "通报"


def test_a_step_without_a_silence_rule_is_late():
    story = applied()
    assert judgement.overdue(story.procedure, story.at(), date(2026, 3, 25)) == []
    (late,) = judgement.overdue(story.procedure, story.at(), date(2026, 3, 26))
    assert (late.kind, late.name, late.round, late.key) == ("步骤", "复查", 1, "步骤:复查:1")


def test_a_limit_that_holds_elsewhere_is_none_here():
    story = Story(facts=replace(FACTS, region="330100"))
    assert story.tell("3-2", FINDER, "发起").tell("3-2", FINDER, "初步意见", "送达").at().step_due is None


def test_beyond_the_loaded_years_a_deadline_is_predicted():
    story = notified()
    known = judgement.standing(story.procedure, story.regulation, story.facts, story.acts, Calendar(last_year=2026))
    unknown = judgement.standing(story.procedure, story.regulation, story.facts, story.acts, Calendar(last_year=2025))
    assert (known.predicted, known.clocks[0].predicted) == (False, False)
    assert (unknown.predicted, unknown.clocks[0].predicted) == (True, True)


def test_a_pending_request_lapses_when_the_case_moves():
    story = notified().tell("3-10", TEACHER, "延期", "申请", 至="2026-03-27").tell("3-11", TEACHER, "整改", "完成")
    assert story.at().pending == ()
    story.tell("3-11", HEAD, "申请销号", "申请").tell("3-12", SECOND, "复查", "不通过")
    assert story.at().pending == ()


def test_withdrawing_starts_the_clock_again_as_it_was():
    story = notified().tell("3-10", TEACHER, "整改", "完成")
    before = story.at()
    story.tell("3-11", HEAD, "申请销号", "申请")
    assert story.tell("3-12", HEAD, "撤回").at() == before


def test_a_history_that_cannot_be_is_an_error():
    story = notified()
    story.acts.append(Act(99, "整改", "乱写", TEACHER.id, TEACHER.name, date(2026, 3, 9)))
    with pytest.raises(ValueError, match="乱写"):
        story.at()


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
LENGTHS = st.tuples(st.integers(1, 60), st.sampled_from(["日", "个工作日", "周", "个月"])).map(
    lambda one: Duration(count=one[0], unit=one[1])
)


def timed(length: Duration, again: Duration | None, *, reply: Duration, recheck: Duration) -> Regulation:
    """The loop with these lengths for 整改期 (and 退回另计), 申辩期 and 复查期. Put into what was read: to read a file for every
    example takes fifteen times what the judging of it takes.
    The next test holds that it is the same."""
    loop = regulation()
    procedure = loop.procedures["整改"]
    clock = procedure.clocks[0].model_copy(update={"length": length, "cap": None, "again": again})
    values = {
        name: tuple(value.model_copy(update={"amount": amount}) for value in loop.parameters[name])
        for name, amount in (("申辩期", reply), ("复查期", recheck))
    }
    procedures = loop.procedures | {"整改": procedure.model_copy(update={"clocks": (clock, *procedure.clocks[1:])})}
    return loop.model_copy(update={"procedures": procedures, "parameters": loop.parameters | values})


def test_lengths_put_in_are_the_lengths_that_would_be_read():
    text = LOOP.replace("长: 表单.整改时限, 上限: 参数.整改上限,", "长: 3周, 退回另计: 4日,")
    read_so = regulation(text.replace("值: 5日", "值: 6日").replace("值: 5个工作日", "值: 3周"))
    three, four, six = (Duration(count=count, unit=unit) for count, unit in ((3, "周"), (4, "日"), (6, "日")))
    assert timed(three, four, reply=six, recheck=three) == read_so


@given(LENGTHS, LENGTHS, st.booleans(), DAYS, st.lists(st.integers(0, 9), min_size=8, max_size=8), st.sets(DAYS), st.sets(DAYS))
@settings(max_examples=60)
def test_no_deadline_falls_on_a_rest_day(length, again, renews, began, waits, rest, work):
    loop = timed(length, again if renews else None, reply=again, recheck=length)
    procedure = loop.procedures["整改"]
    calendar = Calendar(frozenset(rest), frozenset(work - rest), 2027)
    line = [
        ("初步意见", "送达"),
        ("申辩", "无意见"),
        ("通报", "下达"),
        ("整改", "完成"),
        ("申请销号", "申请"),
        ("复查", "不通过"),
        ("整改", "完成"),
    ]
    acts, today = [Act(1, "发起", "发起", "甲", "甲", began)], began
    for (step, outcome), wait in zip(line, waits, strict=False):
        today += timedelta(days=wait)
        acts.append(Act(len(acts) + 1, step, outcome, "甲", "甲", today))
        place = judgement.standing(procedure, loop, FACTS, acts, calendar)
        for due in (place.due, place.step_due, *(running.due for running in place.clocks)):
            assert due is None or calendar.is_workday(due)


def test_the_calendar_of_these_tests_is_the_real_one():
    assert not china().predicted(date(2026, 12, 31))
