"""Scoring on small standards: the vectors of domain.md §9 and what must never be guessed."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jizhi.rulebook.formula import FormulaError, UndefinedError, number, rounded, value, variables
from jizhi.rulebook.indicators import standard_problems
from jizhi.rulebook.language import Band, Bonus, Indicator, RedLine, Scoring, Standard, Trim
from jizhi.rulebook.scoring import Row, Scored, Sheet, score


def leaf(code: str, points: int, kind: str = "得分", **how: object) -> Indicator:
    return Indicator(name=f"指标{code}", code=code, points=Decimal(points), scoring=Scoring(kind=kind, **how))  # type: ignore[arg-type]


def standard(*leaves: Indicator, **more: object) -> Standard:
    values: dict[str, object] = {
        "name": "例", "code": "EX", "subject": "处室", "full": sum((one.points for one in leaves), Decimal(0)), "indicators": leaves,
        "grade_points": {"优": Decimal(1), "良": Decimal("0.85"), "合格": Decimal("0.7"), "不合格": Decimal("0.4")},
        "bands": (Band(grade="优", least=Decimal(90)), Band(grade="良", least=Decimal(80)), Band(grade="不合格", least=Decimal(0))),
    }  # fmt: skip
    return Standard.model_validate(values | more)


WHOLE = standard(leaf("A", 100), trim=Trim(least=6, drop=1), spread_warns=Decimal(15))


def one(rules: Standard, *sheets: Sheet) -> Scored:
    outcome = score(rules, sheets)
    assert outcome.problems == ()
    assert len(outcome.results) == 1
    return outcome.results[0]


def rated(rules: Standard, *totals: object) -> Scored:
    return one(rules, *(Sheet.of("教务处", f"督学{n}", {"A": str(total)}) for n, total in enumerate(totals)))


def texts(rules: Standard, *sheets: Sheet) -> list[str]:
    outcome = score(rules, sheets)
    assert outcome.results == ()  # nothing half-done
    return [problem.text for problem in outcome.problems]


def test_six_raters_lose_the_highest_and_the_lowest() -> None:
    result = rated(WHOLE, 70, 80, 82, 84, 86, 99)
    assert (str(result.score), result.grade) == ("83.00", "良")
    assert [rating.total for rating in result.ratings if not rating.kept] == [70, 99]


def test_five_raters_are_simply_averaged() -> None:
    assert str(rated(WHOLE, 70, 80, 82, 84, 86).score) == "80.40"


def test_a_spread_over_fifteen_asks_the_head_to_check() -> None:
    assert rated(WHOLE, 70, 85).notes == ()
    assert rated(WHOLE, 70, "85.01").notes == ("评分相差 15.01 分，超过 15 分，请组长复核",)


@pytest.mark.parametrize(("total", "shown", "grade"), [("89.995", "90.00", "优"), ("89.994", "89.99", "良")])
def test_the_grade_is_given_on_the_printed_value(total: str, shown: str, grade: str) -> None:
    result = rated(WHOLE, total)
    assert (str(result.score), result.grade) == (shown, grade)


def test_the_rating_error_is_twice_the_standard_error() -> None:
    assert rated(WHOLE, "89.9", "90.8", "91.3", "91.7", "92.3").margin == Decimal("0.81")
    assert rated(WHOLE, 90).margin is None


def test_each_kind_of_scoring_counts_what_was_entered() -> None:
    rules = standard(
        leaf("G", 20, "四档"), leaf("F", 14, "公式", formula="按期完成数 / 应完成数 * 14"), leaf("D", 6, "扣分", each=Decimal(2)),
        leaf("Y", 10, "是否"), leaf("P", 50),
    )  # fmt: skip
    result = one(
        rules, Sheet.of("教务处", "督学甲", {"G": "良", "指标F": "按期完成数=11；应完成数=12", "D": "扣2项", "Y": "是", "P": "４０．５"})
    )
    assert result.exact == 17 + Fraction(77, 6) + 2 + 10 + Fraction("40.5")
    assert result.deductions == 2
    assert [line.how for line in result.lines] == ["良", "按期完成数 11，应完成数 12", "扣 2 项，每项 2 分", "是", "直接给分"]
    same = one(rules, Sheet.of("教务处", "督学甲", {"G": 17, "F": "11/12", "D": 2, "Y": "10", "P": Decimal("40.5")}))
    assert (same.exact, same.deductions) == (result.exact, 2)


def test_deductions_stop_at_zero() -> None:
    rules = standard(leaf("D", 6, "扣分", each=Decimal(2)), leaf("P", 94))
    assert one(rules, Sheet.of("教务处", "督学甲", {"D": "扣9项", "P": 94})).exact == 94


def test_nothing_due_is_full_marks_or_not_applicable_as_declared() -> None:
    full = standard(leaf("F", 10, "公式", formula="a / b * 10", empty_full=True), leaf("P", 90))
    assert one(full, Sheet.of("教务处", "督学甲", {"F": "0/0", "P": 45})).exact == 55
    without = standard(leaf("F", 10, "公式", formula="a / b * 10"), leaf("P", 90))
    assert one(without, Sheet.of("教务处", "督学甲", {"F": "0/0", "P": 45})).exact == 50


def test_not_applicable_leaves_the_denominator() -> None:
    result = one(standard(leaf("A", 40), leaf("B", 60)), Sheet.of("教务处", "督学甲", {"A": "30", "B": None}))
    assert result.exact == 75
    assert result.lines[1].score is None
    assert "不计入分母" in result.lines[1].how


def test_an_absent_row_is_a_problem_and_never_zero() -> None:
    assert texts(standard(leaf("A", 40), leaf("B", 60)), Sheet.of("教务处", "督学甲", {"A": "30"})) == [
        "对象“教务处”，评分人“督学甲”：缺少指标 B（指标B）这一行；不适用的请保留这一行、得分留空"
    ]


def test_all_problems_are_listed_at_once_with_their_lines() -> None:
    rules = standard(Indicator(name="大项", code="T", points=Decimal(60), children=(leaf("A", 40), leaf("B", 20))), leaf("C", 40, "四档"))
    rows = (Row("A", "41", 2), Row("B", "-1", 3), Row("A", "1", 4), Row("T", "60", 5), Row("X", "1", 6), Row("C", "中", 7))
    outcome = score(rules, [Sheet("教务处", "督学甲", rows)])
    assert [(problem.line, problem.text.split("：", 1)[1]) for problem in outcome.problems] == [
        (2, "“41”合 41 分，超过满分 40 分"),
        (3, "“-1”不能是负数"),
        (4, "重复，同一评分人对同一指标只能有一行，已在第 2 行"),
        (5, "不是末级指标，请对它的下级指标打分：A、B"),
        (6, "《例》里没有这个指标（请用编号或名称，名称有重复时用编号）"),
        (7, "“中”不是数，也不是优、良、合格、不合格中的一档"),
    ]


@pytest.mark.parametrize("entry", ["nan", "Infinity", "1e3", "1e999999999", "九十", "90分", "--5", "True"])
def test_what_is_not_a_number_is_refused(entry: str) -> None:
    assert "不是数" in texts(WHOLE, Sheet.of("教务处", "督学甲", {"A": entry}))[0]


def test_groups_weigh_and_a_missing_group_is_a_problem() -> None:
    rules = standard(leaf("A", 100), groups={"领导": Decimal("0.3"), "教师": Decimal("0.7")})
    sheets = [
        Sheet.of("教务处", "甲", {"A": 90}, "领导"),
        Sheet.of("教务处", "乙", {"A": 80}, "教师"),
        Sheet.of("教务处", "丙", {"A": 70}, "教师"),
    ]
    assert one(rules, *sheets).exact == Fraction("79.5")
    assert texts(rules, *sheets[1:]) == ["对象“教务处”：评分组“领导”没有评分"]
    assert "评分组“家长”不在细则所列的领导、教师之中" in texts(rules, *sheets, Sheet.of("教务处", "丁", {"A": 1}, "家长"))[0]


def test_a_bonus_counts_to_its_limit_and_the_total_to_its_cap() -> None:
    rules = standard(leaf("A", 100), bonuses=(Bonus(name="特色加分", most=Decimal(3)),), cap=Decimal(100))
    assert one(rules, Sheet.of("李老师", "甲", {"A": 95, "特色加分": 2})).exact == 97
    capped = one(rules, Sheet.of("李老师", "甲", {"A": 99, "特色加分": 3}))
    assert capped.exact == 100
    assert capped.lines[-1].name == "封顶"
    assert "不在 0 至 3 分之内" in texts(rules, Sheet.of("李老师", "甲", {"A": 95, "特色加分": 4}))[0]


def test_a_red_line_stops_grading_and_asks_for_its_check() -> None:
    rules = standard(leaf("A", 100), red_lines=(RedLine(name="课堂安全事故", then="不打等级，转专项核查"),))
    result = one(
        rules, Sheet.of("李老师", "甲", {"A": 95, "课堂安全事故": "是"}), Sheet.of("李老师", "乙", {"A": 95, "课堂安全事故": "否"})
    )
    assert (result.grade, result.ranked, result.checks) == ("", False, ("课堂安全事故：不打等级，转专项核查",))
    assert result.score == 95  # never cleared to zero by itself


def test_two_sheets_of_one_rater_are_refused() -> None:
    assert "有两份评分" in texts(WHOLE, Sheet.of("教务处", "甲", {"A": 1}), Sheet.of("教务处", "甲", {"A": 2}))[0]


entries = st.one_of(st.none(), st.decimals(0, 20, places=2), st.sampled_from(["优", "良", "合格", "不合格"]))


@given(st.lists(st.tuples(entries, entries, st.decimals(0, 60, places=1)), min_size=1, max_size=9))
def test_the_derivation_sums_to_the_result(rows: list[tuple[object, object, Decimal]]) -> None:
    rules = standard(leaf("A", 20, "四档"), leaf("B", 20, "四档"), leaf("C", 60), trim=Trim(least=6, drop=1))
    sheets = [Sheet.of("甲", f"督学{n}", {"A": a, "B": b, "C": c}) for n, (a, b, c) in enumerate(rows)]  # type: ignore[dict-item]
    result = one(rules, *sheets)
    assert sum((line.score for line in result.lines if line.adds and line.score is not None), Fraction(0)) == result.exact
    kept = [rating.total for rating in result.ratings if rating.kept]
    assert result.exact == sum(kept, Fraction(0)) / len(kept)
    assert result.score == rounded(result.exact, 2)
    assert 0 <= result.exact <= 100
    assert score(rules, sheets[::-1]).results == (result,)


def test_formulas_take_arithmetic_and_comparison_only() -> None:
    assert variables("按期消除数÷发现数×6×(隐患 == 0)") == ("按期消除数", "发现数", "隐患")
    assert value("a / b * 6 * (c == 0) + 0.1", {"a": Fraction(1), "b": Fraction(2), "c": Fraction(0)}) == Fraction("3.1")
    for bad in ("a.real", "f(a)", "'x' * 9", "9 ** 9 ** 9", "a if b else c", "__import__('os')", "[a]", "a; b", "", "(a", "a and b"):
        with pytest.raises(FormulaError):
            variables(bad)
    with pytest.raises(UndefinedError):
        value("a / b", {"a": Fraction(0), "b": Fraction(0)})
    with pytest.raises(FormulaError, match="分母为 0"):
        value("a / b", {"a": Fraction(1), "b": Fraction(0)})


def test_numbers_keep_their_digits() -> None:
    assert number(0.1) == Fraction(1, 10)
    assert number("９．５") == Fraction("9.5")
    assert number(Decimal("1E+400")) is None
    assert number(True) is None


def test_a_standard_that_cannot_be_scored_by_is_named() -> None:
    bad = standard(
        leaf("A", 40), leaf("A", 50, "扣分"), leaf("F", 9, "公式", formula="import os"), full=Decimal(100), tie_breaks=("总分", "无此项")
    )
    assert {(one.indicator, one.key) for one in standard_problems(bad)} == {
        ("", "满分"), ("A", "代号"), ("A", "计分"), ("F", "计分"), ("", "排序"),
    }  # fmt: skip
    assert standard_problems(WHOLE) == []
