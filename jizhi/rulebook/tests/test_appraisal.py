"""Laws of appraisal: cuts without ties within their quota, pay that always sums, and an order that no input order changes."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.rulebook.appraisal.ballots import tally
from jizhi.rulebook.appraisal.campaign import appraise
from jizhi.rulebook.appraisal.data import Ballots, Cadre, Campaign, Past, Problems, Unit
from jizhi.rulebook.appraisal.pay import Rates, pay_plan, split
from jizhi.rulebook.language import Regulation
from jizhi.rulebook.overlay import resolve
from jizhi.rulebook.reading import read
from jizhi.rulebook.scoring import Sheet

HERE = Path(__file__).parent
LIBRARY = HERE.parents[1] / "library"
THEMES = ("rich", "org", "civil", "law", "eco")


def regulation(text: str) -> Regulation:
    found, problems = read(text, "试.yaml")
    assert found is not None, [str(one) for one in problems]
    return found


STARS = regulation((LIBRARY / "stars.yaml").read_text(encoding="utf-8"))
VILLAGE = regulation((LIBRARY / "village.yaml").read_text(encoding="utf-8"))
BY_GRADE = regulation("""
制度: 试行办法
代号: trial
施行: 2024-01-01
适用: {单位类型: 县}
细则:
  评:
    对象: 村
    满分: 100
    等级: {优秀: 80, 称职: 60, 不称职: 0}
    名额: {优秀: 30%, 称职: 2, 按: 乡镇}
    排序: [总分, 抽签]
    指标: {甲: {代号: a, 分值: 100, 计分: 得分}}
