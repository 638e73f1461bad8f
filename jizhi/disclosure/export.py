"""The public lists as spreadsheets: the rows and columns that the page shows, with the address of each. No log-in, so at most
MOST rows of a list, and FILES_A_DAY files to one address. The log keeps what people did; readers leave no trace in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jizhi.disclosure import queries, rules
from jizhi.disclosure.sending import may_take, sender
from jizhi.disclosure.templatetags.disclosure import days_left, gist
from jizhi.org.models import Unit
from jizhi.papers.models import Publication
from jizhi.ui import export

MOST = 5000
OPEN, LATEST, PLACES = "正在公示", "最近公布", "地方"


def answered(request: HttpRequest, name: str, sheets: Callable[[], Sequence[export.Sheet]], *, today: date) -> HttpResponse:
    """The file, or a page saying that enough left for this address today. ``sheets`` are read only when it is not."""
    if not may_take(sender(request), today=today):
        response = render(request, "disclosure/enough.html", status=429)
        response["Cache-Control"] = "no-store"
    else:
        response = export.sent(export.workbook(sheets()), f"{name}_{today:%Y%m%d}.xlsx")
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def of_home(request: HttpRequest, *, today: date) -> list[export.Sheet]:
    """What the first page lists."""
    latest = queries.latest(today=today)[: queries.NEWEST * 2]
    return [
        _open(request, None, today=today),
        _published(request, LATEST, latest),
        _places(request, queries.below(None, today=today)[: MOST + 1]),
    ]


def of_search(request: HttpRequest, text: str, *, today: date) -> list[export.Sheet]:
    """What was found."""
    found = queries.publications_found(text, today=today).order_by(*queries.NEWEST_FIRST)
    return [_places(request, queries.places_found(text, today=today)), _published(request, "标题里有这些字的", found)]


def of_place(request: HttpRequest, unit: Unit, *, today: date) -> list[export.Sheet]:
    """What one place lists, each kind whole."""
    kinds = [of_kind(request, unit, slug, today=today) for slug, _ in rules.SECTIONS]
    lists = [*kinds, _places(request, queries.below(unit, today=today)[: MOST + 1])]
    return [_open(request, unit, today=today), *(one for one in lists if one.rows)]


def of_kind(request: HttpRequest, unit: Unit, slug: str, *, today: date) -> export.Sheet:
    rows = queries.of_kind(unit, slug, today=today).order_by(*queries.NEWEST_FIRST)
    return _published(request, rules.KINDS[slug], rows)


def of_notice(one: Publication) -> export.Sheet:
    """The table inside one publication, as it was frozen."""
    table = one.snapshot["table"]
    return export.Sheet(one.title, table["columns"], table["rows"])


def _published(request: HttpRequest, name: str, rows: QuerySet[Publication]) -> export.Sheet:
    columns: export.Columns = (
        ("标题", lambda one: one.title),
        ("说明", gist),
        ("单位", lambda one: one.unit.name),
        ("公布日期", lambda one: one.posted_on),
        ("网址", lambda one: address_of(request, one)),
    )
    return export.sheet(name, columns, rows[: MOST + 1], MOST)


def _open(request: HttpRequest, unit: Unit | None, *, today: date) -> export.Sheet:
    columns: export.Columns = (
        ("标题", lambda one: one.title),
        ("说明", gist),
        ("单位", lambda one: one.unit.name),
        ("还有几天", lambda one: days_left(one.until, today)),
        ("公示至", lambda one: one.until),
        ("网址", lambda one: address_of(request, one)),
    )
    return export.sheet(OPEN, columns, queries.open_now(unit, today=today)[: MOST + 1], MOST)


def _places(request: HttpRequest, rows: Iterable[Unit]) -> export.Sheet:
    columns: export.Columns = (
        ("地方", lambda unit: unit.name),
        ("上级", lambda unit: unit.parent.name if unit.parent else ""),
        ("网址", lambda unit: request.build_absolute_uri(reverse("public_place", args=[unit.code]))),
    )
    return export.sheet(PLACES, columns, rows, MOST)


def address_of(request: HttpRequest, one: Publication) -> str:
    return request.build_absolute_uri(reverse("public_receipt" if one.kind == rules.RECEIPT else "public_notice", args=[one.public_id]))
