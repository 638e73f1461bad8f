"""The acts of the fund. ``post`` in ledger.py is the only way money moves."""

from jizhi.fund.actions.due import do_due
from jizhi.fund.actions.gifts import Gift, give_goods, record_donation, void_receipt
from jizhi.fund.actions.ledger import Line, book_plain, open_fund, post_voucher, reverse_voucher
from jizhi.fund.actions.months import close_month, explain_item, import_statement, match_lines, reopen_month, unmatch_line
from jizhi.fund.actions.opening import import_opening, track_loans
from jizhi.fund.actions.payments import pay, repay, write_off
from jizhi.fund.actions.releases import correct_release, publish_quarter
from jizhi.fund.actions.results import Came, record_effect, strike_effect

__all__ = [
    "Came",
    "Gift",
    "Line",
    "book_plain",
    "close_month",
    "correct_release",
    "do_due",
    "explain_item",
    "give_goods",
    "import_opening",
    "import_statement",
    "match_lines",
    "open_fund",
    "pay",
    "post_voucher",
    "publish_quarter",
    "record_donation",
    "record_effect",
    "reopen_month",
    "repay",
    "reverse_voucher",
    "strike_effect",
    "track_loans",
    "unmatch_line",
    "void_receipt",
    "write_off",
]
