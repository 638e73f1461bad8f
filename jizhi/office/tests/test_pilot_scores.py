"""S22: a pilot of a regulation that only scores is reviewed with its scores, each figure with what it counts."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

import jizhi
from jizhi.access.actor import actor_of
from jizhi.office.tests.test_pilots import DIRECTOR, browser
from jizhi.org.tests.town import Town, wanzhou
from jizhi.regulation.models import Edition, Pilot
from jizhi.regulation.reading import regulation_of
from jizhi.results.actions import compute_result, publish_result
from jizhi.rulebook.formula import plain
from jizhi.rulebook.indicators import leaves
from jizhi.sheets.actions import hand_in_sheet, save_sheet
from jizhi.sheets.tests.rating import acting, rated
from jizhi.ui import clock
from jizhi.ui.tests.tables import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S22")]
DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.get_default_timezone())
PILOTS, OTHER = "太安小学", "甘宁小学"


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr(clock, "today", lambda: DAY)
    return wanzhou()


def edition(file: str, code: str, name: str) -> Edition:
    text = (Path(jizhi.__file__).parent / "library" / f"{file}.yaml").read_text(encoding="utf-8")
    digest = sha256(text.encode()).hexdigest()
    return Edition.objects.create(code=code, name=name, since=date(2024, 10, 1), text=text, digest=digest, shipped=True)


def piloted(town: Town, found: Edition) -> Client:
    client = browser(town, DIRECTOR)
    typed = {"units": [town.units[PILOTS].pk], "since": DAY, "review_by": DAY + timedelta(days=90), "aim": "细则够不够用"}
    assert client.post(f"/regulations/{found.pk}/pilot/", typed).status_code == 302
    return client


def lesson(town: Town, found: Edition, school: str, teacher: str, rater: str, percent: int, *, years_ago: int = 0) -> None:
    """One lesson's sheet; every indicator gets the same share of its points."""
    standard, at = regulation_of(found).standards["课堂"], NOON.replace(year=NOON.year - years_ago)
    by = actor_of(town.people[rater], today=at.date())
    entries: dict[str, str | None] = {leaf.code: plain(leaf.points * percent / 100) for leaf in leaves(*standard.indicators)}
    sheet = save_sheet(
        unit=town.units[school], edition=found, standard="课堂", subject=town.people[teacher], subject_name=f"{teacher}的课",
        entries=entries, by=by, today=at.date(), period=f"{at.year}年",
    )  # fmt: skip
    hand_in_sheet(sheet.pk, by=by, now=at)


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def cells(text: str, row: str) -> list[tuple[str, str]]:
    """What a row of the page says, each figure with its address."""
    found = next(part for part in text.split("<tr>") if f'<td class="ti">{row}' in part).split("</tr>")[0]
    return [
        (re.sub(r"<[^>]+>", "", said).strip(), link) for link, said in re.findall(r'<a class="jz-figlink" href="([^"]+)">(.*?)</a>', found)
    ]


def test_lessons_of_the_pilot_stand_beside_the_others_and_the_year_before(town: Town) -> None:
    found = edition("lesson", "school.lesson", "课堂教学督导评估细则")
    client = piloted(town, found)
    url = f"/pilots/{Pilot.objects.get().pk}/"
    assert "还没有" in page(client, url)
    lesson(town, found, PILOTS, "教师丁", "督学甲", 90)
    lesson(town, found, PILOTS, "教师丁", "督学丙", 80)  # heard by two: one lesson of 85
    lesson(town, found, PILOTS, "教务主任", "督学甲", 95)
    lesson(town, found, PILOTS, "曾校长", "督学甲", 60)
    lesson(town, found, OTHER, "甘宁校长", "甘宁教师", 70)
    lesson(town, found, OTHER, "甘宁校长", "甘宁教师", 66, years_ago=1)
    lesson(town, found, PILOTS, "教师丁", "督学甲", 50, years_ago=2)  # neither now nor the year before
    text = page(client, url)
    assert "办理：试点单位" not in text  # the regulation has no procedure
    assert [said for said, _ in cells(text, "试点单位合计")] == ["1 个单位，3 个对象", "80", "85"]
    assert [said for said, _ in cells(text, "其他单位合计")] == ["1 个单位，1 个对象", "70", "70", "1 个对象", "66", "66"]
    counted = cells(text, PILOTS)
    assert [said for said, _ in counted] == ["3 个对象", "80", "85"]
    for _, link in counted:
        behind = page(client, link.replace("&amp;", "&"))
        assert "评分表 4 份" in behind
        assert all(name in behind for name in ("教师丁的课", "教务主任的课", "曾校长的课"))
        assert "甘宁校长的课" not in behind
    earlier = page(client, cells(text, OTHER)[-1][1].replace("&amp;", "&"))
    assert "2025年11月23日" in earlier
    assert ">66<" in earlier
    given = rows_of(client, f"{url}?as=xlsx")
    assert [row[:6] for row in given] == [
        ("试点单位合计", "是", 1, 3, 80, 85),
        ("其他单位合计", "否", 1, 1, 70, 70),
        (PILOTS, "是", "", 3, 80, 85),
        (OTHER, "否", "", 1, 70, 70),
    ]
    assert [row[6:] for row in given[1::2]] == [(1, 66, 66)] * 2
    whole = rows_of(client, f"{url}scores/?standard=课堂&who=pilot&as=xlsx")
    assert sorted(row[-1] for row in whole) == [60, 80, 90, 95]  # type: ignore[type-var]


def test_a_computed_result_counts_instead_of_its_sheets_once_it_is_seen(town: Town) -> None:
    found = edition("department", "school.department", "学校处室督导评估细则")
    client = piloted(town, found)
    url = f"/pilots/{Pilot.objects.get().pk}/"
    for name, grade in (("教务处", "良"), ("德育处", "优")):
        rated(town, found, name, "督学甲", CS2_2=grade)
    by = acting(town, "副校长乙", seat=True)
    may = "supervision.compute_ranking"
    made = compute_result(
        unit=town.units[PILOTS], edition=found, standard="处室", period="2025-2026学年第一学期", permission=may, by=by, today=DAY
    )  # fmt: skip
    publish_result(made.pk, permission=may, by=by, today=DAY)
    text, scores = page(client, url), [place.score for place in made.places.all()]
    assert "办理：试点单位" in text  # this one has cases too
    row = cells(text.split("评分：处室")[1], PILOTS)
    assert row[0][0] == "2 个对象"
    assert row[1][0] == plain(sum(scores) / 2)  # type: ignore[arg-type]
    behind = page(client, row[0][1].replace("&amp;", "&"))
    assert "测算结果 2 份" in behind
    assert "教务处" in behind


def test_the_records_behind_a_figure_are_not_for_everybody(town: Town) -> None:
    found = edition("lesson", "school.lesson", "课堂教学督导评估细则")
    client = piloted(town, found)
    lesson(town, found, PILOTS, "教师丁", "督学甲", 90)
    url = f"/pilots/{Pilot.objects.get().pk}/scores/?standard=课堂&who=pilot"
    assert "教师丁的课" in page(client, url)
    assert browser(town, "教师丁").get(url).status_code == 404
    for wrong in ("standard=课堂&who=0", "standard=没有&who=pilot", f"standard=课堂&who={town.units['万州区'].pk}"):
        assert client.get(f"{url.split('?')[0]}?{wrong}").status_code == 404
