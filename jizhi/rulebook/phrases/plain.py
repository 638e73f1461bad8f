"""Words, numbers, dates and lengths as they stand, without any name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from jizhi.rulebook.language import DayUnit, Duration
from jizhi.rulebook.source import Entry, Reader, Table, Text, Tree, nearest, said

MANY = 9999  # the upper bound of 3以上
CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
UNITS: tuple[str, ...] = get_args(DayUnit)
DURATION = re.compile(rf"(\d+)\s*({'|'.join(sorted(UNITS, key=len, reverse=True))})")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")


def code(entry: Entry | None, reader: Reader, default: str = "") -> str:
    """代号: ASCII, for addresses and programs."""
    if entry is None:
        return default
    word = reader.text(entry.value, entry.key)
    if word is None:
        return default
    if not CODE.fullmatch(word):
        reader.problem(entry.value.mark, entry.key, f"代号“{word}”只能用英文字母开头的字母、数字、点、横线和下划线。")
    return word


def yes(tree: Tree, key: str, reader: Reader) -> bool:
    word = reader.text(tree, key)
    if word not in ("是", "否", None):
        reader.problem(tree.mark, key, f"“{key}”只能写“是”或“否”，不能写“{word}”。")
    return word == "是"


def choice(tree: Tree, key: str, allowed: Sequence[str], reader: Reader, later: Sequence[str] = ()) -> str | None:
    word = reader.text(tree, key)
    if word is None or word in allowed:
        return word
    if word in later:
        reader.later(tree.mark, word, f"“{key}”的")
    else:
        reader.problem(tree.mark, key, f"“{key}”不能写“{word}”，可写：{said(allowed)}。{nearest(word, [*allowed, *later])}")
    return None


def day(tree: Tree, key: str, reader: Reader) -> date | None:
    word = reader.text(tree, key)
    if word is None:
        return None
    try:
        return date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word) else _no_date(word)
    except ValueError:
        reader.problem(tree.mark, key, f"“{key}”写的“{word}”不是日期，请写成 2026-09-01 的样子。")
        return None


def _no_date(word: str) -> date:
    raise ValueError(word)


def whole(tree: Tree, key: str, reader: Reader) -> int | None:
    word = reader.text(tree, key)
    if word is None:
        return None
    if re.fullmatch(r"\d{1,6}", word):
        return int(word)
    reader.problem(tree.mark, key, f"“{key}”应当是整数，不能写“{word}”。")
    return None


def decimal(tree: Tree, key: str, reader: Reader) -> Decimal | None:
    """A number with its own digits; ``20%`` is 0.2."""
    word = reader.text(tree, key)
    if word is None:
        return None
    if percent := PERCENT.fullmatch(word):
        return Decimal(percent[1]) / 100
    if NUMBER.fullmatch(word):
        return Decimal(word)
    reader.problem(tree.mark, key, f"“{key}”应当是一个数，不能写“{word}”。")
    return None


def span(tree: Tree, key: str, reader: Reader) -> tuple[int, int] | None:
    """``3-7``, ``1`` or ``3以上``: at least and at most."""
    word = reader.text(tree, key)
    if word is None:
        return None
    if found := re.fullmatch(r"(\d{1,4})(?:\s*[-—~～至]\s*(\d{1,4}))?", word):
        least, most = int(found[1]), int(found[2] or found[1])
        if least <= most:
            return least, most
    if found := re.fullmatch(r"(\d{1,4})\s*人?以上", word):
        return int(found[1]), MANY
    reader.problem(tree.mark, key, f"“{key}”的人数写“{word}”不对，请写成 3、3-5 或 3以上。")
    return None


def duration(word: str) -> Duration | None:
    found = DURATION.fullmatch(word)
    return Duration(count=int(found[1]), unit=found[2]) if found else None  # type: ignore[arg-type]


def scalar(tree: Tree, key: str, reader: Reader) -> Any:
    """A plain value: a length, a number with its digits, a fraction or a word; a list or a table of these."""
    if isinstance(tree, Table):
        return {entry.key: scalar(entry.value, entry.key, reader) for entry in tree.entries}
    if not isinstance(tree, Text):
        return tuple(scalar(item, key, reader) for item in tree.items)
    word = reader.text(tree, key) or ""
    if found := duration(word):
        return found
    if percent := PERCENT.fullmatch(word):
        return Decimal(percent[1]) / 100
    if NUMBER.fullmatch(word):
        return Decimal(word) if "." in word else int(word)
    return word
