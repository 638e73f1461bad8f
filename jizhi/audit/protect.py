"""Tables that only grow: triggers on SQLite and PostgreSQL refuse update, delete and truncate, and on SQLite also
INSERT OR REPLACE, which would take a row away without any delete trigger being asked.

A room asks for it in a migration of its own, ``operations = [*append_only("papers_paper", "文书")]``; the applied
migrations are thereby also the list of what must stand, which is asserted after every migration: SQLite rebuilds a
table for most schema changes and drops its triggers silently, and such a migration must end with append_only() again.
"""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

CONDITIONS: dict[str, str] = {}  # by table: refused only where this holds of OLD (SQL of both databases), from migrations
UPDATES: dict[str, str] = {}  # by table: an update is refused only where this holds of OLD and NEW; deletion always


class AppendOnly(Operation):
    """Puts the triggers on a table; reversible. ``when`` limits them to rows that are already final, ``update`` those
    against updates to changes of which it holds."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, name: str, when: str = "", update: str = "") -> None:
        self.table, self.name, self.when, self.update = table, name, when, update
        if when:
            CONDITIONS[table] = when
        if update:
            UPDATES[table] = update

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        limits = {"when": self.when, "update": self.update}
        return (type(self).__name__, [self.table, self.name], {key: text for key, text in limits.items() if text})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        put_triggers(schema_editor.connection, self.table, self.name)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        drop_triggers(schema_editor.connection, self.table)

    def describe(self) -> str:
        return f"Refuse changes of {self.table}"


def append_only(table: str, name: str) -> list[Operation]:
    """The operations of a migration that make a table append-only; ``name`` heads the refusal (办理日志只可追加…)."""
    return [AppendOnly(table, name)]


def final_once(table: str, name: str, when: str, update: str = "") -> list[Operation]:
    """Rows may change until ``when`` holds of them (``OLD.published_on IS NOT NULL``), and then never again; with ``update``
    an update is refused only where that holds of OLD and NEW."""
    return [AppendOnly(table, name, when, update)]


def kept_columns(table: str, name: str, update: str) -> list[Operation]:
    """Rows are never deleted, and never changed in a way of which ``update`` holds (``OLD.digest <> NEW.digest``)."""
    return [AppendOnly(table, name, update=update)]


def trigger_names(table: str, vendor: str) -> tuple[str, ...]:
    acts = ("update", "delete", "replace") if vendor == "sqlite" else ("update", "delete", "truncate")
    return tuple(f"{table}_no_{act}" for act in acts)


def put_triggers(connection: BaseDatabaseWrapper, table: str, name: str) -> None:
    """Create the triggers anew. Table names come from migrations, never from users."""
    drop_triggers(connection, table)
    when, changed = CONDITIONS.get(table), UPDATES.get(table)
    text = f"{name}不得再修改或删除" if when or changed else f"{name}只可追加，不得修改或删除"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            function = f"{table}_append_only"
            refuse = f"RAISE EXCEPTION '{text}';"
            if when:  # a TRUNCATE has no OLD
                limited = f"ELSIF TG_OP = 'UPDATE' THEN IF {changed} THEN {refuse} END IF; " if changed else ""
                past = f"IF TG_OP = 'TRUNCATE' THEN {refuse} {limited}ELSIF {when} THEN {refuse} END IF;"
                refuse = f"{past} IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
            elif changed:
                refuse = f"IF TG_OP <> 'UPDATE' THEN {refuse} ELSIF {changed} THEN {refuse} END IF; RETURN NEW;"
            cursor.execute(f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse} END $$")
        for trigger in trigger_names(table, connection.vendor):
            act = trigger.rpartition("_")[2].upper()
            if act == "REPLACE":
                clash = _clash(connection, table, when or "")
                cursor.execute(f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table} WHEN {clash} BEGIN SELECT RAISE(ABORT, '{text}'); END")
            elif connection.vendor == "sqlite":
                limit = changed if changed and act == "UPDATE" else when
                only = f"WHEN {limit} " if limit else ""
                cursor.execute(f"CREATE TRIGGER {trigger} BEFORE {act} ON {table} {only}BEGIN SELECT RAISE(ABORT, '{text}'); END")
            else:
                each = "STATEMENT" if act == "TRUNCATE" else "ROW"
                cursor.execute(f"CREATE TRIGGER {trigger} BEFORE {act} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()")


def _clash(connection: BaseDatabaseWrapper, table: str, when: str) -> str:
    """SQL for: a final row has the id, or all columns of a unique constraint, of the row to be inserted."""
    with connection.cursor() as cursor:
        # asked of SQLite itself: Django's introspection parses the SQL of the table, which took seconds of every migration
        cursor.execute("SELECT name FROM pragma_table_info(%s) WHERE pk ORDER BY pk", [table])
        keys = {tuple(row[0] for row in cursor.fetchall())}
        cursor.execute('SELECT name FROM pragma_index_list(%s) WHERE "unique" AND NOT partial', [table])
        for (index,) in cursor.fetchall():
            cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
            keys.add(tuple(row[0] for row in cursor.fetchall()))
    quote = connection.ops.quote_name  # a column may be called group
    same = " OR ".join(f"({' AND '.join(f'OLD.{quote(column)} = NEW.{quote(column)}' for column in key)})" for key in sorted(keys))
    final = f" AND ({when})" if when else ""
    return f"EXISTS (SELECT 1 FROM {table} AS OLD WHERE ({same}){final})"  # noqa: S608 (names come from migrations)


def drop_triggers(connection: BaseDatabaseWrapper, table: str) -> None:
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        for trigger in trigger_names(table, connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{on}")


def protected_tables(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Table and name of everything that the applied migrations made append-only; a later migration has the last word."""
    loader = MigrationLoader(connection)
    return {
        operation.table: operation.name
        for key, migration in sorted(loader.disk_migrations.items())
        if key in loader.applied_migrations
        for operation in migration.operations
        if isinstance(operation, AppendOnly)
    }


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should stand and do not, or are switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")
        present = {row[0] for row in cursor.fetchall()}
    tables = protected_tables(connection)
    return [trigger for table in tables for trigger in trigger_names(table, connection.vendor) if trigger not in present]


def triggers_present(connection: BaseDatabaseWrapper | None = None) -> bool:
    """Whether every append-only table is protected now."""
    return not missing_triggers(connection or connections["default"])


def assert_triggers(using: str = "default", **_: object) -> None:
    """After every migration (post_migrate): fail loudly when protection was lost."""
    if missing := missing_triggers(connections[using]):
        raise RuntimeError(f"只可追加的表失去了保护，缺少触发器：{'、'.join(missing)}。请在该迁移末尾重新声明 append_only()")


def check_triggers(databases: Iterable[str] | None = None, **_: object) -> list[CheckMessage]:
    """System check (tag database): ``manage.py check --database default``."""
    return [
        Error(f"缺少触发器 {trigger}：只可追加的表可以被改动", id="audit.E001")
        for alias in databases or ()
        for trigger in missing_triggers(connections[alias])
    ]
