"""What is typed is kept; what no database takes is refused in words."""

import pytest
from django.test import Client

from jizhi.org.models import Draft, User
from jizhi.org.tests.town import wanzhou

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    wanzhou()
    found = Client()
    found.force_login(User.objects.get(username="督学甲"))
    return found


def test_a_draft_is_kept_given_back_and_forgotten(client: Client) -> None:
    assert client.post("/draft/", {"key": "/x/", "data": '{"name": "值"}'}).status_code == 200
    assert client.get("/draft/", {"key": "/x/"}).json()["data"] == {"name": "值"}
    assert client.post("/draft/", {"key": "/x/"}).json()["data"] is None


@pytest.mark.parametrize(
    "data", ["[" * 50_000, '{"a": NaN}', '{"a": -Infinity}', '{"a": "\\ud800"}', '{"a": "\\u0000"}', "a\x00", "[]", "{", "x" * 200_000]
)
def test_what_no_database_takes_is_refused(client: Client, data: str) -> None:
    answer = client.post("/draft/", {"key": "/x/", "data": data})
    assert answer.status_code == 400
    assert "草稿存不下" in answer.json()["error"]
    assert not Draft.objects.exists()


@pytest.mark.parametrize("key", ["", "/a\x00b", "/" + "x" * 200, "import:people"])
def test_a_draft_without_a_right_key_is_refused(client: Client, key: str) -> None:
    assert client.post("/draft/", {"key": key, "data": "{}"}).status_code == 400
    assert client.get("/draft/", {"key": key}).status_code == 400
