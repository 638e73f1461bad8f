"""What holds of all pages: who may open them, what they print, how many queries they ask. JIZHI_WRITE=1 renews the baselines;
read their diff before committing it."""

import json
import os
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook
from ruamel.yaml import YAML

from jizhi.audit.models import Entry
from jizhi.cli.demo.roles import ROLES
from tests.examples import example, login
from tests.site import Address, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.long]
HERE = Path(__file__).parent
MATRIX = HERE / "access_matrix.yaml"
QUERIES = HERE / "query_counts.json"
PUBLIC = "public"  # nobody logged in
# what stands open to nobody in particular: the public site, ballots and surveys by their code, and the way in
OPEN_ROUTES = (
    "p/",
    "b/",
    "w/",
    "tablet/",
    "log/verify_proof.py",
    "log/key.txt",
    "log/checkpoint.txt",
    "robots.txt",
    "sitemap.xml",
    "type/",
    "accounts/",
)
PERSONAL = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?![\dXx])")
WRITE = os.environ.get("JIZHI_WRITE") == "1"
# words that may stand in Latin letters on a Chinese page
LATIN = re.compile(r"\b(?:Excel|Word|YAML|Unit|My|school|docx|xlsx|XLSX|CSV|GBK|BPMN|PDF|TOTP|SHA)\b")
LEFTOVER = re.compile(r"\b(?:None|True|False|null|undefined|NaN|[A-Z][a-z]{3,}|[a-z]{4,})\b")


class Text(HTMLParser):
    """The text that a reader sees: no scripts, no styles, no code."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.hidden += tag in {"script", "style", "code", "pre"}

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"script", "style", "code", "pre"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


@dataclass(frozen=True)
class Visit:
    """What one role got at one address: both statuses, and the words that a reader sees there."""

    address: str
    role: str
    get: int
    post: int
    shown: str | None  # None where it is no page


@pytest.fixture(scope="module")
def visits(demo: date) -> list[Visit]:
    """Every address as every role. A POST of an empty form is undone at once. Who may open a page is decided by the same code
    on every database, so on PostgreSQL each is visited by one who may and by nobody in particular."""
    found = []
    for role in (*(role.slug for role in ROLES), PUBLIC):
        client = Client(REMOTE_ADDR="127.0.0.1")
        if role != PUBLIC:
            login(client, role)
        for address in addresses():
            if connection.vendor != "sqlite" and role not in (PUBLIC, one_who_may(address)):
                continue
            if (args := example(address)) is not None:
                found.append(visit(client, role, address.name, reverse(address.name, kwargs=args)))
    return found


def one_who_may(address: Address) -> str | None:
    """By the stored matrix, the principal foremost; what only takes a POST answers a GET with 405."""
    roles = sorted(stored_matrix().get(address.name, {}).items(), key=lambda one: (not one[1].startswith("200/"), one[0] != "principal"))
    return next((role for role, status in roles if status.startswith(("200/", "405/"))), None)


@cache
def stored_matrix() -> Any:
    return YAML().load(MATRIX.read_text())


def visit(client: Client, role: str, name: str, url: str) -> Visit:
    answer = _read(client.get(url))
    page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html") and b"<html" in answer.content
    with transaction.atomic():
        sent = _read(client.post(url)).status_code
        transaction.set_rollback(True)
    return Visit(name, role, answer.status_code, sent, seen(answer.content.decode()) if page else None)


def _read(answer: Any) -> Any:
    """A file is read to its end, which closes it."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def seen(html: str) -> str:
    text = Text()
    text.feed(html)
    return " ".join(" ".join(text.parts).split())


def test_the_matrix_of_access(visits: list[Visit]) -> None:
    found: dict[str, dict[str, str]] = {}
    for one in visits:
        found.setdefault(one.address, {})[one.role] = f"{one.get}/{one.post}"
    if WRITE:
        with MATRIX.open("w") as file:
            file.write("# GET/POST status of every address as every demo role; POST sends an empty form. Renew: JIZHI_WRITE=1\n")
            YAML().dump(dict(sorted(found.items())), file)
        stored_matrix.cache_clear()
    stored = stored_matrix()
    assert set(found) == set(stored), "an address is missing from tests/access_matrix.yaml"
    wrong = {name: {r: (s, stored[name].get(r)) for r, s in row.items() if s != stored[name].get(r)} for name, row in found.items()}
    assert {k: v for k, v in wrong.items() if v} == {}


