from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def byte_order(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Path ranges need byte order; a PostgreSQL database may have been made with a language's order. SQLite has it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE org_unit ALTER COLUMN path TYPE varchar(120) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]
    operations = [migrations.RunPython(byte_order, migrations.RunPython.noop)]
