"""The whole ledger of a fund as a beancount file, so that a program that is not ours can check it.

beancount takes no Chinese in account names: they are written in pinyin, with the Chinese name as metadata. Every account is
checked at the end by a balance assertion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from pypinyin import Style, lazy_pinyin

from jizhi.fund.models import Account, Fund, Voucher
from jizhi.fund.models.ledger import Kind
from jizhi.fund.queries.ledger import Total, totals
from jizhi.kernel.money import plain_yuan

ROOTS = {
    Kind.BANK: "Assets:Bank",
    Kind.CASH: "Assets:Cash",
    Kind.GOODS: "Assets:Goods",
    Kind.LOAN: "Assets:Loans",
    Kind.INCOME: "Income",
    Kind.EXPENSE: "Expenses",
    Kind.OPENING: "Equity:Opening",
}


def beancount(fund: Fund) -> str:
    """The file's text, complete and in the order of the vouchers."""
    rows = totals(fund)
    names = account_names([row.account for row in rows])
    return "\n".join([*_head(fund), *_opens(fund, rows, names), *_transactions(fund, names), *_assertions(fund, rows, names)]) + "\n"


def account_names(accounts: Sequence[Account]) -> dict[int, str]:
    """Account id → beancount name; two Chinese names of one spelling are told apart by the id."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for account in accounts:
        name = f"{ROOTS[Kind(account.kind)]}:{_spelled(account.name)}"
        if account.restricted_to:  # no part of its own: a balance assertion counts the parts below with it
            name = f"{name}-Restricted-{_spelled(account.restricted_to)}"
        if name in taken or account.case_id:
            name = f"{name}-{account.pk}"
        taken.add(name)
        found[account.pk] = name
    return found


def _spelled(text: str) -> str:
    """银行存款 → YinHangCunKuan; what has no spelling is left out."""
    syllables = lazy_pinyin(text, style=Style.NORMAL)
    joined = "".join(part[:1].upper() + part[1:] for part in syllables if part)
    joined = re.sub(r"[^A-Za-z0-9]", "", joined.replace("ü", "v").replace("Ü", "V"))
    return joined or "X"


def _head(fund: Fund) -> Iterator[str]:
    yield f'option "title" {_quoted(fund.name)}'
    yield 'option "operating_currency" "CNY"'
    yield ""


def _opens(fund: Fund, rows: Sequence[Total], names: dict[int, str]) -> Iterator[str]:
    first = Voucher.objects.filter(fund=fund, posted=True).order_by("day").values_list("day", flat=True).first() or fund.opened_on
    for row in rows:
        yield f"{first.isoformat()} open {names[row.account.pk]} CNY"
        yield f"  name: {_quoted(str(row.account))}"
    yield ""


def _transactions(fund: Fund, names: dict[int, str]) -> Iterator[str]:
    vouchers = Voucher.objects.filter(fund=fund, posted=True).order_by("day", "month", "number").prefetch_related("postings")
    for voucher in vouchers.iterator(chunk_size=500):
        yield f"{voucher.day.isoformat()} * {_quoted(voucher.summary)}"
        yield f"  voucher: {_quoted(voucher.label)}"
        for line in voucher.postings.all():
            yield f"  {names[line.account_id]}  {plain_yuan(line.fen)} CNY"
        yield ""


def _assertions(fund: Fund, rows: Sequence[Total], names: dict[int, str]) -> Iterator[str]:
    last = Voucher.objects.filter(fund=fund, posted=True).order_by("-day").values_list("day", flat=True).first()
    if last is None:
        return
    after = last + timedelta(days=1)
    for row in rows:
        yield f"{after.isoformat()} balance {names[row.account.pk]}  {plain_yuan(row.fen)} CNY"


def _quoted(text: str) -> str:
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
