"""What is printed: slips ten a page with their QR codes, the blank form for those without a phone; QR codes for pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.urls import reverse

from jizhi.documents.qr import qr
from jizhi.documents.typeset import pdf
from jizhi.polling.models import ItemKind, Poll
from jizhi.polling.queries import headings
from jizhi.polling.rules import code_shown

TEMPLATES = Path(__file__).parent / "typst"
HINTS = {ItemKind.MULTI: "（可多选）", ItemKind.SCALE: "（1 最低，5 最高）"}


def slips_pdf(poll: Poll, slips: Iterable[tuple[str, str]], *, site: str) -> bytes:
    """``slips`` are (group or person, code) in the order in which they are printed; ``site`` ends with a slash."""
    site = site.rstrip("/")
    rows = [{"who": who, "code": code_shown(code), "qr": qr(site + reverse("ballot", args=[code]))} for who, code in slips]
    address = (site + reverse("ballot_code")).split("://")[-1]
    return pdf(TEMPLATES / "slips.typ", {"title": poll.title, "named": poll.named, "address": address, "slips": rows})


def form_pdf(poll: Poll) -> bytes:
    """The blank paper form."""
    items = list(poll.items.all())
    questions = [
        {"text": item.text + HINTS.get(ItemKind(item.kind), ""), "options": item.choices(poll)}
        for item in items
        if item.kind != ItemKind.GRADE
    ]
    groups = list(poll.weights) or sorted(set(poll.roll.exclude(group="").values_list("group", flat=True)))
    graded = headings(item for item in items if item.kind == ItemKind.GRADE)
    best = f"{'每项' if poll.aspects else ''}“{poll.grades[0][0]}”最多打 {poll.most_best} 个。" if poll.most_best else ""
    data = {
        "title": poll.title, "unit": poll.unit.name, "named": poll.named, "intro": poll.intro, "groups": groups if len(groups) > 1 else [],
        "subjects": [{"name": text, "rows": [item.aspect or item.text for item in rows]} for (text, _), rows in graded],
        "options": graded[0][1][0].choices(poll) if graded else [], "most": best, "questions": questions,
    }  # fmt: skip
    return pdf(TEMPLATES / "form.typ", data)


def qr_svg(text: str) -> str:
    """As it stands in a page."""
    return qr(text, scale=4, svgns=False, nl=False)
