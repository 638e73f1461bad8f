"""Many villages scored on one page: the same sheets as one by one, kept together or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jizhi.appraisal.actions import begin_campaign
from jizhi.appraisal.models import Campaign
from jizhi.appraisal.tests import test_village as village
from jizhi.appraisal.tests.fusui import DAY, TOWNS, County, county
from jizhi.appraisal.tests.test_stars import FULL
from jizhi.appraisal.web import scores
from jizhi.audit.models import Entry
from jizhi.procedure.actions import act
from jizhi.procedure.models import Case, Todo
from jizhi.sheets.models import Score, Sheet
from jizhi.ui import clock

pytestmark = [pytest.mark.django_db, pytest.mark.req("P16", "P17")]
TOWN, OTHER = TOWNS[0], TOWNS[1]
MINE, THEIRS = ("01村", "04村", "07村"), "02村"
RATER = f"{TOWN}考核1"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> County:
    monkeypatch.setattr(clock, "today", lambda: DAY)
    return announced(county(9))


def announced(made: County) -> County:
    """The campaign stands at 乡镇考核 in every village."""
    made.adopt("stars.yaml", "扶绥县")
    campaign = begin_campaign(
        made.town.units["扶绥县"], code="party.stars", procedure="年度评星", year=2026, by=made.by("部长"), today=DAY
    )  # fmt: skip
    made.case = Case.objects.select_related("unit", "edition").get(pk=campaign.case_id)
    act(made.case.pk, "发布公告", "发布", {}, by=made.by("部长"), today=DAY)
    for one in made.villages:
        made.rate(one.name, "自查申报", [f"{one.name}支书"], FULL)
        made.take(one.name, "自查申报", "申报", f"{one.name}支书")
    return made


def address() -> str:
    return f"/appraisal/{Campaign.objects.get().pk}/scores/"


def read(client: Client, url: str = "") -> str:
    answer = client.get(url or address())
    assert answer.status_code == 200
    return answer.content.decode()


def form(page: str, place: County, given: Mapping[str, Mapping[str, str]], **more: str) -> dict[str, object]:
    """The page's own form, as a browser sends it, with what is typed of some villages."""
    hidden = dict(re.findall(r'name="(seen-\d+|step|next_page)" value="([^"]*)"', page))
    cases = re.findall(r'name="case" value="(\d+)"', page)
    typed = {f"i-{place.child(name).pk}-{code}": value for name, row in given.items() for code, value in row.items()}
    return {**hidden, "case": cases, **typed, **more}


def mine(name: str) -> dict[str, str]:
    rows = Score.objects.filter(sheet__subject_name=name, sheet__rater__name=RATER)
    return dict(rows.values_list("indicator", "how"))


def test_a_rater_gives_all_his_villages_their_scores_on_one_page_and_hands_them_in(place: County) -> None:
    client = place.browser(RATER)
    child = place.child(MINE[0])
    for url in (f"/appraisal/{Campaign.objects.get().pk}/", f"/appraisal/units/{child.pk}/", f"/cases/{child.pk}/"):
        assert address() in read(client, url)  # where a rater starts
    page = read(client)
    assert [name for name in (*MINE, THEIRS) if name in page] == list(MINE)
    assert "至多 20 分" in page
    before = Entry.objects.count()
    low = {**FULL, "rich": "合格"}
    data = form(page, place, {MINE[0]: FULL, MINE[1]: low, MINE[2]: {"rich": "优"}})
    assert client.post(address(), {**data, "save": "1"}).status_code == 302
    assert (mine(MINE[1]), mine(MINE[2])) == (low, {"rich": "优"})
    assert not Sheet.objects.filter(rater__name=RATER, handed_in_at__isnull=False).exists()
    assert Entry.objects.count() == before + 3  # one of each sheet, as page by page

    single = read(client, f"/cases/{place.child(MINE[1]).pk}/sheet/")
    assert "<option selected>合格</option>" in single  # the single sheet is the same one
    data = form(read(client), place, {MINE[0]: FULL, MINE[1]: low, MINE[2]: {"rich": "优"}}, hand_in="1")
    data[f"later-{place.child(MINE[2]).pk}"] = "1"
    answer = client.post(address(), data, follow=True).content.decode()
    assert f"已提交 2 个单位的评分表：{MINE[0]}、{MINE[1]}" in answer
    assert Entry.objects.count() == before + 5  # nothing had changed: handed in, not written again
    assert set(Sheet.objects.filter(rater__name=RATER, handed_in_at__isnull=False).values_list("subject_name", flat=True)) == set(MINE[:2])
    count = Entry.objects.count()
    assert client.post(address(), data).status_code == 302  # the same form sent twice is once
    assert Entry.objects.count() == count
    assert "提交以后不能再改" in answer
    assert f"i-{place.child(MINE[0]).pk}-rich" not in answer


