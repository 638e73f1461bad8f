"""The accountant's month: bank statements, what they match, and months that are closed."""

from django.db import models
from django.db.models import Q

from jizhi.fund.models.ledger import Fund, Voucher
from jizhi.org.models import Person


class Statement(models.Model):
    """A bank statement as it was handed in, one file."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="statements")
    name = models.CharField("文件", max_length=120)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField("导入日期")

    class Meta:
        ordering = ["-pk"]


class BankLine(models.Model):
    """One line of a statement. ``mark`` tells equal lines of one day apart, so that a file read twice adds nothing."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="bank_lines")
    day = models.DateField("日期")
    fen = models.BigIntegerField("金额")  # in positive, out negative
    other = models.CharField("对方户名", max_length=60, blank=True)
    memo = models.CharField("摘要", max_length=120, blank=True)
    mark = models.CharField(max_length=64)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "mark"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(fen=0), name="bank_line_not_zero"),
        ]


class Match(models.Model):
    """A bank line and the voucher that is the same money."""

    line = models.OneToOneField(BankLine, models.PROTECT, related_name="match")
    voucher = models.OneToOneField(Voucher, models.PROTECT, related_name="match")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField("对账日期")


class Explanation(models.Model):
    """Why a bank line or a voucher has no counterpart (未达账项)."""

    line = models.OneToOneField(BankLine, models.PROTECT, null=True, related_name="explanation")
    voucher = models.OneToOneField(Voucher, models.PROTECT, null=True, related_name="explanation")
    text = models.CharField("说明", max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField("日期")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(line=None) ^ Q(voucher=None), name="explanation_of_one")]


class Closing(models.Model):
    """A month closed: nothing is posted in it or before it unless it is reopened. ``totals`` is the trial balance then."""

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="closings")
    month = models.PositiveIntegerField("月份")
    round = models.PositiveSmallIntegerField("次", default=1)  # closed again after a reopening
    totals = models.JSONField(default=list)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField("结账日期")

    class Meta:
        ordering = ["-month", "-round"]
        constraints = [models.UniqueConstraint(fields=["fund", "month", "round"], name="month_closed_once")]

    @property
    def label(self) -> str:
        return f"{self.month // 100}年{self.month % 100}月"


class Reopening(models.Model):
    """Somebody other than who closed the month opened it again, and says why."""

    closing = models.OneToOneField(Closing, models.PROTECT, related_name="reopening")
    reason = models.CharField("重开原因", max_length=200)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    day = models.DateField("重开日期")
