"""The cases of a fund: their regulation, what it says of their money, and what of them the public may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from jizhi.org.models import Unit
from jizhi.org.queries import region_of
from jizhi.procedure.models import Case
from jizhi.regulation.queries import edition_in_force
from jizhi.regulation.reading import regulation_of
from jizhi.rulebook.judgement import parameter
from jizhi.rulebook.language import Duration, Publicity, Regulation

CODE, RESOLUTION = "fund.help", "deliberation.resolution"
OLD_LOAN = "期初借款"  # the procedure of what was lent before the ledger began
AMOUNT, PURPOSE, APPLICANT = "金额", "用途", "申请人"
PUBLISHING, REMINDING = "收支公布", "还款提醒"
WAIT, AHEAD = Duration(count=10, unit="日"), (Duration(count=30, unit="日"), Duration(count=7, unit="日"), Duration(count=1, unit="日"))


def regulation_in(unit: Unit, *, today: date) -> Regulation | None:
    edition = edition_in_force(unit, CODE, on=today)
    return regulation_of(edition) if edition else None


def after_quarter(unit: Unit, *, today: date) -> Duration:
    """How long after a quarter its figures are published."""
    found = _parameter(unit, PUBLISHING, today=today)
    return found if isinstance(found, Duration) else WAIT


def reminders(unit: Unit, *, today: date) -> tuple[int, ...]:
    """How many days before a loan is due its people are reminded, the longest first."""
    found = _parameter(unit, REMINDING, today=today)
    lengths = found if isinstance(found, tuple) else AHEAD
    return tuple(sorted((one.count for one in lengths if isinstance(one, Duration)), reverse=True))


def _parameter(unit: Unit, name: str, *, today: date) -> Any:
    regulation = regulation_in(unit, today=today)
    if regulation is None or name not in regulation.parameters:
        return None
    try:
        return parameter(regulation, name, on=today, region=region_of(unit))
    except KeyError:
        return None


def publicity_of(case: Case) -> Publicity | None:
    """How the case's own regulation shows it to the public."""
    steps = regulation_of(case.edition).procedures[case.procedure].steps
    return next((step.publicity for step in steps if step.publicity is not None), None)


def category(case: Case, use: str) -> str:
    """A use as the public sees it: 就学就医 is 困难帮扶."""
    publicity = publicity_of(case)
    classes: Mapping[str, str] = publicity.classes if publicity else {}
    return classes.get(use, use)
