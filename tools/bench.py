"""``make bench``: what the heavy things cost, against limits (bench.yaml) and against a peer that does the least of the same.

One run over a database of its own in a temporary folder, a few minutes. Everything is seconds of CPU, so that other work on the
machine counts little. Where a peer exists its answer must be the same; exit 1 when it is not, or when a limit is broken.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parent / "jizhi" / "library"
THEMES = ("发展富民星", "组织建设星", "文明和谐星", "民主法制星", "生态环境星")
AWARDS = {5: 15_000, 4: 10_000, 3: 5_000}
DAY = date(2026, 3, 16)
PEOPLE, VOUCHERS, ENTRIES, TIMES = 100_000, 10_000, 10_000, 10


@dataclass(frozen=True)
class Measure:
    """One line of the table. ``peer`` says what did the least of the same, and for how much."""

    name: str
    cost: float
    peer: str = ""
    same: bool = True


def spent(do: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of CPU, those of programs that were started with them."""

    def now() -> float:
        return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

    before = now()
    found = do()
    return now() - before, found


# --- appraisal


def appraisals(folder: Path) -> Iterator[Measure]:
    import xlsxwriter

    for count in (1_000, 10_000):
        file, marks = folder / f"{count}.xlsx", villages(count)
        book = xlsxwriter.Workbook(str(file))
        for name, rows in (
            ("单位", [("单位",), *((one,) for one in marks)]),
            ("得分", [("单位", *THEMES), *((k, *v) for k, v in marks.items())]),
        ):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        book.close()
        cost, found = spent(lambda file=file: told("appraise", str(LIBRARY / "stars.yaml"), str(file), "--json"))
        least, stars = spent(lambda file=file: by_hand(file))
        same = {one["subject"]: one["stars"] for one in found["results"]} == stars
        same &= found["summary"]["award_total"] == sum(AWARDS.get(star, 0) for star in stars.values())
        yield Measure(f"appraise {count:,} villages", cost, f"plain Python, no reasons given: {least:.2f}", same)


def villages(count: int) -> dict[str, tuple[float, ...]]:
    """Marks of five themes; no two villages have the same total, so that nothing is drawn."""
    dice, found = random.Random(count), {}  # noqa: S311 (the same every time)
    for n in range(count):
        tenths = [dice.randrange(100, 200) for _ in THEMES]
        found[f"村{n:05d}"] = (*(one / 10 for one in tenths[:4]), tenths[4] / 10 + n / 1_000_000)
    return found


