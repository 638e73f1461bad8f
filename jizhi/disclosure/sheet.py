"""What is printed for those without a smartphone: the notice as it hangs on the board, and blank forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jizhi.disclosure.models import Desk
from jizhi.disclosure.rules import WEEKDAYS
from jizhi.documents import typeset
from jizhi.documents.qr import qr
from jizhi.org.models import Unit
from jizhi.papers.models import Publication

HERE = Path(__file__).parent / "typst"


def code_of(address: str) -> str:
    """The address as a QR code of no size of its own: for the page and for paper."""
    return qr(address, omitsize=True, dark="#1b2228", svgclass=None, lineclass=None)


def pdf(name: str, data: Mapping[str, Any], *, address: str) -> bytes:
    """One of the sheets in ``typst/`` as A4 PDF."""
    return typeset.pdf(HERE / f"{name}.typ", data, pictures={"qr": code_of(address)})


def of_notice(one: Publication, desk: Desk | None) -> dict[str, Any]:
    """A publication as the sheets in ``typst/`` want it."""
    return {
        "title": one.title,
        "kind": one.kind,
        "fields": one.snapshot.get("fields", []),
        "table": one.snapshot.get("table"),
        "note": one.snapshot.get("note", ""),
        "posted": _day(one.posted_on),
        "until": f"{_day(one.until)}（星期{WEEKDAYS[one.until.weekday()]}）24:00" if one.until else "",
        "objection": one.open_to_objection,
        "digest": one.digest,
        **of_place(one.unit, desk),
    }


def of_place(unit: Unit, desk: Desk | None) -> dict[str, Any]:
    return {"unit": unit.name, "desk": in_words(desk)}


def in_words(desk: Desk | None) -> str:
    return f"{desk.receiver}，电话 {desk.phone}，{desk.place}，{desk.hours}" if desk else ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
