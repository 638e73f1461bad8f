"""The spreadsheets of a fund: opening balances and bank statements. Pure but for the classes of rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from jizhi.kernel.money import NotMoney, fen_of
from jizhi.org.imports import Column, Kind, Preview, RowError, day_of, parsed_as
from jizhi.ui.templatetags.jizhi import cn_date

ASSETS = ("银行存款", "库存现金", "实物", "借款")
OPENING = Kind(
    "期初余额",
    (
        Column("kind", ("类别",), most=10),
        Column("name", ("科目",), required=False, most=60),
        Column("restricted_to", ("限定用途",), required=False, most=40),
        Column("amount", ("金额",), most=30),
        Column("due", ("到期日",), required=False, kind="day", most=30),
    ),
)
STATEMENT = Kind(
    "银行对账单",
    (
        Column("day", ("日期", "交易日期", "记账日期"), kind="day", most=30),
        Column("in", ("收入", "收入金额", "贷方发生额", "贷方金额", "贷方"), required=False, most=30),
        Column("out", ("支出", "支出金额", "借方发生额", "借方金额", "借方"), required=False, most=30),
        Column("other", ("对方户名", "对方名称", "对方"), required=False, most=60),
        Column("memo", ("摘要", "用途", "附言", "备注"), required=False, most=120),
        Column("left", ("余额", "账户余额"), required=False, most=30),
    ),
    others=True,
)


@dataclass(frozen=True)
class OpeningRow:
    kind: str
    name: str
    restricted_to: str
    fen: int
    due: date | None = None  # of a loan


@dataclass(frozen=True)
class StatementRow:
    """The columns of a BankLine."""

    day: date
    fen: int
    other: str
    memo: str
    mark: str


def opening_rows(content: bytes) -> tuple[Preview, list[OpeningRow]]:
    """The rows, and everything that is wrong with them."""
    found = parsed_as(OPENING, content)
    errors = list(found.errors)
    rows: list[OpeningRow] = []
    seen: dict[tuple[str, str, str], int] = {}
    for row in found.rows:
        cells = row.cells
        kind, name, restricted = cells["kind"], cells.get("name", ""), cells.get("restricted_to", "")
        if kind not in ASSETS:
            errors.append(RowError(row.number, "类别", f"没有“{kind}”这一类，可以填：{'、'.join(ASSETS)}"))
        elif kind in ("实物", "借款") and not name:
            errors.append(RowError(row.number, "科目", "实物写品名，借款写借款人"))
        if seen.setdefault((kind, name, restricted), row.number) != row.number:
            errors.append(RowError(row.number, "", f"与第{seen[kind, name, restricted]}行重复"))
        fen, problem = _amount(cells.get("amount", ""))
        if problem:
            errors.append(RowError(row.number, "金额", problem))
        due = day_of(cells.get("due", ""))
        if due and kind != "借款":
            errors.append(RowError(row.number, "到期日", "只有借款填到期日"))
        rows.append(OpeningRow(kind, name, restricted, fen, due))
    unique = tuple(dict.fromkeys(sorted(errors, key=lambda e: e.row)))
    return replace(found, errors=unique), rows


def read_statement(content: bytes, *, known: set[str], today: date) -> tuple[Preview, list[StatementRow]]:
    """The lines of a statement that are not ``known`` (marks), and everything that is wrong with the file."""
    found = parsed_as(STATEMENT, content)
    errors, skipped = list(found.errors), set()
    rows: list[StatementRow] = []
    times: Counter[str] = Counter()
    for row in found.rows if not errors else ():
        day, fen, wrong = day_of(row.cells["day"]), 0, []
        amounts = [(key, row.cells.get(key, "")) for key in ("in", "out") if _filled(row.cells.get(key, ""))]
        if len(amounts) != 1:
            wrong.append(RowError(row.number, "收入" if not amounts else "支出", "收入和支出要填一个，也只能填一个"))
        else:
            key, text = amounts[0]
            fen, problem = _amount(text)
            fen = fen if key == "in" else -fen
            wrong += [RowError(row.number, "收入" if key == "in" else "支出", problem)] if problem else []
        if day and day > today:
            wrong.append(RowError(row.number, "日期", f"{cn_date(day, 'long')}还没有到"))
        errors += wrong
        if wrong or day is None:
            continue
        line = _line(row.cells, day, fen, times)
        if line.mark in known:
            skipped.add(row.number)
        else:
            rows.append(line)
    return replace(found, errors=tuple(errors), skipped=frozenset(skipped)), rows


def _line(cells: Mapping[str, str], day: date, fen: int, times: Counter[str]) -> StatementRow:
    other, memo = cells.get("other", ""), cells.get("memo", "")
    text = "|".join((day.isoformat(), str(fen), other, memo, cells.get("left", "")))
    times[text] += 1
    mark = hashlib.sha256(f"{text}|{times[text]}".encode()).hexdigest()
    return StatementRow(day, fen, other, memo, mark)


def _filled(text: str) -> bool:
    return bool(text.strip().strip("0.,-"))


def _amount(text: str) -> tuple[int, str]:
    try:
        return fen_of(text), ""
    except NotMoney as wrong:
        return 0, str(wrong)
