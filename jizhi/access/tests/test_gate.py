"""Who sees and may do what follows from posts, seats and the tree, and from nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from jizhi.access.actor import SYSTEM, Actor, actor_of
from jizhi.access.gate import Forbidden, may, registry, require, visible
from jizhi.audit.models import Entry
from jizhi.org.models import DemoMark, Person, Post, Unit
from jizhi.org.tests.town import Town, wanzhou

TODAY = date(2026, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return wanzhou()


def acting(town: Town, name: str, key: str | None = None, today: date = TODAY) -> Actor:
    return actor_of(town.people[name], today=today, key=key)


def names(actor: Actor, model: type[Model]) -> set[str]:
    return {str(row) for row in visible(actor, model._default_manager.all())}


@pytest.mark.req("S01", "X03")
def test_a_district_sees_its_schools_and_a_school_only_itself(town: Town) -> None:
    assert names(acting(town, "区督导主任"), Unit) >= {"太安小学", "甘宁小学", "教务处"}
    head = names(acting(town, "曾校长"), Unit)
    assert head == {"重庆市", "万州区", "太安小学", "教务处", "德育处"}  # the chain above, nothing sideways
    assert names(acting(town, "甘宁校长"), Person) == {"甘宁校长", "甘宁教师"}
    assert names(acting(town, "区督导主任"), Person) >= {"曾校长", "甘宁教师"}


@pytest.mark.req("X03")
def test_a_teacher_sees_himself_and_a_head_his_department(town: Town) -> None:
    assert names(acting(town, "教师丁"), Person) == {"教师丁"}
    Person.objects.filter(name="督学丙").update(unit=town.units["教务处"])
    assert names(acting(town, "教务主任"), Person) == {"教务主任", "督学丙"}


@pytest.mark.req("X03")
def test_what_no_room_declares_is_seen_by_nobody(town: Town) -> None:
    DemoMark.objects.create()
    assert not visible(acting(town, "曾校长"), DemoMark.objects.all()).exists()
    assert visible(SYSTEM, DemoMark.objects.all()).exists()
    assert not visible(None, Unit.objects.all()).exists()
    assert not may(None, "org.see_units")


def test_a_misspelt_permission_is_an_error_and_not_a_refusal(town: Town) -> None:
    with pytest.raises(LookupError, match="declared by no room"):
        may(acting(town, "曾校长"), "org.sea_units")


@pytest.mark.req("X03")
def test_invisible_is_not_found_and_visible_but_not_allowed_says_why(town: Town) -> None:
    with pytest.raises(Http404):
        require(acting(town, "曾校长"), "org.see_people", town.people["甘宁教师"])
    with pytest.raises(Forbidden, match="“查看人员”由校长、副校长、督导组成员"):
        require(acting(town, "教师丁"), "org.see_people", town.people["教师丁"])


@pytest.mark.req("X03")
def test_only_the_acting_post_counts_and_the_refusal_names_the_other(town: Town) -> None:
    teacher, inspector = acting(town, "督学甲").holdings
    assert acting(town, "督学甲").acting == inspector  # who sits in a body acts for it unless he chooses otherwise
    assert may(acting(town, "督学甲", inspector.key), "org.see_people", town.units["教务处"])
    with pytest.raises(Forbidden, match="您可以先切换到太安小学督导组督学"):
        require(acting(town, "督学甲", teacher.key), "org.see_people", town.units["教务处"])


@pytest.mark.req("X03")
def test_a_page_asks_once_how_far_one_reaches_and_an_act_asks_anew(town: Town) -> None:
    teacher, principal = town.people["教师丁"], acting(town, "曾校长")
    reading = replace(principal, answers={})
    with CaptureQueriesContext(connection) as asked:
        assert may(reading, "office.appoint", teacher)
        assert may(reading, "office.end_post", teacher)  # the same reach of the same post
    assert len(asked) == 1
    assert not may(reading, "office.open_account", teacher)
    assert not may(replace(reading, acting=None), "office.appoint", teacher)
    assert may(principal, "office.appoint", teacher)
    Person.objects.filter(pk=teacher.pk).update(unit=town.units["甘宁小学"])
    assert not may(principal, "office.appoint", teacher)


@pytest.mark.req("X03")
def test_an_ended_post_a_dissolved_body_and_who_has_left_hold_nothing(town: Town) -> None:
    Post.objects.filter(person=town.people["曾校长"]).update(until=TODAY)
    assert acting(town, "曾校长").post == "校长"  # the last day still counts
    assert acting(town, "曾校长", today=TODAY + timedelta(days=1)).holdings == ()
    town.bodies["太安小学督导组"].until = TODAY - timedelta(days=1)
    town.bodies["太安小学督导组"].save()
    assert {h.title for h in acting(town, "督学甲").holdings} == {"教师"}
    town.people["教师丁"].left_on = TODAY - timedelta(days=1)
    assert acting(town, "教师丁").holdings == ()


def test_the_log_is_read_above_and_by_whoever_acted(town: Town) -> None:
    for name in ("教师丁", "甘宁教师"):
        by = acting(town, name)
        place = by.unit
        assert place is not None
        Entry.objects.create(at="2026-03-10T09:00+08:00", action="x", label=name, actor_id=by.id, actor_name=name, unit_id=place.pk)
    assert {e.label for e in visible(acting(town, "曾校长"), Entry.objects.all())} == {"教师丁"}
    assert {e.label for e in visible(acting(town, "甘宁教师"), Entry.objects.all())} == {"甘宁教师"}
    assert not visible(acting(town, "管理员"), Entry.objects.all()).exists()
    assert visible(acting(town, "区督导主任"), Entry.objects.all()).count() == 2


def test_the_registry_of_all_rooms_is_sound() -> None:
    declared = registry()
    assert all(code.count(".") == 1 and permission.name for code, permission in declared.permissions.items())
    assert set(declared.scopes) >= {"org.Unit", "org.Person", "regulation.Edition", "audit.Entry"}
