"""The log: one entry per act, sealed field by field, and nothing in it can be changed."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction

from jizhi.audit.actions import record
from jizhi.audit.models import Entry
from jizhi.audit.protect import check_triggers, drop_triggers, missing_triggers, put_triggers, triggers_present
from jizhi.audit.queries import changed_fields

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Doer:
    id: str = "7"
    name: str = "督学甲"
    post: str = "督导组督学"
    unit: None = None


def an_entry() -> Entry:
    return record("audit.test", None, by=Doer(), label="试一条", fields={"整改时限": "2026-03-20", "得分": 88})


def test_each_field_has_its_own_salted_hash() -> None:
    entry = an_entry()
    one, other = entry.fields["整改时限"], an_entry().fields["整改时限"]
    assert one["v"] == other["v"] == "2026-03-20"
    assert one["h"] != other["h"]  # another salt
    assert changed_fields(Entry.objects.get(pk=entry.pk)) == []


def test_a_changed_value_is_named() -> None:
    entry = Entry.objects.get(pk=an_entry().pk)
    entry.fields["得分"]["v"], entry.label = 99, "另一条"
    assert changed_fields(entry) == ["得分", "label"]


def truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry" if connection.vendor == "sqlite" else "TRUNCATE audit_entry")


def replace(entry: Entry) -> None:
    """What SQLite does without asking a delete trigger."""
    if connection.vendor != "sqlite":
        entry.delete()
    columns = [field.column for field in Entry._meta.concrete_fields]
    values = ", ".join("'改'" if column == "label" else column for column in columns)
    rows = f"SELECT {values} FROM audit_entry WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO audit_entry ({', '.join(columns)}) {rows}", [entry.pk])


@pytest.mark.parametrize("change", ["update", "delete", "truncate", "replace"])
def test_nothing_in_the_log_can_be_changed(change: str) -> None:
    entry = an_entry()
    changes: dict[str, Callable[[], object]] = {
        "update": lambda: Entry.objects.filter(pk=entry.pk).update(label="改"),
        "delete": entry.delete,
        "truncate": truncate,
        "replace": lambda: replace(entry),
    }
    with pytest.raises(DatabaseError, match="办理日志只可追加"), transaction.atomic():
        changes[change]()
    entry.refresh_from_db()
    assert entry.label == "试一条"


def test_lost_protection_is_found() -> None:
    assert triggers_present()
    drop_triggers(connection, "audit_entry")
    assert "audit_entry_no_update" in missing_triggers(connection)
    assert check_triggers(["default"])[0].id == "audit.E001"
    put_triggers(connection, "audit_entry", "办理日志")
    assert triggers_present()


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_transaction_of_its_act() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        an_entry()
