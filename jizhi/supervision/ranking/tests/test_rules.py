"""When a ranking may be published, how it is drawn, what a factor may be."""

from decimal import Decimal

from jizhi.supervision.ranking import rules
from jizhi.supervision.ranking.rules import Standing

READY = Standing("教务处", "", "可公布")


def test_every_open_case_stands_in_the_way():
    found = rules.obstacles([READY, Standing("德育处", "答复", ""), Standing("总务处", "谈话", "")], expected=4)
    assert found == ["德育处：申诉还没有答复", "总务处：还没有谈话", "有 1 个处室还没有送达名次"]
    assert rules.obstacles([READY], expected=1) == []


def test_an_upheld_appeal_waits_for_the_new_computation():
    upheld = Standing("德育处", "", "可公布", appealed=True, answered="更正")
    assert rules.obstacles([upheld], expected=1) == ["德育处：申诉已答复“更正”，还没有重新计算"]


def test_the_stage_is_the_one_furthest_behind():
    assert rules.stage([READY, Standing("德育处", "谈话", ""), Standing("总务处", "答复", "")], published=False) == "答复申诉"
    assert rules.stage([READY], published=False) == "待公布"
    assert rules.stage([READY], published=True) == "已公布"


def test_scores_and_margins_lie_on_one_printed_scale():
    scale = rules.scale([(Decimal("91.6"), Decimal("0.7")), (Decimal("84.3"), None)])
    assert (scale.low, scale.high) == (83, 94)
    drawn = rules.drawing(Decimal("91.6"), Decimal("0.7"), scale)
    assert 8 < float(drawn.low) < float(drawn.middle) < float(drawn.high) < 182
    assert rules.drawing(Decimal("84.3"), None, scale).low == ""
    assert rules.scale([]) is None


def test_factors_are_positive_numbers_and_an_empty_one_is_none():
    found, problems = rules.factor_problems({1: "1.2", 2: "", 3: "多", 4: "-1", 5: "1.00001", 6: "NaN"})
    assert found == {1: Decimal("1.2")}
    assert sorted(problems) == [3, 4, 5, 6]
