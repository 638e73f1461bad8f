"""How the score of one sheet came about; computed from the sheet whenever it is shown, never stored."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from jizhi.rulebook import scoring
from jizhi.sheets.actions import standard_of
from jizhi.sheets.models import Sheet
from jizhi.sheets.queries import scoring_input
from jizhi.supervision.models import Record


def scored(sheet: Sheet) -> scoring.Scored | None:
    """The sheet's own result with its derivation; None when the sheet no longer fits its standard."""
    outcome = scoring.score(standard_of(sheet.edition, sheet.standard), scoring_input([sheet]))
    return outcome.results[0] if outcome.results else None


def standing(sheet: Sheet) -> Sheet:
    """The sheet itself, or the amendment that replaced it last."""
    while later := Sheet.objects.filter(replaces=sheet).first():
        sheet = later
    return sheet


def grades(records: Iterable[Record]) -> dict[int, str]:
    """Record id → 良（85.20）, for the rows of a list: three queries however many rows."""
    sheets = [record.sheet for record in records if record.sheet]
    prefetch_related_objects(sheets, "edition", "rater", "scores")
    words = {}
    for record in records:
        found = scored(record.sheet) if record.sheet else None
        if found:
            words[record.pk] = f"{found.grade or '不定等级'}（{found.score}）"
    return words
