"""借出、到期、逾期: loans of cases that have not come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.fund.models import Account, Balance, Fund, Payment
from jizhi.fund.models.ledger import Kind, PaymentKind
from jizhi.procedure.models import Case

NEAR = 30  # days
STATES = (("", "全部未还"), ("run", "未到期"), ("soon", f"{NEAR} 天内到期"), ("late", "逾期"))


def _sum(rows: QuerySet[Payment] | QuerySet[Balance], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(sum=Sum("fen")).values("sum")), 0, output_field=IntegerField())


def _loans(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with what of their loan is left (``left_fen``), was lent and came back."""
    back = Payment.objects.filter(case=OuterRef("pk"), voucher__reversed_by=None, kind=PaymentKind.REPAYMENT)
    owing = rows.filter(pk__in=Account.objects.filter(kind=Kind.LOAN, balance__fen__gt=0).exclude(case=None).values("case"))
    return owing.annotate(
        left_fen=_sum(Balance.objects.filter(account__case=OuterRef("pk"), account__kind=Kind.LOAN), "account__case"),
        back_fen=_sum(back, "case"),
        lent_fen=F("left_fen") + F("back_fen"),  # also where it was lent before the ledger began
    )


def loans_of(fund: Fund) -> QuerySet[Case]:
    return _loans(Case.objects.filter(unit=fund.unit_id)).select_related("unit", "edition")


def loans(actor: Actor, *, state: str = "", fund: Fund | None = None, today: date) -> QuerySet[Case]:
    """Those whose fund the actor may read, by due date."""
    units = visible(actor, Fund.objects.all()).values("unit")
    rows = _loans(visible(actor, Case.objects.filter(unit__in=units)))
    if fund is not None:
        rows = rows.filter(unit=fund.unit_id)
    return rows.filter(in_state(state, today)).select_related("unit").order_by("falls_due", "id")


def in_state(state: str, today: date) -> Q:
    near = today + timedelta(days=NEAR)
    match state:
        case "late":
            return Q(due__lt=today)
        case "soon":
            return Q(due__gte=today, due__lte=near)
        case "run":
            return Q(due__gt=near) | Q(due=None)
    return Q(pk__isnull=False)


@dataclass(frozen=True)
class Village:
    """How much of a fund's loans is out, nearly due, overdue: (count, fen) each. ``old``: lent before the ledger began."""

    fund: Fund
    out: tuple[int, int]
    soon: tuple[int, int]
    late: tuple[int, int]
    old: tuple[int, int]


def villages(actor: Actor, *, today: date) -> list[Village]:
    """A row for every fund the actor may read."""
    funds = list(visible(actor, Fund.objects.select_related("unit")).order_by("unit__path"))
    sums: dict[int, dict[str, tuple[int, int]]] = {fund.unit_id: {} for fund in funds}
    for state in ("", "soon", "late"):
        rows = Balance.objects.filter(account__kind=Kind.LOAN, fen__gt=0, account__case__in=Case.objects.filter(in_state(state, today)))
        for unit, count, fen in _by_unit(rows.filter(account__fund__in=funds)):
            sums[unit][state] = count, fen
    old = Balance.objects.filter(account__kind=Kind.LOAN, fen__gt=0, account__case=None, account__fund__in=funds)
    for unit, count, fen in old.order_by().values_list("account__fund__unit").annotate(n=Count("pk"), sum=Sum("fen")):
        sums[unit]["old"] = count, fen
    none = (0, 0)
    return [
        Village(fund, *(sums[fund.unit_id].get(state, none) for state in ("", "soon", "late", "old")))  # type: ignore[arg-type]
        for fund in funds
    ]


def _by_unit(rows: QuerySet[Balance]) -> list[tuple[int, int, int]]:
    found = rows.order_by().values_list("account__fund__unit").annotate(n=Count("account__case", distinct=True), sum=Sum("fen"))
    return [(unit, count, fen) for unit, count, fen in found]
