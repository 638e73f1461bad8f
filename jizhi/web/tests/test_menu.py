"""The menu and the bar at the foot of a phone: what of them stands before whom."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jizhi.fund.tests.test_applying import Site, site
from jizhi.org.models import Level, Post, User
from jizhi.org.tests.town import SINCE, Town, wanzhou
from jizhi.procedure.models import Todo
from jizhi.regulation.models import Adoption, Edition

pytestmark = pytest.mark.django_db
__all__ = ["site"]


def bar(site: Site, name: str, title: str = "") -> list[str]:
    text = site.browser(name, title).get("/messages/").content.decode()
    found = re.search(r'<nav class="jz-tabbar".*?</nav>', text, re.DOTALL)
    assert found is not None
    return re.findall(r">([^<>]+)</a>", found[0])


@pytest.mark.req("X16")
def test_the_bar_of_a_phone_holds_what_the_person_uses(site: Site) -> None:
    assert bar(site, "村民李") == ["工作台", "申请帮扶", "帮扶申请", "我的捐款", "更多"]
    assert bar(site, "会计钱", "会计") == ["工作台", "帮扶申请", "基金账目", "更多"]
    assert bar(site, "文书韩", "村文书") == ["工作台", "帮扶申请", "更多"]
    supervisor = bar(site, "监督郑")
    assert supervisor == ["工作台", "意见建议", "帮扶申请", "基金账目", "更多"]


@pytest.fixture
def town() -> Town:
    """万州区 inspects its schools; 扶绥县 rates its villages, and one of its towns has a fund."""
    town = wanzhou()
    town.unit("扶绥县", Level.COUNTY, code="451421")
    town.unit("渠黎镇", Level.TOWN, "扶绥县")
    town.unit("联绥村", Level.VILLAGE, "渠黎镇")
    town.person("组织部长", "扶绥县", "组织部部长", head=True)
    town.person("镇书记", "渠黎镇", "乡镇党委书记", head=True)
    town.person("村书记", "联绥村", "村党支部书记", head=True)
    town.person("村民", "联绥村")
    adopted(town, "太安小学", "school.loop")
    adopted(town, "扶绥县", "party.stars")
    adopted(town, "渠黎镇", "fund.help")
    return town


def adopted(town: Town, unit: str, code: str, *, since: date = SINCE) -> None:
    edition = Edition.objects.create(code=code, name=code, since=since, text="", digest=code)
    Adoption.objects.create(unit=town.units[unit], edition=edition, since=since, by=town.people["曾校长"])


def browser(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def menu(name: str) -> dict[str, list[str]]:
    """Group → its entries, of those that belong to one mechanism."""
    found = {group.name: [entry.label for entry in group.entries] for group in browser(name).get("/messages/").context["menu"]}
    return {group: entries for group, entries in found.items() if group in ("督导", "考评", "帮扶基金")}


INSPECTION = ["督导计划", "督导任务", "检查记录", "问题整改", "处室考核", "督导简报", "督导方法"]


def test_the_menu_goes_by_the_regulations_that_reach_a_person(town: Town) -> None:
    assert menu("曾校长") == {"督导": INSPECTION}
    assert menu("区督导主任") == {"督导": INSPECTION}  # it is in force below him
    assert menu("组织部长") == {"考评": ["考评"], "帮扶基金": ["我的捐款"]}
    assert menu("镇书记") == {"考评": ["考评"], "帮扶基金": ["我的捐款"]}
    assert menu("村书记") == {"考评": ["考评"], "帮扶基金": ["申请帮扶", "帮扶申请", "我的捐款"]}
    assert menu("村民") == {"帮扶基金": ["申请帮扶", "帮扶申请", "我的捐款"]}
    assert menu("甘宁校长") == {}  # his school has adopted nothing


def test_inspection_of_a_county_is_not_handed_down_to_its_villages(town: Town) -> None:
    adopted(town, "扶绥县", "district.charter")
    assert "督导" in menu("组织部长")
    assert "督导" not in menu("村书记")


def test_what_a_place_writes_down_under_its_own_code_is_appraised_by(town: Town) -> None:
    Adoption.objects.filter(edition__code="party.stars").delete()
    assert "考评" not in menu("镇书记")
    adopted(town, "渠黎镇", "quli.own")
    assert "考评" in menu("镇书记")


def test_a_regulation_counts_from_the_day_it_begins_and_what_waits_at_once(town: Town) -> None:
    adopted(town, "甘宁小学", "school.charter", since=timezone.localdate() + timedelta(days=1))
    assert menu("甘宁校长") == {}
    principal = town.people["甘宁校长"]
    Todo.objects.create(unit=principal.unit, person=principal, verb="看", title="一件事", link="/")
    assert menu("甘宁校长") == {}  # what belongs to no case says nothing of a mechanism
    assert '<span class="jz-n">1</span>' in browser("甘宁校长").get("/messages/").content.decode()


def test_what_one_is_kept_from_is_not_counted(town: Town) -> None:
    principal = town.people["甘宁校长"]
    Todo.objects.create(unit=principal.unit, post="校长", verb="看", title="一件事", link="/", except_ids=[principal.pk])
    assert '<span class="jz-n">1</span>' not in browser("甘宁校长").get("/messages/").content.decode()


def test_the_menu_counts_what_the_workbench_lists(town: Town) -> None:
    school, office = town.units["太安小学"], town.units["教务处"]
    for to in ({"body": "督导组"}, {"post": "教师"}, {"post": "校长"}, {"head": True}, {"person": town.people["督学甲"]}):
        for unit in (school, office, town.units["甘宁小学"]):
            Todo.objects.create(unit=unit, verb="看", title="一件事", link="/", **to)
    counts = set()
    for name in ("曾校长", "督学甲", "教务主任", "教师丁", "村民"):
        page = browser(name).get("/")
        counts.add(page.context["bench"].waiting)
        assert page.context["menu"][0].entries[0].count == page.context["bench"].waiting
    assert len(counts) > 2


def test_a_power_taken_away_counts_at_the_next_request(town: Town) -> None:
    client = browser("管理员")
    assert client.get("/people/new/").status_code == 200
    Post.objects.filter(person=town.people["管理员"]).update(until=timezone.localdate() - timedelta(days=1))
    assert client.get("/people/new/").status_code == 403


def test_the_menu_costs_one_query_and_a_page_without_it_none(town: Town) -> None:
    client = browser("曾校长")
    client.get("/messages/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/messages/").status_code == 200
    assert len(asked) == 5  # the session, who he is, what he holds, the messages, the menu
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/no-such-page/").status_code == 404
    assert len(asked) == 3
