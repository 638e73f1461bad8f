"""Results as they stand, what the sheets would give now, and the ranks of the period before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jizhi.org.models import Unit
from jizhi.regulation.reading import regulation_of
from jizhi.results.models import Result
from jizhi.results.rules import Row, rows
from jizhi.rulebook.scoring import Problem
from jizhi.sheets.queries import scoring_input, sheets_standing, subject_key

Instead = Mapping[int, Mapping[str, str]]  # by the sheet's id: indicator code -> another entry


def rows_now(result: Result, instead: Instead | None = None) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """The rows that the sheets give as they stand now, or every problem and no rows; nothing is stored. With ``instead``
    as if the raters had entered that."""
    sheets = sheets_standing(unit=result.unit, edition=result.edition, standard=result.standard, period=result.period)
    found = list(sheets.select_related("rater").prefetch_related("scores"))
    other = instead or {}
    entered = []
    for sheet, entry in zip(found, scoring_input(found), strict=True):
        changed = other.get(sheet.pk, {})
        entered.append(replace(entry, rows=tuple(replace(row, entry=changed.get(row.indicator, row.entry)) for row in entry.rows)))
    return rows(
        regulation_of(result.edition).standards[result.standard],
        entered,
        {subject_key(sheet): sheet.subject_name for sheet in found},
        seed=result.seed,
        previous=previous_ranks(result.unit, result.standard, period=result.period),
    )


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
