"""The chart of a fund's accounts, which grows as it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jizhi.fund.models import Account, Balance, Fund
from jizhi.fund.models.ledger import BOUNDED, Kind
from jizhi.procedure.models import Case


@dataclass(frozen=True)
class Head:
    """What an account is found by. Without a name it bears that of its kind."""

    kind: str
    name: str = ""
    restricted_to: str = ""
    case: Case | None = None

    @property
    def key(self) -> tuple[str, str, str, int | None]:
        return str(self.kind), (self.name or str(Kind(self.kind).label))[:60], self.restricted_to, self.case.pk if self.case else None


def account_of(fund: Fund, kind: str, name: str = "", *, restricted_to: str = "", case: Case | None = None) -> Account:
    """The account, made when it is first needed. The fund is locked."""
    return accounts_of(fund, [Head(kind, name, restricted_to, case)])[0]


def accounts_of(fund: Fund, heads: Sequence[Head]) -> list[Account]:
    """The same for several, from one query."""
    kinds, names, pots, _ = (set(column) for column in zip(*(head.key for head in heads), strict=True)) if heads else ((),) * 4
    rows = Account.objects.filter(fund=fund, kind__in=kinds, name__in=names, restricted_to__in=pots).order_by()
    found = {(one.kind, one.name, one.restricted_to, one.case_id): one for one in rows}
    for head in heads:
        if head.key not in found:
            found[head.key] = _opened(fund, head)
    return [found[head.key] for head in heads]


def _opened(fund: Fund, head: Head) -> Account:
    kind, name, restricted_to, _ = head.key
    account = Account.objects.create(fund=fund, kind=kind, name=name, restricted_to=restricted_to, case=head.case)
    Balance.objects.create(account=account, bounded=kind in BOUNDED)
    return account


def balance_of(account: Account) -> int:
    return Balance.objects.get(account=account).fen
