# ruff: noqa: S608  (the SQL is written here, nothing of it comes from users)
"""What the ledger's tables refuse by themselves, whoever writes to them: triggers on SQLite and PostgreSQL.

They stand in migration 0004, and are looked for after every migration (SQLite's table rebuild drops them).

A balance names the voucher that it counted last. It moves to a posted voucher that is newer than that one and has lines on the
account, by the sum of these lines, and in no other way. Posting counts the voucher on all its accounts in the same statement and
is refused where one of them was left out or has counted a newer voucher already; so the voucher that a balance names is always the
newest posted one with lines on the account, no voucher is left that an UPDATE by hand could name, and each is counted once. Rows of
balances stay (migration 0004), else one could begin again at zero. Acts give a voucher its id under the fund's lock, in the order
in which they post. Whether a balance is the sum of all its entries is asked by queries.ledger.faults, not at each posting.
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
# of the named voucher on this account; the plus keeps planners from reading the account's whole index instead of the voucher's
HERE = "FROM fund_posting p WHERE p.voucher_id = NEW.voucher_id AND +p.account_id = NEW.account_id"
POSTED_LATER = "EXISTS (SELECT 1 FROM fund_voucher v WHERE v.id = NEW.voucher_id AND v.posted AND v.id > COALESCE(OLD.voucher_id, 0))"
COUNTED = """UPDATE fund_balance SET voucher_id = NEW.id, fen = fen + (SELECT SUM(p.fen) FROM fund_posting p
    WHERE p.voucher_id = NEW.id AND +p.account_id = fund_balance.account_id)
    WHERE account_id IN (SELECT account_id FROM fund_posting WHERE voucher_id = NEW.id);"""
LEFT_OUT = """EXISTS (SELECT 1 FROM fund_posting p LEFT JOIN fund_balance b ON b.account_id = p.account_id AND b.voucher_id = NEW.id
    WHERE p.voucher_id = NEW.id AND b.id IS NULL)"""
COUNTS_ALREADY = (
    "EXISTS (SELECT 1 FROM fund_posting p JOIN fund_voucher v ON v.id = p.voucher_id WHERE v.posted AND p.account_id = NEW.account_id)"
)
REWRITTEN = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in ("id", "fund_id", "month", "number", "key"))
MONTH = {
    "sqlite": "CAST(strftime('%Y%m', NEW.day) AS INTEGER)",
    "postgresql": "EXTRACT(YEAR FROM NEW.day) * 100 + EXTRACT(MONTH FROM NEW.day)",
}


@dataclass(frozen=True)
class Trigger:
    """Before or after an event of a table, where ``when`` holds of the row: refuse what one of ``refuses`` describes
    (condition, sentence), then do ``does`` and refuse what it left. SQL that both databases read; {month}: of NEW.day."""

    name: str
    table: str
    event: str  # BEFORE INSERT
    when: str
    refuses: tuple[tuple[str, str], ...] = ()
    does: str = ""
    left: tuple[tuple[str, str], ...] = ()


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
    Trigger(
        "fund_voucher_counted",
        "fund_voucher",
        "AFTER UPDATE",
        "NEW.posted AND NOT OLD.posted",
        does=COUNTED,
        left=((LEFT_OUT, "凭证没有计入全部余额"),),  # an UPDATE OR IGNORE of SQLite passes over what a constraint refuses
    ),
    Trigger(  # an UPDATE OR REPLACE of SQLite would remove the voucher whose number it takes
        "fund_voucher_kept",
        "fund_voucher",
        "BEFORE UPDATE",
        f"{REWRITTEN} OR COALESCE(NEW.reverses_id, 0) <> COALESCE(OLD.reverses_id, 0)",
        (("NEW.id = OLD.id OR NEW.id <> OLD.id", "凭证的编号不能改动，只能记账"),),
    ),
    Trigger(
        "fund_posting_late",
        "fund_posting",
        "BEFORE INSERT",
        "EXISTS (SELECT 1 FROM fund_voucher v WHERE v.id = NEW.voucher_id AND v.posted)",
        (("NEW.id IS NULL OR NEW.id IS NOT NULL", "已记账的凭证不能再加分录"),),
    ),
    Trigger(
        "fund_balance_born",
        "fund_balance",
        "BEFORE INSERT",
        f"NEW.fen <> 0 OR NEW.voucher_id IS NOT NULL OR {COUNTS_ALREADY}",
        (("NEW.fen = NEW.fen", "余额从零开始，只随记账变动"),),
    ),
    Trigger(
        "fund_balance_true",
        "fund_balance",
        "BEFORE UPDATE",
        f"NEW.account_id <> OLD.account_id OR NEW.bounded <> OLD.bounded OR NOT {POSTED_LATER} OR NOT EXISTS (SELECT 1 {HERE})"
        f" OR NEW.fen - OLD.fen <> (SELECT SUM(p.fen) {HERE})",
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
    def refusing(refuses: tuple[tuple[str, str], ...]) -> str:
        found = (f"SELECT RAISE(ABORT, '{text}') WHERE {condition.replace('{month}', MONTH['sqlite'])}; " for condition, text in refuses)
        return "".join(found)

    body = f"{refusing(trigger.refuses)}{trigger.does} {refusing(trigger.left)}"
    return [f"CREATE TRIGGER {trigger.name} {trigger.event} ON {trigger.table} WHEN {trigger.when} BEGIN {body}END"]


def _postgresql(trigger: Trigger) -> list[str]:
    def refusing(refuses: tuple[tuple[str, str], ...]) -> str:
        when = ((condition.replace("{month}", MONTH["postgresql"]), text) for condition, text in refuses)
        return "".join(f"IF {condition} THEN RAISE EXCEPTION '{text}'; END IF; " for condition, text in when)

    body = f"{refusing(trigger.refuses)}{trigger.does} {refusing(trigger.left)}"
    guarded = f"IF {trigger.when} THEN {body}END IF; RETURN NEW;"  # a WHEN of PostgreSQL may not ask other tables
    return [
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {guarded} END $$",
        f"CREATE TRIGGER {trigger.name} {trigger.event} ON {trigger.table} FOR EACH ROW EXECUTE FUNCTION {trigger.name}()",
    ]


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Those that should stand and do not, or are switched off."""
    if ("fund", "0004_balance_voucher") not in MigrationRecorder(connection).applied_migrations():
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
