"""A standard's indicator tree as rows to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jizhi.rulebook.language import Indicator, Scoring, Standard

WAYS = {"四档": "四档", "公式": "按公式", "扣分": "扣分", "是否": "是否", "得分": "直接评分"}


@dataclass(frozen=True)
class Row:
    indicator: Indicator
    depth: int
    how: str

    @property
    def group(self) -> bool:
        return bool(self.indicator.children)


def rows_of(standard: Standard) -> tuple[Row, ...]:
    return tuple(_rows(standard.indicators, 0))


def total(standard: Standard) -> Decimal:
    """What the top indicators add up to."""
    return sum((indicator.points for indicator in standard.indicators), Decimal(0))


def _rows(indicators: tuple[Indicator, ...], depth: int) -> Iterator[Row]:
    for indicator in indicators:
        yield Row(indicator, depth, _how(indicator.scoring) if not indicator.children else "下级合计")
        yield from _rows(indicator.children, depth + 1)


def _how(scoring: Scoring | None) -> str:
    if scoring is None:
        return WAYS["四档"]
    words = WAYS[scoring.kind]
    if scoring.formula:
        words += f"：{scoring.formula}"
    if scoring.each is not None:
        words += f"：每项扣 {scoring.each:f} 分"
    return f"{words}，没有应完成的按满分" if scoring.empty_full else words
