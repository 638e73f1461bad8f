"""What may leave for the public, and its digest. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

KEYS = frozenset({"fields", "table", "note"})
LONGEST = 4000  # characters of one value
GAP = r"[ \u3000\-—]?"  # as people set the groups of a long number apart
IDENTITY = re.compile(rf"(?<!\d)([1-9]\d{{5}}){GAP}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){GAP}\d{{2}}(\d[\dXx])(?!\d)")
MOBILE = re.compile(rf"(?<!\d)(1[3-9]\d){GAP}\d{{4}}{GAP}(\d{{4}})(?!\d)")
CARD = re.compile(r"(?<!\d)(?:\d{11,15}|(?:\d{4}[ \u3000\-—]){3,4}(?=\d{4}(?!\d)))(\d{4})(?!\d)")  # and the identity numbers of 15 digits
HALF = {0xFF10 + digit: str(digit) for digit in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "x", ord("－"): "-"}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
DOUBLE = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "令狐",
    ]
)


class Unpublishable(ValueError):  # noqa: N818 (the word of the contract)
    """A snapshot that is not made of declared plain text: a fault of the program that publishes, never of a user."""


def masked_name(name: str) -> str:
    """张* for two characters and more, 欧阳*明 for a double surname: who knows the person knows, nobody else."""
    name = name.strip()
    surname = name[:2] if name[:2] in DOUBLE and len(name) > 2 else name[:1]
    given = name[len(surname) :]
    return surname + (f"*{given[-1]}" if len(given) > 1 else "*")


def without_numbers(text: str) -> str:
    """The text with identity numbers, mobile numbers and card numbers masked, whoever wrote them in, and however."""
    text = IDENTITY.sub(lambda m: f"{m[1]}{'*' * 10}{m[2]}", text.translate(HALF))
    return CARD.sub(r"****\1", MOBILE.sub(r"\1****\2", text))


def clean_snapshot(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot as it may leave: ``fields`` [[name, text]], ``table`` {"columns", "rows"}, ``note``; plain text only."""
    if unknown := set(snapshot) - KEYS:
        raise Unpublishable(f"a snapshot has fields, table and note, not {sorted(unknown)}")
    found: dict[str, Any] = {"fields": [_row(pair, 2) for pair in _list(snapshot.get("fields", []))]}
    if table := snapshot.get("table"):
        if not isinstance(table, Mapping) or set(table) != {"columns", "rows"}:
            raise Unpublishable("a table has columns and rows")
        columns = _row(table["columns"])
        found["table"] = {"columns": columns, "rows": [_row(row, len(columns)) for row in _list(table["rows"])]}
    if note := snapshot.get("note"):
        found["note"] = _text(note)
    return found


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The snapshot as canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON. Anyone can compute it again."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def statistics(kind: str, snapshot: Mapping[str, Any], *, posted_on: date, until: date | None) -> dict[str, Any]:
    """What is left of something taken down when its domain says nothing better: that it was there, and how long its list was."""
    fields = [["类别", kind], ["公布日期", posted_on.isoformat()]]
    fields += [["公示期满", until.isoformat()]] if until else []
    fields += [["名单", f"{len(snapshot['table']['rows'])} 行"]] if snapshot.get("table") else []
    return {"fields": fields}


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise Unpublishable(f"{value!r} is no list")
    return value


def _row(value: Any, length: int | None = None) -> list[str]:
    row = [_text(cell) for cell in _list(value)]
    if length is not None and len(row) != length:
        raise Unpublishable(f"{row} has not {length} cells")
    return row


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unpublishable(f"{value!r} is no text: dates and amounts are put into words by who publishes")
    return without_numbers(CONTROL.sub("", value)[:LONGEST])
