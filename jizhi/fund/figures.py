"""Numbers of the fund that regulations may ask for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.urls import reverse

from jizhi.access.actor import Actor
from jizhi.access.gate import may
from jizhi.fund.cases import APPLICANT, category
from jizhi.fund.models import Fund, Payment
from jizhi.fund.models.ledger import PaymentKind
from jizhi.fund.models.releases import EffectKind, ReleaseKind
from jizhi.fund.queries import outstanding
from jizhi.fund.queries.releases import Sheet, effect_sheet, releases
from jizhi.papers.rules import masked_name
from jizhi.procedure.figures import Figure, Listed
from jizhi.procedure.many import period_of
from jizhi.procedure.models import Case, CaseParty


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


def _effects(case: Case) -> Sheet | None:
    """The effect sheet of the fund of the case's unit, for the year that the case is about; None where there is no fund."""
    fund = Fund.objects.filter(unit=case.unit_id).first()
    year = _year(case)
    return effect_sheet(fund, since=date(year, 1, 1), until=date(year, 12, 31)) if fund else None


def _year(case: Case) -> int:
    found = re.search(r"\d{4}", period_of(case))
    return int(found[0]) if found else case.began_on.year


def _seen_at(anchor: str) -> Callable[[Case, Actor], str]:
    def where(case: Case, actor: Actor) -> str:
        """The effect sheet with its records, for whom it is open; for others what was last published of it."""
        fund, year = Fund.objects.get(unit=case.unit_id), _year(case)
        if may(actor, "fund.read_effect", case.unit):
            return f"{reverse('fund_effects', args=[fund.pk])}?year={year}#{anchor}"
        shown = releases(fund).filter(kind=ReleaseKind.EFFECT, year=year).first()
        return reverse("public_notice", args=[shown.publication.public_id]) if shown else ""

    return where


def _households(case: Case) -> Listed:
    """One row for each household, as a notice names it: the first of its applicants masked, uses as categories, no amounts."""
    sheet = _effects(case)
    paid = {payment.case_id: payment for payment in sheet.payments} if sheet else {}
    parties = CaseParty.objects.filter(case__in=paid, name=APPLICANT).exclude(person__household=None)
    found: dict[int, tuple[str, list[Payment]]] = {}
    for party in parties.select_related("person").order_by("pk"):
        assert party.person is not None  # its household was asked for
        _, payments = found.setdefault(party.person.household_id or 0, (masked_name(party.person.name), []))
        payments.append(paid[party.case_id])
    rows = []
    for name, payments in found.values():
        uses = "、".join(sorted({category(one.case, one.purpose) for one in payments}))
        rows.append((name, uses, max(one.day for one in payments).isoformat()))
    return Listed(("户（隐去一部分）", "用途", "最近一次发放"), tuple(sorted(rows, key=lambda row: row[2], reverse=True)))


def _recorded(kind: str) -> Callable[[Case], Listed]:
    def of(case: Case) -> Listed:
        """An owner may be a person, and is masked like one; a training and a work are named as they were recorded."""
        sheet = _effects(case)
        hidden = kind == EffectKind.OWNER
        rows = [
            (
                masked_name(one.name) if hidden else one.name,
                f"{one.mu.normalize():f}" if one.mu else "",
                str(one.people or ""),
                f"{one.day}",
            )
            for one in (sheet.of(kind) if sheet else ())
        ]
        return Listed(("名称（隐去一部分）" if hidden else "名称", "面积（亩）", "人次", "日期"), tuple(rows))

    return of


def _counted(name: str, of: Callable[[Sheet], Decimal | int], about: str, anchor: str) -> Figure:
    def count(case: Case) -> Decimal | None:
        sheet = _effects(case)
        return None if sheet is None else Decimal(of(sheet))

    return Figure(name, count, about, _seen_at(anchor), _households if anchor == "helped" else _recorded(anchor))


FIGURES: tuple[Figure, ...] = (
    Figure("基金.余额", balance, "本案借款还没有还的金额（元）"),
    Figure("基金.本户奖励次数", rewards_of_household, "这一户按同一程序已经领过几次"),
    _counted("基金.受助户数", lambda sheet: sheet.households, "本村这一年受到帮扶的户数", "helped"),
    _counted("基金.培训人次", lambda sheet: sheet.trained, "本村这一年技能培训的人次", "training"),
    _counted("基金.引进业主", lambda sheet: sheet.owners, "本村这一年引进的业主数", "owner"),
    _counted("基金.发展面积", lambda sheet: sheet.mu, "本村这一年引进业主发展的面积（亩）", "owner"),
    _counted("基金.公益设施", lambda sheet: sheet.works, "本村这一年建成的公益设施处数", "work"),
)
