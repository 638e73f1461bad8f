"""Sentences in Chinese: dates, lists, clauses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jizhi.rulebook.language import Duration


def on(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def short(day: date, today: date) -> str:
    """3月20日 within the year of today, else with its year."""
    return f"{day.month}月{day.day}日" if day.year == today.year else on(day)


def listed(words: Iterable[str]) -> str:
    return "、".join(words)


def quoted(words: Iterable[str]) -> str:
    return "".join(f"“{word}”" for word in words)


def by_clause(clause: str | None) -> str:
    """（第九条） at the end of a sentence, before its full stop."""
    return f"（{clause}）" if clause else ""


def length(duration: Duration) -> str:
    """15 日, 5 个工作日."""
    return f"{duration.count} {duration.unit}"
