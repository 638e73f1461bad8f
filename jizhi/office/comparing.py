"""Two editions of a regulation side by side: what is gone, what is new, what reads otherwise. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from jizhi.rulebook.explain import explain
from jizhi.rulebook.language import Regulation

COUNTER = re.compile(r"^(　+)\d+\. ")  # the place in a list, which a new line before it moves
SECTION = re.compile(r"^[一二三四五六七八九十]、")
LABEL = re.compile(r"^　*(第[^条]{1,6}条|[^：。（]{1,30})")  # what a line is about: 第九条, 答复期, 整改


@dataclass(frozen=True)
class Span:
    text: str
    changed: bool


@dataclass(frozen=True)
class Pair:
    """One line in both editions; a side is empty where the edition has no such line."""

    old: tuple[Span, ...]
    new: tuple[Span, ...]


@dataclass(frozen=True)
class Part:
    """The differences of one section: 条文, 参数, 程序 …"""

    title: str
    pairs: tuple[Pair, ...]


def compared(old: Regulation, new: Regulation) -> tuple[Part, ...]:
    """Only what differs, section by section, in the words in which a regulation is explained."""
    before, after = _sections(old), _sections(new)
    titles = [*before, *(title for title in after if title not in before)]
    parts = (Part(title, tuple(_pairs(before.get(title, []), after.get(title, [])))) for title in titles)
    return tuple(part for part in parts if part.pairs)


def _sections(regulation: Regulation) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    title = "名称和施行"
    for line in explain(regulation).splitlines():
        if SECTION.match(line):
            title = SECTION.sub("", line)
        elif line:
            found.setdefault(title, []).append(COUNTER.sub(r"\1", line))
    return found


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _matched(old[a:b], new[c:d])


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    """Lines about the same thing stand beside each other."""
    rest = list(new)
    for line in old:
        twins = [other for other in rest if _label(other) == _label(line)] or get_close_matches(line, rest, n=1)
        twin = twins[0] if twins else None
        if twin is None:
            yield Pair((Span(line.strip("　"), True),), ())
        else:
            rest.remove(twin)
            yield _differing(line.strip("　"), twin.strip("　"))
    for line in rest:
        yield Pair((), (Span(line.strip("　"), True),))


def _label(line: str) -> str:
    found = LABEL.match(line)
    return found[1] if found else line


def _differing(old: str, new: str) -> Pair:
    """The words that differ are marked on both sides."""
    left, right = [], []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left.append(Span(old[a:b], tag != "equal"))
        right.append(Span(new[c:d], tag != "equal"))
    return Pair(tuple(span for span in left if span.text), tuple(span for span in right if span.text))
