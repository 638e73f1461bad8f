"""The tables of an empty database, made straight from the models: replaying the migrations takes Django ten seconds and more.
tests/test_migrations.py holds that both ways lead to the same database."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.test.utils import override_settings


def make_tables() -> None:
    """Everything that ``migrate`` would do; that itself where there are tables already."""
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        return
    with override_settings(MIGRATION_MODULES={app.label: None for app in apps.get_app_configs()}):
        call_command("migrate", verbosity=0, run_syncdb=True)
    finish()


def finish() -> None:
    """What the models do not say, triggers above all; then every migration counts as applied."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    nothing = ProjectState()
    with connection.schema_editor() as editor:
        for (room, name), migration in sorted(MigrationLoader(connection).disk_migrations.items()):
            for operation in migration.operations if migration.__module__.startswith("jizhi.") else ():
                if isinstance(operation, RunPython):
                    operation.code(apps, editor)  # type: ignore[arg-type]
                elif type(operation).__module__.startswith("jizhi."):  # triggers, which know no state
                    operation.database_forwards(room, editor, nothing, nothing)
            recorder.record_applied(room, name)
