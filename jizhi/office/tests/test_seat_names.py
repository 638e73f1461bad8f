"""The name of a seat cannot be taken by way of a post: bodies are filled by their own rules."""

from datetime import date

import pytest

from jizhi.access.actor import SYSTEM, actor_of
from jizhi.office.actions.imports import preview
from jizhi.office.actions.posts import appoint
from jizhi.office.actions.refused import Refused
from jizhi.office.actions.regulations import adopt, load_library
from jizhi.org.tests.town import wanzhou
from jizhi.regulation.models import Edition

TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.mark.req("S02", "X03")
def test_nobody_becomes_the_leader_of_a_body_by_the_title_of_a_post() -> None:
    town = wanzhou()
    school, principal = town.units["太安小学"], actor_of(town.people["曾校长"], today=TODAY)
    load_library(by=SYSTEM, today=TODAY)
    adopt(school, Edition.objects.get(code="school.charter"), since=TODAY, by=principal, today=TODAY)
    with pytest.raises(Refused, match="“督导组组长”是机构的席位"):
        appoint(town.people["教师丁"], school, " 督导组组长", since=TODAY, by=principal, today=TODAY)
    assert appoint(town.people["教师丁"], school, "教科室主任", since=TODAY, by=principal, today=TODAY).title == "教科室主任"


def test_nor_by_a_row_of_a_table() -> None:
    town = wanzhou()
    school, principal = town.units["太安小学"], actor_of(town.people["曾校长"], today=TODAY)
    load_library(by=SYSTEM, today=TODAY)
    adopt(school, Edition.objects.get(code="school.charter"), since=TODAY, by=principal, today=TODAY)
    number = town.people["教师丁"].number
    rows = [f"{number},{title},{school.code},2026-03-10" for title in ("督导组组长", "教科室主任")]
    (error,) = preview("posts", "\n".join(["工号,职务,单位代码,任职日期", *rows]).encode(), unit=school, today=TODAY).errors
    assert (error.row, error.column) == (2, "职务")
    assert "到机构的页面聘任" in error.text