def test_whatever_is_wrong_is_said_beside_its_cell_and_nothing_is_kept(place: County) -> None:
    client, before = place.browser(RATER), Entry.objects.count()
    data = form(read(client), place, {MINE[0]: FULL, MINE[1]: {"rich": "优秀", "org": "11/10"}, MINE[2]: {"rich": "优"}})
    answer = client.post(address(), {**data, "hand_in": "1"})
    page, wrong, gap = answer.content.decode(), place.child(MINE[1]).pk, place.child(MINE[2]).pk
    assert answer.status_code == 422
    assert "“优秀”不是数，也不是优、良、合格、不合格中的一档" in page
    assert f'id="e-i-{wrong}-org"' in page
    assert "超过满分 20 分" in page
    assert f'id="e-i-{gap}-law">还没有评分' in page
    assert f'href="#i-{wrong}-rich"' in page
    assert 'value="11/10"' in page  # what was typed stays, in the rows without a fault too
    assert 'value="扣 0 项"' in page
    assert not Sheet.objects.filter(rater__name=RATER).exists()
    assert Entry.objects.count() == before


def test_a_row_that_was_changed_meanwhile_says_so_and_is_not_overwritten(place: County) -> None:
    client = place.browser(RATER)
    page = read(client)
    child = place.child(MINE[1])
    single = {f"i-{code}": value for code, value in {**FULL, "rich": "良"}.items()}
    assert client.post(f"/cases/{child.pk}/sheet/", {**single, "save": "1"}).status_code == 302
    assert (
        client.post(address(), {**form(page, place, {MINE[0]: {"rich": "优"}}), "save": "1"}).status_code == 302
    )  # he left that row alone
    assert mine(MINE[1])["rich"] == "良"
    Sheet.objects.filter(rater__name=RATER, subject_name=MINE[0]).delete()
    answer = client.post(address(), {**form(page, place, {MINE[0]: FULL, MINE[1]: {**FULL, "rich": "合格"}}), "save": "1"})
    again = answer.content.decode()
    assert answer.status_code == 422
    assert f"{MINE[1]}：您打开这页以后，这个单位的评分在别处改过，没有覆盖" in again
    assert "现在存的：良" in again
    assert mine(MINE[1])["rich"] == "良"
    assert mine(MINE[0]) == {}
    data = form(again, place, {MINE[0]: FULL, MINE[1]: {**FULL, "rich": "合格"}})  # having read it, he saves
    assert client.post(address(), {**data, "save": "1"}).status_code == 302
    assert (mine(MINE[1])["rich"], mine(MINE[0])) == ("合格", FULL)


def test_a_village_that_has_gone_on_or_was_handed_in_elsewhere_is_told_apart(place: County) -> None:
    client = place.browser(RATER)
    page = read(client)
    for n in (1, 2, 3):
        place.rate(MINE[0], "乡镇考核", [f"{TOWN}考核{n}"], FULL)
    place.take(MINE[0], "乡镇考核", "报送", f"{TOWN}考核2")
    place.rate(MINE[1], "乡镇考核", [RATER], FULL)
    low = {**FULL, "rich": "合格"}
    answer = client.post(address(), {**form(page, place, {MINE[0]: low, MINE[1]: low, MINE[2]: FULL}), "save": "1"})
    again = answer.content.decode()
    assert answer.status_code == 422
    assert "已经不在“乡镇考核”这一步" in again
    assert "您在别处已经提交了这个单位的评分表" in again
    assert "没有保存：合格" in again  # what was typed can still be read
    assert (mine(MINE[0])["rich"], mine(MINE[1])["rich"], mine(MINE[2])) == ("优", "优", {})


