"""Wherever there is a list, there is a spreadsheet of exactly what it shows."""

from html import unescape

import pytest
from django.test import Client

from jizhi.fund.tests.test_applying import NEED, PAPER, Site, site
from jizhi.messages.actions import send
from jizhi.ui import clock
from jizhi.ui.tests.tables import rows_of
from jizhi.web.tests.test_headers import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.req("X15")]
__all__ = ["site"]
NO_LIST = ("/fund/apply/", "/me/")  # tables that tell rules; a few rows that have files of their own


def test_every_list_of_the_menu_gives_its_rows_as_a_table(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    Client().post("/p/at/511603108201/tip/", {"kind": "意见建议", "text": "路灯坏了"})
    send(site.place.town.people["组长吴"], "请看第三季度收支", now=clock.now())
    filled = set()
    for name, title in (("组长吴", "村党支部书记"), ("会计钱", "会计"), ("监督郑", ""), ("村民李", "")):
        client = site.browser(name, title)
        for address in (*addresses(), "/?tab=begun", "/?tab=done"):
            page = client.get(address)
            text = unescape(page.content.decode()) if page.headers.get("Content-Type", "").startswith("text/html") else ""
            listed = page.status_code == 200 and "jz-table" in text and not address.startswith("/p/")
            if listed and address not in NO_LIST:
                assert "as=xlsx" in text, (name, address)
            if "as=xlsx" in text:
                rows = rows_of(client, address + ("&" if "?" in address else "?") + "as=xlsx")
                assert all(any(isinstance(cell, str) and cell in text for cell in row) for row in rows[:20]), (name, address)
                filled |= {address} if rows else set()
    assert {"/", "/messages/", "/disclosure/tips/", "/fund/cases/", "/people/", "/log/", "/regulations/", "/?tab=begun"} <= filled
