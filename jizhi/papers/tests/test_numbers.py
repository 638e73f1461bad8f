"""Numbers without gaps: per unit, kind and year, also when several people issue at the same moment."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from jizhi.access.actor import actor_of
from jizhi.audit.models import Entry
from jizhi.org.tests.town import Town, wanzhou
from jizhi.papers.actions import issue_paper
from jizhi.papers.models import Paper
from jizhi.papers.queries import papers_about

TODAY = date(2026, 3, 10)
ROOT = Path(__file__).parents[3]


def issue(town: Town, school: str = "太安小学", kind: str = "督改", today: date = TODAY) -> Paper:
    by = actor_of(town.people["副校长乙"], today=today)
    unit = town.units[school]
    return issue_paper(kind, unit=unit, title="整改通知书", about=unit, snapshot={"整改时限": "2026-03-25"}, by=by, today=today)


@pytest.mark.django_db
def test_numbers_run_per_unit_kind_and_year() -> None:
    town = wanzhou()
    assert [issue(town).label for _ in range(2)] == ["太安小学督改〔2026〕1号", "太安小学督改〔2026〕2号"]
    assert issue(town, kind="督简").number == issue(town, school="甘宁小学").number == issue(town, today=date(2027, 1, 4)).number == 1
    assert [paper.number for paper in papers_about(town.units["太安小学"])] == [1, 2, 1, 1]  # 2026, then 2027
    assert Entry.objects.filter(action="papers.issue_paper").count() == 5


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_gap() -> None:
    town = wanzhou()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError(issue(town))
    assert issue(town).number == 1


@pytest.mark.django_db
def test_an_issued_paper_cannot_be_changed() -> None:
    paper = issue(wanzhou())
    with pytest.raises(DatabaseError, match="文书只可追加"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(title="改")


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share the connection of an in-memory database; SQLite is tested by processes below")
    town = wanzhou()

    def one(_: int) -> int:
        try:
            return issue(town).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(20))) == list(range(1, 21))


ISSUER = """
import django; django.setup()
from datetime import date
from jizhi.access.actor import actor_of
from jizhi.org.models import Person, Unit
from jizhi.papers.actions import issue_paper
by, unit = actor_of(Person.objects.get(name="副校长乙"), today=date(2026, 3, 10)), Unit.objects.get(name="太安小学")
for _ in range(5):
    print(issue_paper("督改", unit=unit, title="x", about=unit, snapshot={}, by=by, today=date(2026, 3, 10)).number)
"""
MAKER = """
import django; django.setup()
from jizhi.cli.demo.tables import make_tables
make_tables()
from jizhi.org.tests.town import wanzhou
wanzhou()
"""


def test_four_processes_at_once_on_sqlite(tmp_path: Path) -> None:
    env = {**os.environ, "JIZHI_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jizhi.settings", "PYTHONPATH": str(ROOT)}
    env.pop("JIZHI_DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", MAKER], env=env, check=True)

    def issuer(_: int) -> str:
        return subprocess.run([sys.executable, "-c", ISSUER], env=env, check=True, capture_output=True, text=True).stdout

    with ThreadPoolExecutor(4) as pool:
        numbers = [int(line) for output in pool.map(issuer, range(4)) for line in output.split()]
    assert sorted(numbers) == list(range(1, 21))
