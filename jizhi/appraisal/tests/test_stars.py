"""A star campaign of a county: four steps, quotas, publicity, 17 awards of 130,000 yuan."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jizhi.appraisal.actions import award_settled, begin_campaign
from jizhi.appraisal.models import Campaign, Verdict, Veto
from jizhi.appraisal.tests.fusui import DAY, LIBRARY, County, county
from jizhi.papers.models import Publication
from jizhi.procedure.actions import BatchProblems, FormProblems, act, act_batch, object_to, tick
from jizhi.procedure.models import Act, Case
from jizhi.results.models import Result
from jizhi.ui import clock

pytestmark = pytest.mark.django_db
CODE = "party.stars"
OVER = DAY + timedelta(days=8)  # the last full day of publicity falls on a weekend
FULL = {"rich": "优", "org": "10/10", "civil": "扣 0 项", "law": "优", "eco": "是"}
LEAST = {"rich": "良", "org": "9/10", "civil": "扣 1 项", "law": "良", "eco": "是"}  # five stars as well, with fewer points


def entries(stars: int) -> dict[str, str]:
    """A sheet that comes to so many stars."""
    low = {"rich": "不合格", "law": "不合格", "eco": "否", "civil": "扣 9 项", "org": "1/10"}
    return {code: (FULL[code] if n < stars else low[code]) for n, code in enumerate(("rich", "org", "civil", "law", "eco"))}


# of 18 villages: 3 five-star, 3 four-star, 11 three-star, and one with two
GIVEN = [5] * 3 + [4] * 3 + [3] * 11 + [2]


def run_to_decision(place: County) -> None:
    campaign = begin_campaign(place.town.units["扶绥县"], code=CODE, procedure="年度评星", year=2026, by=place.by("部长"), today=DAY)
    place.case = Case.objects.select_related("unit", "edition").get(pk=campaign.case_id)
    act(place.case.pk, "发布公告", "发布", {}, by=place.by("部长"), today=DAY)
    for village, stars in zip(place.villages, GIVEN, strict=True):
        assess(place, village.name, entries(stars))
    for village in place.villages:
        child = place.child(village.name)
        place.rate(village.name, "组织复核", ["组织员"], entries(GIVEN[place.villages.index(village)]))
        assert child.step == "组织复核"
        place.take(village.name, "组织复核", "同意", "组织员")


def assess(place: County, village: str, typed: dict[str, str]) -> None:
    above = place.child(village).unit.parent
    assert above is not None
    place.rate(village, "自查申报", [f"{village}支书"], FULL)
    place.take(village, "自查申报", "申报", f"{village}支书")
    raters = [f"{above.name}考核{n}" for n in (1, 2, 3)]
    place.rate(village, "乡镇考核", raters, typed)
    place.take(village, "乡镇考核", "报送", raters[0])


@pytest.fixture
def place() -> County:
    made = county()
    made.adopt("stars.yaml", "扶绥县")
    return made


@pytest.mark.req("P16")
def test_seventeen_villages_are_awarded_and_one_objection_stops_one_row(place: County) -> None:
    run_to_decision(place)
    assert place.where() == "县委审定"
    assert Act.objects.get(case=place.case, step="测算").facts["子件"][str(place.child("01村").pk)]["星级"] == "5"
    result = Result.objects.get(unit=place.case.unit)
    assert result.places.get(name="01村").derivation["stars"] == 5
    act_batch(place.case.pk, "县委审定", "通过", {}, by=place.by("常委甲"), today=DAY, key="a")
    assert place.where() == "县委审定"  # a majority, never one member
    act_batch(place.case.pk, "县委审定", "通过", {}, by=place.by("常委乙"), today=DAY, key="b")
    assert place.where() == "公示"
    notice = Publication.objects.get(kind="公示")
    assert ["01村", "5"] in notice.snapshot["table"]["rows"]
    tick(today=OVER)
    assert place.where() == "已授星"
    awarded = Verdict.objects.exclude(award_fen=0)
    assert (awarded.count(), sum(awarded.values_list("award_fen", flat=True))) == (17, 130_000_00)
    published = Publication.objects.get(kind="星级")
    assert ["奖励", "17 个单位，共 130,000.00 元"] in published.snapshot["fields"]
    assert result.__class__.objects.get(pk=result.pk).published_on == OVER


@pytest.mark.req("P16")
def test_an_objection_stops_that_village_alone(place: County) -> None:
    run_to_decision(place)
    for who in ("常委甲", "常委乙"):
        act_batch(place.case.pk, "县委审定", "通过", {}, by=place.by(who), today=DAY, key=who)
    object_to(
        place.case.pk,
        name="群众",
        contact="",
        text="01村垃圾没清",
        channel="书面",
        row="01村",
        by=place.by("组织员"),
        today=DAY + timedelta(1),
    )
    tick(today=OVER)
    assert place.where() == "已授星"
    assert not Verdict.objects.filter(unit__name="01村").exists()
    assert Verdict.objects.count() == 17
    settle(place)


def settle(place: County) -> None:
    """The objection turns out to be unfounded: that village alone is awarded now, and what is public says so."""
    day, campaign = OVER + timedelta(2), Campaign.objects.get()
    assert not award_settled(campaign.pk, by=place.by("部长"), today=day)  # nothing is settled yet
    act(place.case.pk, "异议", "不成立", {"异议号": "1", "答复": "已现场查看"}, by=place.by("组织员"), today=day)
    client = place.browser("部长")
    assert "可以补定：01村" in client.get(f"/appraisal/{campaign.pk}/").content.decode()
    assert "已经补定" in client.post(f"/appraisal/{campaign.pk}/settled/", follow=True).content.decode()
    late = Verdict.objects.get(unit__name="01村")
    assert (late.stars, late.award_fen, Verdict.objects.count()) == (5, 15_000_00, 18)
    assert not award_settled(campaign.pk, by=place.by("部长"), today=day)
    shown = Publication.objects.filter(kind="星级").latest("pk")
    assert ["01村", "5星", "15000"] in [[cell.removesuffix(".00") for cell in row] for row in shown.snapshot["table"]["rows"]]


@pytest.mark.req("P16")
def test_an_upheld_objection_has_its_village_examined_and_decided_again_after_the_others_end(place: County) -> None:
    """Answered once the campaign had ended: the village is rated anew, the committee decides about it alone, it is put up and
    awarded alone. The sixteen others keep what they have."""
    run_to_decision(place)
    for who in ("常委甲", "常委乙"):
        act_batch(place.case.pk, "县委审定", "通过", {}, by=place.by(who), today=DAY, key=who)
    for row in ("01村", "02村"):
        told = {"name": "群众", "contact": "", "text": f"{row}垃圾没清", "channel": "书面"}
        object_to(place.case.pk, **told, row=row, by=place.by("组织员"), today=DAY)
    tick(today=OVER)
    assert (place.where(), Verdict.objects.count()) == ("已授星", 16)
    day = OVER + timedelta(2)
    for number in ("1", "2"):
        act(place.case.pk, "异议", "成立", {"异议号": number, "答复": "属实"}, by=place.by("组织员"), today=day)
    assert (place.where(), place.child("01村").step, place.child("02村").step) == ("已授星", "组织复核", "组织复核")

    correct(place, "01村", "组织员", {**FULL, "eco": "否"})
    place.take("01村", "组织复核", "同意", "组织员", today=day)
    assert place.where() == "县委审定"  # for 01村 alone: 02村 is still being examined and holds nobody up
    tick(today=day)
    assert place.child("01村").step == "待审定"  # what was decided before the objection lets nobody go
    client = place.browser("常委甲")
    page = client.get(f"/cases/{place.case.pk}/batch/").content.decode()
    assert (">01村<" in page, ">03村<" in page, ">4<" in page) == (True, False, True)
    assert "01村：第 1 号异议成立，重新审定" in place.browser("部长").get(f"/appraisal/{Campaign.objects.get().pk}/").content.decode()
    with pytest.raises(BatchProblems, match="4星的名额是 3 个，现在定了 4 个"):  # the others hold the seats
        act_batch(place.case.pk, "县委审定", "通过", {}, by=place.by("常委甲", today=day), today=day, key="full")
    rows = {str(place.child("01村").pk): {"值": "3", "理由": "四星名额已满，降一星"}}
    for who in ("常委甲", "常委乙"):
        act_batch(place.case.pk, "县委审定", "通过", rows, by=place.by(who, today=day), today=day, key=f"again{who}")
    assert (place.where(), place.child("01村").end, place.child("02村").step) == ("公示", "已定", "组织复核")
    notice = Publication.objects.filter(kind="公示").latest("pk").snapshot
    assert notice["table"]["rows"] == [["01村", "3"]]
    assert any("第 1 号异议成立" in text for _, text in notice["fields"])
    with pytest.raises(FormProblems, match="不在这次公示的名单上"):
        object_to(place.case.pk, name="甲", contact="", text="乙", channel="书面", row="05村", by=place.by("组织员"), today=day)

    later = day + timedelta(8)
    tick(today=later)
    assert (place.where(), Verdict.objects.count()) == ("已授星", 17)
    again = Verdict.objects.get(unit__name="01村")
    assert (again.stars, again.award_fen, again.because) == (3, 5_000_00, "第 1 号异议成立，重新审定")
    shown = Publication.objects.filter(kind="星级").latest("pk").snapshot
    assert ["01村", "3星", "5000.00"] in shown["table"]["rows"]
    assert ["更正", "01村：第 1 号异议成立，重新审定，定为3星"] in shown["fields"]
    assert {one.award_fen for one in Verdict.objects.filter(unit__name__in=("03村", "04村"))} == {15_000_00, 10_000_00}

    place.take("02村", "组织复核", "同意", "组织员", today=later)  # found as before: a second round, for 02村 alone
    for who in ("常委甲", "常委乙"):
        act_batch(place.case.pk, "县委审定", "通过", {}, by=place.by(who, today=later), today=later, key=f"02{who}")
    tick(today=later + timedelta(8))
    assert (place.where(), Verdict.objects.get(unit__name="02村").stars, Verdict.objects.count()) == ("已授星", 5, 18)
    assert tick(today=later + timedelta(9)) == []


def correct(place: County, village: str, rater: str, entries: dict[str, str]) -> None:
    """The rater corrects his sheet of the recheck on its page: the unit was sent back to him."""
    typed = {f"i-{code}": value for code, value in entries.items()}
    client, address = place.browser(rater), f"/cases/{place.child(village).pk}/sheet/"
    assert "请写明为什么改" in client.post(address, {**typed, "hand_in": "1"}).content.decode()
    assert client.post(address, {**typed, "reason": "现场复核", "hand_in": "1"}).status_code == 302
    assert "不能再改" in client.get(address).content.decode()


@pytest.mark.req("P16")
def test_the_quota_is_cut_with_its_reason_and_the_body_may_not_break_it(place: County, monkeypatch: pytest.MonkeyPatch) -> None:
    GIVEN_ = [5] * 4 + [4] * 2 + [3] * 11 + [2]
    monkeypatch.setattr("jizhi.appraisal.tests.test_stars.GIVEN", GIVEN_)
    run_to_decision(place)
    rows = Act.objects.get(case=place.case, step="测算").facts["子件"]
    fives = [pk for pk, row in rows.items() if row["星级"] == "5"]
    assert len(fives) == 3
    cut = next(pk for pk in (str(place.child(f"{n:02d}村").pk) for n in range(1, 5)) if pk not in fives)
    kept = Result.objects.get(unit=place.case.unit).places.get(subject_id=str(Case.objects.get(pk=cut).unit_id)).derivation
    assert "名额" in kept["stars_why"]
    with pytest.raises(BatchProblems, match="5星的名额是 3 个，现在定了 4 个"):
        act_batch(place.case.pk, "县委审定", "通过", {cut: {"值": "5", "理由": "都好"}}, by=place.by("常委甲"), today=DAY, key="c")


@pytest.mark.req("P16")
def test_a_veto_found_within_the_year_lowers_the_stars_by_a_recorded_decision(place: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its papers, the village's answer and the deciding document; the earlier result stays, public and pay follow; taken
    back, what was stands again."""
    town = place.town
    text = (LIBRARY / "stars.yaml").read_text(encoding="utf-8").replace("party.stars", "party.fewer").replace("{最高: 2}", "{降星: 1}")
    place.adopt("fewer.yaml", "扶绥县", text)
    monkeypatch.setattr("jizhi.appraisal.tests.test_stars.CODE", "party.fewer")
    run_to_decision(place)
    for who in ("常委甲", "常委乙"):
        act_batch(place.case.pk, "县委审定", "通过", {}, by=place.by(who), today=DAY, key=who)
    tick(today=OVER)
    later = OVER + timedelta(days=60)
    monkeypatch.setattr(clock, "today", lambda: later)
    boss, village = place.browser("部长"), place.browser("01村支书")
    child = place.child("01村")
    unit = f"/appraisal/units/{child.pk}/"
    papers = {
        "matter": "党风廉政问题",
        "document": "扶纪〔2026〕8号",
        "authority": "县纪委监委",
        "decided_on": (OVER + timedelta(30)).isoformat(),
    }
    assert boss.post(f"{unit}veto/", papers).status_code == 302
    veto = Veto.objects.get()
    decision = {"document": "扶组〔2027〕2号", "decided_on": later.isoformat(), "reason": "虚报项目"}
    assert "还没有写明申辩记录" in boss.post(f"/appraisal/vetoes/{veto.pk}/lower/", decision).content.decode()
    assert village.post(f"/appraisal/vetoes/{veto.pk}/lower/", decision).status_code == 403
    assert village.post(f"/appraisal/vetoes/{veto.pk}/answer/", {"defence": "认可"}).status_code == 302
    early = {**decision, "decided_on": OVER.isoformat()}
    assert "也不能早于认定日期" in boss.post(f"/appraisal/vetoes/{veto.pk}/lower/", early).content.decode()
    for _ in range(2):  # twice is once
        assert boss.post(f"/appraisal/vetoes/{veto.pk}/lower/", decision).status_code == 302
    old, new = Verdict.objects.filter(unit=town.units["01村"]).order_by("pk")
    assert (old.stars, new.stars, new.award_fen, new.corrects) == (5, 4, 10_000_00, old)
    assert new.because.startswith("5星改为4星：县纪委监委扶纪〔2026〕8号认定“党风廉政问题”")
    page = boss.get(unit).content.decode()
    assert "已更正" in page
    assert "扶组〔2027〕2号决定降 1 星：虚报项目" in page
    shown = Publication.objects.filter(kind="星级").latest("pk").snapshot
    assert ["01村", "4星", "10000.00"] in shown["table"]["rows"]
    assert any(name == "更正" and "降 1 星" in said for name, said in shown["fields"])
    assert boss.post(f"/appraisal/vetoes/{veto.pk}/withdraw/", {"reason": "认定文件撤销"}).status_code == 302
    back = Verdict.objects.get(unit=town.units["01村"], corrected_by=None)
    assert (back.stars, back.award_fen) == (5, 15_000_00)
    assert ["01村", "5星", "15000.00"] in Publication.objects.filter(kind="星级").latest("pk").snapshot["table"]["rows"]
