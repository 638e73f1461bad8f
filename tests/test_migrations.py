"""The migrations lead to the database that the tests have, which is made straight from the models (conftest.py)."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the same operations; on PostgreSQL every installation replays them"),
]


def shape(cursor: Any) -> dict[str, Any]:
    """Columns, indexes, foreign keys, checks and triggers of every table. The order of columns is no part of it."""

    def rows(sql: str, *values: str) -> list[Any]:
        cursor.execute(sql, values) if isinstance(cursor, sqlite3.Cursor) else cursor.execute(sql.replace("?", "%s"), values)
        return cursor.fetchall()

    found: dict[str, Any] = {}
    for name, kind, sql in rows("SELECT name, type, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"):
        if kind == "trigger":
            found[name] = sql
        elif kind == "table":
            found[name] = {
                "columns": sorted(row[1:] for row in rows("SELECT * FROM pragma_table_info(?)", name)),
                "keys": sorted(row[2:] for row in rows("SELECT * FROM pragma_foreign_key_list(?)", name)),
                "indexes": sorted(
                    (*index[2:], [row[2] for row in rows("SELECT * FROM pragma_index_info(?)", index[1])])
                    for index in rows("SELECT * FROM pragma_index_list(?)", name)
                ),
                "checks": sorted(re.findall(r"CONSTRAINT \"\w+\" CHECK", sql)),
            }
    return found


def test_the_migrations_lead_to_the_same_tables_and_triggers(tmp_path: Path) -> None:
    env = {**os.environ, "JIZHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jizhi.settings"}
    env.pop("JIZHI_DATABASE_URL", None)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    with sqlite3.connect(tmp_path / "jizhi.sqlite3") as migrated, connection.cursor() as made:
        one, other = shape(migrated.cursor()), shape(made)
    migrated.close()
    assert one.keys() == other.keys()
    for name in one:
        assert one[name] == other[name], name
