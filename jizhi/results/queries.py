"""Results as they stand, and the ranks of the period before."""

from __future__ import annotations

from jizhi.org.models import Unit
from jizhi.results.models import Result


def result_standing(unit: Unit, standard: str, period: str) -> Result | None:
    """The newest result of a period: the last correction, published or not."""
    return Result.objects.filter(unit=unit, standard=standard, period=period, corrected_by=None).order_by("pk").last()


def result_published(unit: Unit, standard: str, period: str) -> Result | None:
    """What counts in public: the last published one, even while a correction of it is being prepared."""
    return Result.objects.filter(unit=unit, standard=standard, period=period, published_on__isnull=False).order_by("pk").last()


def previous_ranks(unit: Unit, standard: str, *, period: str) -> dict[str, int]:
    """``type:id`` → rank in the last result published for another period; later corrections of it count."""
    published = Result.objects.filter(unit=unit, standard=standard, published_on__isnull=False).exclude(period=period)
    last = published.filter(corrects=None).order_by("published_on", "pk").last() or published.order_by("published_on", "pk").last()
    found = result_published(unit, standard, last.period) if last else None
    places = found.places.exclude(rank=None) if found else ()
    return {f"{place.subject_type}:{place.subject_id}": place.rank for place in places if place.rank is not None}
