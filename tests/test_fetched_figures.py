"""取数: a figure that a room declares stands beside the field as a proposal, with its records; people decide."""

from __future__ import annotations

from datetime import date

import pytest

from jizhi.appraisal.models import Achievement, ScheduleRow
from jizhi.appraisal.tests.fusui import DAY, TOWNS, County, county
from jizhi.appraisal.tests.test_village import BEST, TWO, announced, begun, page, sent
from jizhi.fund.models import Effect, Fund
from jizhi.ui import clock
from jizhi.ui.tests.tables import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("P17")]
VILLAGES = ("01村", "04村", "07村")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> County:
    monkeypatch.setattr(clock, "today", lambda: DAY)
    made = county(9)
    made.adopt("village.yaml", "扶绥县")
    for name in VILLAGES:
        made.town.person(f"{name}书记", name, "村党组织书记", head=True)
    made.town.person("监管员", TOWNS[0])
    made.town.body(TOWNS[0], "帮扶基金监管组", 成员="监管员")
    fund = Fund.objects.create(
        unit=made.town.units["01村"], name="01村帮扶基金", bank="信用社", holder="01村", account_tail="1234", opened_on=date(2026, 1, 5)
    )
    by = made.town.people["监管员"]
    for people, day in ((40, date(2026, 3, 1)), (23, date(2026, 6, 1)), (99, date(2025, 6, 1))):
        Effect.objects.create(fund=fund, kind="training", name="种植培训", people=people, day=day, by=by)
    return made


def test_a_named_figure_is_proposed_beside_the_field_with_a_link_to_what_it_counts(place: County) -> None:
    campaign = begun(place)
    rows = {**TWO, "r2-名称": "技能培训", "r2-目标值": "60", "r2-计量单位": "人次"}
    for name in VILLAGES:
        url, writer = f"/appraisal/{campaign.pk}/tasks/{place.town.units[name].pk}/", place.browser(f"{name}书记")
        assert "基金.培训人次：本村这一年技能培训的人次" in page(writer, url)
        wrong = writer.post(url, {**rows, "r2-判定": "基金.没有的数"})
        assert "没有叫“基金.没有的数”的数，可写：基金.公益设施、" in wrong.content.decode()
        sent(writer, url, {**rows, "r2-判定": "基金.培训人次"})
        for who in (f"{name}书记", f"{TOWNS[0]}书记"):
            seen = page(place.browser(who), url).split('name="seen" value="')[1].split('"')[0]
            table = page(place.browser(who), url).split("/appraisal/tasks/")[1].split("/")[0]
            sent(place.browser(who), f"/appraisal/tasks/{table}/agree/", {"seen": seen})
    announced(place, campaign)
    rater = place.browser(f"{TOWNS[0]}考核1")
    here, nowhere = (ScheduleRow.objects.get(tasks__unit__name=name, number=2).pk for name in ("01村", "04村"))
    shown = page(rater, f"/appraisal/rows/{here}/")
    assert "本村这一年技能培训的人次现有 63（记录轮到您评分时可以打开，公布以后人人能看），供参考，由您核定" in shown  # this year's
    assert "“基金.培训人次”没有数据，请填写" in page(rater, f"/appraisal/rows/{nowhere}/")  # a village without a fund
    assert not Achievement.objects.exists()  # only a proposal
    sent(rater, f"/appraisal/rows/{here}/", {"done": "61", "proof": "扣除 2 名外村人"})
    assert Achievement.objects.get().done == "61"

    place.rate("01村", "工作述职", ["01村书记"], BEST)
    place.take("01村", "工作述职", "述职", "01村书记", 述职报告="今年办成三件事")
    child = place.child("01村").pk
    sheet = page(rater, f"/cases/{child}/sheet/")
    assert "取数：本村这一年受到帮扶的户数现有 <a" in sheet  # the indicator of the shipped regulation
    assert "没有记录" in page(rater, f"/cases/{child}/counted/?name=基金.受助户数")

    place.town.body(TOWNS[0], "考核组二", 成员="监管员")
    fund, watcher = Fund.objects.get(), place.browser("监管员")
    both = place.by("监管员", seat="帮扶基金监管组")
    from jizhi.procedure.figures import fetched

    found = fetched(place.child("01村"), "基金.培训人次", both)
    assert (found.value, found.link) == ("63", f"/fund/{fund.pk}/effects/?year=2026#training")
    assert page(watcher, found.link).count("种植培训") == 2


def test_who_is_to_rate_sees_all_that_a_figure_counts_masked_and_nobody_else_does(place: County) -> None:
    campaign = begun(place)
    for name in VILLAGES:
        sent(place.browser(f"{name}书记"), f"/appraisal/{campaign.pk}/tasks/{place.town.units[name].pk}/", TWO)
        table = page(place.browser(f"{name}书记"), f"/appraisal/{campaign.pk}/tasks/{place.town.units[name].pk}/")
        for who in (f"{name}书记", f"{TOWNS[0]}书记"):
            seen = table.split('name="seen" value="')[1].split('"')[0]
            sent(place.browser(who), f"/appraisal/tasks/{table.split('/appraisal/tasks/')[1].split('/')[0]}/agree/", {"seen": seen})
    announced(place, campaign)
    owner = {"fund": Fund.objects.get(), "kind": "owner", "mu": "120.5", "by": place.town.people["监管员"]}
    Effect.objects.create(**owner, name="王大明", day=date(2026, 4, 1))
    child, rater = place.child("01村").pk, place.browser(f"{TOWNS[0]}考核1")
    owners, trained = (f"/cases/{child}/counted/?name={name}" for name in ("基金.引进业主", "基金.培训人次"))
    page(rater, owners, status=403)  # it is not his turn yet
    place.rate("01村", "工作述职", ["01村书记"], BEST)
    place.take("01村", "工作述职", "述职", "01村书记", 述职报告="今年办成三件事")
    shown = page(rater, owners)
    assert "现有 1，由下面的记录得出" in shown
    assert "王*明" in shown
    assert "王大明" not in shown
    assert "看原记录" not in shown
    assert sorted(int(str(row[2])) for row in rows_of(rater, f"{trained}&as=xlsx")) == [23, 40]  # together the 63 that is proposed
    page(rater, f"/cases/{child}/counted/?name=基金.余额", status=404)  # is not fetched
    page(rater, f"/cases/{place.child('04村').pk}/counted/?name=基金.培训人次", status=404)  # no fund there
    page(place.browser(f"{TOWNS[0]}书记"), owners, status=403)
    page(place.browser(f"{TOWNS[1]}考核1"), owners, status=404)
