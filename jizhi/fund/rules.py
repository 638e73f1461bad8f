"""What the ledger computes, without a database. Amounts are fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from jizhi.kernel.money import yuan


def imbalance(lines: Sequence[tuple[str, int]]) -> str | None:
    """Why lines (restriction, fen) make no voucher; None when they do."""
    if len(lines) < 2:
        return "一张凭证至少要有一借一贷两行"
    if any(fen == 0 for _, fen in lines):
        return "有一行的金额是 0"
    sums: dict[str, int] = defaultdict(int)
    for restriction, fen in lines:
        sums[restriction] += fen
    for restriction, left in sums.items():
        if left:
            of = f"限定{restriction}的" if restriction else ""
            return f"{of}借方和贷方相差 {yuan(abs(left))} 元，请核对"
    return None


def plain_count(quantity: Decimal | int) -> str:
    """10.50 → 10.5, 10.00 → 10"""
    return f"{Decimal(quantity).normalize():f}"


@dataclass(frozen=True)
class BankItem:
    """A bank line or a voucher's own movement of the bank account."""

    id: int
    day: date
    fen: int
    text: str  # names and summaries to look for


WITHIN = 5  # days that a bank may be later or earlier than the book


def proposals(lines: Iterable[BankItem], vouchers: Iterable[BankItem]) -> list[tuple[int, int, str]]:
    """(line, voucher, why) that look like the same money: the same amount, at most WITHIN days apart, a name that occurs in
    both first, then the nearest day. Nothing is proposed twice, and nothing where two are equally likely."""
    free = list(vouchers)
    found: list[tuple[int, int, str]] = []
    for line in lines:
        near = [one for one in free if one.fen == line.fen and abs((one.day - line.day).days) <= WITHIN]
        ranked = sorted(near, key=lambda one: _likeness(line, one))
        if not ranked or (len(ranked) > 1 and _likeness(line, ranked[0]) == _likeness(line, ranked[1])):
            continue
        best = ranked[0]
        free.remove(best)
        found.append((line.id, best.id, _why(line, best)))
    return found


def _likeness(line: BankItem, other: BankItem) -> tuple[bool, int]:
    return (not _same_name(line, other), abs((line.day - other.day).days))


def _same_name(line: BankItem, other: BankItem) -> bool:
    return any(len(word) >= 2 and word in other.text for word in line.text.split())


def _why(line: BankItem, other: BankItem) -> str:
    apart = abs((line.day - other.day).days)
    return f"金额相同，{'同一天' if not apart else f'相差 {apart} 天'}{'，户名相符' if _same_name(line, other) else ''}"


@dataclass(frozen=True)
class Flow:
    """Money into a fund (positive) or out of it, in the order of the ledger. ``gift`` is a donation's id."""

    fen: int
    restricted_to: str = ""
    gift: int | None = None
    use: str = ""
    day: date | None = None


@dataclass
class Spent:
    """Where a gift went: by use, and what of it has not been used yet."""

    uses: dict[str, int] = field(default_factory=dict)
    left: int = 0


def where_gifts_went(flows: Iterable[Flow]) -> dict[int, Spent]:
    """Each gift's share of what was paid, first in first out within its restriction; what nobody gave (interest, repayments,
    what was there at the beginning) takes its turn in the same queue."""
    queues: dict[str, list[list[int | None]]] = defaultdict(list)
    found: dict[int, Spent] = {}
    for flow in flows:
        if flow.fen > 0:
            queues[flow.restricted_to].append([flow.gift, flow.fen])
            if flow.gift is not None:
                found.setdefault(flow.gift, Spent()).left += flow.fen
            continue
        _take(queues[flow.restricted_to], -flow.fen, flow.use, found)
    return found


def _take(queue: list[list[int | None]], fen: int, use: str, found: dict[int, Spent]) -> None:
    while fen and queue:
        gift, left = queue[0]
        part = min(fen, left or 0)
        fen -= part
        if gift is not None:
            found[gift].left -= part
            found[gift].uses[use] = found[gift].uses.get(use, 0) + part
        if part == left:
            queue.pop(0)
        else:
            queue[0][1] = (left or 0) - part