@pytest.mark.req("X03")
def test_nothing_leaks_sideways(visits: list[Visit]) -> None:
    """The principal of the next school sees no page about a thing of this one; the administrator no business data."""
    about_here = {"case", "record", "task", "brief", "ranking", "unit", "body", "person", "evidence_file"}
    assert {(v.address, v.get) for v in visits if v.role == "other-principal" and v.address in about_here and v.get != 404} == set()
    business = {"case", "record", "task", "brief", "ranking", "evidence_file"}
    assert {(v.address, v.get) for v in visits if v.role == "admin" and v.address in business and v.get != 404} == set()


@pytest.mark.req("X03", "X05")
def test_nobody_comes_further_than_the_public_site(visits: list[Visit]) -> None:
    """Everything else sends who is not logged in to the log-in, whatever he sends."""
    inside = {one.name for one in addresses() if not one.route.startswith(OPEN_ROUTES)}
    came_in = {(v.address, v.get, v.post) for v in visits if v.role == PUBLIC and v.address in inside and (v.get, v.post) != (302, 302)}
    assert came_in == set()


@pytest.mark.req("X05")
def test_no_public_page_shows_a_number_of_a_person(visits: list[Visit]) -> None:
    shown = {v.address: v.shown for v in visits if v.role == PUBLIC and v.shown}
    assert "public_home" in shown
    assert {name: PERSONAL.findall(text) for name, text in shown.items() if PERSONAL.search(text)} == {}


@pytest.mark.req("X14")
def test_every_page_as_every_role_has_content_and_no_leftovers(visits: list[Visit]) -> None:
    bad = []
    for one in visits:
        if one.shown is None:
            continue
        if left := sorted(set(LEFTOVER.findall(LATIN.sub("", one.shown)))):
            bad.append(f"{one.role} {one.address}: {left[:8]}")
        if len(one.shown) < 80:
            bad.append(f"{one.role} {one.address}: nothing on it")
    assert bad == [], "\n".join(bad)


def test_no_page_asks_more_queries_than_its_baseline(visits: list[Visit]) -> None:
    """Each address as the first role that may open it, the principal foremost."""
    openers: dict[str, str] = {}
    for one in sorted(visits, key=lambda visit: visit.role != "principal"):
        if one.get == 200:
            openers.setdefault(one.address, one.role)
    found: dict[str, int] = {}
    for address in addresses():
        if (role := openers.get(address.name)) is None:
            continue
        visitor = Client(REMOTE_ADDR="127.0.0.1") if role == PUBLIC else client(role)
        url = reverse(address.name, kwargs=example(address))
        _read(visitor.get(url))
        with CaptureQueriesContext(connection) as asked:
            answer = _read(visitor.get(url))
        if answer.status_code == 200:
            found[address.name] = len(asked)
    if WRITE:
        QUERIES.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    stored = json.loads(QUERIES.read_text())
    assert {name: (n, stored.get(name)) for name, n in found.items() if n > stored.get(name, -1)} == {}


LISTS = {
    "principal": ("/supervision/tasks/", "/supervision/records/", "/supervision/register.xlsx", "/people/", "/cases/", "/log/"),
    "office": ("/supervision/plans/", "/pilots/"),
}


def rows(content: bytes) -> list[Any]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def client(role: str) -> Client:
    found = Client(REMOTE_ADDR="127.0.0.1")
    login(found, role)
    return found


@pytest.mark.req("X06")
def test_every_list_goes_out_as_a_table(demo: date) -> None:
    for role, lists in LISTS.items():
        for address in lists:
            answer = client(role).get(address + "?as=xlsx")
            assert answer.headers["Content-Type"].startswith("application/vnd.openxml"), address
            assert len(rows(answer.content)) > 1, address


@pytest.mark.req("X06")
def test_a_table_has_the_rows_of_the_filter_and_leaves_its_line_in_the_log(demo: date) -> None:
    principal = client("principal")
    before = Entry.objects.filter(action="ui.export_list").count()
    whole = rows(principal.get("/cases/?as=xlsx").content)
    ended = rows(principal.get("/cases/?as=xlsx&state=已办结").content)
    assert 1 < len(ended) < len(whole)
    assert {tuple(row) for row in ended[1:]} < {tuple(row) for row in whole[1:]}
    assert Entry.objects.filter(action="ui.export_list").count() == before + 2
    assert Entry.objects.filter(action="ui.export_list").latest("id").values["条件"] == {"state": "已办结"}


@pytest.mark.req("X06")
def test_a_table_has_nothing_that_the_page_would_not_show(demo: date) -> None:
    other = rows(client("other-principal").get("/cases/?as=xlsx").content)
    assert not any("太安小学" in str(cell) for row in other for cell in row)
