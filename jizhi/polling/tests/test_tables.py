"""Wherever this room lists something: the same as a spreadsheet, and nothing more."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from jizhi.audit.models import Entry
from jizhi.polling.models import Poll, Symposium
from jizhi.polling.tests.place import Place, drafted, handed_out, opened, people, place, vote
from jizhi.polling.tests.test_drafts import named, slips
from jizhi.polling.tests.test_survey import answers, close
from jizhi.ui.tests.tables import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("X06")]


@pytest.fixture
def here() -> Place:
    cache.clear()
    return place()


def linked(client: Client, address: str) -> str:
    """The address of the table, which the page itself leads to."""
    page = client.get(address).content.decode()
    assert "导出表格" in page
    assert "as=xlsx" in page
    return f"{address}{'&' if '?' in address else '?'}as=xlsx"


def test_polls_and_the_roll_are_given_with_the_filter_of_the_page(here: Place) -> None:
    poll = opened(here, [*people(60, "村民代表"), *people(2, "领导", start=61)], drafted(here, groups=(("领导", "60"), ("村民代表", "40"))))
    clerk, roll = here.browser("干事乙"), reverse("poll_roll", args=[poll.pk])
    assert [row[:3] for row in rows_of(clerk, linked(clerk, reverse("poll_list")))] == [("年度民意测评", "", "虎城镇")]
    for code in handed_out(here, poll, 2):
        vote(code, poll, 0, 0)
    given = rows_of(clerk, linked(clerk, f"{roll}?given=slip"))
    assert given == [(f"村民{n}", f"R00{n}", "村民代表", "", "扫码") for n in (1, 2)]
    assert len(rows_of(clerk, linked(clerk, roll))) == 62  # whole, not the page of fifty
    assert [row[1] for row in rows_of(clerk, linked(clerk, f"{roll}?group=领导&given=no"))] == ["R061", "R062"]
    assert Entry.objects.filter(action="ui.export_list").count() == 4
    for name in ("外镇书记", "干事丁"):  # another town; of this town, but not of this poll
        assert here.browser(name).get(f"{roll}?as=xlsx").status_code == 404
        assert here.browser(name).get(f"{reverse('poll_answers', args=[poll.pk])}?as=xlsx").status_code == 404
        assert rows_of(here.browser(name), f"{reverse('poll_list')}?as=xlsx") == []
    close(here, poll)
    assert clerk.get(f"{reverse('poll_answers', args=[poll.pk])}?as=xlsx").status_code == 404  # a secret poll has no such list


def test_named_answers_are_given_after_the_close_only(here: Place) -> None:
    poll = named(here, 3, least="1")
    Client().post(reverse("ballot", args=[slips(here, poll)["村民2（R002）"]]), answers(poll, 0, [0, 2], 5, "早点开门"))
    clerk, listed = here.browser("干事乙"), reverse("poll_answers", args=[poll.pk])
    assert clerk.get(f"{listed}?as=xlsx").status_code == 404
    close(here, poll)
    assert rows_of(clerk, linked(clerk, listed)) == [("R002", "村民2", "", "扫码", "八点", "社保、户籍", "5", "早点开门")]
    assert [row[0] for row in rows_of(clerk, linked(clerk, reverse("survey_list")))] == [Poll.objects.get().title]
    assert here.browser("外镇书记").get(f"{listed}?as=xlsx").status_code == 404


def test_symposia_and_who_came_to_one(here: Place) -> None:
    chief = here.browser("书记甲")
    form = {
        "topic": "赶圩日服务座谈", "day": "2026-11-20", "chair": "书记甲", "precedes": "赶圩日服务时间",
        "attendees": "王芳 教师代表\n赵敏 村民代表 缺席", "minutes": "大家谈了开门时间。", "key": "s1",
    }  # fmt: skip
    url = chief.post(reverse("symposium_new"), form).url
    chief.post(url, {"text": "希望八点开门", "speaker": ""})
    assert rows_of(chief, linked(chief, reverse("symposium_list"))) == [
        ("赶圩日服务座谈", "赶圩日服务时间", "虎城镇", "2026-11-20", "记录中")
    ]
    assert rows_of(chief, linked(chief, url)) == [
        ("王芳", "教师代表", "到会"), ("赵敏", "村民代表", "缺席"), ("希望八点开门", "不留名", "待答复", ""),
    ]  # fmt: skip
    assert Symposium.objects.count() == 1
    assert here.browser("外镇书记").get(f"{url}?as=xlsx").status_code == 404
