"""The fund of a village as rows."""

from jizhi.fund.models.bank import BankLine, Closing, Explanation, Match, Reopening, Statement
from jizhi.fund.models.gifts import Donation, Goods, GoodsMove, Receipt, ReceiptVoid
from jizhi.fund.models.ledger import Account, Balance, Fund, Payment, Posting, Voucher

__all__ = [
    "Account",
    "Balance",
    "BankLine",
    "Closing",
    "Donation",
    "Explanation",
    "Fund",
    "Goods",
    "GoodsMove",
    "Match",
    "Payment",
    "Posting",
    "Receipt",
    "ReceiptVoid",
    "Reopening",
    "Statement",
    "Voucher",
]
