"""Numbers of the fund that regulations may ask for."""

from __future__ import annotations

from decimal import Decimal

from jizhi.fund.queries import outstanding
from jizhi.procedure.figures import Figure
from jizhi.procedure.models import Case


def balance(case: Case) -> Decimal:
    """What of the case's loan has not come back, in yuan."""
    return Decimal(outstanding(case)) / 100


FIGURES: tuple[Figure, ...] = (Figure("基金.余额", balance, "本案借款还没有还的金额（元）"),)
