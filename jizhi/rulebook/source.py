"""The text of a regulation as a tree that knows its positions. Every scalar stays text: no number is ever a float."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from jizhi.rulebook.language import Node

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20
LIKE = 0.45  # from this likeness on a word is offered as the one that was meant

# Legal somewhere else, so that they may be a slip where they do not belong.
USED = {"须", "到", "每", "并", "文书", "人数", "等", "记", "停"}
LATER_ANYWHERE = frozenset(word for node in Node.__subclasses__() for word in node.LATER) - USED

YAML_FAULTS = (
    ("mapping values are not allowed", "冒号用错了位置：一行只写一个“键: 值”，含冒号的文字请加引号"),
    ("could not find expected ':'", "这里缺少冒号，请写成“键: 值”（英文冒号加空格）"),
    ("found character '\\t'", "缩进不能用制表符，请改用空格"),
    ("cannot start any token", "这里有不能出现的字符；文字以符号开头时请加引号，缩进请用空格"),
    ("expected <block end>", "缩进没有对齐，请与同级的上一行对齐"),
    ("expected ',' or", "方括号或花括号没有配对，或者两项之间缺少英文逗号"),
    ("did not find expected", "方括号、花括号或缩进没有配对"),
    ("while scanning a quoted scalar", "引号没有配对"),
    ("found unexpected end of stream", "引号或括号没有配对，文件提前结束"),
    ("special characters are not allowed", "文件里有不能显示的控制字符，请删去"),
)


@dataclass(frozen=True)
class Mark:
    """A position, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file. ``later``: known to the language, not run yet. A ``warn`` does not refuse the file."""

    file: str
    line: int
    column: int
    key: str
    text: str
    later: bool = False
    severity: Literal["error", "warn"] = "error"

    def __str__(self) -> str:
        kind = "提醒：" if self.severity == "warn" else ""
        return f"{self.file}:{self.line}:{self.column} {kind}{self.text}"


@dataclass(frozen=True)
class Text:
    mark: Mark
    value: str


@dataclass(frozen=True)
class Row:
    mark: Mark
    items: tuple[Tree, ...]


@dataclass(frozen=True)
class Entry:
    key: str
    mark: Mark
    value: Tree


@dataclass(frozen=True)
class Table:
    mark: Mark
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def keys(self) -> tuple[str, ...]:
        return tuple(entry.key for entry in self.entries)


Tree = Text | Row | Table


def said(words: Iterable[str], most: int = 24) -> str:
    """The allowed words as a list to read; a very long one is cut."""
    words = list(words)
    return "、".join(words[:most]) + ("……" if len(words) > most else "")


def nearest(word: str, allowed: Iterable[str]) -> str:
    """``是否想写“复查”？`` for the nearest valid word, or nothing."""
    best = max(allowed, key=lambda one: _likeness(word, one), default="")
    return f"是否想写“{best}”？" if best and _likeness(word, best) >= LIKE else ""


def _likeness(word: str, other: str) -> float:
    """Shared characters, more so in the same place: 复察 is 复查 rather than 答复."""
    in_place = sum(a == b for a, b in zip(word, other, strict=False)) / max(len(word), len(other), 1)
    return SequenceMatcher(None, word, other, autojunk=False).ratio() + in_place / 2


@dataclass
class Reader:
    """Collects problems while a file is read; nothing stops at the first one."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def problem(self, mark: Mark, key: str, text: str, *, later: bool = False, warn: bool = False) -> None:
        self.problems.append(Problem(self.file, mark.line, mark.column, key, text, later, "warn" if warn else "error"))

    def later(self, mark: Mark, key: str, where: str = "") -> None:
        self.problem(mark, key, f"尚未支持：{where}“{key}”已在制度语言中，但这一版程序还不能执行，请先删去或等待后续版本。", later=True)

    def unknown(self, mark: Mark, word: str, kind: str, allowed: Iterable[str]) -> None:
        """A word that names nothing, with what is allowed and the nearest of it."""
        allowed = list(allowed)
        listed = f"可写：{said(allowed)}。" if allowed else f"本文件没有写明任何{kind}。"
        self.problem(mark, word, f"没有叫“{word}”的{kind}。{listed}{nearest(word, allowed)}")

    def table(self, tree: Tree, key: str) -> Table | None:
        if isinstance(tree, Table):
            return tree
        self.problem(tree.mark, key, f"“{key}”下面应当是若干行“键: 值”，不能只写{'一列' if isinstance(tree, Row) else '一个词'}。")
        return None

    def text(self, tree: Tree, key: str) -> str | None:
        if isinstance(tree, Text) and tree.value.strip():
            return tree.value.strip()
        if isinstance(tree, Text):
            self.problem(tree.mark, key, f"“{key}”是空的，请填写。")
        else:
            self.problem(tree.mark, key, f"“{key}”应当是一个词或一句话，不能是列表或下级条目。")
        return None

    def rows(self, tree: Tree) -> tuple[Tree, ...]:
        """One or many: a single item may stand without brackets."""
        return tree.items if isinstance(tree, Row) else (tree,)

    def words(self, tree: Tree, key: str) -> tuple[str, ...]:
        return tuple(word for item in self.rows(tree) if (word := self.text(item, key)) is not None)

    def keys(
        self, table: Table, where: str, *, allowed: Iterable[str], required: Iterable[str] = (), later: Iterable[str] = ()
    ) -> dict[str, Entry]:
        """The entries that may be read. Unknown and not yet supported keys are reported; so is what is missing, unless
        something not yet supported may stand in its place."""
        allowed, later = list(allowed), list(later)
        found: dict[str, Entry] = {}
        waits = False
        for entry in table.entries:
            if entry.key in allowed:
                found[entry.key] = entry
            elif entry.key in later or entry.key in LATER_ANYWHERE:
                waits = True
                self.later(entry.mark, entry.key, f"{where}的")
            else:
                self.problem(
                    entry.mark,
                    entry.key,
                    f"{where}没有“{entry.key}”这个写法。可写：{said(allowed, 40)}。{nearest(entry.key, allowed + later)}",
                )
        for key in required:
            if key not in found and not waits:
                self.problem(table.mark, key, f"{where}缺少“{key}”，请补上。")
        return found

    def named(self, tree: Tree, kind: str) -> list[Entry]:
        """A list of single-key items (``- 复查: {…}``) or a table, as entries in order; doubled names are reported."""
        entries: list[Entry] = []
        for item in self.rows(tree):
            if not isinstance(item, Table):
                self.problem(item.mark, kind, f"每个{kind}请写成“名称: {{…}}”。")
            elif isinstance(tree, Row) and len(item.entries) != 1:
                self.problem(item.mark, kind, f"列表里每一项只写一个{kind}，形如“- 名称: {{…}}”；请检查缩进。")
            else:
                entries.extend(item.entries)
        seen: dict[str, Entry] = {}
        for entry in entries:
            if entry.key in seen:
                self.problem(entry.mark, entry.key, f"{kind}“{entry.key}”重复，第 {seen[entry.key].mark.line} 行已经写过。")
            seen.setdefault(entry.key, entry)
        return list(seen.values())


