"""Small filters of the inspection pages."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django import template

from jizhi.rulebook.formula import plain

register = template.Library()
ROW = 28  # height of one bar


@register.filter
def of(words: Mapping[int, str], key: int) -> str:
    """The word kept under a key."""
    return words.get(key, "")


@register.filter
def fraction(value: Fraction | None) -> str:
    """An exact score for reading: at most two places; — for not applicable."""
    return "—" if value is None else plain(value)


@register.filter
def after_colon(label: str) -> str:
    """The input's own name out of ``CS1.2 分解到人到月：任务总数``."""
    return label.rpartition("：")[2]


@register.filter
def plain_number(value: Decimal) -> str:
    """For SVG: a point, never a comma."""
    return f"{value:.1f}"


@register.filter
def rows_high(count: int) -> int:
    return count * ROW


@register.filter
def row_top(row: int) -> int:
    return row * ROW + 6


@register.filter
def row_text(row: int) -> int:
    return row * ROW + 19
