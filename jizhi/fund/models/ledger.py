"""The ledger. Amounts are whole fen, debit positive, credit negative.

What the database itself holds, by constraints here and triggers (protect.py): a voucher that counts (``posted``) adds
up to zero in every restriction, belongs to one fund and an open month, is numbered without a gap, and never changes again;
balances move by posting alone, and those of money, goods and loans never fall below zero.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from jizhi.org.models import Person, Unit
from jizhi.procedure.models import Case


class Fund(models.Model):
    """A village's fund with its dedicated bank account. Its row is locked first by every act that moves its money."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="fund", verbose_name="村")
    name = models.CharField("名称", max_length=60)
    bank = models.CharField("开户行", max_length=60)
    holder = models.CharField("户名", max_length=60)
    account_tail = models.CharField("账号末四位", max_length=4)  # no more of it is kept
    opened_on = models.DateField("设立日期")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def account_masked(self) -> str:
        return f"尾号{self.account_tail}"


class Kind(models.TextChoices):
    BANK = "bank", "银行存款"
    CASH = "cash", "库存现金"
    GOODS = "goods", "实物"
    LOAN = "loan", "借款"
    INCOME = "income", "收入"
    EXPENSE = "expense", "支出"
    OPENING = "opening", "期初结余"


BANK_FEES = "银行手续费"  # the one spending that no case decides


@dataclass(frozen=True)
class Plain:
    """What the accountant books without a case: from one account (kind, name) to another."""

    name: str
    debit: tuple[str, str]
    credit: tuple[str, str]


PLAIN = {
    "interest": Plain("利息收入", (Kind.BANK, ""), (Kind.INCOME, "利息收入")),
    "fees": Plain(BANK_FEES, (Kind.EXPENSE, BANK_FEES), (Kind.BANK, "")),
    "deposit": Plain("现金存入银行", (Kind.BANK, ""), (Kind.CASH, "")),
    "withdraw": Plain("从银行提取现金", (Kind.CASH, ""), (Kind.BANK, "")),
}

BOUNDED = (Kind.BANK, Kind.CASH, Kind.GOODS, Kind.LOAN)  # nobody can pay out what is not there


class Account(models.Model):
    """An account of a fund. Money that donors gave for one purpose only stands in accounts of its own (``restricted_to``)."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accounts")
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    name = models.CharField("科目", max_length=60)
    restricted_to = models.CharField("限定用途", max_length=40, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")  # a loan is a case's

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "kind", "name", "restricted_to", "case"], name="account_once", condition=~Q(case=None)),
            models.UniqueConstraint(fields=["fund", "kind", "name", "restricted_to"], name="account_named_once", condition=Q(case=None)),
            models.CheckConstraint(condition=Q(case=None) | Q(kind=Kind.LOAN), name="account_case_only_of_loans"),
            models.CheckConstraint(  # what is given for a purpose is spent on it
                condition=~Q(kind=Kind.EXPENSE) | Q(restricted_to="") | Q(name=F("restricted_to")),
                name="account_restricted_pays_its_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（限定{self.restricted_to}）" if self.restricted_to else self.name

    def get_absolute_url(self) -> str:
        return reverse("fund_account", args=[self.pk])

    @property
    def credit_side(self) -> bool:
        """Whether it is read with the sign turned: income and what was there at the beginning."""
        return self.kind in (Kind.INCOME, Kind.OPENING)


class Balance(models.Model):
    """What the posted entries of an account add up to; moved by the trigger that posts a voucher, and by nothing else."""

    account = models.OneToOneField(Account, models.PROTECT, related_name="balance")
    fen = models.BigIntegerField(default=0)
    bounded = models.BooleanField()
    voucher = models.ForeignKey("Voucher", models.PROTECT, null=True, related_name="+", db_index=False)  # the last that it counted

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(bounded=False) | Q(fen__gte=0), name="balance_not_negative")]


class VoucherKind(models.TextChoices):
    RECEIPT = "receipt", "收款"
    PAYMENT = "payment", "付款"
    TRANSFER = "transfer", "转账"
    OPENING = "opening", "期初"
    REVERSAL = "reversal", "红字冲销"


class Voucher(models.Model):
    """A voucher, numbered per fund and month. It counts once ``posted``, in the transaction that made it."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="vouchers")
    month = models.PositiveIntegerField("月份")  # 202603
    number = models.PositiveIntegerField("号")
    day = models.DateField("日期")
    kind = models.CharField("种类", max_length=8, choices=VoucherKind.choices)
    summary = models.CharField("摘要", max_length=120)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="冲销")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="制单")
    entered_on = models.DateField("录入日期")
    key = models.CharField(max_length=64, blank=True)
    posted = models.BooleanField(default=False)

    class Meta:
        ordering = ["-month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "month", "number"], name="voucher_numbered"),
            models.UniqueConstraint(fields=["fund", "key"], condition=~Q(key=""), name="voucher_submitted_once"),
        ]
        indexes = [models.Index(fields=["fund", "-day", "-id"], name="voucher_by_day")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("fund_voucher", args=[self.pk])

    @property
    def label(self) -> str:
        """2026年3月记字第12号"""
        return f"{self.month // 100}年{self.month % 100}月记字第{self.number}号"


class Posting(models.Model):
    """One line of a voucher: signed fen in one account."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings")
    fen = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(fen=0), name="posting_not_zero")]


class PaymentKind(models.TextChoices):
    GRANT = "grant", "发放"
    LOAN = "loan", "借出"
    REPAYMENT = "repayment", "还款"
    WRITE_OFF = "write_off", "核销"


class Payment(models.Model):
    """What a case paid or got back, with the voucher that did it. A reversed voucher takes it back."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="payments")
    case = models.ForeignKey(Case, models.PROTECT, related_name="payments")
    kind = models.CharField("种类", max_length=10, choices=PaymentKind.choices)
    voucher = models.OneToOneField(Voucher, models.PROTECT, related_name="payment")
    fen = models.PositiveBigIntegerField("金额")
    purpose = models.CharField("用途", max_length=40)
    payee = models.CharField("收款人", max_length=60)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    day = models.DateField("日期")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["fund", "-day"], name="payment_by_day")]


def month_of(day: date) -> int:
    """202603"""
    return day.year * 100 + day.month
