"""Which edition is in force where. Callers above filter what they show through access.visible."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from jizhi.org.models import Unit
from jizhi.org.queries import ancestor_ids
from jizhi.regulation.models import Adoption, Edition


def edition_in_force(unit: Unit, code: str, *, on: date) -> Edition | None:
    """The nearest adoption up the tree (the unit's own, else its ancestors'); of one unit's the newest begun."""
    adoption = _newest(_reaching(unit, on).filter(edition__code=code)).get(code)
    return adoption.edition if adoption else None


def family(edition: Edition) -> set[str]:
    """The codes of a regulation, of what it is based on and of what is based on the same (基于): a town's own text goes on
    where the county's was."""
    root = edition
    while root.base is not None:
        root = root.base
    codes, front = {root.code}, {root.code}
    while front:
        front = set(Edition.objects.filter(base__code__in=front).values_list("code", flat=True)) - codes
        codes |= front
    return codes


def adoptions_in_force(unit: Unit, *, on: date) -> dict[str, Adoption]:
    """Regulation code → the adoption that counts for the unit on a day, own or inherited."""
    return _newest(_reaching(unit, on))


def _reaching(unit: Unit, on: date) -> QuerySet[Adoption]:
    """Texts come when they are asked for: they are long, and parsed once per process."""
    rows = Adoption.objects.filter(Q(until=None) | Q(until__gte=on), unit__in=ancestor_ids(unit), since__lte=on)
    return rows.select_related("edition", "unit").defer("edition__text")


def _newest(rows: Iterable[Adoption]) -> dict[str, Adoption]:
    ordered = sorted(rows, key=lambda adoption: (adoption.unit.depth, adoption.since, adoption.pk))
    return {adoption.edition.code: adoption for adoption in ordered}  # the last of a code wins


def editions_of(code: str) -> QuerySet[Edition]:
    """All texts of a regulation, newest first."""
    return Edition.objects.filter(code=code)


def library_editions() -> QuerySet[Edition]:
    """What ships with the program."""
    return Edition.objects.filter(shipped=True)
