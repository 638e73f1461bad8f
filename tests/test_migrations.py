"""The migrations lead to the database that tests and demo have, which is made straight from the models (cli/demo/tables.py)."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.django_db
Ask = Callable[..., list[Any]]
ON_POSTGRESQL = {
    "columns": """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, collation_name
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "indexes": r"SELECT tablename, regexp_replace(indexdef, 'INDEX \S+ ON', 'INDEX ON') FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgname::text, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def of_sqlite(ask: Ask) -> dict[str, Any]:
    """Columns, foreign keys, indexes, checks of every table, and every trigger. The order of columns is no part of it."""
    found: dict[str, Any] = {}
    for name, kind, sql in ask("SELECT name, type, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"):
        if kind == "trigger":
            found[name] = sql
        elif kind == "table":
            found[name] = {
                "columns": sorted(row[1:] for row in ask("SELECT * FROM pragma_table_info(?)", name)),
                "keys": sorted(row[2:] for row in ask("SELECT * FROM pragma_foreign_key_list(?)", name)),
                "indexes": sorted(
                    (*index[2:], [row[2] for row in ask("SELECT * FROM pragma_index_info(?)", index[1])])
                    for index in ask("SELECT * FROM pragma_index_list(?)", name)
                ),
                "checks": sorted(re.findall(r"CONSTRAINT \"\w+\" CHECK", sql)),
            }
    return found


def of_postgresql(ask: Ask) -> dict[str, Any]:
    """The rooms' own: a key that Django's migrations make in a table of its own is wider than that of its models."""
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("jizhi.")}
    return {
        name: sorted((row for row in ask(sql) if name in ("triggers", "functions") or row[0] in ours), key=repr)
        for name, sql in ON_POSTGRESQL.items()
    }


def asking(cursor: Any, mark: str) -> Ask:
    def ask(sql: str, *values: str) -> list[Any]:
        cursor.execute(sql.replace("?", mark), values) if values else cursor.execute(sql)
        return list(cursor.fetchall())

    return ask


def migrated(**env: str) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env={**os.environ, **env}, check=True)


def test_the_migrations_lead_to_the_same_tables_and_triggers(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        made = (of_sqlite if connection.vendor == "sqlite" else of_postgresql)(asking(cursor, "%s"))
    if connection.vendor == "sqlite":
        migrated(JIZHI_VAR=str(tmp_path), JIZHI_DATABASE_URL="")
        with sqlite3.connect(tmp_path / "jizhi.sqlite3") as other:
            found = of_sqlite(asking(other.cursor(), "?"))
        other.close()
    else:
        at, name = connection.settings_dict, f"{connection.settings_dict['NAME']}_migrated"
        whole = {
            key: at[word] for key, word in (("host", "HOST"), ("port", "PORT"), ("user", "USER"), ("password", "PASSWORD")) if at[word]
        }
        with psycopg.connect(dbname=at["NAME"], autocommit=True, **whole) as server:
            server.execute(f'CREATE DATABASE "{name}"')
            try:
                migrated(JIZHI_DATABASE_URL=f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}")
                with psycopg.connect(dbname=name, **whole) as other, other.cursor() as cursor:
                    found = of_postgresql(asking(cursor, "%s"))
            finally:
                server.execute(f'DROP DATABASE "{name}"')
    assert made.keys() == found.keys()
    for name in made:
        assert made[name] == found[name], name
