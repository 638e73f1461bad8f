"""What a room declares in its permissions.py: PERMISSIONS and SCOPES, both visible tuples of data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from jizhi.access.actor import Actor


@dataclass(frozen=True)
class Grant:
    """Who holds a permission: holders of a post (title), members of a body (body, any seat or the one named), or anyone
    logged in. It reaches the holding's unit and everything below it. ``own`` limits it to rows that the scope calls own;
    ``anyone`` with ``own`` reaches one's own rows wherever they are."""

    title: str | None = None
    body: str | None = None
    seat: str | None = None
    head: bool = False  # any head post
    anyone: bool = False
    own: bool = False


@dataclass(frozen=True)
class Permission:
    code: str  # supervision.submit_record
    name: str  # 登记检查记录
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class Scope:
    """How rows of a model are seen: by which permission, through which unit lookup, and which rows are one's own.

    ``unit`` is a lookup to a Unit ("" when the row is a unit itself; None: rows without a unit, a grant reaches all).
    ``columns`` names ancestor-id columns instead (``at_`` for at_0, at_1 …), ``ids`` a plain column of unit ids.
    ``own`` must not join over many rows (use ``__in`` with a subquery), else lists would repeat rows.
    """

    model: str  # supervision.Record
    read: str  # permission code
    unit: str | None = "unit"
    own: Callable[[Actor], Q] | None = None
    columns: str | None = None
    ids: str | None = None
