"""What every test of the project shares."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest


@pytest.fixture(autouse=True)
def seals_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test's log has its own key and its own copies of the checkpoints, made only where something is sealed."""
    from django.conf import settings

    folder = tmp_path_factory.getbasetemp() / f"seals-{uuid4().hex}"
    monkeypatch.setattr(settings, "SEAL_KEY", folder / "seal_key.pem")
    monkeypatch.setattr(settings, "CHECKPOINT_COPIES", [folder / "copies"])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Tables straight from the models: Django takes a quarter of a minute to replay the migrations, in every test process.
    tests/test_migrations.py holds that both ways lead to the same database."""
    from django.db import connection

    connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        what_only_migrations_do()


def what_only_migrations_do() -> None:
    """Triggers and what is run by hand; then every migration counts as applied."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations import RunPython
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with connection.schema_editor() as editor:
        for (room, name), migration in sorted(MigrationLoader(connection).disk_migrations.items()):
            for operation in migration.operations if migration.__module__.startswith("jizhi.") else ():
                if isinstance(operation, RunPython):
                    operation.code(apps, editor)
                elif type(operation).__module__.startswith("jizhi."):  # triggers, which know no state
                    operation.database_forwards(room, editor, None, None)
            recorder.record_applied(room, name)


@pytest.fixture(autouse=True, scope="session")
def tests_may_flush() -> Iterator[None]:
    """Tests with real transactions empty all tables at their end, which append-only tables refuse: lift that for the flush."""
    from django.db import connections
    from django.db.backends.base.operations import BaseDatabaseOperations

    from jizhi.audit.protect import drop_triggers, protected_tables, put_triggers

    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: Any, sql_list: list[str]) -> None:
        connection = connections[self.connection.alias]
        tables = protected_tables(connection)
        for table in tables:
            drop_triggers(connection, table)
        flush(self, sql_list)
        for table, name in tables.items():
            put_triggers(connection, table, name)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
