"""Logging in, being locked out, the demo's log-ins, and the acting post."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jizhi.audit.models import Entry
from jizhi.org.models import DemoMark, User
from jizhi.org.tests.town import Town, wanzhou

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fast_hashes(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def town() -> Town:
    return wanzhou()


def attempt(client: Client, password: str) -> int:
    return client.post("/accounts/login/", {"login": "曾校长", "password": password}).status_code


def test_five_wrong_passwords_lock_the_log_in_and_the_page_says_so_in_chinese(town: Town, client: Client) -> None:
    user = User.objects.get(username="曾校长")
    user.set_password("一个很长的口令")
    user.save()
    assert [attempt(client, f"错{n}") for n in range(5)] == [200, 200, 200, 200, 429]
    page = client.post("/accounts/login/", {"login": "曾校长", "password": "一个很长的口令"})
    assert page.status_code == 429
    assert "密码连续输错" in page.content.decode()


def test_the_right_password_comes_in_and_the_page_is_not_kept(town: Town, client: Client) -> None:
    user = User.objects.get(username="曾校长")
    user.set_password("一个很长的口令")
    user.save()
    assert attempt(client, "一个很长的口令") == 302
    assert client.get("/accounts/password/change/").headers["Cache-Control"].count("no-store") == 1


def test_visitors_are_sent_to_the_log_in_page(client: Client) -> None:
    assert client.post("/me/post/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.req("X14")
def test_demo_log_ins_work_only_on_a_marked_database_from_the_machine_itself(town: Town, client: Client) -> None:
    def enter(**extra: str) -> int:
        return client.post("/accounts/demo/", {"username": "曾校长"}, **extra).status_code

    assert enter() == 404
    assert "演示帐号" not in client.get("/accounts/login/").content.decode()
    DemoMark.objects.create()
    assert enter(REMOTE_ADDR="192.0.2.7") == 404
    for header in (
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_FORWARDED",
        "HTTP_X_REAL_IP",
        "HTTP_VIA",
    ):
        assert enter(**{header: "127.0.0.1"}) == 404, header
    assert "演示帐号" in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/demo/").status_code == 405
    assert enter() == 302
    assert Entry.objects.get(action="access.enter_demo").actor_name == "曾校长"


@pytest.mark.req("X03")
def test_the_acting_post_is_chosen_kept_in_the_session_and_logged(town: Town, client: Client) -> None:
    client.force_login(User.objects.get(username="督学甲"))
    post = town.people["督学甲"].posts.get()
    answer = client.post("/me/post/", {"key": f"p{post.pk}", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert client.session["acting"] == f"p{post.pk}"
    assert Entry.objects.get(action="access.choose_holding").values == {"原身份": "督导组督学", "现身份": "教师"}
    assert client.post("/me/post/", {"key": "p999999"}).status_code == 403


def test_a_log_in_without_a_person_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(User.objects.create(username="空号"))
    page = client.post("/me/post/", {"key": "p1"})
    assert page.status_code == 403
    assert "系统管理员" in page.content.decode()


@pytest.mark.req("X03")
def test_who_has_left_comes_in_no_more_from_the_next_day_on(town: Town, client: Client) -> None:
    person = town.people["督学甲"]
    client.force_login(User.objects.get(username="督学甲"))
    person.left_on = timezone.localdate()
    person.save()
    assert client.get("/me/").status_code == 200
    person.left_on -= timedelta(days=1)
    person.save()
    page = client.get("/me/")
    assert page.status_code == 403
    assert "您已登记离任" in page.content.decode()
    assert client.post("/accounts/logout/").status_code == 302
