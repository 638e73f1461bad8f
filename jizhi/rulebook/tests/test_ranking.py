"""Strict ranks: who precedes whom, why, and that there is always exactly one order."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jizhi.rulebook.language import Band, Indicator, RedLine, Scoring, Standard
from jizhi.rulebook.ranking import Place, draw, rank
from jizhi.rulebook.scoring import Scored, Sheet, score

LEAF = Scoring(kind="得分")
STANDARD = Standard(
    name="处室", code="CS", subject="处室", full=Decimal(100),
    indicators=(
        Indicator(name="执行与落实", code="CS2", points=Decimal(60), children=(
            Indicator(name="按期完成", code="CS2.1", points=Decimal(40), scoring=LEAF),
            Indicator(name="不反弹", code="CS2.2", points=Decimal(20), scoring=Scoring(kind="扣分", each=Decimal(2))),
        )),
        Indicator(name="整改与改进", code="CS5", points=Decimal(40), scoring=LEAF),
    ),
    bands=(Band(grade="优", least=Decimal(90)), Band(grade="良", least=Decimal(0))),
    red_lines=(RedLine(name="安全事故", then="转专项核查"),),
    tie_breaks=("总分", "CS2", "整改与改进", "扣分次数", "上期名次"),
)  # fmt: skip


def results(**marks: tuple[str, str, str]) -> tuple[Scored, ...]:
    outcome = score(STANDARD, [Sheet.of(name, "甲", dict(zip(("CS2.1", "CS2.2", "CS5"), row, strict=True))) for name, row in marks.items()])
    assert outcome.problems == ()
    return outcome.results


def placed(found: tuple[Scored, ...], **previous: int) -> list[tuple[str, str]]:
    return [(place.subject, place.decided_by) for place in rank(STANDARD, found, seed="20260325", previous=previous)]


def test_a_higher_total_comes_first_and_says_by_how_much() -> None:
    found = results(德育处=("36.2", "18", "37"), 教务处=("36.6", "18", "37"))
    assert placed(found) == [("教务处", "总分最高"), ("德育处", "总分高 0.4 分")]


def test_equal_totals_go_by_the_declared_indicator() -> None:
    found = results(总务处=("26.8", "0", "32.7"), 教科室=("27.5", "0", "32"))
    assert placed(found) == [("教科室", "总分最高（与第 2 名相同，先后见第 2 名）"), ("总务处", "总分相同；“执行与落实” 27.5 高于 26.8")]


def test_fewer_deductions_then_the_previous_rank_decide() -> None:
    found = results(甲处=("30", "扣1项", "30"), 乙处=("28", "扣0项", "30"), 丙处=("28", "扣0项", "30"))
    assert placed(found, 甲处=1, 乙处=3, 丙处=2) == [
        ("丙处", "总分最高（与第 2 名相同，先后见第 2 名）"),
        ("乙处", "总分相同；“执行与落实”、“整改与改进”、扣分次数也都相同；上期名次第 2 先于第 3"),
        ("甲处", "总分相同；“执行与落实”、“整改与改进”也都相同；扣分次数 0 少于 1"),
    ]


def test_without_a_previous_rank_the_draw_decides_and_can_be_repeated() -> None:
    found = results(办公室=("30", "18", "30"), 信息中心=("30", "18", "30"))
    order = sorted(("办公室", "信息中心"), key=lambda name: draw("20260325", name))
    assert placed(found, 办公室=4)[0][0] == order[0]
    assert placed(found, 办公室=4)[1] == (
        order[1],
        "总分相同；“执行与落实”、“整改与改进”、扣分次数也都相同；信息中心没有上期名次，不比；抽签，种子 20260325，可复算",
    )
    assert rank(STANDARD, found, seed="20260325")[1].flag == "靠抽签分出先后"
    assert draw("a", "b") == "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603"  # SHA-256 of "ab"


def test_a_gap_below_the_rating_error_is_flagged() -> None:
    marks = {"甲处": ("30", "34"), "乙处": ("31", "32"), "丙处": ("10", "10")}
    sheets = [Sheet.of(name, f"督学{n}", {"CS2.1": one, "CS2.2": 20, "CS5": 30}) for name, by in marks.items() for n, one in enumerate(by)]
    places = rank(STANDARD, score(STANDARD, sheets).results, seed="s")
    assert [(place.subject, place.flag) for place in places] == [("甲处", ""), ("乙处", "差距小于评分误差 4"), ("丙处", "")]


def test_a_red_line_has_no_place() -> None:
    sheets = [
        Sheet.of("甲处", "一", {"CS2.1": 40, "CS2.2": 20, "CS5": 40, "安全事故": "是"}),
        Sheet.of("乙处", "一", {"CS2.1": 1, "CS2.2": 1, "CS5": 1}),
    ]
    assert [place.subject for place in rank(STANDARD, score(STANDARD, sheets).results, seed="s")] == ["乙处"]


few = st.sampled_from(["10", "12"])
crowd = st.dictionaries(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=3), st.tuples(few, few, few), min_size=1, max_size=8)


@given(crowd, st.dictionaries(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=3), st.integers(1, 9)), st.text(max_size=5), st.randoms())
def test_no_two_subjects_share_a_rank_whatever_the_order_of_input(
    marks: dict[str, tuple[str, str, str]], previous: dict[str, int], seed: str, shuffle: object
) -> None:
    found = list(results(**marks))
    places = rank(STANDARD, found, seed=seed, previous=previous)
    assert [place.rank for place in places] == list(range(1, len(marks) + 1))
    assert all(place.decided_by for place in places)
    by_name = {one.subject: one.score for one in found}
    assert all(by_name[upper.subject] >= by_name[lower.subject] for upper, lower in pairwise(places))
    shuffle.shuffle(found)  # type: ignore[attr-defined]
    again: tuple[Place, ...] = rank(STANDARD, found, seed=seed, previous=previous)
    assert again == places
