"""A unit's own regulation texts: what is another school's is neither found nor in the way, and nothing typed breaks the page."""

from datetime import date

import pytest
from django.test import Client

from jizhi.access.actor import Actor, actor_of
from jizhi.office.actions.refused import Refused
from jizhi.office.actions.regulations import adopt, submit_edition
from jizhi.org.models import User
from jizhi.org.tests.town import Town, wanzhou
from jizhi.regulation.models import Edition

TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db
TEXT = """
制度: 校内谈话办法
代号: school.talks
施行: 2024-10-01
适用: {单位类型: 学校}
条文:
  - 条: 第一条
    文: 谈话以帮助为主。
"""


@pytest.fixture
def town() -> Town:
    return wanzhou()


def principal(town: Town, name: str) -> Actor:
    return actor_of(town.people[name], today=TODAY)


def test_two_schools_may_have_the_same_text(town: Town) -> None:
    ours = submit_edition(town.units["太安小学"], TEXT, by=principal(town, "曾校长"), today=TODAY)
    theirs = submit_edition(town.units["甘宁小学"], TEXT, by=principal(town, "甘宁校长"), today=TODAY)
    assert ours != theirs
    assert submit_edition(town.units["太安小学"], TEXT, by=principal(town, "曾校长"), today=TODAY) == ours
    adopt(town.units["甘宁小学"], theirs, since=TODAY, by=principal(town, "甘宁校长"), today=TODAY)
    with pytest.raises(Refused, match="这份文本属于太安小学"):
        adopt(town.units["甘宁小学"], ours, since=TODAY, by=principal(town, "甘宁校长"), today=TODAY)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(f"k{n}: &k{n} [{','.join(['*a'] * 9)}]" for n in range(9))
HOSTILE = {
    "aliases": BOMB,
    "deep": "[" * 5000,
    "tags": "制度: !!python/object/apply:os.system ['true']",
    "control": "制度: \x07",
    "large": "x" * 270_000,
    "surrogates": "制度: \ufffe",
    "many": "- " * 5000,
    "twice": "制度: x\n" * 20_000,
    "binary": "\x00\x01\x02",
    "merge": "<<: {a: 1}",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_refused_on_the_page(town: Town, client: Client, kind: str) -> None:
    client.force_login(User.objects.get(username="曾校长"))
    answer = client.post("/regulations/new/", {"unit": town.units["太安小学"].pk, "text": HOSTILE[kind]})
    assert answer.status_code == 200
    assert len(answer.content) < 600_000  # what was typed, and at most a hundred reasons
    assert not Edition.objects.exists()


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "²", "-1", "x"])
def test_a_source_that_is_not_there_is_an_empty_form(town: Town, client: Client, number: str) -> None:
    client.force_login(User.objects.get(username="曾校长"))
    assert client.get("/regulations/new/", {"from": number}).status_code == 200
