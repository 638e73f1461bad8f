"""What falls due by itself, once."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from jizhi.audit.models import Entry
from jizhi.kernel.draw import sample
from jizhi.kernel.workdays import Calendar, china
from jizhi.messages.models import Message
from jizhi.procedure.actions import act, tick
from jizhi.procedure.models import Act, Case, Sample, Todo
from jizhi.procedure.queries import todo_for
from jizhi.procedure.tests.town import DAY, Town, build

REVIEW = {"方法": ["看"], "看现场": "是"}
SECOND_RUN = """
import django; django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = {name!r}
from datetime import date
from jizhi.procedure.actions import tick
tick(today=date.fromisoformat({day!r}))
"""


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Act, Case, Todo, Message, Entry, Sample))


def at_review(town: Town) -> Case:
    case = town.begin()
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    return case


def finished(town: Town, title: str) -> Case:
    case = town.begin(title)
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    act(case.pk, "审核", "同意", REVIEW, by=town.actor("评审乙"), today=DAY, opinion="属实")
    act(case.pk, "批准", "同意", {}, by=town.actor("主任丁"), today=DAY)
    return case


@pytest.mark.django_db
def test_silence_counts_as_no_objection_the_day_after_the_last(db: None) -> None:
    town = build()
    case = town.begin()
    assert tick(today=date(2026, 3, 5)) == []  # the third day itself
    assert len(tick(today=date(2026, 3, 6))) == 1
    case.refresh_from_db()
    last = case.acts.last()
    assert last is not None
    assert (case.step, last.outcome, last.by, last.by_name) == ("审核", "无意见", None, "系统")
    assert Todo.objects.get(done_at=None).body == "评审组"


@pytest.mark.django_db
def test_overdue_is_reported_to_the_level_above_once_and_running_twice_changes_nothing(db: None) -> None:
    town = build()
    case = at_review(town)
    assert tick(today=date(2026, 3, 9)) == []  # the fifth workday
    done = tick(today=date(2026, 3, 10))
    assert len(done) == 1
    assert "上报" in done[0]
    assert [duty.todo.kind for duty in todo_for(town.actor("县长壬"), today=date(2026, 3, 10))] == ["escalated"]
    assert todo_for(town.actor("评审乙"), today=date(2026, 3, 10))[0].band == "逾期"
    before = counts()
    assert tick(today=date(2026, 3, 10)) == []
    assert tick(today=date(2026, 3, 11)) == []
    assert counts() == before
    act(case.pk, "审核", "同意", REVIEW, by=town.actor("评审乙"), today=date(2026, 3, 11), opinion="属实")
    assert todo_for(town.actor("县长壬"), today=date(2026, 3, 11)) == []


@pytest.mark.django_db
def test_whoever_holds_the_case_is_warned_before_a_clock_runs_out(db: None) -> None:
    town = build()
    case = at_review(town)
    act(case.pk, "审核", "同意", REVIEW, by=town.actor("评审乙"), today=DAY, opinion="属实")
    case.refresh_from_db()
    assert case.due == date(2026, 3, 16)
    assert tick(today=date(2026, 3, 11)) == []
    assert len(tick(today=date(2026, 3, 12))) == 1
    assert tick(today=date(2026, 3, 12)) == []
    assert Message.objects.filter(to__name="主任丁", title__startswith="将到期").count() == 1


@pytest.mark.django_db
def test_cases_for_which_nothing_is_due_are_looked_through_together(db: None, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    town = build()
    for _ in range(12):
        at_review(town)
    with django_assert_max_num_queries(8):
        assert tick(today=DAY) == []


@pytest.mark.django_db
def test_a_predicted_deadline_is_counted_again_when_the_calendar_has_grown(db: None) -> None:
    town = build()
    far = date(china().last_year + 2, 3, 1)
    case = town.begin(today=far)
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊", today=far), today=far)
    case.refresh_from_db()
    assert case.predicted
    assert case.due is not None
    grown = Calendar(china().rest | {far + timedelta(days=n) for n in range(1, 4)}, china().work, far.year)
    due = case.due
    assert len(tick(today=far, calendar=grown)) == 1
    case.refresh_from_db()
    assert case.due > due
    assert not case.predicted
    assert Entry.objects.filter(action="procedure.recompute_deadline").count() == 1
    assert tick(today=far, calendar=grown) == []


@pytest.mark.django_db
def test_a_share_of_the_ended_cases_is_drawn_once_a_month_by_a_seed_that_repeats(db: None) -> None:
    town = build()
    ended = [finished(town, f"路{n}") for n in range(3)]
    assert tick(today=date(2026, 4, 1)) == []
    done = tick(today=date(2026, 4, 2))
    held = Sample.objects.get()
    assert held.drawn == sample([str(case.pk) for case in ended], 2, seed=held.seed)
    drawn = Case.objects.filter(procedure="抽查")
    assert {str(case.about_id) for case in drawn} == set(held.drawn)
    first = drawn[0].acts.first()
    assert first is not None
    assert held.seed in first.opinion
    assert held.seed in done[0]
    assert tick(today=date(2026, 4, 2)) == []
    assert tick(today=date(2026, 4, 20)) == [] or Case.objects.filter(procedure="抽查").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time; its test database lives in one process")
def test_two_machines_at_once_change_nothing_twice() -> None:
    town = build()
    overdue = [at_review(town) for _ in range(4)]
    for n in range(4):
        finished(town, f"路{n}")
    code = SECOND_RUN.format(name=connection.settings_dict["NAME"], day="2026-04-10")
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "jizhi.settings"}
    runs = [subprocess.Popen([sys.executable, "-c", code], env=env, stderr=subprocess.PIPE) for _ in range(2)]
    assert [run.communicate()[1] for run in runs] == [b"", b""]
    assert [run.returncode for run in runs] == [0, 0]
    assert Todo.objects.filter(kind="escalated").count() == len(overdue)
    assert Sample.objects.count() == 1
    assert Case.objects.filter(procedure="抽查").count() == 2
    before = counts()
    assert tick(today=date(2026, 4, 10)) == []
    assert counts() == before
