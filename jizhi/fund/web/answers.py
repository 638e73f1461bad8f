"""How this room's pages answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse

from jizhi.access.middleware import ActingRequest
from jizhi.fund.forms import ActForm
from jizhi.fund.models import Fund
from jizhi.kernel.money import in_yuan
from jizhi.procedure.actions import FormProblems, Refused
from jizhi.ui import export
from jizhi.ui.templatetags.jizhi import cn_date

T = TypeVar("T")


def tried(form: ActForm, act: Callable[[], T]) -> T | None:
    """What the act gives; None when it refuses, and the form says why."""
    try:
        return act()
    except (Refused, FormProblems) as why:
        form.refuse(why)
        return None


def done(request: ActingRequest, act: Callable[[], object], text: str) -> None:
    """Acts of a single button: what was done, or why not, as a message."""
    try:
        act()
        messages.success(request, text)
    except Refused as why:
        messages.error(request, why.refusal.text)


def listed(request: ActingRequest, fund: Fund, name: str, columns: export.Columns, rows: Iterable[Any]) -> HttpResponse:
    """A list of one fund as a table; file and log name the village."""
    return export.book(request, f"{fund.unit.name}{name}", [export.sheet(name, columns, rows)])


def money(fen: int | None) -> Decimal | None:
    return None if fen is None else in_yuan(fen)


def day(given: date | None) -> str:
    """With its year: a file is read for longer than a page."""
    return cn_date(given, "long") if given else ""
