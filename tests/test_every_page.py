"""What holds of all pages: who may open them, what they print, how many queries they ask. JIZHI_WRITE=1 renews the baselines;
read their diff before committing it."""

import json
import os
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from ruamel.yaml import YAML

from jizhi.cli.demo.roles import ROLES
from tests.examples import example, login
from tests.site import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
HERE = Path(__file__).parent
MATRIX = HERE / "access_matrix.yaml"
QUERIES = HERE / "query_counts.json"
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


def open_as(role: str, url: str, method: str = "get") -> Any:
    client = Client(REMOTE_ADDR="127.0.0.1", raise_request_exception=True)
    login(client, role)
    return getattr(client, method)(url)


def test_the_matrix_of_access(demo: date) -> None:
    found: dict[str, dict[str, str]] = {}
    for address in addresses():
        args = example(address)
        if args is None:
            continue
        url = reverse(address.name, kwargs=args)
        found[address.name] = {r.slug: f"{open_as(r.slug, url).status_code}/{open_as(r.slug, url, 'post').status_code}" for r in ROLES}
    yaml = YAML()
    if WRITE:
        with MATRIX.open("w") as file:
            file.write("# GET/POST status of every address as every demo role; POST sends an empty form. Renew: JIZHI_WRITE=1\n")
            yaml.dump(found, file)
    stored = yaml.load(MATRIX.read_text())
    assert set(found) == set(stored), "an address is missing from tests/access_matrix.yaml"
    wrong = {name: {r: (s, stored[name].get(r)) for r, s in row.items() if s != stored[name].get(r)} for name, row in found.items()}
    assert {k: v for k, v in wrong.items() if v} == {}


@pytest.mark.req("X14")
def test_every_page_as_every_role_has_content_and_no_leftovers(demo: date) -> None:
    bad = []
    for address in addresses():
        args = example(address)
        if args is None:
            continue
        url = reverse(address.name, kwargs=args)
        for role in ROLES:
            answer = open_as(role.slug, url)
            if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
                continue
            text = Text()
            text.feed(answer.content.decode())
            shown = " ".join(" ".join(text.parts).split())
            left = sorted(set(LEFTOVER.findall(LATIN.sub("", shown))))
            if left:
                bad.append(f"{role.slug} {url}: {left[:8]}")
            if len(shown) < 80:
                bad.append(f"{role.slug} {url}: nothing on it")
    assert bad == []


def test_no_page_asks_more_queries_than_its_baseline(demo: date) -> None:
    found: dict[str, int] = {}
    for address in addresses():
        args = example(address)
        if args is None:
            continue
        client = Client(REMOTE_ADDR="127.0.0.1")
        login(client, ROLES[0].slug if address.name.startswith("person") else "principal")
        url = reverse(address.name, kwargs=args)
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(url)
        if answer.status_code == 200:
            found[address.name] = len(asked)
    if WRITE:
        QUERIES.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    stored = json.loads(QUERIES.read_text())
    assert {name: (n, stored.get(name)) for name, n in found.items() if n > stored.get(name, -1)} == {}
