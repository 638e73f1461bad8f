"""QR codes."""

from __future__ import annotations

import io
from typing import Any

import segno


def qr(text: str, **look: Any) -> str:
    """The text as an SVG without declaration, for the page and for paper. ``look`` is segno's: size, colour, classes."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, **{"border": 2, **look})
    return out.getvalue().decode()
