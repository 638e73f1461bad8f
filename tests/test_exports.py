"""X06: wherever there is a list, a spreadsheet of exactly what is shown; what left is written in the log."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from jizhi.audit.models import Entry
from tests.examples import login

pytestmark = [pytest.mark.django_db, pytest.mark.req("X06")]
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


def test_every_list_goes_out_as_a_table(demo: date) -> None:
    for role, addresses in LISTS.items():
        for address in addresses:
            answer = client(role).get(address + "?as=xlsx")
            assert answer.headers["Content-Type"].startswith("application/vnd.openxml"), address
            assert len(rows(answer.content)) > 1, address


def test_a_table_has_the_rows_of_the_filter_and_leaves_its_line_in_the_log(demo: date) -> None:
    principal = client("principal")
    before = Entry.objects.filter(action="ui.export_list").count()
    whole = rows(principal.get("/cases/?as=xlsx").content)
    ended = rows(principal.get("/cases/?as=xlsx&state=已办结").content)
    assert 1 < len(ended) < len(whole)
    assert {tuple(row) for row in ended[1:]} < {tuple(row) for row in whole[1:]}
    assert Entry.objects.filter(action="ui.export_list").count() == before + 2
    assert Entry.objects.filter(action="ui.export_list").latest("id").values["条件"] == {"state": "已办结"}


def test_a_table_has_nothing_that_the_page_would_not_show(demo: date) -> None:
    other = rows(client("other-principal").get("/cases/?as=xlsx").content)
    assert not any("太安小学" in str(cell) for row in other for cell in row)
