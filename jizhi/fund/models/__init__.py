"""The fund of a village as rows."""

from jizhi.fund.models.bank import BankLine, Closing, Explanation, Match, Reopening, Statement
from jizhi.fund.models.gifts import Donation, Goods, GoodsMove, Receipt, ReceiptVoid
from jizhi.fund.models.ledger import Account, Balance, Fund, Payment, Posting, Voucher
from jizhi.fund.models.releases import Effect, Release, Reward

__all__ = [
    "Account",
    "Balance",
    "BankLine",
    "Closing",
    "Donation",
    "Effect",
    "Explanation",
    "Fund",
    "Goods",
    "GoodsMove",
    "Match",
    "Payment",
    "Posting",
    "Receipt",
    "ReceiptVoid",
    "Release",
    "Reopening",
    "Reward",
    "Statement",
    "Voucher",
]
