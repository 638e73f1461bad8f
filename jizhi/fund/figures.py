"""Numbers of the fund that regulations may ask for."""

from __future__ import annotations

from decimal import Decimal

from jizhi.fund.models import Payment
from jizhi.fund.models.ledger import PaymentKind
from jizhi.fund.queries import outstanding
from jizhi.procedure.figures import Figure
from jizhi.procedure.models import Case


def balance(case: Case) -> Decimal:
    """What of the case's loan has not come back, in yuan."""
    return Decimal(outstanding(case)) / 100


def rewards_of_household(case: Case) -> Decimal:
    """How often the household of the case's people was paid under this very procedure, reversed payments aside."""
    households = case.party_rows.exclude(person__household=None).values("person__household")
    paid = Payment.objects.filter(
        kind=PaymentKind.GRANT,
        voucher__reversed_by=None,
        case__procedure=case.procedure,
        case__edition__code=case.edition.code,
        case__party_rows__person__household__in=households,
    )
    return Decimal(paid.values("pk").distinct().count())


FIGURES: tuple[Figure, ...] = (
    Figure("基金.余额", balance, "本案借款还没有还的金额（元）"),
    Figure("基金.本户奖励次数", rewards_of_household, "这一户按同一程序已经领过几次"),
)
