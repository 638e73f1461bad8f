"""The chart of a fund's accounts, which grows as it is needed."""

from __future__ import annotations

from jizhi.fund.models import Account, Balance, Fund
from jizhi.fund.models.ledger import BOUNDED, Kind
from jizhi.procedure.models import Case


def account_of(fund: Fund, kind: str, name: str = "", *, restricted_to: str = "", case: Case | None = None) -> Account:
    """The account, made when it is first needed. The fund is locked."""
    name = (name or str(Kind(kind).label))[:60]
    account, made = Account.objects.get_or_create(fund=fund, kind=kind, name=name, restricted_to=restricted_to, case=case)
    if made:
        Balance.objects.create(account=account, bounded=kind in BOUNDED)
    return account


def balance_of(account: Account) -> int:
    return Balance.objects.get(account=account).fen
