"""How a brief is drafted, and what the editor is warned of."""

from datetime import date

from jizhi.supervision.brief import rules
from jizhi.supervision.brief.rules import Inspected, Item, Ledger

LEDGER = (
    Ledger(1, "教务处", "作业批改记录缺两周", due=date(2026, 4, 11)),
    Ledger(2, "课堂教学", "学生回答后教师急于给出答案。", closed=True),
)


def test_strengths_are_gathered_by_place_and_said_once():
    records = [Inspected("听课", "课堂教学", ("目标明确。",)), Inspected("听课", "课堂教学", ("目标明确", "板书工整"))]
    draft = rules.draft(records, [], today=date(2026, 4, 1))
    assert draft.strengths == "本期共检查2次，其中听课2次。\n（一）课堂教学。目标明确；板书工整。"
    assert draft.items == ()


def test_each_ledger_item_gives_one_problem_and_one_requirement_with_its_date():
    draft = rules.draft([], LEDGER, today=date(2026, 4, 11))
    assert [item.finding for item in draft.items] == [1, 2]
    first, second = draft.requirements.splitlines()
    assert first == "（一）教务处。针对“作业批改记录缺两周”，于2026年4月11日前完成整改，并申请销号。"
    assert "已经整改销号" in second


def test_a_requirement_whose_last_day_is_over_says_so():
    draft = rules.draft([], LEDGER[:1], today=date(2026, 4, 12))
    assert draft.requirements == "（一）教务处。针对“作业批改记录缺两周”，整改时限2026年4月11日已过，请立即完成整改，并申请销号。"


def test_a_brief_that_differs_from_the_ledger_says_where():
    found = rules.warnings("标题", ("好", "", "改"), [Item("另写的", None)], ledger=LEDGER)
    assert found[0] == "第二部分列了 1 个问题，台账里这一期有 2 个，两边应当一致。"
    assert "台账里有、简报没列：教务处，作业批改记录缺两周" in found
    assert "简报里有、台账没有：另写的" in found


def test_a_long_brief_is_hinted_at_and_an_equal_one_is_not():
    items = [Item("甲", 1), Item("乙", 2)]
    assert rules.warnings("标题", ("好", "", "改"), items, ledger=LEDGER) == []
    assert "一般不超过 2000 字" in rules.warnings("标题", ("好" * 2001, "", "改"), items, ledger=LEDGER)[0]


def test_the_file_is_named_by_period_unit_and_day():
    name = rules.file_name("2025—2026学年第二学期", "太安小学", "第3期（总第12期）", date(2026, 3, 27))
    assert name == "2025—2026学年第二学期_太安小学_督导简报第3期_20260327.docx"
    assert rules.file_name("", "甲/乙", "", date(2026, 3, 7)) == "甲乙_督导简报_20260307.docx"
