"""Gifts, their receipts and the store."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from jizhi.access.actor import Actor
from jizhi.access.gate import visible
from jizhi.fund.models import Donation, Fund, Goods, Receipt
from jizhi.fund.queries.ledger import donations, flows
from jizhi.fund.rules import Spent, where_gifts_went

__all__ = ["donation_of", "donations", "goods_of", "my_gifts", "receipts"]


def donation_of(actor: Actor, pk: int) -> Donation:
    rows = Donation.objects.select_related("fund__unit", "goods", "by", "donor", "voucher")
    found = visible(actor, rows).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def receipts(actor: Actor) -> QuerySet[Receipt]:
    return visible(actor, Receipt.objects.select_related("paper__unit", "publication", "donation__fund", "void"))


def goods_of(fund: Fund) -> QuerySet[Goods]:
    return Goods.objects.filter(fund=fund).prefetch_related("moves__donation").order_by("name", "pk")


def my_gifts(actor: Actor) -> list[tuple[Donation, Spent]]:
    """The person's own gifts, newest first, each with its share of what was paid."""
    gifts = list(donations(actor).filter(donor=actor.person)) if actor.person else []
    went: dict[int, Spent] = {}
    for fund in {gift.fund for gift in gifts}:
        went |= where_gifts_went(flows(fund))
    return [(gift, went.get(gift.pk, Spent())) for gift in gifts]
