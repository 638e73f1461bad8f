"""Keyset pages: the next page begins after the last row's own values, so a page costs the same wherever it lies."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
SIZE = 30
COUNTED = 1000  # counts stop here and read 1000+
LONGEST = 2000  # characters of a token


@dataclass(frozen=True)
class Page(Generic[M]):
    rows: list[M]
    next: str  # the token of the next page, empty on the last
    first: bool


def page_of(rows: QuerySet[M], request: HttpRequest, *, order: Sequence[str] = ("-id",), size: int = SIZE) -> Page[M]:
    """One page in the given order (names of never-null columns, the last one unique). A broken token gives the first page."""
    rows = rows.order_by(*order)
    after = _values(request.GET.get("after", ""), rows.model, order)
    found = list((rows.filter(_beyond(order, after)) if after else rows)[: size + 1])
    token = _token([_plain(found[size - 1], name) for name in order]) if len(found) > size else ""
    return Page(rows=found[:size], next=token, first=not after)


def count_words(rows: QuerySet[Any]) -> str:
    """The number of rows, at most 1000+."""
    count = rows.order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if count > COUNTED else str(count)


def _beyond(order: Sequence[str], after: list[Any]) -> Q:
    found, equal = Q(), Q()
    for name, value in zip(order, after, strict=True):
        column, test = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        found |= equal & Q(**{f"{column}__{test}": value})
        equal &= Q(**{column: value})
    return found


def _plain(row: Any, name: str) -> Any:
    for part in name.lstrip("-").split("__"):
        row = getattr(row, part)
    return row if isinstance(row, int | str) else row.isoformat()


def _token(values: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _values(token: str, model: type[Model], order: Sequence[str]) -> list[Any]:
    """What a token holds, each value of its column's own kind; nothing for a token that this page never made."""
    try:
        values = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4))) if len(token) <= LONGEST else []
        right = isinstance(values, list) and len(values) == len(order) and all(type(value) in (int, str) for value in values)
        return [_read(model, name, value) for name, value in zip(order, values, strict=True)] if right else []
    except (ValueError, ValidationError):
        return []


def _read(model: type[Model], name: str, value: int | str) -> Any:
    """The value as the column keeps it. Text that no database takes is refused."""
    field = _field(model, name)
    if isinstance(value, str):
        value.encode()  # half of a surrogate pair is a ValueError
        if "\x00" in value:
            raise ValueError(name)
    return field.to_python(str(value))


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    *through, last = name.lstrip("-").split("__")
    for part in through:
        model = model._meta.get_field(part).related_model  # type: ignore[assignment]
    return cast("Field[Any, Any]", model._meta.get_field("id" if last == "pk" else last))
