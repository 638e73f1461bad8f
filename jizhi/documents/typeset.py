"""PDF by Typst: a template (Typst source) and plain values. What people typed is passed as data, so it is never markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def pdf(template: Path, data: Mapping[str, Any], *, pictures: Mapping[str, str] | None = None) -> bytes:
    """The template set with ``data``, which it reads by ``#let data = json(bytes(sys.inputs.data))``. Fonts are embedded.
    ``pictures`` are SVG texts by name, read as ``image(bytes(sys.inputs.at(name)))``."""
    inputs = {"data": json.dumps(data, ensure_ascii=False), **(pictures or {})}
    made = typst.compile(template.read_bytes(), format="pdf", font_paths=_fonts(), sys_inputs=inputs)
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    """Read once per process: the two faces are 17 MB."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
