"""One form submitted several times at once is done once, and nobody sees a broken page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from jizhi.org.models import Person, User
from jizhi.org.tests.town import wanzhou

ONE_WRITER = "SQLite has one writer at a time, and the tests' database in memory cannot wait for it"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.skipif(connection.vendor == "sqlite", reason=ONE_WRITER)]
AT_ONCE = 3


def at_once(url: str, *forms: dict[str, Any]) -> list[int]:
    admin = User.objects.get(username="管理员")
    clients = [Client(raise_request_exception=False) for _ in forms]
    for client in clients:
        client.force_login(admin)
    barrier = Barrier(len(forms))

    def send(client: Client, form: dict[str, Any]) -> int:
        barrier.wait()
        try:
            return client.post(url, form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, clients, forms))


def test_an_account_opened_three_times_at_once_is_one() -> None:
    town = wanzhou()
    person = Person.objects.create(name="新来", unit=town.units["太安小学"], number="NEW")
    form = {"username": "new", "password": "一个很长的口令呀"}
    assert 500 not in at_once(f"/people/{person.pk}/account/", *[form] * AT_ONCE)
    assert User.objects.filter(person=person).count() == 1


def test_one_number_given_in_two_departments_at_once_is_given_once() -> None:
    town = wanzhou()
    forms = [{"name": "新来", "unit": town.units[unit].pk, "number": "NEW"} for unit in ("教务处", "德育处", "太安小学")]
    answers = at_once("/people/new/", *forms)
    assert sorted(answers) == [200, 200, 302]
    assert Person.objects.filter(number="NEW").count() == 1


def test_a_post_given_three_times_at_once_is_one() -> None:
    town = wanzhou()
    person = town.people["教师丁"]
    form = {"person": person.pk, "unit": town.units["教务处"].pk, "title": "干事", "since": date(2026, 3, 1).isoformat()}
    assert sorted(at_once("/posts/new/", *[form] * AT_ONCE)) == [200, 200, 302]
    assert person.posts.filter(title="干事").count() == 1
