"""Donations, their receipts, and goods that are kept by quantity."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from jizhi.fund.models.ledger import Fund, Voucher
from jizhi.org.models import Person
from jizhi.papers.models import Paper, Publication


class Source(models.TextChoices):
    """Where gifts come from: the three the seed names. It says nothing about who should give."""

    CADRE = "cadre", "包村干部"
    VILLAGER = "villager", "本村群众"
    FRIEND = "friend", "外出乡友"
    OTHER = "other", "其他"


class Disclosure(models.TextChoices):
    """What the donor lets be published."""

    BOTH = "both", "姓名和金额"
    NAME = "name", "只公开姓名"
    AMOUNT = "amount", "只公开金额"
    NOTHING = "nothing", "都不公开"


class Goods(models.Model):
    """A kind of goods in a fund's store, by quantity. Its money value, where known, is in the ledger."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="goods")
    name = models.CharField("品名", max_length=40)
    measure = models.CharField("计量单位", max_length=10)
    restricted_to = models.CharField("限定用途", max_length=40, blank=True)
    quantity = models.DecimalField("结存数量", max_digits=12, decimal_places=2, default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "name", "measure", "restricted_to"], name="goods_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="goods_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（限定{self.restricted_to}）" if self.restricted_to else self.name


class Donation(models.Model):
    """A gift, of any amount. There is no target to compare it with, by construction."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="donations")
    donor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="donations")  # where he has a log-in here
    name = models.CharField("捐赠人", max_length=60, blank=True)  # empty: anonymous
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    fen = models.PositiveBigIntegerField("金额", null=True)  # None: goods without a value
    goods = models.ForeignKey(Goods, models.PROTECT, null=True, blank=True, related_name="donations")
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True)
    channel = models.CharField("方式", max_length=5, choices=[("bank", "转账"), ("cash", "现金"), ("goods", "实物")])
    restricted_to = models.CharField("限定用途", max_length=40, blank=True)
    disclosure = models.CharField("可以公开", max_length=8, choices=Disclosure.choices, default=Disclosure.NOTHING)
    voucher = models.OneToOneField(Voucher, models.PROTECT, null=True, related_name="donation")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="经手人")
    day = models.DateField("日期")
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], condition=~Q(key=""), name="donation_submitted_once"),
            models.CheckConstraint(condition=Q(fen=None) | Q(fen__gt=0), name="donation_positive"),
            models.CheckConstraint(condition=~Q(fen=None) | Q(channel="goods"), name="donation_of_money_has_amount"),
        ]
        indexes = [models.Index(fields=["fund", "-day", "-id"], name="donation_by_day")]

    def __str__(self) -> str:
        return f"{self.donor_name}捐赠"

    def get_absolute_url(self) -> str:
        return reverse("fund_donation", args=[self.pk])

    @property
    def donor_name(self) -> str:
        return self.name or "匿名"


class GoodsMove(models.Model):
    """Goods in (positive) and out (negative)."""

    goods = models.ForeignKey(Goods, models.PROTECT, related_name="moves")
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2)
    donation = models.OneToOneField(Donation, models.PROTECT, null=True, related_name="move")
    voucher = models.OneToOneField(Voucher, models.PROTECT, null=True, related_name="+")
    to = models.CharField("领用人", max_length=60, blank=True)
    purpose = models.CharField("用途", max_length=40, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField("日期")
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="goods_move_not_zero"),
            models.UniqueConstraint(fields=["goods", "key"], condition=~Q(key=""), name="goods_move_submitted_once"),
        ]


class Receipt(models.Model):
    """A receipt: the numbered paper, and the publication by which anyone checks it."""

    donation = models.ForeignKey(Donation, models.PROTECT, related_name="receipts")
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="receipt")
    publication = models.OneToOneField(Publication, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.paper.label


class ReceiptVoid(models.Model):
    """A voided receipt keeps its number."""

    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="void")
    reason = models.CharField("作废原因", max_length=120)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField("作废日期")
