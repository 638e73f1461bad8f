"""The four heading levels of GB/T 9704 (一、 （一） 1. （1）) read from plain text and numbered again in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

BODY = 0
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = "[一二三四五六七八九十百]+"
_MARKERS = (
    (1, re.compile(rf"^{_NUMERAL}、")),
    (2, re.compile(rf"^[（(]{_NUMERAL}[）)]")),
    (3, re.compile(r"^\d{1,3}[.．、](?!\d)")),
    (4, re.compile(r"^[（(]\d{1,3}[）)]")),
)


@dataclass(frozen=True)
class Block:
    """One paragraph. ``level`` 1–4 is a heading, 0 body text. ``text`` carries no number of its own; what follows the first
    full stop of a heading is run-in body text."""

    text: str
    level: int = BODY


@dataclass(frozen=True)
class Line:
    """A block as printed: its number, the words in the heading's font, the words in the body's font."""

    level: int
    marker: str
    lead: str
    rest: str

    @property
    def text(self) -> str:
        return self.marker + self.lead + self.rest


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十; up to 99."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def marker(level: int, number: int) -> str:
    """The number of a heading: 一、 （一） 1. （1）"""
    return {1: f"{numeral(number)}、", 2: f"（{numeral(number)}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def block(line: str) -> Block:
    """One line as typed: its own marker says the level and is taken off, since numbers are given anew."""
    for level, pattern in _MARKERS:
        if found := pattern.match(line):
            return Block(line[found.end() :].strip(), level)
    return Block(line)


def blocks(text: str) -> tuple[Block, ...]:
    """The paragraphs of a typed text; empty lines are dropped."""
    return tuple(block(line.strip()) for line in text.splitlines() if line.strip())


def numbered(items: Iterable[Block]) -> tuple[Line, ...]:
    """Numbers in order; a heading begins the count of the levels below it afresh."""
    counts = [0, 0, 0, 0, 0]
    lines = []
    for item in items:
        if item.level == BODY:
            lines.append(Line(BODY, "", "", item.text))
            continue
        counts[item.level] += 1
        counts[item.level + 1 :] = [0] * (4 - item.level)
        lead, stop, rest = item.text.partition("。")
        lines.append(Line(item.level, marker(item.level, counts[item.level]), lead + stop, rest))
    return tuple(lines)
