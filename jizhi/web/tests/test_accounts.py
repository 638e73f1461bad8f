"""What is open of the accounts: odd ways in end on a page that says what to do."""

import pytest
from django.test import Client

from jizhi.org.models import User
from jizhi.org.tests.town import wanzhou

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    wanzhou()
    user = User.objects.get(username="督学甲")
    user.set_unusable_password()
    user.save()
    found = Client()
    found.force_login(user)
    return found


def test_an_account_without_a_password_is_told_whom_to_ask(client: Client) -> None:
    page = client.get("/accounts/password/change/", follow=True)
    assert page.status_code == 403
    assert "请联系本单位的系统管理员开通" in page.content.decode()


ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "１２", "workbench", " //evil.example"]


@pytest.mark.parametrize("to", ELSEWHERE)
def test_one_is_never_sent_elsewhere(client: Client, to: str) -> None:
    assert client.post("/type/", {"back": to}).headers["Location"] == "/"
    seat = User.objects.get(username="督学甲").person.seats.get()  # type: ignore[union-attr]
    assert client.post("/me/post/", {"key": f"s{seat.pk}", "next": to}).headers["Location"] == "/"


def test_signing_up_and_resetting_by_mail_are_not_there(client: Client) -> None:
    assert {client.get(f"/accounts/{name}/").status_code for name in ("signup", "email", "password/reset", "3rdparty")} == {404}
