"""Amounts in figures and capitals, and what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jizhi.kernel.money import NotMoney, capitals, fen_of, plain_yuan, yuan

CAPITALS = {
    5: "伍分",
    50: "伍角整",
    1000: "壹拾元整",
    10010: "壹佰元壹角整",
    123405: "壹仟贰佰叁拾肆元零伍分",
    1000000: "壹万元整",
    1001000: "壹万零壹拾元整",
    10700053: "壹拾万柒仟元伍角叁分",
    1640902: "壹万陆仟肆佰零玖元零贰分",
    2003000400: "贰仟零叁万零肆元整",
    100010001: "壹佰万零壹佰元零壹分",
    10000100000: "壹亿零壹仟元整",
    10010000000: "壹亿零壹拾万元整",
    -123: "负壹元贰角叁分",
}


@pytest.mark.parametrize(("fen", "text"), CAPITALS.items())
def test_capitals_as_receipts_write_them(fen: int, text: str) -> None:
    assert capitals(fen) == text


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def read(text: str) -> int:
    """Fen of capitals, by a second way."""
    total = section = digit = 0
    for sign in text.rstrip("整"):
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        elif sign in "拾佰仟":
            section, digit = section + digit * {"拾": 10, "佰": 100, "仟": 1000}[sign], 0
        elif sign in "万亿元":
            section += digit
            total = (total + section) * {"万": 10**4, "亿": 10**8, "元": 100}[sign] if sign != "元" else (total + section) * 100
            section = digit = 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[sign], 0
    return total


@given(st.integers(1, 10**10 - 1))
def test_capitals_say_the_same_amount(fen: int) -> None:
    assert read(capitals(fen)) == fen


@given(st.integers(1, 10**13))
def test_what_is_printed_can_be_typed(fen: int) -> None:
    assert fen_of(yuan(fen)) == fen_of(plain_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("typed", "fen"), [("１２．５０", 1250), ("￥1,234.05元", 123405), (" 30 ", 3000), ("5.", 500), ("1.500", 150), ("人民币 3 元", 300)]
)
def test_amounts_as_people_type_them(typed: str, fen: int) -> None:
    assert fen_of(typed) == fen


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "没有填"),
        ("三百", "不是金额"),
        ("12,34", "不是金额"),
        ("1.005", "最多到分"),
        ("-5", "负数"),
        ("0", "大于 0"),
        ("9" * 30, "太大"),
        ("3万", "30000"),
        ("1e5", "不是金额"),
    ],
)
def test_what_is_no_amount_is_said(typed: str, why: str) -> None:
    with pytest.raises(NotMoney, match=why):
        fen_of(typed)
