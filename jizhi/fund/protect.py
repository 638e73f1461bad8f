# ruff: noqa: S608  (the SQL is written here, nothing of it comes from users)
"""What the ledger's tables refuse by themselves, whoever writes to them: triggers on SQLite and PostgreSQL.

They stand in migration 0002, and are looked for after every migration (SQLite's table rebuild drops them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

LINES = "fund_posting p JOIN fund_account a ON a.id = p.account_id WHERE p.voucher_id = NEW.id"
CLOSED = "fund_closing c LEFT JOIN fund_reopening r ON r.closing_id = c.id WHERE c.fund_id = NEW.fund_id AND r.id IS NULL"
SUM = "SELECT COALESCE(SUM(p.fen), 0) FROM fund_posting p JOIN fund_voucher v ON v.id = p.voucher_id WHERE v.posted AND p.account_id ="
COUNTED = """UPDATE fund_balance SET fen = fen + (SELECT SUM(p.fen) FROM fund_posting p
    WHERE p.voucher_id = NEW.id AND p.account_id = fund_balance.account_id)
    WHERE account_id IN (SELECT account_id FROM fund_posting WHERE voucher_id = NEW.id);"""
MONTH = {
    "sqlite": "CAST(strftime('%Y%m', NEW.day) AS INTEGER)",
    "postgresql": "EXTRACT(YEAR FROM NEW.day) * 100 + EXTRACT(MONTH FROM NEW.day)",
}


@dataclass(frozen=True)
class Trigger:
    """Before or after an event of a table, where ``when`` holds of the row: refuse what one of ``refuses`` describes
    (condition, sentence), then do ``does``. SQL that both databases read; {month} is the month of NEW.day."""

    name: str
    table: str
    event: str  # BEFORE INSERT
    when: str
    refuses: tuple[tuple[str, str], ...] = ()
    does: str = ""


TRIGGERS = (
    Trigger("fund_voucher_born", "fund_voucher", "BEFORE INSERT", "NEW.posted", (("NEW.posted", "凭证须先写分录再记账"),)),
    Trigger(
        "fund_voucher_checked",
        "fund_voucher",
        "BEFORE UPDATE",
        "NEW.posted AND NOT OLD.posted",
        (
            (f"(SELECT COUNT(*) FROM {LINES}) < 2", "凭证至少要有两行分录"),
            (f"EXISTS (SELECT 1 FROM {LINES} GROUP BY a.restricted_to HAVING SUM(p.fen) <> 0)", "凭证借贷不平"),
            (f"EXISTS (SELECT 1 FROM {LINES} AND a.fund_id <> NEW.fund_id)", "凭证里有别的基金的科目"),
            (f"EXISTS (SELECT 1 FROM {CLOSED} AND c.month >= NEW.month)", "这个月已经结账，不能再记账"),
            ("NEW.month <> {month}", "凭证的月份与日期不符"),
            (
                "NEW.number <> 1 + (SELECT COUNT(*) FROM fund_voucher v"
                " WHERE v.fund_id = NEW.fund_id AND v.month = NEW.month AND v.posted)",
                "凭证号不连续",
            ),
            (
                f"EXISTS (SELECT 1 FROM {LINES} AND NOT EXISTS (SELECT 1 FROM fund_balance b WHERE b.account_id = a.id))",
                "科目没有余额行",
            ),
        ),
    ),
    Trigger("fund_voucher_counted", "fund_voucher", "AFTER UPDATE", "NEW.posted AND NOT OLD.posted", does=COUNTED),
    Trigger(
        "fund_posting_late",
        "fund_posting",
        "BEFORE INSERT",
        "EXISTS (SELECT 1 FROM fund_voucher v WHERE v.id = NEW.voucher_id AND v.posted)",
        (("NEW.id IS NULL OR NEW.id IS NOT NULL", "已记账的凭证不能再加分录"),),
    ),
    Trigger("fund_balance_born", "fund_balance", "BEFORE INSERT", "NEW.fen <> 0", (("NEW.fen <> 0", "余额从零开始，只随记账变动"),)),
    Trigger(
        "fund_balance_true",
        "fund_balance",
        "BEFORE UPDATE",
        f"NEW.account_id <> OLD.account_id OR NEW.bounded <> OLD.bounded OR NEW.fen <> ({SUM} NEW.account_id)",
        (("NEW.id = OLD.id OR NEW.id <> OLD.id", "余额只随记账变动"),),
    ),
    Trigger(
        "fund_reopening_other",
        "fund_reopening",
        "BEFORE INSERT",
        "EXISTS (SELECT 1 FROM fund_closing c WHERE c.id = NEW.closing_id AND c.by_id = NEW.by_id)",
        (("NEW.by_id = NEW.by_id", "结账的人不能自己重开"),),
    ),
)  # fmt: skip


class LedgerTriggers(Operation):
    """Puts all of TRIGGERS; reversible."""

    reduces_to_sql = True
    reversible = True

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        put_triggers(schema_editor.connection)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        drop_triggers(schema_editor.connection)

    def describe(self) -> str:
        return "The ledger's own refusals"


def put_triggers(connection: BaseDatabaseWrapper) -> None:
    drop_triggers(connection)
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in (_sqlite if connection.vendor == "sqlite" else _postgresql)(trigger):
                cursor.execute(statement)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            on = "" if connection.vendor == "sqlite" else f" ON {trigger.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def _sqlite(trigger: Trigger) -> list[str]:
    checks = "".join(
        f"SELECT RAISE(ABORT, '{text}') WHERE {condition.replace('{month}', MONTH['sqlite'])}; " for condition, text in trigger.refuses
    )
    return [f"CREATE TRIGGER {trigger.name} {trigger.event} ON {trigger.table} WHEN {trigger.when} BEGIN {checks}{trigger.does} END"]


def _postgresql(trigger: Trigger) -> list[str]:
    checks = "".join(
        f"IF {condition.replace('{month}', MONTH['postgresql'])} THEN RAISE EXCEPTION '{text}'; END IF; "
        for condition, text in trigger.refuses
    )
    guarded = f"IF {trigger.when} THEN {checks}{trigger.does} END IF; RETURN NEW;"  # a WHEN of PostgreSQL may not ask other tables
    return [
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {guarded} END $$",
        f"CREATE TRIGGER {trigger.name} {trigger.event} ON {trigger.table} FOR EACH ROW EXECUTE FUNCTION {trigger.name}()",
    ]


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Those that should stand and do not, or are switched off."""
    if ("fund", "0002_protected") not in MigrationRecorder(connection).applied_migrations():
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        present = {row[0] for row in cursor.fetchall()}
    return [trigger.name for trigger in TRIGGERS if trigger.name not in present]


def assert_triggers(using: str = "default", **_: object) -> None:
    """After every migration (post_migrate)."""
    if missing := missing_triggers(connections[using]):
        raise RuntimeError(f"账本失去了保护，缺少触发器：{'、'.join(missing)}。请在该迁移末尾重新声明 LedgerTriggers()")
