"""The district's plans under the burden rules: on the list, announced a month ahead, one comprehensive a year."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
import time_machine

from jizhi.org.models import Seat
from jizhi.org.tests.town import SINCE, Town
from jizhi.regulation.models import Adoption, Edition
from jizhi.supervision.models import ListItem, Plan, PlannedSchool
from jizhi.supervision.tests.school import LIBRARY, browser, school

pytestmark = [pytest.mark.django_db, pytest.mark.req("X15"), pytest.mark.usefixtures("november")]
DIRECTOR = "区督导主任"


@pytest.fixture
def november() -> Any:
    with time_machine.travel(date(2026, 11, 2), tick=False):
        yield


@pytest.fixture
def town() -> Town:
    town = school()
    for name in ("区督学甲", "区督学乙"):
        town.person(name, "万州区")
    for name in ("区督学甲", "区督学乙"):
        Seat.objects.create(body=town.bodies["万州区督导室"], person=town.people[name], title="督学", since=SINCE)
    text = (LIBRARY / "plan.yaml").read_text(encoding="utf-8")
    edition = Edition.objects.create(
        code="district.plan", name="plan", since=date(2024, 10, 1), text=text, digest=sha256(text.encode()).hexdigest()
    )
    Adoption.objects.create(unit=town.units["万州区"], edition=edition, since=SINCE, by=town.people[DIRECTOR])
    return town


def typed(town: Town, **changes: Any) -> dict[str, Any]:
    team = [town.people[name].pk for name in (DIRECTOR, "区督学甲", "区督学乙")]
    plan = {
        "kind": "comprehensive",
        "title": "秋季综合督导",
        "item": item(town).pk,
        "content": "办学行为，全校，听看查访",
        "announced_on": "2026-11-02",
        "starts_on": "2026-12-02",
        "ends_on": "2026-12-04",
        "schools": [town.units["太安小学"].pk],
        "inspectors": team,
        "key": "p1",
    }
    return plan | changes


def item(town: Town) -> ListItem:
    filed = {"basis": "万州教督〔2026〕1号", "filed_on": SINCE, "by": town.people[DIRECTOR]}
    return ListItem.objects.get_or_create(unit=town.units["万州区"], year=2026, title="综合督导", defaults=filed)[0]


def send(town: Town, **changes: Any) -> Any:
    return browser(town, DIRECTOR).post("/supervision/plans/new/", typed(town, **changes))


def test_a_listed_plan_announced_a_month_ahead_is_made_once(town: Town) -> None:
    filed = {"year": 2026, "title": "专项督导", "basis": "2号"}
    assert browser(town, DIRECTOR).post("/supervision/plans/items/new/", filed).status_code == 302
    for _ in range(2):
        assert send(town).status_code == 302
    plan = Plan.objects.get()
    assert "秋季综合督导" in browser(town, DIRECTOR).get("/supervision/plans/").content.decode()
    assert browser(town, "曾校长").get(f"/supervision/plans/{plan.pk}/").status_code == 200  # it is about his school
    assert browser(town, "甘宁校长").get(f"/supervision/plans/{plan.pk}/").status_code == 404


def test_off_the_list_without_a_reason_is_blocked(town: Town) -> None:
    assert "不在年度清单内" in send(town, item="").content.decode()
    assert not Plan.objects.exists()
    assert send(town, item="", off_list_reason="市里临时交办，文号见附件").status_code == 302


def test_short_notice_wants_a_reason_but_a_routine_visit_does_not(town: Town) -> None:
    refused = send(town, starts_on="2026-12-01").content.decode()
    assert "最早2026年12月2日开始" in refused
    assert "秋季综合督导" in refused  # what was typed is still there
    assert send(town, starts_on="2026-12-01", short_notice_reason="配合市级验收").status_code == 302
    assert send(town, kind="routine", starts_on="2026-11-03", inspectors=[town.people[DIRECTOR].pk], key="p2").status_code == 302


def test_a_second_comprehensive_of_the_school_year_is_refused(town: Town) -> None:
    assert send(town).status_code == 302
    again = send(town, key="p2", title="又一次", starts_on="2027-05-10", ends_on="2027-05-12")
    assert "本学年已安排综合督导“秋季综合督导”" in again.content.decode()
    assert send(town, key="p3", kind="special", starts_on="2027-05-10", ends_on="2027-05-12").status_code == 302
    assert send(town, key="p4", starts_on="2027-09-10", ends_on="2027-09-12").status_code == 302  # the next school year
    assert PlannedSchool.objects.filter(kind="comprehensive").count() == 2


def test_everything_wrong_is_said_at_once(town: Town) -> None:
    page = send(town, item="", starts_on="2026-11-05", ends_on="2026-11-04", inspectors=[town.people[DIRECTOR].pk]).content.decode()
    for said in ("不在年度清单内", "结束日期不能早于开始日期", "公告要比开始早", "督导小组至少 3 人"):
        assert said in page
    assert send(town, title="", schools=[], kind="").status_code == 422
    assert browser(town, "曾校长").get("/supervision/plans/new/").status_code == 403
