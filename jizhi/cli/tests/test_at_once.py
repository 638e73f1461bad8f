"""The log written and sealed by several programs at once."""

import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jizhi.audit.models import Entry, Leaf
from jizhi.cli.main import main
from jizhi.cli.tests.log import ROOT, Read, entries

pytestmark = [pytest.mark.django_db, pytest.mark.req("X04")]

WRITER = """
import django; django.setup()
import sys, time, random
from django.db import connection, connections, transaction
from jizhi.audit.actions import record
from jizhi.cli.tests.log import Doer
for n in range(12):
    with transaction.atomic():
        record("test.at_once", None, by=Doer(), label=str(n), fields={"数": n})
        time.sleep(random.random() / 50)
"""
SEALER = """
import django; django.setup()
import time
from django.utils import timezone
from jizhi.audit.sealer import seal
for _ in range(15):
    seal(now=timezone.now())
    time.sleep(0.02)
"""
SEAL_AND_VERIFY = """
import sys
from jizhi.cli.main import main
sys.exit(main(["seal"]) or main(["verify", "--json"]))
"""
ONE = """
import sys
import django; django.setup()
from django.db import transaction
from jizhi.audit.actions import record
from jizhi.cli.main import main
from jizhi.cli.tests.log import Doer
with transaction.atomic():
    record("test.first", None, by=Doer(), label="")
sys.exit(main(["seal"]))
"""
VERIFY = """
import sys
from jizhi.cli.main import main
sys.exit(main(["verify", "--json"]))
"""
POINTED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "jizhi.settings"
from django.conf import settings
if {name!r}:
    settings.DATABASES["default"]["NAME"] = {name!r}
"""


def at_once(env: dict[str, str], head: str) -> None:
    """Three writers and two sealers, each a process of its own."""

    def run(code: str) -> None:
        done = subprocess.run([sys.executable, "-c", head + code], env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(run, [WRITER, SEALER, WRITER, SEALER, WRITER]))


def test_two_sealers_and_three_writers_on_sqlite(tmp_path: Path) -> None:
    env = {**os.environ, "JIZHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jizhi.settings", "PYTHONPATH": str(ROOT)}
    for name in ("JIZHI_DATABASE_URL", "JIZHI_SEAL_KEY", "JIZHI_CHECKPOINTS"):
        env.pop(name, None)
    subprocess.run([sys.executable, "manage.py", "migrate", "audit", "-v0"], cwd=ROOT, env=env, check=True)
    done = subprocess.run([sys.executable, "-c", ONE], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "jizhi.sqlite3") as now, sqlite3.connect(old := tmp_path / "old.sqlite3") as copy:
        now.backup(copy)
    now.close()
    copy.close()
    at_once(env, "")
    done = subprocess.run([sys.executable, "-c", SEAL_AND_VERIFY], cwd=ROOT, env=env, capture_output=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, report["size"], report["unsealed"], report["faults"]) == (0, 37, 0, [])
    old.rename(tmp_path / "jizhi.sqlite3")  # last night's copy of the whole database is put back
    done = subprocess.run([sys.executable, "-c", VERIFY], cwd=ROOT, env=env, capture_output=True, text=True)
    report = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, report["size"]) == (1, 1)
    assert {fault["kind"] for fault in report["faults"]} == {"checkpoint", "dropped"}
    named = {fault["entry"] for fault in report["faults"]}
    assert {*range(2, 38)} <= named  # from what was noted beside the database when each was written


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="the test above is SQLite's")
def test_two_sealers_and_three_writers_on_postgresql(verified: Read) -> None:
    folder = settings.SEAL_KEY.parent
    env = {**os.environ, "PYTHONPATH": str(ROOT), "JIZHI_SEAL_KEY": str(settings.SEAL_KEY), "JIZHI_CHECKPOINTS": str(folder / "copies")}
    at_once(env, POINTED.format(name=connection.settings_dict["NAME"]))
    assert main(["seal"]) == 0
    report = verified()
    assert (report["code"], report["size"], report["unsealed"], report["faults"]) == (0, 36, 0, [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_a_transaction_that_ends_after_later_ones_were_sealed(verified: Read) -> None:
    slow = connection.copy()
    slow.set_autocommit(False)
    with slow.cursor() as cursor:  # takes the lower number and waits
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))")
        number = cursor.fetchone()[0]
    made = entries(3)
    assert main(["seal"]) == 0
    columns = ", ".join(field.column for field in Entry._meta.concrete_fields if field.column != "id")
    with slow.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_entry (id, {columns}) SELECT %s, {columns} FROM audit_entry WHERE id = %s", [number, made[0].pk])
    assert main(["seal"]) == 0  # the writer keeps nobody waiting, and is not seen yet
    assert Leaf.objects.count() == 3
    slow.commit()
    slow.close()
    assert main(["seal"]) == 0
    assert list(Leaf.objects.values_list("entry_id", flat=True)) == [*(entry.pk for entry in made), number]
    assert verified()["code"] == 0
