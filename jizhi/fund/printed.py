"""The fund's printed papers: receipt and voucher as PDF."""

from __future__ import annotations

from pathlib import Path

from jizhi.documents.qr import qr
from jizhi.documents.typeset import pdf
from jizhi.fund.models import Payment, Receipt, Voucher
from jizhi.fund.queries.ledger import rows_of
from jizhi.kernel.money import capitals, yuan

TEMPLATES = Path(__file__).parent / "typst"


def receipt_pdf(receipt: Receipt, *, check: str) -> bytes:
    """As it was issued; ``check`` is the address where anyone can look it up."""
    void = getattr(receipt, "void", None)
    data = {**receipt.paper.snapshot, "number": str(receipt), "check": check, "void": void.reason if void else ""}
    return pdf(TEMPLATES / "receipt.typ", data, pictures={"qr": qr(check, scale=4, border=1)})


def voucher_pdf(voucher: Voucher) -> bytes:
    rows = rows_of(voucher)
    total = sum(row.debit or 0 for row in rows)
    reversal = getattr(voucher, "reversed_by", None)
    data = {
        "fund": voucher.fund.name,
        "number": voucher.label,
        "day": f"{voucher.day.year}年{voucher.day.month}月{voucher.day.day}日",
        "kind": voucher.get_kind_display(),
        "summary": voucher.summary,
        "rows": [{"account": str(row.account), "debit": _cell(row.debit), "credit": _cell(row.credit)} for row in rows],
        "debit": yuan(total),
        "credit": yuan(total),
        "capitals": capitals(total),
        "by": voucher.by.name if voucher.by else "系统",
        "note": f"本凭证已由{reversal.label}红字冲销" if reversal else "",
    }
    return pdf(TEMPLATES / "voucher.typ", data)


def _cell(fen: int | None) -> str:
    return "" if fen is None else yuan(fen)


def slip_pdf(payment: Payment) -> bytes:
    """领款收条, to be signed by hand."""
    data = {
        "fund": payment.fund.name,
        "case": payment.case.number or payment.case.title,
        "payee": payment.payee,
        "purpose": payment.purpose,
        "kind": payment.get_kind_display(),
        "amount": yuan(payment.fen),
        "capitals": capitals(payment.fen),
        "day": f"{payment.day.year}年{payment.day.month}月{payment.day.day}日",
        "voucher": payment.voucher.label,
    }
    return pdf(TEMPLATES / "slip.typ", data)
