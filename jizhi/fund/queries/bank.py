"""The bank's lines beside the ledger's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Sum

from jizhi.fund.models import BankLine, Closing, Fund, Match, Posting, Voucher
from jizhi.fund.models.ledger import Kind, month_of
from jizhi.fund.queries.ledger import faults
from jizhi.fund.rules import BankItem, proposals


def bank_movement(fund: Fund, ids: Iterable[int]) -> dict[int, int]:
    """Voucher → what it moves on the bank account, whatever the restriction."""
    rows = Posting.objects.filter(voucher__in=list(ids), account__fund=fund, account__kind=Kind.BANK, voucher__posted=True)
    return dict(rows.values_list("voucher").annotate(sum=Sum("fen")).order_by())


def lines_open(fund: Fund, *, until: int | None = None) -> QuerySet[BankLine]:
    """Lines of the bank that no voucher is matched with, up to the end of a month (202603)."""
    rows = BankLine.objects.filter(fund=fund, match=None).select_related("explanation")
    if until:
        year, month = divmod(until, 100)
        rows = rows.filter(day__lt=f"{year + month // 12}-{month % 12 + 1:02d}-01")
    return rows


def vouchers_open(fund: Fund, *, until: int | None = None) -> QuerySet[Voucher]:
    """Vouchers that move the bank account and that no line is matched with. What the fund began with is in no statement."""
    moves = Posting.objects.filter(voucher=OuterRef("pk"), account__kind=Kind.BANK)
    rows = Voucher.objects.filter(Exists(moves), fund=fund, posted=True, match=None).exclude(kind="opening").select_related("explanation")
    return (rows.filter(month__lte=until) if until else rows).order_by("day", "pk")


def reconciliation(fund: Fund) -> tuple[list[tuple[BankLine, Voucher, str]], list[BankLine], list[tuple[Voucher, int]]]:
    """What looks like the same money (to be confirmed), lines without, and vouchers without (with what they move)."""
    lines, vouchers = list(lines_open(fund)), list(vouchers_open(fund))
    moved = bank_movement(fund, [voucher.pk for voucher in vouchers])
    pairs = proposals(
        [BankItem(line.pk, line.day, line.fen, line.other or line.memo) for line in lines],
        [BankItem(voucher.pk, voucher.day, moved.get(voucher.pk, 0), voucher.summary) for voucher in vouchers],
    )
    by_line, by_voucher = {line.pk: line for line in lines}, {voucher.pk: voucher for voucher in vouchers}
    found = [(by_line.pop(line), by_voucher.pop(voucher), why) for line, voucher, why in pairs]
    return found, list(by_line.values()), [(voucher, moved.get(voucher.pk, 0)) for voucher in by_voucher.values()]


def lines_of(fund: Fund) -> QuerySet[BankLine]:
    return BankLine.objects.filter(fund=fund).select_related("explanation")


def matched(fund: Fund) -> QuerySet[Match]:
    return Match.objects.filter(line__fund=fund).select_related("line", "voucher", "by")


def closings(fund: Fund) -> list[Closing]:
    """The last closing of each month comes first."""
    return list(Closing.objects.filter(fund=fund).select_related("by", "reopening__by").order_by("-month", "-round"))


def marks(fund: Fund) -> set[str]:
    """What tells the lines apart that are there already."""
    return set(BankLine.objects.filter(fund=fund).values_list("mark", flat=True))


def last_closed(fund: Fund) -> Closing | None:
    return Closing.objects.filter(fund=fund, reopening=None).order_by("-month").first()


def closing_problems(fund: Fund, month: int, *, today: date) -> list[str]:
    """What stands against closing a month, in words; nothing where it can be closed."""
    name = f"{month // 100}年{month % 100}月"
    found = []
    if not (190001 <= month <= 999912 and 1 <= month % 100 <= 12):
        return ["没有这个月份"]
    if month >= month_of(today):
        found.append(f"{name}还没有过完")
    if (closed := last_closed(fund)) and closed.month > month:
        found.append(f"{closed.label}已经结账，更早的月份不能再动")
    since = closed.month if closed else 0
    earlier = Voucher.objects.filter(fund=fund, month__lt=month, month__gt=since).order_by("month").first()
    if earlier is not None:
        found.append(f"请先结{earlier.month // 100}年{earlier.month % 100}月的账")
    if count := lines_open(fund, until=month).filter(explanation=None).count():
        found.append(f"还有 {count} 条银行流水没有对上，也没有说明")
    if count := vouchers_open(fund, until=month).filter(explanation=None).count():
        found.append(f"还有 {count} 张凭证的银行收付没有对上，也没有说明")
    found += faults(fund)
    return found
