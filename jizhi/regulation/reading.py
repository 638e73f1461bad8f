"""An edition as the rulebook runs it."""

from jizhi.regulation.models import Edition
from jizhi.rulebook.language import Regulation
from jizhi.rulebook.overlay import resolve
from jizhi.rulebook.reading import read

_known: dict[str, Regulation] = {}  # by digest (and that of the base): a text never changes


class Unreadable(ValueError):  # noqa: N818
    """A stored text that the language no longer reads: a fault of the program, not of the user."""


def regulation_of(edition: Edition) -> Regulation:
    """The edition's text, on its base where it is an overlay (基于); parsed once per process."""
    key = _key(edition.digest, edition.base)
    if key not in _known:
        regulation, problems = read(edition.text, f"{edition.code}.yaml")
        if regulation is None:
            raise Unreadable(f"{edition}：" + "；".join(f"{p.file}:{p.line} {p.text}" for p in problems))
        if edition.base is not None:
            regulation, against = resolve(regulation_of(edition.base), regulation)
            if regulation is None:
                raise Unreadable(f"{edition}：" + "；".join(against))
        _known[key] = regulation
    return _known[key]


def remember(digest: str, regulation: Regulation, base: Edition | None = None) -> None:
    """What has just been read before it is kept need not be read again."""
    _known.setdefault(_key(digest, base), regulation)


def _key(digest: str, base: Edition | None) -> str:
    return digest if base is None else f"{digest} {_key(base.digest, base.base)}"
