"""Tasks: planned, given to inspectors, done by a record."""

from datetime import timedelta
from typing import Any

import pytest

from jizhi.org.tests.town import Town
from jizhi.procedure.models import Todo
from jizhi.supervision.models import Task
from jizhi.supervision.tests.school import browser, lesson, school
from jizhi.ui import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return school()


def planned(town: Town, **changes: Any) -> dict[str, Any]:
    typed = {
        "title": "第5周推门听课", "form": "random", "kind": "lesson", "subject_person": town.people["教师丁"].pk,
        "planned_on": clock.today().isoformat(), "inspectors": [town.people["督学甲"].pk], "key": "t1",
    }  # fmt: skip
    return typed | changes


def test_a_task_leads_its_inspector_to_the_record_that_completes_it(town: Town) -> None:
    leader, inspector = browser(town, "副校长乙"), browser(town, "督学甲")
    for _ in range(2):  # a double submit makes one task
        assert leader.post("/supervision/tasks/new/", planned(town)).status_code == 302
    task = Task.objects.get()
    todo = Todo.objects.get(person=town.people["督学甲"])
    assert todo.link == task.form_link
    form = inspector.get(task.form_link).content.decode()
    assert "第5周推门听课" in form
    assert f'value="{town.people["教师丁"].pk}" selected' in form
    assert inspector.post(task.form_link, lesson(town)).status_code == 302
    todo.refresh_from_db()
    assert todo.done_at
    assert list(leader.get("/supervision/tasks/?state=done").context["page"].rows) == [task]
    assert "已完成" in leader.get(f"/supervision/tasks/{task.pk}/").content.decode()


def test_a_task_reports_everything_wrong_at_once(town: Town) -> None:
    past = (clock.today() - timedelta(days=1)).isoformat()
    page = browser(town, "副校长乙").post(
        "/supervision/tasks/new/", planned(town, title="", planned_on=past, inspectors=[], kind="department")
    )
    text = page.content.decode()
    for said in ("写一句任务名称", "已经过去", "至少选一位检查人", "是对处室的"):
        assert said in text
    assert not Task.objects.exists()


@pytest.mark.parametrize("pk", ["9223372036854775808", "9" * 5000, "-1", "x", "\x00"])
def test_an_inspector_who_is_none_is_refused_beside_the_field(town: Town, pk: str) -> None:
    answer = browser(town, "副校长乙").post("/supervision/tasks/new/", planned(town, inspectors=[pk]))
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"inspectors"}
    assert not Task.objects.exists()


def test_the_inspected_see_no_task_and_may_plan_none(town: Town) -> None:
    browser(town, "副校长乙").post("/supervision/tasks/new/", planned(town))
    task = Task.objects.get()
    assert browser(town, "教师丁").get(f"/supervision/tasks/{task.pk}/").status_code == 404
    assert browser(town, "甘宁督学").get(f"/supervision/tasks/{task.pk}/").status_code == 404
    assert browser(town, "督学甲").get("/supervision/tasks/new/").status_code == 403


def test_those_above_schools_choose_one_first(town: Town) -> None:
    page = browser(town, "区督导主任").get("/supervision/tasks/new/").content.decode()
    assert "太安小学" in page
    assert "甘宁小学" in page