class _TooDeepError(Exception):
    def __init__(self, mark: Mark) -> None:
        self.mark = mark


def parse(text: str, reader: Reader) -> Tree | None:
    """The file as a tree; None when it is not YAML we take (too big, too deep, anchors, tags, no document)."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        reader.problem(Mark(1, 1), "", f"文件超过 {MOST_BYTES // 1024} KB，一部制度不应这么长，请拆分。")
        return None
    try:
        # not "rt": that reads the comments too, and marks where a folded line was with U+0007
        return _document(iter(YAML(typ="safe", pure=True).parse(text)), reader)
    except _TooDeepError as deep:
        reader.problem(deep.mark, "", f"层次超过 {MOST_DEPTH} 层，请减少缩进的层数。")
    except MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        reader.problem(Mark(at.line + 1, at.column + 1) if at else Mark(1, 1), "", f"不是合格的 YAML：{_fault(error)}。")
    except YAMLError as error:
        reader.problem(Mark(1, 1), "", f"不是合格的 YAML：{_fault(error)}。")
    return None


def _fault(error: YAMLError) -> str:
    said_in_english = str(error)
    return next((chinese for english, chinese in YAML_FAULTS if english in said_in_english), "请检查缩进、冒号、引号和括号")


def _document(events: Iterator[Any], reader: Reader) -> Tree | None:
    tree: Tree | None = None
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                reader.problem(_mark(event), "---", "一个文件只写一部制度，不能用“---”再分一份。")
                return tree
        elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
            tree = _tree(event, events, reader, 1)
    if tree is None:
        reader.problem(Mark(1, 1), "", "文件是空的。")
    return tree


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _tree(event: Any, events: Iterator[Any], reader: Reader, depth: int) -> Tree:
    mark = _mark(event)
    if depth > MOST_DEPTH:
        raise _TooDeepError(mark)
    if isinstance(event, AliasEvent):
        reader.problem(mark, f"*{event.anchor}", "不能用“*”引用别处的内容，请直接写出来。")
        return Text(mark, "")
    if event.anchor:
        reader.problem(mark, f"&{event.anchor}", "不能用“&”给内容起别名，请直接写出来。")
    if getattr(event, "tag", None):
        reader.problem(mark, str(event.tag), "不能用“!”标注类型，请删去。")
    if isinstance(event, ScalarEvent):
        plain_null = event.style is None and event.value in ("~", "null")
        return Text(mark, "" if plain_null else str(event.value))
    if isinstance(event, SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), SequenceEndEvent):
            items.append(_tree(item, events, reader, depth + 1))
        return Row(mark, tuple(items))
    return _table(mark, events, reader, depth)


def _table(mark: Mark, events: Iterator[Any], reader: Reader, depth: int) -> Table:
    entries: dict[str, Entry] = {}
    while not isinstance(key := next(events), MappingEndEvent):
        name = _tree(key, events, reader, depth + 1)
        value = _tree(next(events), events, reader, depth + 1)
        if not isinstance(name, Text):
            reader.problem(name.mark, "", "键应当是一个词，不能是列表或下级条目。")
        elif name.value in entries:
            reader.problem(name.mark, name.value, f"“{name.value}”重复，第 {entries[name.value].mark.line} 行已经写过。")
        else:
            entries[name.value] = Entry(name.value, name.mark, value)
    return Table(mark, tuple(entries.values()))
