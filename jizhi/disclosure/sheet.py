"""What is printed for those without a smartphone: the notice as it hangs on the board, and blank forms."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from pylopdf_fonts_zh_cn import __file__ as fonts

from jizhi.disclosure.models import Desk
from jizhi.disclosure.rules import WEEKDAYS
from jizhi.org.models import Unit
from jizhi.papers.models import Publication

HERE = Path(__file__).parent / "typst"
FONTS = typst.Fonts(include_system_fonts=False, font_paths=[str(Path(fonts).parent)])


def qr(address: str) -> bytes:
    """The address as SVG, without declaration: for the page and for paper."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=2, omitsize=True, dark="#1b2228", svgclass=None, lineclass=None
    )
    return out.getvalue()


def pdf(name: str, data: Mapping[str, Any], *, address: str) -> bytes:
    """One of the sheets in ``typst/`` as A4 PDF. Data goes in as JSON, so nothing in it is read as markup."""
    inputs = {"data": json.dumps(data, ensure_ascii=False), "qr": qr(address).decode()}
    content: bytes = typst.compile(_source(name), font_paths=FONTS, sys_inputs=inputs, format="pdf")
    return content


@cache
def _source(name: str) -> bytes:
    return (HERE / f"{name}.typ").read_bytes()


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
    return {"unit": unit.name, "desk": f"{desk.receiver}，电话 {desk.phone}，{desk.place}，{desk.hours}" if desk else ""}


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
