"""The arithmetic of a poll."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.polling.rules import (
    SMALLEST,
    Grade,
    PaperCounts,
    enough,
    grades_read,
    groups_read,
    kept_as,
    least_problem,
    paper_problems,
    parts_of,
    tally,
)
from jizhi.polling.sealing import new_pair, sealed, unsealed

GRADES = tuple(Grade(name, Fraction(points)) for name, points in (("优秀", 100), ("称职", 80), ("基本称职", 60), ("不称职", 0)))
VOTES = {"优秀": 30, "称职": 20, "基本称职": 5, "不称职": 2}


@pytest.mark.req("P17")
def test_the_tally_of_the_reference() -> None:
    assert paper_problems(PaperCounts(60, 58, 57, {"1": VOTES})) == {}
    found = tally({"": VOTES}, GRADES)
    assert (found.score, found.rates["优秀"], found.valid) == (Decimal("85.96"), Decimal("52.63"), 57)


def test_counts_that_do_not_add_up_are_refused_with_the_arithmetic() -> None:
    found = paper_problems(PaperCounts(60, 61, 62, {"1": VOTES}))
    assert found["returned"] == "收回不能多于发出：收回 61，发出 60，多 1"
    assert found["valid"] == "有效不能多于收回：有效 62，收回 61，多 1"
    assert found["1"] == "优秀 30 + 称职 20 + 基本称职 5 + 不称职 2 = 57，应等于有效票 62，少 5"


def test_groups_count_by_their_weight_and_a_silent_one_is_named() -> None:
    weights = {"领导": Fraction(30), "党员代表": Fraction(30), "村民代表": Fraction(40)}
    votes = {"领导": {"优秀": 5}, "党员代表": {"称职": 10}, "村民代表": {"基本称职": 20}}
    assert tally(votes, GRADES, weights).score == Decimal("78.00")  # 30 + 24 + 24
    found = tally({**votes, "村民代表": {}}, GRADES, weights)
    assert (found.score, found.silent) == (Decimal("90.00"), ("村民代表",))


def test_abstaining_counts_only_where_it_should() -> None:
    votes = {"": {"优秀": 1, "弃权": 1}}
    assert tally(votes, GRADES).score == Decimal("100.00")
    assert tally(votes, GRADES, abstain_counts=True).score == Decimal("50.00")


def test_small_groups_are_not_broken_down() -> None:
    assert tally({"甲": {"优秀": 4}, "乙": {"优秀": 9}}, GRADES).by_group == {}
    assert set(tally({"甲": {"优秀": 5}, "乙": {"优秀": 9}}, GRADES).by_group) == {"甲", "乙"}


@given(st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.integers(0, 12), min_size=1))
def test_no_group_with_a_weight_is_kept_apart_below_the_minimum(sizes: dict[str, int]) -> None:
    names = kept_as(sizes)
    kept: dict[str, int] = {}
    for group, size in sizes.items():
        assert size == 0 or group in parts_of(names[group], sizes)
        kept[names[group]] = kept.get(names[group], 0) + size
    assert sum(kept.values()) == sum(sizes.values())
    if sum(sizes.values()) >= SMALLEST:
        assert not [name for name, size in kept.items() if 0 < size < SMALLEST]
    assert all(names[group] == group for group in sizes if min(filter(None, sizes.values()), default=SMALLEST) >= SMALLEST)


def test_groups_kept_as_one_count_with_their_weights_together() -> None:
    weights = {"领导": Fraction(30), "党员代表": Fraction(30), "村民代表": Fraction(40)}
    found = tally({"领导、党员代表": {"优秀": 3, "不称职": 3}, "村民代表": {"称职": 9}}, GRADES, weights)
    assert (found.score, found.silent, set(found.by_group)) == (Decimal("62.00"), (), {"领导、党员代表", "村民代表"})
    assert "领导、党员代表（有不足 5 份的，为保密合并） 60、村民代表 40" in found.how


def test_the_minimum_is_a_share_or_a_number() -> None:
    assert (enough(40, 60, "2/3"), enough(39, 60, "2/3"), enough(0, 0, "2/3")) == (True, False, False)
    assert (enough(30, 0, "30"), enough(29, 100, "30人")) == (True, False)
    assert least_problem("四分之三")
    assert least_problem("3/2")


def test_what_is_typed_as_grades_and_groups() -> None:
    assert [grade.name for grade in grades_read("优秀 100\n称职：80")[0]] == ["优秀", "称职"]
    assert "从高到低" in grades_read("称职 80\n优秀 100")[1]
    assert groups_read("领导 30\n党员代表 30")[1] == "各组权重合计应为 100，现在是 30 + 30 = 60"


@given(st.lists(st.dictionaries(st.sampled_from([g.name for g in GRADES]), st.integers(0, 500)), max_size=4))
def test_a_score_lies_between_the_grades_and_rates_add_up(rows: list[dict[str, int]]) -> None:
    found = tally({str(place): row for place, row in enumerate(rows)}, GRADES)
    if found.score is None:
        assert found.valid == 0
    else:
        assert 0 <= found.score <= 100
        assert abs(sum(found.rates.values()) - 100) <= Decimal("0.02")


@settings(max_examples=30)
@given(st.binary(max_size=200).filter(lambda content: not content.endswith(b" ")))
def test_an_envelope_opens_with_its_key_and_all_are_of_one_length(content: bytes) -> None:
    public, private = new_pair()
    envelope = sealed(public, content, size=256)
    assert unsealed(private, envelope) == content
    assert len(envelope) == len(sealed(public, b"", size=256))
