"""A log with entries of its own, and hands that reach behind the program's back."""

import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from jizhi.audit.actions import record
from jizhi.audit.models import Entry
from jizhi.audit.protect import drop_triggers, protected_tables, put_triggers
from jizhi.cli.main import main

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "jizhi" / "audit" / "standalone" / "verify_proof.py"
TABLES = ("audit_entry", "audit_leaf", "audit_checkpoint")
Read = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Doer:
    id: str = "7"
    name: str = "督学甲"
    post: str = "督导组督学"
    unit: None = None


def entries(count: int, start: int = 0) -> list[Entry]:
    with transaction.atomic():
        return [
            record("fund.pay", None, by=Doer(), label=f"第{n}笔", fields={"金额": 1000 + n, "申请人": f"村民{n}", "用途": "助学"})
            for n in range(start, start + count)
        ]


@contextmanager
def behind_the_back() -> Iterator[Callable[..., None]]:
    """Raw SQL with the triggers taken away, and put back afterwards."""
    names = protected_tables(connection)
    for table in TABLES:
        drop_triggers(connection, table)
    with connection.cursor() as cursor:
        yield lambda sql, *args: cursor.execute(sql, args) and None
    for table in TABLES:
        put_triggers(connection, table, names[table])


def sealed(count: int = 7) -> list[Entry]:
    made = entries(count)
    assert main(["seal"]) == 0
    return made


def forget(sql: Callable[..., None], keep: int) -> None:
    """Everything after the first ``keep`` entries, with every trace in the database."""
    sql("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_leaf WHERE idx >= %s)", keep)
    sql("DELETE FROM audit_leaf WHERE idx >= %s", keep)
    sql("DELETE FROM audit_checkpoint WHERE size > %s", keep)


def move(entry: Entry, by: int) -> int:
    """Another number for an entry not yet sealed: leaves a gap below it."""
    with behind_the_back() as sql:
        sql("UPDATE audit_entry SET id = id + %s WHERE id = %s", by, entry.pk)
    return entry.pk + by


def copied(entry: Entry, number: int) -> None:
    """A row that is sound in itself, put in by hand."""
    columns = ", ".join(field.column for field in Entry._meta.concrete_fields if field.column != "id")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_entry (id, {columns}) SELECT %s, {columns} FROM audit_entry WHERE id = %s", [number, entry.pk])


def first_fault(report: dict[str, Any]) -> dict[str, Any]:
    assert report["code"] == 1
    return report["faults"][0]


def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


def every_change(value: Any) -> Iterator[Any]:
    """The same JSON with one thing in it changed, everywhere once."""
    match value:
        case dict():
            for key in value:
                yield {name: item for name, item in value.items() if name != key}
                yield from ({**value, key: other} for other in every_change(value[key]))
        case list():
            for at in range(len(value)):
                yield value[:at] + value[at + 1 :]
                yield [*value[: at + 1], *value[at:]]
                yield from ([*value[:at], other, *value[at + 1 :]] for other in every_change(value[at]))
            yield [*value, "00" * 32]
            yield [*value, None]
        case bool() | None:
            yield "x"
        case int():
            yield from {value + 1, value - 1, value * 2, value // 2, value ^ 2} - {value}
        case str():
            yield from (
                value[:-1],
                value + "0",
                value[::-1] if value != value[::-1] else "",
                ("1" if value[:1] == "0" else "0") + value[1:],
            )
