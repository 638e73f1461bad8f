"""Quarters, and the tables that are published of them. Pure; amounts are fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jizhi.kernel.money import yuan

NUMBERS = "一二三四"
COLUMNS, EFFECTS = ["收支", "项目", "笔数", "金额（元）"], ["成效", "数量"]
IN, OUT = "收入", "支出"
DONOR, UNNAMED, UNSAID = "捐赠人", "不公开姓名", "不公开"


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int  # 1 … 4

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def words(self) -> str:
        return f"{self.year}年第{NUMBERS[self.number - 1]}季度"

    @property
    def span(self) -> str:
        return f"{self.year}年{self.first.month}月1日至{self.last.month}月{self.last.day}日"


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def quarters(since: date, until: date) -> Iterator[Quarter]:
    """Those that begin with the one of ``since`` and are over before ``until``."""
    one = quarter_of(since)
    while one.last < until:
        yield one
        one = one.next


@dataclass(frozen=True)
class Item:
    """One movement of money as it is published: in or out, under which head. A reversal has the sign turned and counts back."""

    side: str
    head: str
    fen: int
    count: int = 1


def accounts_table(opening: int, items: Iterable[Item], donors: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The rows of a quarter's publication: what was there, what came by source, what went by use, what is left; then the
    donors as far as they let it be said."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for item in items:
        found = sums[item.side, item.head]
        found[0] += item.count
        found[1] += item.fen
    rows, left = [["期初", "上期结余", "", yuan(opening)]], opening
    for side, sign in ((IN, 1), (OUT, -1)):
        lines = sorted((head, count, fen) for (at, head), (count, fen) in sums.items() if at == side and (count or fen))
        rows += [[side, head, str(count), yuan(fen)] for head, count, fen in lines]
        total = sum(fen for _, _, fen in lines)
        rows.append([side, "合计", str(sum(count for _, count, _ in lines)), yuan(total)])
        left += sign * total
    rows.append(["期末", "本期结余", "", yuan(left)])
    return rows + [[DONOR, name, "", amount] for name, amount in donors]


def donor_row(name: str, fen: int | None, disclosure: str) -> tuple[str, str] | None:
    """What a donor lets be said of a gift; None when it is nothing."""
    if disclosure == "nothing" or (disclosure == "name" and not name):
        return None
    said = "实物" if fen is None else yuan(fen)
    return (name or UNNAMED) if disclosure != "amount" else UNNAMED, said if disclosure != "name" else UNSAID


def differences(published: Sequence[Sequence[str]], now: Sequence[Sequence[str]]) -> list[str]:
    """Where a published table, of accounts or of effects, no longer agrees: 支出·困难帮扶：公布 3,000.00 元，现在账上 3,500.00 元."""
    before, after = _figures(published), _figures(now)
    return [
        f"{key}：公布 {before.get(key, '没有')}，现在{'账上' if '·' in key else ''} {after.get(key, '没有')}"
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
    ]


def _figures(rows: Sequence[Sequence[str]]) -> Mapping[str, str]:
    of_effects = {row[0]: row[1] for row in rows if len(row) == len(EFFECTS)}
    return of_effects | {f"{row[0]}·{row[1]}": f"{row[3]} 元" for row in rows if len(row) == len(COLUMNS) and row[0] != DONOR}
