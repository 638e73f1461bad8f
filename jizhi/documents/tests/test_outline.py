"""Heading levels of plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jizhi.documents.outline import Block, block, blocks, numbered, numeral


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        ("一、总体", 1, "总体"),
        ("（十二）备课", 2, "备课"),
        ("3.作业", 3, "作业"),
        ("（4）记录", 4, "记录"),
        ("2026年3月", 0, "2026年3月"),
        ("3.5分", 0, "3.5分"),
    ],
)
def test_a_typed_number_says_the_level(line, level, text):
    assert block(line) == Block(text, level)


def test_empty_lines_are_dropped():
    assert blocks("甲\n\n  \n乙") == (Block("甲"), Block("乙"))


def test_numerals():
    assert [numeral(number) for number in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]


@given(st.lists(st.integers(0, 4), max_size=40))
def test_numbers_run_without_gaps_under_their_own_heading(levels):
    counts = [0] * 5
    for line in numbered(Block("甲", level) for level in levels):
        if line.level:
            counts[line.level] += 1
            counts[line.level + 1 :] = [0] * (4 - line.level)
            assert line.marker.strip("（）、.") in (numeral(counts[line.level]), str(counts[line.level]))
