"""S22: a regulation is piloted in chosen units, reviewed with figures beside the others, rolled out by one decision."""

import re
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client

import jizhi
from jizhi.access.middleware import ACTING
from jizhi.audit.models import Entry
from jizhi.org.models import Seat
from jizhi.org.queries import ancestor_ids
from jizhi.org.tests.town import Town, wanzhou
from jizhi.procedure.models import Case
from jizhi.regulation.models import Adoption, Edition, Pilot
from jizhi.regulation.queries import edition_in_force
from jizhi.ui import clock

pytestmark = [pytest.mark.django_db, pytest.mark.req("S22")]
DIRECTOR = "区督导主任"


@pytest.fixture
def town() -> Town:
    return wanzhou()


@pytest.fixture
def edition() -> Edition:
    text = (Path(jizhi.__file__).parent / "library" / "loop.yaml").read_text(encoding="utf-8")
    digest = sha256(text.encode()).hexdigest()
    return Edition.objects.create(code="school.loop", name="整改办法", since=date(2024, 10, 1), text=text, digest=digest, shipped=True)


def browser(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
    if seat := Seat.objects.filter(person=town.people[name]).first():
        session = client.session
        session[ACTING] = f"s{seat.pk}"
        session.save()
    return client


def start(town: Town, edition: Edition, **changes: object) -> str:
    today = clock.today()
    typed = {"units": [town.units["太安小学"].pk], "since": today, "review_by": date(today.year + 1, 1, 31), "aim": "期限够不够"} | changes
    return browser(town, DIRECTOR).post(f"/regulations/{edition.pk}/pilot/", typed, follow=True).content.decode()


def running(town: Town, name: str) -> Edition | None:
    return edition_in_force(town.units[name], "school.loop", on=clock.today())


def test_outside_the_pilot_it_is_not_offered_until_one_decision_rolls_it_out(town: Town, edition: Edition) -> None:
    assert "期限够不够" in start(town, edition)
    assert "期限够不够" in start(town, edition)  # the same form again makes no second one
    pilot = Pilot.objects.get()
    assert (running(town, "太安小学"), running(town, "甘宁小学")) == (edition, None)
    office = browser(town, DIRECTOR)
    page = office.get(f"/pilots/{pilot.pk}/").content.decode()
    assert "甘宁小学" in page  # its figures stand beside the pilot's
    decision = {"decision": "roll_out", "since": clock.today(), "reason": "三个月无退回"}
    assert "先写评估意见" in office.post(f"/pilots/{pilot.pk}/decide/", decision).content.decode()
    assert office.post(f"/pilots/{pilot.pk}/review/", {"review": "期限够用"}).status_code == 302
    for _ in range(2):
        assert office.post(f"/pilots/{pilot.pk}/decide/", decision).status_code == 302
    assert running(town, "甘宁小学") == edition
    assert Adoption.objects.filter(unit=town.units["万州区"]).count() == 1
    assert Entry.objects.filter(action="office.decide_pilot").count() == 1
    assert "全面推开" in office.get("/pilots/").content.decode()


def test_the_cases_behind_a_figure_are_those_begun_since_the_pilot_did(town: Town, edition: Edition) -> None:
    start(town, edition)
    pilot, office, school = Pilot.objects.get(), browser(town, DIRECTOR), town.units["太安小学"]
    for title, day in (("以前的问题", pilot.since - timedelta(days=30)), ("试点中的问题", pilot.since)):
        at = {f"at_{depth}": pk for depth, pk in enumerate(ancestor_ids(school))}
        Case.objects.create(unit=school, edition=edition, procedure="整改", title=title, step="整改", began_on=day, since=day, **at)
    page = office.get(f"/pilots/{pilot.pk}/").content.decode()
    link = re.findall(r'href="(/cases/[^"]+)">1</a>', page)[0].replace("&amp;", "&")
    behind = office.get(link).content.decode()
    assert "试点中的问题" in behind
    assert "以前的问题" not in behind
    assert "以前的问题" in office.get(f"/cases/?code=school.loop&unit={school.pk}&since=不是日期").content.decode()


def test_a_stopped_pilot_is_offered_nowhere(town: Town, edition: Edition) -> None:
    start(town, edition)
    pilot, office = Pilot.objects.get(), browser(town, DIRECTOR)
    office.post(f"/pilots/{pilot.pk}/review/", {"review": "不合用"})
    office.post(f"/pilots/{pilot.pk}/decide/", {"decision": "stop", "since": clock.today(), "reason": "不合用"})
    tomorrow = date.fromordinal(clock.today().toordinal() + 1)
    assert edition_in_force(town.units["太安小学"], "school.loop", on=tomorrow) is None


def test_rolling_out_replaces_the_older_shipped_text_but_not_a_schools_own(town: Town, edition: Edition) -> None:
    old = Edition.objects.create(
        code="school.loop", name="旧办法", since=date(2023, 9, 1), text=edition.text, digest="0" * 64, shipped=True
    )
    own = Edition.objects.create(
        code="school.loop", name="自定", since=date(2023, 9, 1), text=edition.text, digest="1" * 64, owner=town.units["太安小学"]
    )
    for name, text in (("甘宁小学", old), ("太安小学", own)):
        Adoption.objects.create(unit=town.units[name], edition=text, since=date(2024, 9, 1), by=town.people[DIRECTOR])
    start(town, edition, units=[town.units["甘宁小学"].pk])
    pilot, office = Pilot.objects.get(), browser(town, DIRECTOR)
    office.post(f"/pilots/{pilot.pk}/review/", {"review": "好用"})
    office.post(f"/pilots/{pilot.pk}/decide/", {"decision": "roll_out", "since": clock.today(), "reason": "好用"})
    assert (running(town, "甘宁小学"), running(town, "太安小学")) == (edition, own)


def test_everything_wrong_is_said_at_once_and_others_may_not(town: Town, edition: Edition) -> None:
    page = start(town, edition, units=[], since="2020-01-01", review_by="2019-01-01", aim="")
    for said in ("还没有选试点单位", "还没有填试点要回答的问题"):
        assert said in page
    assert "不能早于今天" in start(town, edition, since="2020-01-01")
    assert not Pilot.objects.exists()
    assert browser(town, "曾校长").get(f"/regulations/{edition.pk}/pilot/").status_code == 403
    assert browser(town, "教师丁").get("/pilots/").status_code == 200
