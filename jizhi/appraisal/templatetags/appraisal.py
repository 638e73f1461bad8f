"""Amounts on pages."""

from django import template

from jizhi.kernel import money

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as 1,234.05; — for none."""
    return "—" if fen is None else money.yuan(fen)
