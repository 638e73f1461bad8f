"""Reads of the log. Callers above filter them through access.visible."""

from django.db import models
from django.db.models import QuerySet

from jizhi.audit.models import Entry
from jizhi.audit.rules import SEALED, field_hash


def entries_about(obj: models.Model) -> QuerySet[Entry]:
    """What was done to one object, newest first."""
    return Entry.objects.filter(object_type=obj._meta.label, object_id=str(obj.pk))


def entries_by(actor_id: str) -> QuerySet[Entry]:
    """What one person did, newest first."""
    return Entry.objects.filter(actor_id=actor_id)


def changed_fields(entry: Entry) -> list[str]:
    """Names of the fields and columns that no longer match their hashes; empty while the entry is as written."""
    bad = [name for name, field in entry.fields.items() if field_hash(name, field["v"], field["s"]) != field["h"]]
    return bad + [name for name in SEALED if field_hash(name, getattr(entry, name), entry.seals[name]["s"]) != entry.seals[name]["h"]]
