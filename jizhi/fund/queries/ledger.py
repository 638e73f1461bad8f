"""Accounts, entries, vouchers, the trial balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.fund.models import Account, Balance, Donation, Fund, Goods, Payment, Posting, Voucher
from jizhi.fund.models.ledger import Kind, PaymentKind, month_of
from jizhi.fund.rules import Flow
from jizhi.kernel.money import yuan
from jizhi.procedure.models import Case

ASSETS = (Kind.BANK, Kind.CASH, Kind.LOAN, Kind.GOODS)


@dataclass(frozen=True)
class Total:
    """An account with what its entries add up to (signed: debit positive)."""

    account: Account
    fen: int

    @property
    def shown(self) -> int:
        """As people read it: income and opening turned."""
        return -self.fen if self.account.credit_side else self.fen


@dataclass(frozen=True)
class Group:
    """Accounts of one kind with their sum."""

    name: str
    rows: tuple[Total, ...]

    @property
    def fen(self) -> int:
        return sum(row.shown for row in self.rows)


def funds(actor: Actor) -> QuerySet[Fund]:
    return visible(actor, Fund.objects.select_related("unit")).order_by("unit__path")


def fund_for(actor: Actor, pk: int) -> Fund:
    found = funds(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def funds_named(word: str) -> list[Fund]:
    """Funds of the village with this code or name, or of this name themselves. For the command line, which is the operator's."""
    named = Q(unit__code=word) | Q(unit__name=word) | Q(name=word)
    return list(Fund.objects.filter(named).select_related("unit").order_by("pk"))


def accounts(actor: Actor) -> QuerySet[Account]:
    return visible(actor, Account.objects.select_related("fund__unit", "balance", "case"))


def totals(fund: Fund) -> list[Total]:
    """Every account with its balance, in the order of a chart."""
    order = list(Kind)
    rows = Account.objects.filter(fund=fund).select_related("balance", "case")
    return sorted((Total(row, row.balance.fen) for row in rows), key=lambda t: (order.index(Kind(t.account.kind)), t.account.pk))


def groups(fund: Fund) -> list[Group]:
    """The chart by kind; kinds without accounts are left out, and so are loans that are settled."""
    rows = totals(fund)
    by_kind = ((kind, tuple(row for row in rows if row.account.kind == kind and (row.fen or kind != Kind.LOAN))) for kind in Kind)
    return [Group(str(kind.label), found) for kind, found in by_kind if found]


def faults(fund: Fund) -> list[str]:
    """What is wrong with the books themselves; nothing, as long as nobody went around the ledger."""
    sums = dict(Posting.objects.filter(account__fund=fund, voucher__posted=True).values_list("account").annotate(sum=Sum("fen")).order_by())
    found = []
    for row in Balance.objects.filter(account__fund=fund).select_related("account"):
        if row.fen != sums.get(row.account_id, 0):
            found.append(f"“{row.account}”的余额 {yuan(row.fen)} 元与分录合计 {yuan(sums.get(row.account_id, 0))} 元不符")
    if left := sum(sums.values()):
        found.append(f"试算不平，借贷相差 {yuan(abs(left))} 元")
    return found


def entries(account: Account) -> QuerySet[Posting]:
    return Posting.objects.filter(account=account, voucher__posted=True).select_related("voucher__by", "voucher__payment", "account")


def vouchers(actor: Actor) -> QuerySet[Voucher]:
    posted = Voucher.objects.filter(posted=True).select_related("fund__unit", "by", "reverses", "reversed_by")
    return visible(actor, posted)


@dataclass(frozen=True)
class Row:
    """A line of a voucher as it is read: one side is empty. A reversal writes negative (red) figures on the original's sides."""

    account: Account
    debit: int | None
    credit: int | None


def rows_of(voucher: Voucher) -> list[Row]:
    sign = -1 if voucher.reverses_id else 1
    found = []
    for line in voucher.postings.select_related("account"):
        debit = line.fen * sign > 0
        found.append(Row(line.account, line.fen if debit else None, None if debit else -line.fen))
    return found


def outstanding(case: Case) -> int:
    """Fen of the case's loan that have not come back."""
    found = Balance.objects.filter(account__case=case, account__kind=Kind.LOAN).aggregate(sum=Sum("fen"))["sum"]
    return int(found or 0)


def payments(fund: Fund, *, since: date | None = None, until: date | None = None) -> QuerySet[Payment]:
    """What was paid and came back, without what was reversed."""
    rows = Payment.objects.filter(fund=fund, voucher__reversed_by=None).select_related("case", "voucher", "by")
    if since:
        rows = rows.filter(day__gte=since)
    return rows.filter(day__lte=until) if until else rows


def cash_of(fund: Fund) -> dict[str, int]:
    """Bank and cash by restriction ("" is free to use)."""
    rows = Balance.objects.filter(account__fund=fund, account__kind__in=(Kind.BANK, Kind.CASH))
    return dict(rows.values_list("account__restricted_to").annotate(sum=Sum("fen")).order_by("account__restricted_to"))


def payable(fund: Fund, purpose: str) -> tuple[int, int]:
    """What the bank account could pay now for a use: free to use, and given for it alone."""
    rows = Balance.objects.filter(account__fund=fund, account__kind=Kind.BANK, account__restricted_to__in=("", purpose))
    found = dict(rows.values_list("account__restricted_to", "fen"))
    return found.get("", 0), found.get(purpose, 0) if purpose else 0


def goods(fund: Fund) -> QuerySet[Goods]:
    return Goods.objects.filter(fund=fund).prefetch_related("moves").order_by("name", "pk")


def donations(actor: Actor) -> QuerySet[Donation]:
    """In order of date, and no other."""
    valid = Q(voucher=None) | ~Exists(Voucher.objects.filter(reverses=OuterRef("voucher")))
    rows = Donation.objects.filter(valid).select_related("fund__unit", "goods", "by", "donor", "voucher")
    return visible(actor, rows).order_by("-day", "-id")


def flows(fund: Fund) -> Iterable[Flow]:
    """The fund's money as a queue for where_gifts_went: gifts, other income, payments, repayments."""
    rows = (
        Posting.objects.filter(account__fund=fund, account__kind__in=(Kind.BANK, Kind.CASH), voucher__posted=True)
        .filter(voucher__reverses=None, voucher__reversed_by=None)
        .values("voucher", "voucher__day", "account__restricted_to")
        .annotate(sum=Sum("fen"), gift=F("voucher__donation"), use=F("voucher__payment__purpose"), kind=F("voucher__payment__kind"))
        .order_by("voucher__day", "voucher")
    )
    for row in rows:
        if row["sum"]:  # between bank and cash nothing is spent
            use = row["use"] or "银行手续费等"
            use = f"{use}（借款）" if row["kind"] == PaymentKind.LOAN else use
            yield Flow(row["sum"], row["account__restricted_to"], gift=row["gift"], use=use, day=row["voucher__day"])


def months(fund: Fund, *, today: date) -> list[int]:
    """Months with vouchers and the present one, newest first."""
    found = set(Voucher.objects.filter(fund=fund, posted=True).values_list("month", flat=True)) | {month_of(today)}
    return sorted(found, reverse=True)
