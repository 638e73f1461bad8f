"""Slips as a PDF by Typst, ten a page with their QR codes; QR codes for pages."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path

import pylopdf_fonts_zh_cn
import segno
import typst
from django.urls import reverse

from jizhi.polling.models import Poll
from jizhi.polling.rules import code_shown

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(paper: "a4", margin: 12mm)
#set text(font: "Noto Sans SC", size: 9.5pt, lang: "zh", region: "cn")
#grid(
  columns: (1fr, 1fr), rows: 54mm,
  stroke: (paint: luma(150), thickness: 0.4pt, dash: "dashed"),
  ..data.slips.map(slip => block(inset: 4mm, width: 100%, height: 100%, grid(
    columns: (32mm, 1fr), column-gutter: 4mm,
    image(bytes(slip.qr), format: "svg", width: 32mm),
    {
      text(size: 11pt, weight: "bold", data.title)
      linebreak()
      if slip.group != "" [组别：#slip.group #linebreak()]
      v(1mm)
      text(size: 12pt, font: "Noto Sans SC", slip.code)
      v(1mm)
      [扫码填写；没有扫码的，打开 #data.address 填上面的编码。]
      linebreak()
      [只能用一次，不记名，编码不对应姓名。不方便用手机的，把这张凭条交回，换纸质票。]
    },
  )))
)
"""


def slips_pdf(poll: Poll, slips: Iterable[tuple[str, str]], *, site: str) -> bytes:
    """``slips`` are (group, code) in the order in which they are printed; ``site`` ends with a slash."""
    site = site.rstrip("/")
    rows = [{"group": group, "code": code_shown(code), "qr": _svg(site + reverse("ballot", args=[code]))} for group, code in slips]
    address = (site + reverse("ballot_code")).split("://")[-1]
    data = {"title": poll.title, "address": address, "slips": rows}
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    found = typst.compile(TEMPLATE.encode(), format="pdf", font_paths=[str(FONTS)], sys_inputs=inputs)  # type: ignore[call-overload]
    assert isinstance(found, bytes)  # one document
    return found


def qr_svg(text: str) -> str:
    """For a page: without size and style, the page says how large."""
    return str(segno.make(text, error="m").svg_inline(scale=4, border=2))


def _svg(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
