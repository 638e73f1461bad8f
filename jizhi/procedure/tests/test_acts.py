"""A case begins, moves, is refused, goes back, ends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from jizhi.access.actor import SYSTEM
from jizhi.audit.models import Entry
from jizhi.messages.models import Message
from jizhi.org.models import Person
from jizhi.papers.models import Paper
from jizhi.procedure.actions import FormProblems, Refused, act, begin
from jizhi.procedure.models import Act, Case, Todo
from jizhi.procedure.queries import todo_for
from jizhi.procedure.tests.town import DAY, Town, build

pytestmark = pytest.mark.django_db
REVIEW = {"方法": ["看"], "看现场": "是"}


@pytest.fixture
def town() -> Town:
    return build()


def reviewed(town: Town) -> Case:
    """A case that stands at 批准."""
    case = town.begin()
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    act(case.pk, "审核", "同意", REVIEW, by=town.actor("评审乙"), today=DAY, opinion="路况属实")
    case.refresh_from_db()
    return case


def test_a_case_goes_from_hand_to_hand_until_it_ends(town: Town) -> None:
    case = reviewed(town)
    assert (case.step, case.end, case.at_0, case.at_1) == ("批准", "", town.county.pk, town.office.pk)
    act(case.pk, "批准", "同意", {}, by=town.actor("主任丁"), today=DAY)
    case.refresh_from_db()
    assert (case.step, case.end, case.due) == ("", "已批准", None)
    assert case.number == "路政办路批〔2026〕1号" == Paper.objects.get().label
    notice = Case.objects.get(about=case)
    assert (notice.procedure, notice.step, notice.parties["申请村"]["name"]) == ("公告", "张贴", "石桥村")
    assert [row.step for row in case.acts.all()] == ["发起", "征求意见", "审核", "批准"]
    assert Entry.objects.filter(action="procedure.act", object_id=str(case.pk)).count() == 3
    assert Message.objects.filter(to__name="办事员甲", title__startswith="已办结").exists()


def test_an_act_asks_the_database_little(town: Town, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    case = reviewed(town)
    by = town.actor("主任丁")
    with django_assert_max_num_queries(34):  # ends the case, issues a paper and begins another case
        act(case.pk, "批准", "同意", {}, by=by, today=DAY)


def test_an_act_that_only_moves_the_case_asks_less(town: Town, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    case, by = town.begin(), town.actor("村长戊")
    with django_assert_max_num_queries(13):
        act(case.pk, "征求意见", "无意见", {}, by=by, today=DAY)


def test_sending_back_issues_no_paper(town: Town) -> None:
    case = reviewed(town)
    act(case.pk, "批准", "退回", {}, by=town.actor("主任丁"), today=DAY)
    case.refresh_from_db()
    assert (case.step, case.number, Paper.objects.count()) == ("审核", "", 0)


def test_whoever_is_excluded_or_took_a_rival_step_is_refused_with_the_reason(town: Town) -> None:
    case = town.begin()
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    with pytest.raises(Refused, match="经办人"):
        act(case.pk, "审核", "同意", REVIEW, by=town.actor("办事员甲"), today=DAY, opinion="好")
    act(case.pk, "审核", "同意", REVIEW, by=town.actor("评审乙"), today=DAY, opinion="属实")
    with pytest.raises(Refused) as no:
        act(case.pk, "批准", "同意", {}, by=town.actor("评审乙"), today=DAY)
    assert no.value.refusal.reason == "不得兼办"
    assert Act.objects.filter(case=case).count() == 3


def test_two_people_deciding_at_once_get_one_act_and_one_plain_refusal(town: Town) -> None:
    case = town.begin()
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    act(case.pk, "审核", "同意", REVIEW, by=town.actor("评审乙"), today=DAY, opinion="属实")
    with pytest.raises(Refused) as no:
        act(case.pk, "审核", "不同意", REVIEW, by=town.actor("评审丙"), today=DAY, opinion="不属实")
    assert no.value.refusal.reason == "不在此步"


def test_a_form_sent_twice_makes_one_act_and_one_case(town: Town) -> None:
    case, again = town.begin(key="k1"), town.begin(key="k1")
    assert case == again
    first = act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY, key="k2")
    assert act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY, key="k2") == first
    assert Act.objects.filter(case=case).count() == 2


def test_everything_wrong_with_a_form_is_said_at_once(town: Town) -> None:
    with pytest.raises(FormProblems) as wrong:
        town.begin(里程="很长", 路面="砖")
    assert {problem.field for problem in wrong.value.problems} == {"里程", "路面"}
    assert not Case.objects.exists()
    case = town.begin()
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    with pytest.raises(FormProblems) as wrong:
        act(case.pk, "审核", "", {"日子": "2026-13-40"}, by=town.actor("评审乙"), today=DAY)
    assert {problem.field for problem in wrong.value.problems} == {"方法", "看现场", "日子", "结论", "意见"}


def test_who_may_not_see_a_case_does_not_hear_of_it(town: Town) -> None:
    case = town.begin()
    Person.objects.create(name="路人", unit=town.village, number="x1")
    with pytest.raises(Http404):
        act(case.pk, "征求意见", "无意见", {}, by=town.actor("路人"), today=DAY)


def test_todo_rows_go_to_the_unit_the_body_and_the_post_but_not_to_the_excluded(town: Town) -> None:
    case = town.begin()
    assert [(row.head, row.unit) for row in Todo.objects.filter(done_at=None)] == [(True, town.village)]
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    row = Todo.objects.get(done_at=None)
    assert (row.body, row.except_ids, row.due) == ("评审组", [Person.objects.get(name="办事员甲").pk], case.began_on.replace(day=9))
    assert [duty.todo for duty in todo_for(town.actor("评审丙"), today=DAY)] == [row]
    assert todo_for(town.actor("办事员甲"), today=DAY) == []
    assert not Message.objects.exists()  # what is on the desk is not told a second time


def test_a_withdrawn_act_no_longer_counts_and_stays_in_the_history(town: Town) -> None:
    case = reviewed(town)
    act(case.pk, "撤回", "撤回", {}, by=town.actor("评审乙"), today=DAY)
    case.refresh_from_db()
    assert (case.step, case.acts.count()) == ("审核", 4)
    with pytest.raises(Refused):
        act(case.pk, "批准", "同意", {}, by=town.actor("主任丁"), today=DAY)


def test_an_extension_is_asked_for_and_approved_by_another(town: Town) -> None:
    case = reviewed(town)
    due = case.due
    act(case.pk, "延期", "申请", {"至": "2026-04-01", "理由": "下雨"}, by=town.actor("办事员甲"), today=DAY)
    assert Todo.objects.filter(verb="审批延期", post="主任", done_at=None).count() == 1
    act(case.pk, "延期", "批准", {}, by=town.actor("主任丁"), today=DAY)
    case.refresh_from_db()
    assert (case.step, str(case.due)) == ("批准", "2026-04-01")
    assert due != case.due
    assert not Todo.objects.filter(verb="审批延期", done_at=None).exists()


def test_when_exclusions_leave_nobody_the_stand_in_is_asked(town: Town) -> None:
    from jizhi.org.models import Seat

    Seat.objects.exclude(person__name="办事员甲").delete()
    case = town.begin()
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    row = Todo.objects.get(done_at=None)
    assert (row.post, row.unit) == ("县长", town.county)
    act(case.pk, "审核", "同意", REVIEW, by=town.actor("县长壬"), today=DAY, opinion="代审")
    case.refresh_from_db()
    assert case.step == "批准"


def test_a_unit_that_has_not_adopted_the_regulation_begins_nothing(town: Town) -> None:
    with pytest.raises(Refused, match="还没有采用"):
        begin("town.roads", "修路", unit=town.county, title="x", parties={}, form={}, by=SYSTEM, today=DAY)


def test_nothing_remains_of_an_act_that_fails_half_way(town: Town) -> None:
    case = reviewed(town)
    before = (Entry.objects.count(), Message.objects.count(), Todo.objects.count())
    with pytest.raises(Refused), connection.cursor():
        act(case.pk, "批准", "同意", {}, by=town.actor("评审乙"), today=DAY)
    assert (Entry.objects.count(), Message.objects.count(), Todo.objects.count()) == before