""")

marks = st.tuples(*([st.sampled_from([10, 17, 18, 20])] * 5))
names = st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=3)
counties = st.dictionaries(names, marks, min_size=1, max_size=14)


@settings(max_examples=60)
@given(counties, st.dictionaries(names, st.integers(1, 20)), st.text(max_size=4), st.randoms())
def test_a_cut_of_stars_is_tie_free_within_its_quota_and_says_why(
    county: dict[str, tuple[int, ...]], past: dict[str, int], seed: str, shuffle: object
) -> None:
    units = [Unit(name, "某镇") for name in county]
    sheets = [Sheet.of(name, "组", dict(zip(THEMES, row, strict=True))) for name, row in county.items()]
    before = [Past(name, 2023, "某镇", "", rank, "", 3) for name, rank in past.items()]

    def campaign() -> Campaign:
        return Campaign(tuple(units), tuple(sheets), past=tuple(before))

    report = appraise(STARS, STARS.standards["五星"], campaign(), seed=seed)
    assert report.problems == ()
    assert [one.rank for one in report.results] == list(range(1, len(county) + 1))
    assert all(one.decided_by for one in report.results)
    stars = [one.stars for one in report.results]
    assert stars.count(5) <= 3
    assert stars.count(4) <= 3
    rewards = {5: 15_000, 4: 10_000, 3: 5_000}
    assert report.total == 100 * sum(rewards.get(star or 0, 0) for star in stars)
    for one in report.results:
        reached = sum(mark >= 17 for mark in county[one.unit.name])
        assert (one.stars == reached) == (not any(flag.kind == "quota_cut" for flag in one.flags))
    for star in (5, 4):  # nobody was cut who stands before one that was kept
        kept = [one.rank or 0 for one in report.results if one.stars == star]
        cut = [one.rank or 0 for one in report.results if f"{star} 星名额" in " ".join(flag.reason for flag in one.flags)]
        assert not cut or max(kept) < min(cut)
    for rows in (units, sheets, before):
        shuffle.shuffle(rows)  # type: ignore[attr-defined]
    assert appraise(STARS, STARS.standards["五星"], campaign(), seed=seed) == report


@settings(max_examples=60)
@given(st.dictionaries(names, st.tuples(st.sampled_from([50, 60, 80, 90]), st.sampled_from(["东镇", "西镇"])), min_size=1, max_size=14))
def test_a_cut_of_grades_respects_the_quota_of_each_town(county: dict[str, tuple[int, str]]) -> None:
    campaign = Campaign(
        tuple(Unit(name, town) for name, (_, town) in county.items()),
        tuple(Sheet.of(name, "组", {"a": mark}) for name, (mark, _) in county.items()),
    )
    report = appraise(BY_GRADE, BY_GRADE.standards["评"], campaign)
    for town in {town for _, town in county.values()}:
        here = [one for one in report.results if one.unit.town == town]
        grades = [one.grade for one in here]
        assert grades.count("优秀") <= len(here) * 3 // 10
        assert grades.count("称职") <= 2
        levels = ["优秀", "称职", "不称职"]
        assert all(levels.index(upper.grade) <= levels.index(lower.grade) for upper, lower in pairwise(here))
        assert [one.town_rank for one in here] == list(range(1, len(here) + 1))


@given(st.integers(0, 10**9), st.lists(st.fractions(0, 5), min_size=1, max_size=12))
def test_shares_always_sum_to_the_fen(award: int, weights: list[Fraction]) -> None:
    shares = split(award, weights)
    assert sum(shares) == (award if any(weights) else 0)
    assert all(share >= 0 for share in shares)
    whole = sum(weights, Fraction(0))
    assert all(abs(share - award * weight / whole) < 1 for share, weight in zip(shares, weights, strict=True) if whole)


RATES = Rates(
    {"书记": 1800, "委员": Decimal("1200.50")}, 10, {"书记": Decimal("1.5"), "委员": 1}, {"优秀": Decimal("1.2"), "称职": 1, "差": 0}
)
people = st.lists(
    st.tuples(names, st.sampled_from(["书记", "委员"]), st.sampled_from(["优秀", "称职", "差"]), st.integers(0, 40), st.integers(0, 12)),
    min_size=1, max_size=9, unique_by=lambda one: one[:2],
)  # fmt: skip


@given(st.integers(0, 10**8), people, st.randoms())
def test_a_pay_plan_sums_to_the_award_whatever_the_order(award: int, found: list[tuple[str, str, str, int, int]], shuffle: object) -> None:
    cadres = [Cadre("甲村", name, post, review, years, months) for name, post, review, years, months in found]
    problems = Problems()
    plan = pay_plan(award, cadres, RATES, problems)
    assert problems.found == []
    assert sum(share.performance for share in plan) == (award if any(one.review != "差" for one in cadres) else 0)
    assert all(share.how for share in plan)
    shuffle.shuffle(cadres)  # type: ignore[attr-defined]
    assert pay_plan(award, cadres, RATES, problems) == plan


def test_a_cadres_own_review_moves_his_share() -> None:
    def of(review: str) -> int:
        cadres = [Cadre("甲村", "韦一", "书记", review), Cadre("甲村", "农二", "委员", "称职")]
        return next(share.performance for share in pay_plan(1_000_000, cadres, RATES, Problems()) if share.name == "韦一")

    assert of("优秀") > of("称职") > of("差") == 0


def test_the_tally_of_the_reference() -> None:
    poll = VILLAGE.standards["村级"].poll
    assert poll is not None
    counts = Ballots("甲村", 60, 58, 57, {"优秀": 30, "称职": 20, "基本称职": 5, "不称职": 2})
    found = tally(poll, [counts], Problems())
    assert found is not None
    assert (str(found.score), found.how) == ("85.96", "有效 57 张，得 85.96 分；优秀率 52.63%")


def test_groups_of_a_tally_weigh_and_a_small_one_is_not_told_apart() -> None:
    poll = VILLAGE.standards["村级"].poll
    assert poll is not None
    grouped = poll.model_copy(update={"groups": {"领导": Decimal("0.3"), "代表": Decimal("0.7")}})
    rows = [
        Ballots("甲村", 5, 5, 5, {"优秀": 5, "称职": 0, "基本称职": 0, "不称职": 0}, group="领导"),
        Ballots("甲村", 20, 20, 20, {"优秀": 0, "称职": 20, "基本称职": 0, "不称职": 0}, group="代表"),
    ]
    found = tally(grouped, rows, Problems())
    assert found is not None
    assert found.exact == 86
    assert found.how == "领导（占 30%）票数少，不单列；代表（占 70%）有效 20 张，得 80 分；优秀率 20%"
    problems = Problems()
    assert tally(grouped, rows[:1], problems) is None
    assert [one.text for one in problems.found] == ["“甲村”缺少组“代表”的票数"]


def test_groups_whose_votes_were_kept_as_one_count_with_their_weights_together() -> None:
    poll = VILLAGE.standards["村级"].poll
    assert poll is not None
    grouped = poll.model_copy(update={"groups": {"领导": Decimal("0.2"), "党员": Decimal("0.2"), "代表": Decimal("0.6")}})
    together = Ballots("甲村", 11, 10, 10, {"优秀": 5, "称职": 0, "基本称职": 0, "不称职": 5}, group="领导、党员")
    others = Ballots("甲村", 20, 20, 20, {"优秀": 0, "称职": 20, "基本称职": 0, "不称职": 0}, group="代表")
    found = tally(grouped, [together, others], Problems())
    assert found is not None
    assert found.exact == 68  # 40% of 50 and 60% of 80
    problems = Problems()
    assert tally(grouped, [together, others, replace(others, group="党员")], problems) is None
    assert [one.text for one in problems.found] == ["“甲村”的组“党员”重复，只能有一行"]


OVERLAY = """
制度: 夏石镇村级考评办法
代号: town.village
基于: county.village.appraisal@2024
施行: 2024-02-01
适用: {单位类型: 乡镇}
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("参数:\n  公示: [{自: 2024-02-01, 值: 5日, 来源: 本地}]\n", "“参数.公示”不能改：上位制度没有这一项，也没有列入可改"),
        ("细则:\n  村级: {对象: 村, 满分: 10, 指标: {甲: {代号: a, 分值: 10, 计分: 得分}}}\n", "“细则.村级”不能改：不在可改之列"),
        ("可改: [参数.权重, 细则.村级]\n", "“可改”里的“细则.村级”超出了"),
        ("参数:\n  权重: [{自: 2024-02-01, 值: {共性: 0, 个性: 0}, 来源: 本地}]\n", "合计大于 0"),
        ("条文:\n  - {条: 第一条, 文: 另定}\n", "条文“第一条”与上位制度的重复"),
    ],
)
def test_an_overlay_changes_only_what_its_base_allows(more: str, said: str) -> None:
    found, problems = resolve(VILLAGE, regulation(OVERLAY + more))
    assert found is None
    assert any(said in text for text in problems), problems


