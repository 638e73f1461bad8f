"""Sheets as the scoring asks for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Model, QuerySet

from jizhi.org.models import Unit
from jizhi.regulation.models import Edition
from jizhi.rulebook import scoring
from jizhi.sheets.models import Sheet


def sheets_standing(*, unit: Unit, edition: Edition, standard: str, period: str) -> QuerySet[Sheet]:
    """Handed in, and not replaced by an amendment."""
    return Sheet.objects.filter(
        unit=unit, edition=edition, standard=standard, period=period, handed_in_at__isnull=False, replaced_by=None
    ).order_by("pk")


def sheets_of(subject: Model) -> QuerySet[Sheet]:
    """All standing sheets about one thing, newest first."""
    about = Sheet.objects.filter(subject_type=subject._meta.label, subject_id=str(subject.pk))
    return about.filter(handed_in_at__isnull=False, replaced_by=None).order_by("-handed_in_at", "-pk")


def scoring_input(sheets: Iterable[Sheet]) -> tuple[scoring.Sheet, ...]:
    """For ``rulebook.scoring.score``: subjects are ``type:id``, raters are names (with their id where two share one)."""
    found = list(sheets)
    names = Counter(name for name, _ in {(sheet.rater.name, sheet.rater_id) for sheet in found})
    return tuple(_input(sheet, shared=names[sheet.rater.name] > 1) for sheet in found)


def subject_key(sheet: Sheet) -> str:
    return f"{sheet.subject_type}:{sheet.subject_id}"


def _input(sheet: Sheet, *, shared: bool) -> scoring.Sheet:
    rows = [scoring.Row(score.indicator, score.how or score.points) for score in sheet.scores.all()]
    rows += [scoring.Row(name, points) for name, (points, _) in sheet.bonuses.items()]
    rows += [scoring.Row(name, "是") for name, _ in sheet.red_lines]
    rater = f"{sheet.rater.name}（{sheet.rater.number}）" if shared else sheet.rater.name
    return scoring.Sheet(subject_key(sheet), rater, tuple(rows), sheet.group)
