"""Where gifts went, and what looks like the same money."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jizhi.fund.rules import BankItem, Flow, imbalance, proposals, where_gifts_went

DAY = date(2026, 3, 10)


def test_the_first_gift_is_used_first_and_only_for_its_purpose() -> None:
    flows = [Flow(100, gift=1), Flow(50, gift=2), Flow(70, "助学", gift=3), Flow(-120, use="就医"), Flow(-30, "助学", use="助学")]
    went = where_gifts_went(flows)
    assert went[1].uses == {"就医": 100}
    assert (went[2].uses, went[2].left) == ({"就医": 20}, 30)
    assert (went[3].uses, went[3].left) == ({"助学": 30}, 40)


@given(st.lists(st.tuples(st.integers(-500, 500).filter(bool), st.booleans())))
def test_no_fen_of_a_gift_gets_lost(moves: list[tuple[int, bool]]) -> None:
    flows = [Flow(fen, gift=at if fen > 0 and given else None, use="用") for at, (fen, given) in enumerate(moves)]
    went = where_gifts_went(flows)
    for flow in flows:
        if flow.gift is not None:
            told = went[flow.gift]
            assert told.left >= 0
            assert told.left + sum(told.uses.values()) == flow.fen


def test_a_name_decides_between_equal_amounts_and_a_tie_proposes_nothing() -> None:
    line = BankItem(1, DAY, 500, "陈立新")
    named, other = BankItem(7, DAY.replace(day=12), 500, "收到陈立新捐赠"), BankItem(8, DAY, 500, "收到匿名捐赠")
    assert [(pair[0], pair[1]) for pair in proposals([line], [other, named])] == [(1, 7)]
    assert proposals([BankItem(1, DAY, 500, "")], [other, BankItem(9, DAY, 500, "收到李四捐赠")]) == []
    assert proposals([line], [BankItem(7, DAY.replace(day=20), 500, "陈立新")]) == []


@given(st.lists(st.tuples(st.sampled_from(["", "助学"]), st.integers(-99, 99))))
def test_what_balances_balances_in_every_restriction(lines: list[tuple[str, int]]) -> None:
    if imbalance(lines) is None:
        for restriction in ("", "助学"):
            assert sum(fen for of, fen in lines if of == restriction) == 0
