"""A town's own text on the county's (基于) with a code of its own, run as a campaign: it goes on where the county's was."""

from __future__ import annotations

from datetime import date

import pytest

from jizhi.appraisal.models import Campaign, Verdict
from jizhi.appraisal.tests import test_village as village
from jizhi.appraisal.tests.fusui import DAY, County, county
from jizhi.appraisal.tests.test_village import TOWN, TWO, VILLAGES, VOTES, page, sent
from jizhi.procedure.models import Act, Case
from jizhi.regulation.models import Edition
from jizhi.results.models import Result
from jizhi.ui import clock

pytestmark = [pytest.mark.django_db, pytest.mark.req("P17")]
OVERLAY = """
制度: 新宁镇村级考评办法
代号: xinning.village
基于: county.village.appraisal@2024
施行: 2024-02-01
适用: {单位类型: 乡镇}
参数:
  权重:
    - {自: 2024-02-01, 值: {共性: 40, 个性: 60}, 来源: 设计}
附表:
  个性任务:
    每: {单位类型: 村}
    行数: 2-3
    列: {名称: 短文, 目标值: 数, 计量单位: {短文: 可选}, 难度: {数: {从: 0.8, 到: 1.2}}, 分值: 数, 判定: {取数: 可选}}
    合计: {分值: 40}
    商定: {由: [{职务: 村党组织书记, 单位: 对象}, {职务: 乡镇党委书记}]}
    冻结: 发布公告
"""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> County:
    monkeypatch.setattr(clock, "today", lambda: DAY)
    made = county(9)
    base = made.adopt("village.yaml", "扶绥县")
    made.adopt("overlay.yaml", TOWN, OVERLAY, base)
    for name in VILLAGES:
        made.town.person(f"{name}书记", name, "村党组织书记", head=True)
    return made


def test_a_town_runs_its_own_text_and_the_county_s_earlier_year_counts(place: County) -> None:
    boss, town = place.browser(f"{TOWN}书记"), place.town.units[TOWN]
    for rank, (name, grade) in enumerate(zip(VILLAGES, ("称职", "称职", "不称职"), strict=True), 1):  # decided by the county's text
        Verdict.objects.create(
            unit=place.town.units[name], organiser=town, code="county.village.appraisal", standard="村级", year=2025, town=TOWN,
            grade=grade, rank=rank, decided_on=date(2025, 12, 31),
        )  # fmt: skip
    offered = page(boss, "/appraisal/begin/")
    assert "《新宁镇村级考评办法》年度考评" in offered
    assert "county.village.appraisal/" not in offered  # not the same campaign twice
    assert (
        "请从列出的里面选" in boss.post("/appraisal/begin/", {"what": "county.village.appraisal/年度考评", "year": "2026"}).content.decode()
    )
    sent(boss, "/appraisal/begin/", {"what": "xinning.village/年度考评", "year": "2026"})
    campaign = Campaign.objects.get()
    place.case = Case.objects.select_related("unit", "edition").get(pk=campaign.case_id)
    four = {**TWO, **{key.replace("r2", "r3"): value for key, value in TWO.items() if key.startswith("r2")}}
    four |= {"r3-名称": "修路", "r3-分值": "10", "r2-分值": "10"}
    url = f"/appraisal/{campaign.pk}/tasks/{place.town.units['01村'].pk}/"
    assert "2 至 3 项" in page(place.browser("01村书记"), url)  # the overlay's own table
    sent(place.browser("01村书记"), url, four)
    sent(place.browser("01村书记"), url, {**four, **dict.fromkeys((key for key in four if key.startswith("r3")), ""), "r2-分值": "20"})
    village.agreed(place, campaign)
    village.announced(place, campaign)
    village.sealed_poll(place, campaign, VOTES)
    village.verified(place, village.DONE, village.MARKS)
    village.polled(place)
    assert place.where() == "党委审定"
    computed = Act.objects.get(case=place.case, step="考评汇总").facts["子件"]
    best = Result.objects.get(unit=place.case.unit).places.get(name="01村")
    assert "按共性 40、个性 60 计" in next(part["how"] for part in best.derivation["parts"] if part["name"] == "实绩核验")
    last = computed[str(place.child("07村").pk)]
    assert last["名次"] == 3
    flags = Result.objects.get(unit=place.case.unit).places.get(name="07村").derivation["flags"]
    assert any(flag["kind"].startswith("two_years_last") for flag in flags)
    village.decided(place)
    moved = Verdict.objects.get(unit__name="01村", year=2026)
    assert (moved.code, moved.moved, moved.moved_why.partition("：")[0]) == ("xinning.village", "平", "2025年称职，本年称职")
    history = page(boss, f"/appraisal/units/{place.child('01村').pk}/")
    assert "2025年" in history
    base = Edition.objects.get(code="county.village.appraisal")
    assert "个单位会变动" in page(boss, f"/appraisal/{campaign.pk}/preview/?edition={base.pk}")  # the county's on the same records
