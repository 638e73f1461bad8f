"""The one writer of the log."""

import secrets
from collections.abc import Mapping
from typing import Protocol

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from jizhi.audit.models import Entry
from jizhi.audit.rules import SEALED, field_hash, plain
from jizhi.audit.written import note_when_committed


class Place(Protocol):
    """A unit as the log needs it (audit lies below org)."""

    pk: int
    path: str


class Doer(Protocol):
    """Who acts: an access.actor.Actor."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def post(self) -> str: ...
    @property
    def unit(self) -> Place | None: ...


def record(
    action: str,
    obj: models.Model | None,
    *,
    by: Doer,
    fields: Mapping[str, object] | None = None,
    label: str = "",
    unit: Place | None = None,
) -> Entry:
    """Append one entry, inside the act's own transaction: an act that fails leaves none.

    ``label`` is what the log shows, else the object's text; ``unit`` is where it belongs, else the object's or the doer's.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{action}: record() is called outside a transaction")
    place: Place | None = unit or (obj if obj is not None and hasattr(obj, "path") else getattr(obj, "unit", None)) or by.unit  # type: ignore[assignment]
    entry = Entry(
        at=timezone.now(),  # the time of entry; the day of the act is a field of its own
        action=action,
        object_type=obj._meta.label if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        label=(label or ("" if obj is None else str(obj)))[:200],
        actor_id=by.id,
        actor_name=by.name,
        post=by.post,
        unit_id=place.pk if place else None,
        unit_path=place.path if place else "",
        fields={name: _sealed(name, value) for name, value in (fields or {}).items()},
    )
    entry.seals = {name: {key: text for key, text in _sealed(name, getattr(entry, name)).items() if key != "v"} for name in SEALED}
    entry.save(force_insert=True)
    note_when_committed(entry)
    return entry


def _sealed(name: str, value: object) -> dict[str, object]:
    salt = secrets.token_hex(16)
    return {"v": plain(value), "s": salt, "h": field_hash(name, value, salt, settings.HASH)}
