"""A regulation laid out to be read: chapters of articles, each with the steps it governs and how many cases stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jizhi.office.flow import Flow, flow
from jizhi.rulebook.articles import anchor, own_articles
from jizhi.rulebook.language import Clause, Duration, Procedure, Ref, Regulation, Value

DIGITS = "零一二三四五六七八九十"
SOURCES = {"种子": "种子材料", "法": "法规", "本地": "本地自定", "外地": "外地做法", "设计": "设计值"}
LAW = "《"
CASUAL = "正文"  # the heading of articles without a chapter


@dataclass(frozen=True)
class StepLink:
    procedure: str
    step: str
    count: int


@dataclass(frozen=True)
class Piece:
    """A run of an article's text; with ``parameter`` it is that parameter's value."""

    text: str
    parameter: str = ""


@dataclass(frozen=True)
class Article:
    clause: Clause
    pieces: tuple[Piece, ...]
    steps: tuple[StepLink, ...]
    current: bool

    @property
    def anchor(self) -> str:
        return anchor(self.clause.number)


@dataclass(frozen=True)
class Chapter:
    name: str
    anchor: str
    articles: tuple[Article, ...]

    @property
    def current(self) -> bool:
        return any(article.current for article in self.articles)


@dataclass(frozen=True)
class Drawn:
    procedure: Procedure
    flow: Flow
    laws: tuple[tuple[str, str], ...]  # steps that a law is the basis of, with the law and its article


@dataclass(frozen=True)
class ParameterRow:
    name: str
    value: Value
    words: str
    region: str


Counts = Mapping[tuple[str, str], int]


def chapters(regulation: Regulation, counts: Counts, *, at: str = "") -> tuple[Chapter, ...]:
    """Chapters in the order written. ``counts`` are open cases by procedure and step, ``at`` the article lit."""
    grouped: dict[str, list[Article]] = {}
    for clause in regulation.clauses:
        links = tuple(
            StepLink(procedure.name, step.name, counts.get((procedure.name, step.name), 0))
            for procedure in regulation.procedures.values()
            for step in procedure.steps
            if cites(step.clause, clause.number)
        )
        article = Article(
            clause, _pieces(clause.text, _literals(regulation, _used(regulation, clause.number))), links, bool(at) and clause.number == at
        )
        grouped.setdefault(clause.chapter or CASUAL, []).append(article)
    return tuple(Chapter(name, f"c{index}", tuple(articles)) for index, (name, articles) in enumerate(grouped.items(), 1))


def cites(basis: str | None, number: str) -> bool:
    """Whether 第九条、第十条 names the article 第九条; an article of a law is none of the regulation's."""
    return number in own_articles(basis)


def drawn(regulation: Regulation, *, at: str = "") -> tuple[Drawn, ...]:
    """Each procedure as a chart; the steps of the article chosen are lit."""
    found = []
    for procedure in regulation.procedures.values():
        current = [step.name for step in procedure.steps if at and cites(step.clause, at)]
        urls = {step.name: f"?at={numbers[0]}#{anchor(numbers[0])}" for step in procedure.steps if (numbers := own_articles(step.clause))}
        laws = tuple((step.name, step.clause) for step in procedure.steps if step.clause and LAW in step.clause)
        found.append(Drawn(procedure, flow(procedure, current=current, urls=urls), laws))
    return tuple(found)


def parameters(regulation: Regulation, regions: Mapping[str, str]) -> tuple[ParameterRow, ...]:
    """Every dated value; ``regions`` are the names of division codes."""
    return tuple(
        ParameterRow(name, value, value_words(value.amount), regions.get(value.region or "", ""))
        for name, values in regulation.parameters.items()
        for value in values
    )


def value_words(amount: Any) -> str:
    """3日 / 15日 / 30日 with their names; 百分数 as written."""
    if isinstance(amount, Duration):
        return f"{amount.count} {amount.unit}" if amount.unit == "个工作日" else f"{amount.count}{amount.unit}"
    if isinstance(amount, Mapping):
        return "；".join(f"{key} {value_words(value)}" for key, value in amount.items())
    if isinstance(amount, list | tuple):
        return "、".join(value_words(value) for value in amount)
    return f"{amount:f}" if isinstance(amount, Decimal) else str(amount)


def _used(regulation: Regulation, number: str) -> list[str]:
    """The parameters that the steps and clocks of an article count by."""
    lengths: list[object] = []
    for procedure in regulation.procedures.values():
        lengths += [step.limit for step in procedure.steps if cites(step.clause, number)]
        lengths += [
            length for clock in procedure.clocks if cites(clock.clause, number) for length in (clock.length, clock.cap, clock.again)
        ]
    return [length.path[0] for length in lengths if isinstance(length, Ref) and length.root == "参数"]


def _literals(regulation: Regulation, used: Sequence[str]) -> dict[str, str]:
    """How a parameter's lengths may stand in an article: 5日, 五日, 5个工作日, 五个工作日. Where two parameters have the same
    length, the one that the article's own steps use."""
    found: dict[str, str] = {}
    names = [*(name for name in used if name in regulation.parameters), *regulation.parameters]
    for name in names:
        for value in regulation.parameters[name]:
            amounts = value.amount.values() if isinstance(value.amount, Mapping) else (value.amount,)
            for amount in amounts:
                if isinstance(amount, Duration):
                    for count in (str(amount.count), chinese(amount.count)):
                        found.setdefault(f"{count}{amount.unit}", name)
    return found


def chinese(number: int) -> str:
    """Counts up to 99 as regulations write them: 五, 十五, 三十."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("十" if tens == 1 else f"{DIGITS[tens]}十")) + (DIGITS[ones] if ones else "")


def _pieces(text: str, literals: Mapping[str, str]) -> tuple[Piece, ...]:
    if not literals:
        return (Piece(text),)
    longest = sorted(literals, key=len, reverse=True)
    pattern = re.compile(f"(?<![0-9{DIGITS}])({'|'.join(map(re.escape, longest))})")
    return tuple(Piece(part, literals.get(part, "")) for part in pattern.split(text) if part)
