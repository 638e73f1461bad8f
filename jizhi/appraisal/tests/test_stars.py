"""A star campaign of a county: four steps, quotas, publicity, 17 awards of 130,000 yuan."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jizhi.appraisal.actions import award_settled, begin_campaign
from jizhi.appraisal.models import Campaign, Verdict
from jizhi.appraisal.tests.fusui import DAY, County, county
from jizhi.papers.models import Publication
from jizhi.procedure.actions import act, act_batch, object_to, tick
from jizhi.procedure.models import Act, Case
from jizhi.results.models import Result

pytestmark = pytest.mark.django_db
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
    campaign = begin_campaign(
        place.town.units["扶绥县"], code="party.stars", procedure="年度评星", year=2026, by=place.by("部长"), today=DAY
    )
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
    from jizhi.procedure.actions import BatchProblems

    with pytest.raises(BatchProblems, match="5星的名额是 3 个，现在定了 4 个"):
        act_batch(place.case.pk, "县委审定", "通过", {cut: {"值": "5", "理由": "都好"}}, by=place.by("常委甲"), today=DAY, key="c")
