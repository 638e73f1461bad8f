"""The page of a case and the list, through the browser's eyes."""

import pytest
from django.test import Client
from django.urls import reverse

from jizhi.org.models import Draft, Post
from jizhi.procedure.actions import act
from jizhi.procedure.models import Act, Case
from jizhi.procedure.tests.town import DAY, Town, build
from jizhi.ui import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(clock, "today", lambda: DAY)
    return build()


def browser(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.user(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def at_review(town: Town) -> Case:
    case = town.begin()
    act(case.pk, "征求意见", "无意见", {}, by=town.actor("村长戊"), today=DAY)
    return case


def test_the_page_says_where_the_case_is_who_holds_it_and_what_comes_next(town: Town) -> None:
    case = at_review(town)
    page = browser(town, "评审乙").get(reverse("case", args=[case.pk])).content.decode()
    for words in (
        "三组到四组修路",
        "评审组",
        "评审乙、评审丙中任一人，含您",
        "主任批准",
        "3月9日",
        "还有 5 个工作日",
        "里程",
        "1.5",
        "石桥村",
    ):
        assert words in page
    for words in ("办理审核", "送主任办理“批准”", "退回征求意见", "评审组成员，且不是经办人（办事员甲）", "修路申请办法"):
        assert words in page
    assert "None" not in page


def test_who_may_not_act_reads_why_and_who_may(town: Town) -> None:
    case = at_review(town)
    page = browser(town, "村长戊").get(reverse("case", args=[case.pk])).content.decode()
    assert "审核由谁办" in page
    assert "不能办理" in page
    assert "提交审核" not in page


def test_a_step_submitted_twice_is_taken_once_and_its_draft_is_gone(town: Town) -> None:
    case = at_review(town)
    client = browser(town, "评审乙")
    Draft.objects.create(user=town.user("评审乙"), key=f"/cases/{case.pk}/2", data={})
    data = {"step": "审核", "key": "a" * 32, "方法": ["看", "问"], "看现场": "是", "outcome": "同意", "opinion": "路面已坏"}
    for _ in range(2):
        answer = client.post(reverse("case_act", args=[case.pk]), data)
        assert answer.status_code == 302
    assert Act.objects.filter(case=case, step="审核").count() == 1
    assert not Draft.objects.exists()
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "路面已坏" in page
    assert "看、问" in page


def test_every_mistake_stands_beside_its_field_and_what_was_typed_is_kept(town: Town) -> None:
    case = at_review(town)
    data = {"step": "审核", "日子": "昨天", "看现场": "否", "opinion": ""}
    answer = browser(town, "评审乙").post(reverse("case_act", args=[case.pk]), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还有 4 处要改" in page
    assert 'value="昨天"' in page
    assert "请选一个结论" in page
    assert Act.objects.filter(case=case).count() == 2


def test_a_refusal_is_shown_on_the_page_with_its_reason(town: Town) -> None:
    case = at_review(town)
    answer = browser(town, "村长戊").post(reverse("case_act", args=[case.pk]), {"step": "审核", "outcome": "同意"})
    assert answer.status_code == 403
    assert "没有办成" in answer.content.decode()


def test_a_case_of_others_is_not_there(town: Town) -> None:
    case = at_review(town)
    from jizhi.procedure.tests.town import person

    person("路人", town.village)
    assert browser(town, "路人").get(reverse("case", args=[case.pk])).status_code == 404
    assert browser(town, "路人").post(reverse("case_act", args=[case.pk]), {"step": "审核"}).status_code == 404


def test_another_post_of_the_reader_is_offered_when_it_would_do(town: Town) -> None:
    case = at_review(town)
    me = town.actor("评审乙").person
    assert me is not None
    Post.objects.create(person=me, unit=town.village, title="副村长", head=True, since=DAY)
    client = browser(town, "评审乙")
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "换到评审组成员办理" in page


def test_the_list_is_filtered_and_says_what_is_missing(town: Town) -> None:
    case = at_review(town)
    client = browser(town, "评审乙")
    assert case.title in client.get(reverse("cases")).content.decode()
    assert case.title in client.get(reverse("cases"), {"state": "在期", "step": "审核", "q": "三组"}).content.decode()
    assert "没有符合条件的案件" in client.get(reverse("cases"), {"state": "已办结"}).content.decode()
    assert client.get(reverse("cases"), {"unit": "9" * 30, "after": "!!", "q": "\x00"}).status_code == 200
    assert client.get(reverse("cases"), {"unit": "9" * 5000}).status_code == 200
    for name in ("unit", "procedure", "code", "state", "step", "q"):
        assert client.get(reverse("cases"), {name: "a\x00b"}).status_code == 200
    keyed = {"step": "审核", "key": "\x00", "outcome": "\x00", "opinion": "\x00"}
    assert client.post(reverse("case_act", args=[case.pk]), keyed).status_code == 422


def test_an_extension_and_progress_are_asked_for_on_the_page(town: Town) -> None:
    case = at_review(town)
    client = browser(town, "村长戊")
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "提交进展" in page
    prefix = "s2-"
    answer = client.post(reverse("case_act", args=[case.pk]), {"step": "进展", "outcome": "进展", f"{prefix}说明": "备料已齐"})
    assert answer.status_code == 302
    assert "备料已齐" in client.get(reverse("case", args=[case.pk])).content.decode()


def test_an_address_with_a_zero_byte_is_not_there(town: Town) -> None:
    """PostgreSQL takes no such text, not even to look for it."""
    unit = at_review(town).unit_id
    assert browser(town, "评审乙").get(f"/cases/new/{unit}/school%00/loop/").status_code == 404