def by_hand(file: Path) -> dict[str, int]:
    """The stars by the rule of the book, from the same workbook: a star for 85% of a theme, three of five and three of four stars."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(file).get_sheet_by_name("得分").to_python()[1:]
    marks = {str(row[0]): [float(one) for one in row[1:]] for row in rows}
    stars = {name: sum(one / 20 >= 0.85 for one in each) for name, each in marks.items()}
    for star in (5, 4):
        ranked = sorted((name for name in stars if stars[name] == star), key=lambda name: (-sum(marks[name]), -marks[name][0]))
        stars |= dict.fromkeys(ranked[3:], star - 1)
    return stars


def told(*words: str) -> Any:
    """What a command answers with --json."""
    from jizhi.cli.main import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(words)
    return json.loads(out.getvalue())


# --- ledger


def ledger(folder: Path) -> Iterator[Measure]:
    from django.db import transaction

    from jizhi.fund.models import Account, Balance, Fund, Posting, Voucher

    fund = Fund.objects.order_by("pk")[0]
    # many accounts: posting a voucher adds up the whole account, which is not what is measured here
    names = [f"测量{n}" for n in range(40)]
    pairs = [tuple(Account.objects.create(fund=fund, kind=kind, name=name) for kind in ("bank", "income")) for name in names]
    Balance.objects.bulk_create([Balance(account=one, bounded=one.kind == "bank") for pair in pairs for one in pair])
    months = [(year, month) for year in range(2027, 2052) for month in range(1, 13)]
    made = [
        Voucher(
            fund=fund, month=year * 100 + month, number=number, day=date(year, month, 15), kind="receipt", summary="测量", entered_on=DAY
        )
        for number in range(1, VOUCHERS // len(months) + 2)
        for year, month in months
    ][:VOUCHERS]
    Voucher.objects.bulk_create(made, batch_size=500)
    lines = [
        Posting(voucher=one, account=at, fen=fen) for n, one in enumerate(made) for at, fen in zip(pairs[n % 40], (100, -100), strict=True)
    ]
    Posting.objects.bulk_create(lines, batch_size=500)
    with transaction.atomic():
        for one in made:
            Voucher.objects.filter(pk=one.pk).update(posted=True)
    file = folder / "fund.beancount"
    from jizhi.cli.main import main

    cost, _ = spent(lambda: main(["ledger", "export", fund.unit.code, "--out", str(file)]))
    least, done = spent(lambda: subprocess.run([Path(sys.executable).parent / "bean-check", file], capture_output=True, check=False))  # noqa: S603
    fine = done.returncode == 0 and file.read_text().count("voucher:") >= VOUCHERS
    yield Measure(f"export a ledger of {VOUCHERS:,} vouchers", cost, f"bean-check reads and accepts it: {least:.2f}", fine)


# --- log


@dataclass(frozen=True)
class Doer:
    id: str = "7"
    name: str = "测量"
    post: str = ""
    unit: None = None


def log() -> Iterator[Measure]:
    from django.db import transaction
    from django.utils import timezone
    from pymerkle import InmemoryTree

    from jizhi.audit.actions import record
    from jizhi.audit.keys import public_key
    from jizhi.audit.models import Leaf
    from jizhi.audit.rows import rows_by_id
    from jizhi.audit.rules import leaf_data
    from jizhi.audit.sealer import seal
    from jizhi.audit.verifying import verify

    seal(now=timezone.now())
    with transaction.atomic():
        for n in range(ENTRIES):
            record("test.bench", None, by=Doer(), label=f"第{n}条", fields={"金额": n, "用途": "测量"})
    cost, done = spent(lambda: seal(now=timezone.now()))
    order = list(Leaf.objects.order_by("index").values_list("entry_id", flat=True))
    rows = {pk: row for at in range(0, len(order), 500) for pk, row in rows_by_id(order[at : at + 500]).items()}
    leaves = [leaf_data(pk, rows[pk].seals, rows[pk].fields) for pk in order]
    tree = InmemoryTree(algorithm="sha256")
    least, _ = spent(lambda: [tree.append_entry(leaf) for leaf in leaves[-ENTRIES:]])
    whole = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        whole.append_entry(leaf)
    same = whole.get_root().hex() == done.checkpoint.root
    yield Measure(f"seal {ENTRIES:,} entries", cost, f"pymerkle, in memory, the leaves ready: {least:.2f}", same)
    cost, report = spent(lambda: verify(now=timezone.now(), key=public_key()))
    yield Measure(f"verify {ENTRIES:,} entries", cost * ENTRIES / report.size, "", report.sound)


# --- import


def people(folder: Path) -> Iterator[Measure]:
    from jizhi.access.actor import actor_of
    from jizhi.office.actions.intakes import add_intake, begin_intake
    from jizhi.office.staging import advance
    from jizhi.org.models import Person, Unit

    out = io.StringIO()
    writer = csv.writer(out)
    unit = Unit.objects.get(name="太安小学")
    writer.writerow(["工号", "姓名", "单位代码", "户号", "村民组"])
    writer.writerows([f"M{n:06}", ("张伟", "欧阳明", "单雄信")[n % 3], unit.code, f"H{n // 4:06}", f"{n % 9 + 1}组"] for n in range(PEOPLE))
    content = out.getvalue().encode()
    admin, today, before = Person.objects.get(number="WZ-009"), date.today(), Person.objects.count()  # noqa: DTZ011 (no site here)
    by = actor_of(admin, today=today)

    def bring_in() -> None:
        intake = begin_intake("people", content, name="名册.csv", unit=unit, by=by, today=today)
        while intake.total is None or intake.checked < intake.total:
            intake = advance(intake, by=by, today=today)
        add_intake(intake, by=by, today=today)

    def plainly() -> None:
        with sqlite3.connect(folder / "plain.sqlite3") as bare:
            bare.execute("CREATE TABLE person (number TEXT PRIMARY KEY, name TEXT, unit TEXT, household TEXT, grp TEXT)")
            bare.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", list(csv.reader(io.StringIO(content.decode())))[1:])
        bare.close()

    cost, _ = spent(bring_in)
    least, _ = spent(plainly)
    whole = Person.objects.count() == before + PEOPLE
    yield Measure(f"import {PEOPLE:,} people", cost, f"csv into one bare table, nothing checked: {least:.2f}", whole)


# --- pages

PAGES = {
    "public list": ("", "/p/"),
    "public place": ("", "/p/at/511603108/"),
    "workbench": ("principal", "/"),
    "log": ("principal", "/log/"),
}
COPIED = {
    "papers_publication": {"public_id": "lower(hex(randomblob(11)))", "replaces_id": "NULL"},
    "procedure_case": {"key": "''"},
    "procedure_todo": {},
    "jizhi_messages_message": {"key": "lower(hex(randomblob(11)))"},
    "audit_entry": {},
}


def pages() -> Iterator[Measure]:
    first = dict(map(page, PAGES))
    multiply()
    for name, (cost, queries) in first.items():
        more, asked = page(name)[1]
        yield Measure(name, cost, f"{queries} queries")
        yield Measure(f"{name}, {TIMES} times the rows", more, f"{asked} queries, as many as before", asked == queries)


def page(name: str) -> tuple[str, tuple[float, int]]:
    """Seconds (the median of five) and queries of one page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jizhi.org.models import User

    who, address = PAGES[name]
    client = Client()
    if who:
        client.force_login(User.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    queries = len(asked)  # before the next request empties the list
    times = []
    for _ in range(5):
        before = time.process_time()
        client.get(address)
        times.append(time.process_time() - before)
    return name, (statistics.median(times), queries)


def multiply() -> None:
    """The rows that the lists are made of, nine times more."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table, other in COPIED.items():
            cursor.execute("SELECT name FROM pragma_table_info(%s) WHERE NOT pk", [table])
            columns = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"SELECT MAX(id) FROM {table}")  # noqa: S608 (the names above)
            last = cursor.fetchone()[0]
            names, values = ", ".join(f'"{one}"' for one in columns), ", ".join(other.get(one, f'"{one}"') for one in columns)
            for _ in range(TIMES - 1):
                cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id <= %s", [last])  # noqa: S608


def measures(folder: Path) -> Iterator[Measure]:
    from jizhi.cli.demo.build import build
    from jizhi.cli.demo.tables import make_tables

    yield from appraisals(folder)
    make_tables()
    cost, _ = spent(lambda: build(today=date.today()))  # noqa: DTZ011
    yield Measure("build the demo", cost)
    yield from log()
    yield from ledger(folder)
    yield from people(folder)
    yield from pages()


def main() -> int:
    limits = {name: float(limit) for name, limit in YAML(typ="safe").load(HERE / "bench.yaml").items()}
    broken, began = [], time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"JIZHI_VAR": name, "DJANGO_SETTINGS_MODULE": "jizhi.settings"}
        os.environ.pop("JIZHI_DATABASE_URL", None)
        import django

        django.setup()
        print(f"{'measure':<44}{'CPU s':>9}{'limit':>8}  peer")
        for one in measures(folder):
            limit = limits[one.name]
            wrong = [*(["over the limit"] if one.cost > limit else []), *([] if one.same else ["not the same as its peer"])]
            broken += [f"{one.name}: {what}" for what in wrong]
            print(f"{one.name:<44}{one.cost:>9.3f}{limit:>8g}  {one.peer}{'  <- ' + ', '.join(wrong) if wrong else ''}", flush=True)
        django.db.connections.close_all()
    print(f"{timedelta(seconds=int(time.monotonic() - began))} in all")
    print("\n".join(broken) or "all within their limits")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
