"""The village accountant's months in the demo: the bank's lines brought in, matched, the month closed. The last full month is not
closed yet: its lines wait to be matched, and the bank's interest in it stands in no voucher."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date

from jizhi.access.actor import Actor
from jizhi.fund.actions import close_month, import_statement, match_lines
from jizhi.fund.models import Fund, Voucher
from jizhi.fund.models.ledger import month_of
from jizhi.fund.queries.bank import bank_movement, lines_open, vouchers_open
from jizhi.kernel.money import yuan

HEAD = ("日期", "收入", "支出", "对方户名", "摘要")
CLOSED_ON = 5  # day of the month after
INTEREST = 1235  # fen


def keep_books(fund: Fund, *, accountant: Callable[[date], Actor], today: date) -> None:
    """Every month with vouchers that is over, in order."""
    this = month_of(today)
    months = [month for month in sorted(set(vouchers_open(fund).values_list("month", flat=True))) if month < this]
    for month in months:
        day = date(month // 100 + month % 100 // 12, month % 100 % 12 + 1, CLOSED_ON)
        if day > today:
            return
        by, vouchers = accountant(day), list(vouchers_open(fund, until=month))
        extra = [(_last_day(vouchers), INTEREST, "", "结息")] if month == months[-1] else []
        import_statement(fund, _statement(vouchers, extra, fund), name=f"{month}对账单.csv", by=by, today=day)
        if not extra:
            lines = lines_open(fund).order_by("pk")
            pairs = [(line.pk, voucher.pk) for line, voucher in zip(lines, vouchers, strict=True)]
            match_lines(fund, pairs, by=by, today=day)
            close_month(fund, month, by=by, today=day)


def _last_day(vouchers: Sequence[Voucher]) -> date:
    return max(voucher.day for voucher in vouchers)


def _statement(vouchers: Sequence[Voucher], extra: Sequence[tuple[date, int, str, str]], fund: Fund) -> bytes:
    """The bank's file: a line for each voucher in its order, then what only the bank knows."""
    moved = bank_movement(fund, [voucher.pk for voucher in vouchers])
    lines = [(voucher.day, moved[voucher.pk], voucher.summary[:60], "转账") for voucher in vouchers]
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(HEAD)
    for day, fen, other, memo in (*lines, *extra):
        sheet.writerow((day.isoformat(), yuan(fen) if fen > 0 else "", yuan(-fen) if fen < 0 else "", other, memo))
    return out.getvalue().encode()
