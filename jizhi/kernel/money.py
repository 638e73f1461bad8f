"""Money: whole fen in, words and figures out. No float ever holds an amount."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import cn2an

MOST = 10**14  # fen: a trillion yuan, which only a slip of the finger reaches
FIGURE = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fen>\d*))?")


class NotMoney(ValueError):  # noqa: N818  an answer for whoever typed it
    """The text is no amount of money; the message says why, in Chinese."""


def yuan(fen: int) -> str:
    """123405 → 1,234.05"""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """123405 → 1234.05, for files that programs read."""
    return yuan(fen).replace(",", "")


def in_yuan(fen: int) -> Decimal:
    """123405 → 1234.05, a number for tables that people add up."""
    return Decimal(fen).scaleb(-2)


def capitals(fen: int) -> str:
    """123405 → 壹仟贰佰叁拾肆元零伍分, as receipts and vouchers write it; a negative amount begins with 负.

    cn2an leaves out 整 after 角, and the 零 of an empty 万 (壹亿零壹仟元): both are put in here.
    """
    if fen < 0:
        return f"负{capitals(-fen)}"
    text = str(cn2an.an2cn(plain_yuan(fen), "rmb"))
    if fen >= 10**10 and 0 < fen // 100 % 10**8 < 10**7:
        text = re.sub("亿零?", "亿零", text)
    return f"{text}整" if text.endswith("角") else text


def fen_of(text: str, *, negative: bool = False, zero: bool = False) -> int:
    """Fen of an amount as people type it: 1234.5, 1,234.50, ￥1234.5元, full-width digits. Raises NotMoney with what is wrong."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("人民币").strip("¥元 ").replace(" ", "")
    if not plain:
        raise NotMoney("还没有填金额")
    if "万" in plain:
        raise NotMoney("金额请以元为单位写成数字，3万写成 30000")
    found = FIGURE.fullmatch(plain)
    if found is None:
        raise NotMoney(f"“{text.strip()[:20]}”不是金额，请写成 1234.05 这样的数字")
    decimals = found["fen"] or ""
    if len(decimals) > 2 and decimals[2:].strip("0"):
        raise NotMoney("金额最多到分，小数点后只能有两位")
    whole = found["whole"].replace(",", "")
    fen = int(whole[:20]) * 100 + int(decimals[:2].ljust(2, "0"))
    if len(whole) > 20 or fen > MOST:
        raise NotMoney("金额太大，请核对位数")
    if found["sign"] == "-" and fen and not negative:
        raise NotMoney("金额不能是负数")
    if not fen and not zero:
        raise NotMoney("金额要大于 0")
    return -fen if found["sign"] == "-" else fen
