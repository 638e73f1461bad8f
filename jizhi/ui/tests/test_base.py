"""What every page stands on: due words, keyset pages, drafts, large type, error pages, log-in."""

import json
from datetime import date

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from jizhi.org.models import DemoMark, Draft, Person, User
from jizhi.org.tests.town import Town, wanzhou
from jizhi.ui import due
from jizhi.ui.paging import count_words, page_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def town(db: None) -> Town:
    return wanzhou()


def browser(town: Town, name: str) -> Client:
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.force_login(town.people[name].user, backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("last", "state", "words"),
    [
        (date(2026, 3, 26), "late", "逾期 2 个工作日"),
        (date(2026, 3, 28), "late", "逾期 1 个工作日"),  # a Saturday
        (date(2026, 3, 30), "soon", "今天到期"),
        (date(2026, 3, 31), "soon", "明天到期"),
        (date(2026, 4, 3), "run", "还有 4 个工作日"),
        (date(2026, 4, 8), "run", "还有 6 个工作日"),  # 清明 lies between
    ],
)
def test_what_is_due_is_counted_for_the_reader(last: date, state: str, words: str) -> None:
    today = date(2026, 3, 30)
    assert (due.state(last, today), due.words(last, today)) == (state, words)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ day|cn_date }}", "3月5日"),
        ("{{ day|cn_date:'long' }}", "2026年3月5日"),
        ("{{ none|cn_date }}", "—"),
        ("{% status 'late' '逾期' %}", '<span class="jz-status" data-s="late">逾期</span>'),
        ("{% figlink 3 '/x/' %}", '<a class="jz-figlink" href="/x/">3</a>'),
        ("{{ party|plain }}；{{ yes|plain }}；{{ iso|plain }}", "甲；是；2026年3月1日"),
        ("{{ tag|plain }}{{ tag|as_code }}", "&lt;b&gt;&lt;b&gt;"),
        ("{{ code|as_code }}", "<code>school.loop</code>"),
    ],
)
def test_values_are_said_in_chinese(source: str, shown: str) -> None:
    values = {"day": date(2026, 3, 5), "none": None, "party": {"name": "甲", "person": "3"}, "yes": True}
    assert Template(source).render(Context({**values, "iso": "2026-03-01", "tag": "<b>", "code": "school.loop"})) == shown


def test_keyset_pages_give_every_row_once(town: Town) -> None:
    seen, after, rounds = [], "", 0
    while rounds == 0 or after:
        page = page_of(Person.objects.all(), RequestFactory().get("/", {"after": after}), order=("pinyin", "id"), size=4)
        seen += [person.pk for person in page.rows]
        after, rounds = page.next, rounds + 1
    assert seen == list(Person.objects.order_by("pinyin", "id").values_list("pk", flat=True))
    assert rounds > 2
    assert count_words(Person.objects.all()) == str(len(seen))


@pytest.mark.parametrize("token", ["x", "W10", "bnVsbA", "W251bGwsIDFd", "%", "W1tdLHt9XQ", "WyJhIiwiYiJd"])
def test_a_broken_page_token_gives_the_first_page(town: Town, token: str) -> None:
    assert page_of(Person.objects.all(), RequestFactory().get("/", {"after": token}), order=("pinyin", "id")).first


def test_a_draft_survives_log_out_and_belongs_to_one_user(town: Town) -> None:
    client = browser(town, "督学甲")
    client.post(reverse("draft"), {"key": "/people/new/", "data": json.dumps({"name": ["李"]})})
    client.logout()
    again = browser(town, "督学甲").get(reverse("draft"), {"key": "/people/new/"}).json()
    assert again["data"] == {"name": ["李"]}
    assert again["saved"].endswith("已保存")
    assert browser(town, "督学丙").get(reverse("draft"), {"key": "/people/new/"}).json()["data"] is None
    browser(town, "督学甲").post(reverse("draft"), {"key": "/people/new/"})
    assert not Draft.objects.exists()


@pytest.mark.parametrize("data", ["[1]", "{", '"x"', "x" * 200_000, '{"a": "\\u0000"}'])
def test_a_draft_that_is_no_form_is_refused(town: Town, data: str) -> None:
    answer = browser(town, "督学甲").post(reverse("draft"), {"key": "k", "data": data})
    assert answer.status_code == 400
    assert not Draft.objects.exists()


def test_large_type_is_remembered(town: Town) -> None:
    client = browser(town, "督学甲")
    answer = client.post(reverse("large_type"), {"back": "/me/"})
    assert answer.url == "/me/"
    assert 'data-type="large"' in client.get(reverse("me")).content.decode()
    assert User.objects.get(username="督学甲").large_type
    visitor = Client()
    assert visitor.post(reverse("large_type"), {"back": "https://elsewhere.example/"}).url == "/"
    assert 'data-type="large"' in visitor.get(reverse("account_login")).content.decode()


def test_visitors_are_led_to_log_in_and_pages_not_found_say_what_next(town: Town) -> None:
    assert Client().get("/people/").url == "/accounts/login/?next=/people/"
    answer = browser(town, "督学甲").get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


def test_a_wrong_password_is_said_beside_the_form(town: Town) -> None:
    answer = Client().post(reverse("account_login"), {"login": "督学甲", "password": "wrong"})
    shown = answer.content.decode()
    assert "处要改" in shown
    assert 'value="督学甲"' in shown


@pytest.mark.req("X14")
def test_the_log_in_page_offers_the_demo_only_on_a_demo_database(town: Town) -> None:
    local = Client(REMOTE_ADDR="127.0.0.1")
    assert "演示帐号" not in local.get(reverse("account_login")).content.decode()
    DemoMark.objects.create()
    shown = local.get(reverse("account_login")).content.decode()
    assert "演示帐号" in shown
    assert "曾校长" in shown
    assert "演示帐号" not in Client(REMOTE_ADDR="10.0.0.8").get(reverse("account_login")).content.decode()
