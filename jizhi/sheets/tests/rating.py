"""A department appraisal among the people of 万州区: the shipped standard, full marks but for what a story says."""

from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import jizhi
from jizhi.access.actor import Actor, actor_of
from jizhi.org.models import Level, Unit
from jizhi.org.tests.town import Town
from jizhi.regulation.models import Edition
from jizhi.sheets.actions import hand_in_sheet, save_sheet
from jizhi.sheets.models import Sheet

TODAY, NOW, PERIOD = date(2026, 1, 20), datetime(2026, 1, 20, 2, 0, tzinfo=UTC), "2025-2026学年第一学期"
FULL = {
    "CS1.1": "扣0项", "CS1.2": "5/5", "CS2.1": "12/12", "CS2.2": "优", "CS2.3": "优", "CS3.1": "优", "CS3.2": "10/10",
    "CS4.1": "满意度均值=100", "CS4.2": "6", "CS5.1": "0/0", "CS5.2": "扣0项", "CS6.1": "优", "CS6.2": "优",
}  # fmt: skip


def edition() -> Edition:
    text = (Path(jizhi.__file__).parent / "library" / "department.yaml").read_text(encoding="utf-8")
    return Edition.objects.create(
        code="school.department", name="学校处室督导评估细则", since=date(2024, 10, 1), text=text, digest=sha256(text.encode()).hexdigest()
    )


def acting(town: Town, name: str, *, seat: bool = False) -> Actor:
    """The person in the first holding, or in the seat of a body."""
    actor = actor_of(town.people[name], today=TODAY)
    key = next((held.key for held in actor.holdings if held.body), None)
    return actor_of(town.people[name], today=TODAY, key=key) if seat else actor


def draft(town: Town, rules: Edition, department: str, rater: str, **entries: str | None) -> Sheet:
    return save_sheet(
        unit=town.units["太安小学"], edition=rules, standard="处室", subject=town.units[department], subject_name=department,
        period=PERIOD, entries=FULL | {code.replace("_", "."): entry for code, entry in entries.items()},
        by=acting(town, rater), today=TODAY,
    )  # fmt: skip


def rated(town: Town, rules: Edition, department: str, rater: str, **entries: str | None) -> Sheet:
    return hand_in_sheet(draft(town, rules, department, rater, **entries).pk, by=acting(town, rater), now=NOW)


def department(town: Town, name: str) -> Unit:
    return town.unit(name, Level.DEPARTMENT, "太安小学")
