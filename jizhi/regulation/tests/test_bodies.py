"""A body beside the rule of its regulation: what its members hold elsewhere counts."""

import hashlib
from datetime import date

import pytest

from jizhi.org.models import Post
from jizhi.org.tests.town import SINCE, Town, wanzhou
from jizhi.regulation.bodies import composition
from jizhi.regulation.models import Adoption, Edition

TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db

CHARTER = """
制度: 督导章程
代号: taian.charter
施行: 2024-10-01
适用: {单位类型: 学校}
机构:
  督导组:
    代号: team
    组长: {人数: 1}
    督学: {人数: 1-5}
    不得兼任: [财务组, 总务主任]
    依据: 第二条
条文:
  - 条: 第二条
    文: 督导组成员不得兼任财务组成员和总务主任。
"""


@pytest.fixture
def town() -> Town:
    found = wanzhou()
    digest = hashlib.sha256(CHARTER.encode()).hexdigest()
    edition = Edition.objects.create(code="taian.charter", name="督导章程", since=date(2024, 10, 1), text=CHARTER, digest=digest)
    Adoption.objects.create(unit=found.units["太安小学"], edition=edition, since=SINCE, by=found.people["曾校长"])
    return found


def broken(town: Town) -> list[str]:
    return [breach.text for breach in composition(town.bodies["太安小学督导组"], on=TODAY)]


@pytest.mark.req("S02")
def test_a_seat_in_a_body_that_must_be_kept_apart_is_a_breach(town: Town) -> None:
    assert broken(town) == []
    town.body("太安小学", "财务组", 成员="督学甲")
    assert broken(town) == ["督导组成员不得兼任财务组、总务主任（第二条），督学甲现任财务组"]


@pytest.mark.req("S02")
def test_so_is_a_post_held_in_a_department(town: Town) -> None:
    Post.objects.create(person=town.people["督学丙"], unit=town.units["教务处"], title="总务主任", since=SINCE)
    assert broken(town) == ["督导组成员不得兼任财务组、总务主任（第二条），督学丙现任总务主任"]


def test_what_has_ended_is_no_breach(town: Town) -> None:
    town.body("太安小学", "财务组", 成员="督学甲").seats.update(until=date(2026, 3, 9))
    assert broken(town) == []