def test_nobody_scores_a_village_of_another_town_or_without_the_seat(place: County) -> None:
    client, campaign = place.browser(RATER), Campaign.objects.get()
    data = form(read(client), place, {MINE[0]: FULL, THEIRS: FULL})
    data["case"] = [*data["case"], str(place.child(THEIRS).pk)]  # type: ignore[misc]
    assert client.post(address(), {**data, "save": "1"}).status_code == 404
    assert not Sheet.objects.filter(rater__name=RATER).exists()
    other = place.browser(f"{OTHER}考核1")
    assert THEIRS in read(other)
    assert MINE[0] not in read(other)
    boss = place.browser("部长")  # sees all of them, and rates none
    assert "现在没有轮到您评的单位" in read(boss)
    assert address() not in read(boss, f"/appraisal/{campaign.pk}/")
    sent = {"step": "乡镇考核", "case": [str(place.child(MINE[0]).pk)], f"i-{place.child(MINE[0]).pk}-rich": "优", "save": "1"}
    refused = boss.post(address(), sent)
    assert refused.status_code == 422
    assert "您（部长）现在以组织部部长的身份办事，不能办理" in refused.content.decode()
    assert not Sheet.objects.filter(rater__name="部长").exists()
    assert place.browser(RATER).post(address(), {"step": "乡镇考核", "save": "1"}).status_code == 404  # no row at all


def test_a_page_keeps_what_was_typed_and_asks_as_often_whatever_lies_beyond(monkeypatch: pytest.MonkeyPatch, place: County) -> None:
    monkeypatch.setattr(scores, "SIZE", 2)
    client = place.browser(RATER)
    first = read(client)
    assert MINE[2] not in first
    with CaptureQueriesContext(connection) as one_beyond:
        read(client)
    moved = client.post(address(), {**form(first, place, {MINE[0]: FULL}), "go_on": "1"}, follow=True)
    assert mine(MINE[0]) == FULL
    second = moved.content.decode()
    assert MINE[2] in second
    assert MINE[0] not in second
    Sheet.objects.filter(rater__name=RATER).delete()
    Todo.objects.filter(case=place.child(MINE[2])).update(done_at=timezone.now())
    with CaptureQueriesContext(connection) as none_beyond:
        assert "保存，评下一页" not in read(client)
    assert len(one_beyond) == len(none_beyond)


def test_a_township_rates_its_villages_by_the_common_base_on_the_same_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: DAY)
    place = county(9)
    place.adopt("village.yaml", "扶绥县")
    for name in MINE:
        place.town.person(f"{name}书记", name, "村党组织书记", head=True)
    campaign = village.begun(place)
    village.agreed(place, campaign)
    village.announced(place, campaign)
    for name in MINE[:2]:
        own = place.browser(f"{name}书记")
        assert read(own).count('name="case"') == 1  # a village its own, for its 自评
        assert own.post(address(), form(read(own), place, {name: village.BEST}, hand_in="1")).status_code == 302
        place.take(name, "工作述职", "述职", f"{name}书记", 述职报告="今年办成三件事")
    client = place.browser(RATER)
    page = read(client)
    assert "实绩核验：多村一起评分" in page
    assert [name for name in MINE if f">{name}<" in page] == list(MINE[:2])  # the third has not reported yet
    given = {MINE[0]: village.BEST, MINE[1]: village.MIXED}
    assert client.post(address(), form(page, place, given, hand_in="1")).status_code == 302
    assert (mine(MINE[0]), mine(MINE[1])) == (village.BEST, village.MIXED)
    sheets = Sheet.objects.filter(handed_in_at__isnull=False)
    assert set(sheets.filter(rater__name=RATER).values_list("group", "period")) == {("实绩核验", "2026年")}
    assert set(sheets.exclude(rater__name=RATER).values_list("group", "period")) == {("自评", "2026年·自评")}
