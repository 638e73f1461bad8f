"""An edition as the rulebook runs it."""

from jizhi.regulation.models import Edition
from jizhi.rulebook.language import Regulation
from jizhi.rulebook.reading import read

_known: dict[str, Regulation] = {}  # by digest: a text never changes


class Unreadable(ValueError):  # noqa: N818
    """A stored text that the language no longer reads: a fault of the program, not of the user."""


def regulation_of(edition: Edition) -> Regulation:
    """The edition's text, parsed once per process."""
    if edition.digest not in _known:
        regulation, problems = read(edition.text, f"{edition.code}.yaml")
        if regulation is None:
            raise Unreadable(f"{edition}：" + "；".join(f"{p.file}:{p.line} {p.text}" for p in problems))
        _known[edition.digest] = regulation
    return _known[edition.digest]


def remember(digest: str, regulation: Regulation) -> None:
    """What has just been read before it is kept need not be read again."""
    _known.setdefault(digest, regulation)
