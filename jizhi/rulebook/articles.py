"""What 依据 names: articles of the regulation itself (第九条、第十条), or of a law by its name (《教育督导条例》第十五条)."""

from __future__ import annotations

import re

ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇0-9]+条(?:之[一二三四五六七八九十]+)?")
OWN = re.compile(r"\s*(?:本(?:办法|细则|规定|章程|制度))?第[^《]*")


def own_articles(basis: str | None) -> tuple[str, ...]:
    """The regulation's own. A semicolon parts one source from the next; what follows a 《name》 is of that law."""
    found = (OWN.match(part) for part in re.split("[；;]", basis or ""))
    return tuple(number for own in found if own for number in ARTICLE.findall(own[0]))


def anchor(number: str) -> str:
    """Where an article stands on the page of its edition: a九, a五条之一."""
    return f"a{number.removeprefix('第').removesuffix('条')}"