def test_an_overlay_within_its_bounds_is_base_and_change_in_one() -> None:
    overlay = regulation(OVERLAY + "参数:\n  权重: [{自: 2024-02-01, 值: {共性: 70, 个性: 30}, 来源: 本地}]\n")
    found, problems = resolve(VILLAGE, overlay)
    assert problems == []
    assert found is not None
    assert (found.code, found.based_on, list(found.standards)) == ("town.village", None, ["村级"])
    assert [value.amount for value in found.parameters["权重"]] == [{"共性": 60, "个性": 40}, {"共性": 70, "个性": 30}]
    other = regulation(OVERLAY.replace("@2024", "@2023"))
    assert "基于“county.village.appraisal@2023”，不是“county.village.appraisal@2024”" in resolve(VILLAGE, other)[1][0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("民意测评: 20%", "民意测评: 25%", "合计 105%"),
        ("名额: {优秀: 30%, 按: 乡镇}", "名额: {不称职: 1}", "最低一等“不称职”不能限名额"),
        ("名额: {优秀: 30%, 按: 乡镇}", "名额: {优等: 1}", "没有叫“优等”的等级"),
        ("须: [文号, 认定机关, 申辩记录], 则: {最高: 0", "则: {最高: 0", "否决必须有依据文件才能启用"),
        ("等次: 不称职}}", "等次: 很差}}", "等次里没有“很差”"),
        ("附表: 个性任务, 分值: 40", "附表: 自选任务, 分值: 40", "没有这张附表"),
        ("合计: {分值: 40}", "合计: {分值: 30}", "与细则“村级”的个性分值 40 不符"),
        ("限等次: [优秀]", "限等次: [优]", "没有叫“优”的等级"),
        ("奖励: 参数.奖励", "奖励: 参数.奖金", "没有叫“奖金”的参数"),
        ("分档: {5: 98, 4: 96", "分档: {5: 98, 4: 99", "请从高到低写"),
        ("排序: [总分, 党建引领, 集体经济与增收, 往年名次, 抽签]", "排序: [总分, 党建引领]", "最后一项应当是“抽签”"),
        ("收回至少: 2/3", "收回至少: 三分之二", "请写成 2/3"),
        ("可改: [参数.权重, ", "可改: [参数.比重, ", "“可改”里的“参数.比重”在本制度里没有"),
    ],
)
def test_a_slip_in_the_rules_of_an_appraisal_is_named(old: str, new: str, said: str) -> None:
    text = (LIBRARY / "village.yaml").read_text(encoding="utf-8")
    assert old in text
    found, problems = read(text.replace(old, new, 1), "village.yaml")
    assert found is None
    assert any(said in one.text for one in problems), [str(one) for one in problems]
