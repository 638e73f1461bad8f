"""Amounts on pages."""

from decimal import Decimal

from django import template

from jizhi.fund.rules import plain_count
from jizhi.kernel import money

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as 1,234.05; — for none."""
    return "—" if fen is None else money.yuan(fen)


@register.filter
def count(quantity: Decimal | int | None) -> str:
    return "—" if quantity is None else plain_count(quantity)


@register.filter
def minus(fen: int) -> int:
    return -fen


@register.filter
def month_words(month: int) -> str:
    """202603 → 2026年3月"""
    return f"{month // 100}年{month % 100}月"


@register.filter
def money_words(text: str) -> str:
    """What was typed as an amount, as 1,234.05."""
    try:
        return money.yuan(money.fen_of(text))
    except money.NotMoney:
        return text or "—"
