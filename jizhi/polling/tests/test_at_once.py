"""Several at the same time: one slip, one tablet, the close amid the voting. On PostgreSQL; SQLite has one writer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from jizhi.polling.models import Envelope, Result, Tablet, Token
from jizhi.polling.tests.place import Place, drafted, handed_out, on_tablet, opened, people, place, vote

ONE_WRITER = "SQLite has one writer at a time, and the tests' database in memory cannot wait for it"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason=ONE_WRITER),
    pytest.mark.req("P17"),
]


@pytest.fixture
def here() -> Place:
    return place()


def together(*does: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(does))

    def run(do: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(does)) as pool:
        return list(pool.map(run, does))


def test_one_slip_used_at_once_counts_once(here: Place) -> None:
    poll = opened(here, people(2))
    code = handed_out(here, poll, 2)[0]
    answers = together(*[lambda: vote(code, poll, 0, 0).status_code] * 4)
    assert sorted(answers) == [200, 200, 200, 302]
    assert Envelope.objects.count() == 1


def test_a_person_registered_twice_at_once_keeps_his_ballot(here: Place) -> None:
    poll = opened(here, people(2))
    device, tablet = on_tablet(here, poll), reverse("tablet")
    device.post(tablet, {"do": "unlock", "pin": "2468"})

    def press() -> None:
        finger = Client()
        finger.cookies = device.cookies.copy()
        finger.post(tablet, {"do": "hand", "number": "R001"})

    together(*[press] * 3)
    assert "投入票箱" in device.get(tablet).content.decode()
    assert Token.objects.filter(channel="tablet").count() == 1


def test_the_digits_are_not_guessed_faster_by_many_at_once(here: Place) -> None:
    device, tablet = on_tablet(here, opened(here, people(1))), reverse("tablet")

    def guess() -> None:
        thief = Client()
        thief.cookies = device.cookies.copy()
        for digits in range(4):
            thief.post(tablet, {"do": "unlock", "pin": f"{digits:04}"})

    together(*[guess] * 4)
    assert Tablet.objects.get().wrong == 10


def test_a_close_amid_the_voting_counts_what_was_in_the_box_and_nothing_else(here: Place) -> None:
    poll = opened(here, people(8), drafted(here, least="1"))
    codes = handed_out(here, poll, 8)
    assert vote(codes[0], poll, 0, 0).status_code == 302
    chief, witness = here.browser("书记甲"), {"witness": here.town.people["干事乙"].pk}
    votes = [lambda code=code: vote(code, poll, 0, 0) for code in codes[1:]]
    *answers, closed = together(*votes, lambda: chief.post(reverse("poll_close", args=[poll.pk]), witness))
    assert closed.status_code == 302
    taken = 1 + sum(answer.status_code == 302 for answer in answers)
    assert all("已经结束" in answer.content.decode() for answer in answers if answer.status_code == 200)
    result = Result.objects.get()
    assert (result.figures["returned"], result.figures["problems"]) == (taken, [])
    assert not Envelope.objects.exists()
