"""Pages go on where the last one ended, and a token that no page made is the first page."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.test import RequestFactory

from jizhi.org.models import Person, Post
from jizhi.org.tests.town import wanzhou
from jizhi.ui.paging import Page, page_of

pytestmark = pytest.mark.django_db
BY_DAY = ("-since", "-id")


def token(values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def posts(after: str, size: int = 3) -> Page[Post]:
    return page_of(Post.objects.all(), RequestFactory().get("/", {"after": after}), order=BY_DAY, size=size)


def test_pages_hold_every_row_once() -> None:
    wanzhou()
    found, after = [], ""
    while True:
        page = posts(after)
        found += page.rows
        if not (after := page.next):
            break
    assert [post.pk for post in found] == list(Post.objects.order_by(*BY_DAY).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "broken",
    [
        "%%%",
        "中文",
        token(["abc", 1]),
        token([1, 1]),
        token(["2026-99-99", 1]),
        token(["2026-01-01", "x"]),
        token(["2026-01-01", True]),
        token(["2026-01-01"]),
        token({"a": 1}),
        token(["9" * 5000, 1]),
        urlsafe_b64encode(b"[" * 50_000).decode(),
    ],
)
def test_a_broken_token_is_the_first_page(broken: str) -> None:
    wanzhou()
    assert posts(broken) == posts("")


@pytest.mark.parametrize("text", ["\ud800", "a\x00b"])
def test_text_that_no_database_takes_is_the_first_page(text: str) -> None:
    wanzhou()
    people = page_of(Person.objects.all(), RequestFactory().get("/", {"after": token([text, 1])}), order=("pinyin", "id"))
    assert people.first


def test_a_number_beyond_the_database_is_beyond_the_last_row() -> None:
    wanzhou()
    assert not posts(token(["1000-01-01", 10**30])).rows
