"""A blank application on A4: what is asked, what may be chosen, which papers go with it, where it is handed in."""

from __future__ import annotations

from pathlib import Path

from jizhi.documents.typeset import pdf
from jizhi.procedure.queries.launching import Launch
from jizhi.procedure.queries.on_paper import papers_of, steps_through, takers

APPLICATION = Path(__file__).parent / "typst" / "application.typ"


def application_pdf(launch: Launch, *, desk: str, qr: str) -> bytes:
    """``desk`` is where the public reaches the unit, in words; ``qr`` the address of the form as SVG."""
    fields = [spec for spec in launch.specs if spec.kind != "附件"]
    data = {
        "title": f"{launch.edition.name.removesuffix('管理办法')}{launch.procedure.name}申请书",
        "unit": launch.unit.name,
        "fields": [{"name": spec.name, "options": spec.options, "long": spec.kind == "长文"} for spec in fields],
        "uses": [[use.name, use.limit, "、".join(use.papers)] for use in launch.uses],
        "limit": launch.limit,
        "papers": papers_of(launch),
        "basis": str(launch.edition),
        "taker": "、".join(takers(launch.procedure)),
        "steps": steps_through(launch.procedure),
        "desk": desk,
    }
    return pdf(APPLICATION, data, pictures={"qr": qr})
