"""The campaign on pages: progress, the batch page, the sheet that a step asks for."""

import re

import pytest
from django.urls import reverse

from jizhi.procedure import web_batch
from jizhi.procedure.models import Case
from jizhi.procedure.tests.county import START, VILLAGES, County, declare
from jizhi.rulebook.tests.campaign import MARKED
from jizhi.sheets.models import Sheet
from jizhi.ui import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(monkeypatch: pytest.MonkeyPatch) -> County:
    declare(monkeypatch)
    monkeypatch.setattr(clock, "today", lambda: START)
    return County()


@pytest.mark.req("P16")
def test_the_page_counts_the_villages_by_step_and_each_count_lists_them(county: County) -> None:
    case = county.announce()
    county.report("甲村", "乙村")
    boss = county.browser("部长")
    page = boss.get(reverse("case", args=[case.pk])).content.decode()
    link = f'/cases/?parent={case.pk}&amp;step=%E5%A4%8D%E6%A0%B8">2</a>'
    assert "各单位进度" in page
    assert link in page
    assert link in boss.get(reverse("case_progress", args=[case.pk])).content.decode()
    listed = boss.get("/cases/", {"parent": case.pk, "step": "复核"}).content.decode()
    assert "2024年考核：甲村" in listed
    assert "2024年考核：丙村" not in listed
    assert county.browser("甲村支书").get(reverse("case", args=[case.pk])).status_code == 404
    assert county.browser("甲村支书").get(reverse("case", args=[county.child("乙村").pk])).status_code == 404


@pytest.mark.req("P16")
def test_the_batch_page_keeps_what_was_typed_and_says_what_is_wrong_beside_the_row(county: County) -> None:
    case = county.announce()
    county.report(*VILLAGES)
    county.check(*VILLAGES)
    boss, address = county.browser("部长"), reverse("case_batch", args=[case.pk])
    assert f'href="{address}"' in boss.get(reverse("case", args=[case.pk])).content.decode()
    page = boss.get(address).content.decode()
    assert page.count("按默认") == 5 + page.count("不改的按默认")
    first = county.child("甲村").pk
    data = {"step": "审定", "outcome": "通过", "key": "k", "case": [child.pk for child in Case.objects.filter(parent=case)]}
    wrong = boss.post(address, {**data, f"value-{first}": "优"})
    assert wrong.status_code == 422
    assert "与默认的“良”不同，请写明理由。" in wrong.content.decode()
    assert "<option selected>优</option>" in wrong.content.decode()
    done = boss.post(address, {**data, f"value-{first}": "优", f"reason-{first}": "第一"})
    assert (done.status_code, done["Location"]) == (302, reverse("case", args=[case.pk]))
    assert county.where() == "已考核"
    other = county.browser("副部长").post(address, {**data, "key": "k2"})
    assert other.status_code == 403


def test_an_official_takes_like_cases_page_by_page(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    county.announce()
    county.report("甲村", "乙村")
    town, first = county.browser("考核员一"), county.child("甲村")
    address = reverse("case_batch", args=[first.pk])
    assert "乙村" in town.get(address).content.decode()
    ids = [first.pk, county.child("乙村").pk]
    data = {"step": "复核", "outcome": "同意", "key": "k", "case": ids}
    assert "请勾选" in town.post(address, data).content.decode()
    monkeypatch.setattr(web_batch, "SIZE", 1)  # what does not fit on one page stands on the next
    page = town.get(address).content.decode()
    assert ("甲村" in page.split("<tbody>")[1], "乙村" in page.split("<tbody>")[1]) == (True, False)
    following = re.search(r'href="(\?after=[^"]+)"', page)
    assert following is not None
    assert "乙村" in town.get(address + following[1]).content.decode().split("<tbody>")[1]
    assert town.post(address, {**data, **{f"tick-{pk}": "是" for pk in ids}}).status_code == 302
    assert {county.child(name).step for name in ("甲村", "乙村")} == {"待审定"}


@pytest.mark.req("P16")
def test_a_step_that_asks_for_sheets_says_who_is_missing_and_leads_to_the_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: START)
    county = County(MARKED)
    county.announce()
    county.report("甲村")
    case = county.child("甲村")
    page, sheet = reverse("case", args=[case.pk]), reverse("case_sheet", args=[case.pk])
    act = {"step": "复核", "outcome": "同意", "key": "k"}
    one, two = county.browser("考核员一"), county.browser("考核员二")
    assert f'href="{sheet}"' in one.get(page).content.decode()
    refused = one.post(reverse("case_act", args=[case.pk]), act)
    assert (refused.status_code, "请您先填写并提交“村考”评分表" in refused.content.decode()) == (403, True)
    assert one.post(sheet, {"i-work": "120", "hand_in": "1"}).status_code == 422
    assert one.post(sheet, {"i-work": "90", "hand_in": "1"}).status_code == 302
    missing = one.post(reverse("case_act", args=[case.pk]), act)
    assert "至少要有 2 人提交“村考”评分表，现在有 1 人，还缺 1 人" in missing.content.decode()
    two.post(sheet, {"i-work": "80", "hand_in": "1"})
    assert Sheet.objects.filter(subject_name="甲村", period="2024年", handed_in_at__isnull=False).count() == 2
    assert one.post(reverse("case_act", args=[case.pk]), act).status_code == 302
    assert county.child("甲村").step == "待审定"
    assert county.browser("甲村支书").get(sheet).status_code == 302
