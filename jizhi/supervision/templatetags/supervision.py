"""Small filters of the inspection pages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django import template

from jizhi.rulebook.formula import plain
from jizhi.ui.templatetags.jizhi import cn_date

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
def day_words(text: str) -> str:
    """A stored day (2026-03-30) as lists write it: 3月30日; anything else as it is."""
    try:
        return cn_date(date.fromisoformat(text), "year")
    except ValueError:
        return text


@register.filter
def after_colon(label: str) -> str:
    """The input's own name out of ``CS1.2 分解到人到月：任务总数`` or ``CS5.2 问题不反弹（扣分项数）``: the head above has the rest."""
    tail = label.rpartition("：")[2]
    return tail[:-1].rpartition("（")[2] if tail == label and label.endswith("）") else tail


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
