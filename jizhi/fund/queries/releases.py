"""What is published of a fund by quarter, worked out from the ledger and the cases as they stand now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, prefetch_related_objects

from jizhi.fund.cases import APPLICANT, category
from jizhi.fund.models import Account, Donation, Effect, Fund, Payment, Posting, Release, Voucher
from jizhi.fund.models.ledger import Kind, PaymentKind, VoucherKind
from jizhi.fund.models.releases import EffectKind, ReleaseKind
from jizhi.fund.periods import COLUMNS, EFFECTS, IN, OUT, Item, Quarter, accounts_table, differences, donor_row, quarters
from jizhi.fund.rules import plain_count
from jizhi.kernel.money import yuan
from jizhi.procedure.models import CaseParty

CASH = (Kind.BANK, Kind.CASH)


def accounts_snapshot(fund: Fund, quarter: Quarter, *, reason: str = "") -> dict[str, Any]:
    """Income by source, spending by use, donors as they chose; nobody who was helped is named."""
    rows = accounts_table(cash_before(fund, quarter.first), _items(fund, quarter), list(_donors(fund, quarter)))
    fields = [["基金", fund.name], ["期间", f"{quarter.words}（{quarter.span}）"]]
    fields += [["更正原因", reason]] if reason else []
    note = "本表由账本自动生成，只列货币资金；捐赠人按本人意愿公开。公布以后账目有变动的，在本页注明。"
    return {"fields": fields, "table": {"columns": COLUMNS, "rows": rows}, "note": note}


def cash_before(fund: Fund, day: date) -> int:
    """Bank and cash at the end of the day before."""
    rows = Posting.objects.filter(account__fund=fund, account__kind__in=CASH, voucher__posted=True, voucher__day__lt=day)
    return int(rows.aggregate(sum=Sum("fen"))["sum"] or 0)


def _items(fund: Fund, quarter: Quarter) -> Iterator[Item]:
    within = {"fund": fund, "posted": True, "day__gte": quarter.first, "day__lte": quarter.last}
    rows = Voucher.objects.filter(**within).annotate(cash=Sum("postings__fen", filter=Q(postings__account__kind__in=CASH)))
    related = [f"{way}{name}" for way in ("", "reverses__") for name in ("donation", "payment__case__edition")]
    texts = [f"{way}payment__case__edition__text" for way in ("", "reverses__")]  # parsed once per process
    for voucher in rows.select_related("reverses", *related).defer(*texts).order_by("pk"):
        if voucher.cash:
            origin = voucher.reverses or voucher
            side, head = _head(origin)
            yield Item(side, head, voucher.cash if side == IN else -voucher.cash, -1 if voucher.reverses_id else 1)


def _head(voucher: Voucher) -> tuple[str, str]:
    """On which side a voucher stands, and under which head."""
    if payment := getattr(voucher, "payment", None):
        if payment.kind == PaymentKind.REPAYMENT:
            return IN, "借款收回"
        use = category(payment.case, payment.purpose)
        return OUT, f"{use}（借款）" if payment.kind == PaymentKind.LOAN else use
    if gift := getattr(voucher, "donation", None):
        return IN, f"{gift.get_source_display()}捐赠"
    if voucher.kind == VoucherKind.OPENING:
        return IN, "建账时转入"
    counter = Account.objects.filter(postings__voucher=voucher).exclude(kind__in=CASH).order_by("pk").first()
    if counter is None:
        return IN, "其他"
    return (OUT if counter.kind == Kind.EXPENSE else IN), counter.name


def _donors(fund: Fund, quarter: Quarter) -> Iterator[tuple[str, str]]:
    valid = Q(voucher=None) | ~Exists(Voucher.objects.filter(reverses=OuterRef("voucher")))
    rows = Donation.objects.filter(valid, fund=fund, day__gte=quarter.first, day__lte=quarter.last).order_by("day", "pk")
    for gift in rows:
        if row := donor_row(gift.name, gift.fen, gift.disclosure):
            yield row


@dataclass(frozen=True)
class Sheet:
    """The effect sheet of a village from the beginning of a year to a day, from records."""

    fund: Fund
    since: date
    until: date
    payments: list[Payment]
    records: list[Effect]

    @property
    def by_use(self) -> list[tuple[str, int, int]]:
        """(category, how many, fen), the largest first."""
        sums: dict[str, list[int]] = {}
        for payment in self.payments:
            found = sums.setdefault(category(payment.case, payment.purpose), [0, 0])
            found[0] += 1
            found[1] += payment.fen
        return sorted(((use, count, fen) for use, (count, fen) in sums.items()), key=lambda row: (-row[2], row[0]))

    @property
    def households(self) -> int:
        """Of the applicants: who only carries out a work of the village is not helped by it."""
        parties = CaseParty.objects.filter(case__in=[payment.case_id for payment in self.payments], name=APPLICANT)
        return parties.exclude(person__household=None).values("person__household").distinct().count()

    def of(self, kind: str) -> list[Effect]:
        return [one for one in self.records if one.kind == kind]

    @property
    def owners(self) -> int:
        return len(self.of(EffectKind.OWNER))

    @property
    def mu(self) -> Decimal:
        return sum((one.mu or Decimal(0) for one in self.of(EffectKind.OWNER)), Decimal(0))

    @property
    def trainings(self) -> int:
        return len(self.of(EffectKind.TRAINING))

    @property
    def trained(self) -> int:
        return sum(one.people or 0 for one in self.of(EffectKind.TRAINING))

    @property
    def works(self) -> int:
        return len(self.of(EffectKind.WORK))

    @property
    def paid(self) -> int:
        return sum(payment.fen for payment in self.payments)

    @property
    def rows(self) -> list[list[str]]:
        """As they are published."""
        found = [["帮扶户数", f"{self.households} 户"], ["帮扶金额", f"{yuan(self.paid)} 元"]]
        found += [[use, f"{count} 笔，{yuan(fen)} 元"] for use, count, fen in self.by_use]
        found += [["引进业主", f"{self.owners} 位，发展面积 {plain_count(self.mu)} 亩"]]
        return [*found, ["技能培训", f"{self.trainings} 期，{self.trained} 人次"], ["公益设施", f"{self.works} 处"]]


def effect_sheet(fund: Fund, *, since: date, until: date) -> Sheet:
    paid = Payment.objects.filter(fund=fund, voucher__reversed_by=None, day__gte=since, day__lte=until)
    payments = (
        paid.filter(kind__in=(PaymentKind.GRANT, PaymentKind.LOAN))
        .select_related("case__edition", "voucher")
        .defer("case__edition__text")
        .order_by("-day", "-pk")
    )
    records = Effect.objects.filter(fund=fund, struck_on=None, day__gte=since, day__lte=until).select_related("case", "by")
    return Sheet(fund, since, until, list(payments), list(records))


def effect_snapshot(fund: Fund, quarter: Quarter, *, reason: str = "") -> dict[str, Any]:
    sheet = effect_sheet(fund, since=date(quarter.year, 1, 1), until=quarter.last)
    fields = [["基金", fund.name], ["期间", f"{quarter.year}年1月1日至{quarter.last.month}月{quarter.last.day}日"]]
    fields += [["更正原因", reason]] if reason else []
    note = "户数、金额来自账本，引进业主、培训、设施来自村里的登记和佐证。公布以后记录有变动的，在本页注明。"
    return {"fields": fields, "table": {"columns": EFFECTS, "rows": sheet.rows}, "note": note}


def releases(fund: Fund) -> QuerySet[Release]:
    return Release.objects.filter(fund=fund).select_related("publication", "by").order_by("-year", "-quarter", "kind", "-round")


def latest_release(fund: Fund, kind: str, quarter: Quarter) -> Release | None:
    rows = Release.objects.filter(fund=fund, kind=kind, year=quarter.year, quarter=quarter.number)
    return rows.select_related("publication").order_by("-round").first()


def newest_releases(fund: Fund, *, since: Quarter | None = None) -> list[Release]:
    """The last round of each kind and quarter, from a quarter on: what was published there counts what is older too."""
    rows = Release.objects.filter(fund=fund).order_by("year", "quarter", "kind", "round")
    if since is not None:
        rows = rows.filter(Q(year=since.year, quarter__gte=since.number) | Q(year__gt=since.year))
    found = list({(one.year, one.quarter, one.kind): one for one in rows}.values())
    prefetch_related_objects(found, "publication")  # asked at every posting, mostly for nothing: the wide rows come apart
    return found


def snapshot(fund: Fund, kind: str, quarter: Quarter, *, reason: str = "") -> dict[str, Any]:
    """What would be published of the quarter now."""
    return (accounts_snapshot if kind == ReleaseKind.ACCOUNTS else effect_snapshot)(fund, quarter, reason=reason)


def difference(release: Release, fund: Fund) -> list[str]:
    """Where the published figures no longer agree with the books and records; nothing for what was taken down."""
    table = release.publication.snapshot.get("table")
    if table is None:
        return []
    return differences(table["rows"], snapshot(fund, release.kind, Quarter(release.year, release.quarter))["table"]["rows"])


def quarters_over(fund: Fund, *, today: date) -> list[Quarter]:
    """Every quarter of the fund's ledger that is over, oldest first."""
    first = Voucher.objects.filter(fund=fund, posted=True).order_by("day").values_list("day", flat=True).first()
    return list(quarters(first or fund.opened_on, today))
