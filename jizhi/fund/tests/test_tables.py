"""Every list of a fund goes out as a table: the rows of its page, amounts as numbers, and to nobody else."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from jizhi.audit.models import Entry
from jizhi.fund.actions import pay, publish_quarter
from jizhi.fund.periods import Quarter
from jizhi.fund.tests.test_applying import NEED, PAPER, Site, site
from jizhi.fund.tests.test_pages import HEAD, imported
from jizhi.fund.tests.test_publishing import lent
from jizhi.fund.tests.village import DAY, Village
from jizhi.procedure.models import Case
from jizhi.ui.tests.tables import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("X06")]
__all__ = ["site"]
PARTS = ("", "trial/", "vouchers/", "donations/", "goods/", "bank/", "months/", "quarters/", "effects/?year=2026")
YEAR = re.compile(r"\d{4}年(?=\d+月\d+日)")  # a page leaves the present year out


def on_page(text: str) -> list[list[str]]:
    """The rows of the page's tables, as text."""
    found = []
    for body in re.findall(r"<tbody>(.*?)</tbody>", text, re.S):
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S):
            cells = [
                re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", cell))).strip()
                for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
            ]
            found.append([YEAR.sub("", cell) for cell in cells])
    return found


def table(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}as=xlsx"


def in_file(client: Client, url: str) -> list[list[str]]:
    """The rows of the table, written as a page writes them."""
    return [[_written(cell) for cell in row] for row in rows_of(client, table(url))]


def _written(cell: object) -> str:
    if isinstance(cell, int | float):
        return f"{cell:,.2f}"
    return YEAR.sub("", str(cell)) if cell else "—"


@pytest.fixture
def busy(place: Village) -> Village:
    """Every list of the fund has rows, the vouchers more than a page."""
    for n in range(33):
        place.give(100 + n, name=f"乡友{n}", day=date(2026, 3, 10), channel="cash")
    place.give(5000, donor=place.town.people["乡友陈"], restricted_to="助学", day=date(2026, 3, 11))
    place.give(200, restricted_to="就学/就医[急]")  # an account of a name that no sheet may have
    place.give(300, channel="goods", goods="大米", measure="袋", quantity=10)
    publish_quarter(place.fund, Quarter(2026, 1), by=place.by("会计钱"), today=date(2026, 4, 12))
    pay(place.case(), amount_fen=250_050, purpose="助学", payee="村民李", by=place.by("出纳赵"), today=DAY, key="p")
    rows = (HEAD, ("2026-03-11", 5000, "", 5000, "陈立新", "捐赠", "A1"), ("2026-03-21", 0.35, "", 5000.35, "", "结息", "A2"))
    imported(place.browser("会计钱"), place, "statement", *rows)
    return place


def test_every_list_of_a_fund_is_a_table_for_its_readers_alone(busy: Village) -> None:
    leader, stranger = busy.browser("组长吴"), busy.browser("紫龙会计")
    accounts = {f"/fund/accounts/{one.pk}/" for one in busy.fund.accounts.all()}
    addresses = {*(f"/fund/{busy.fund.pk}/{part}" for part in PARTS), *accounts}
    for url in addresses:
        for name in ("会计钱", "出纳赵"):
            client = busy.browser(name)
            text = unescape(client.get(url).content.decode())
            assert table(url).rpartition("?")[2] in text, (name, url)
            rows = rows_of(client, table(url))
            assert rows, (name, url)
            shown = YEAR.sub("", text) if len(rows) < 30 else ""
            for cell in (cell for row in rows for cell in row if shown and isinstance(cell, str)):
                assert all(word in shown for word in re.split(r"[\s：]+", YEAR.sub("", cell))), (url, cell)
        assert leader.get(table(url)).status_code == 200, url
        assert stranger.get(table(url)).status_code == 404, url
    entry = Entry.objects.filter(action="ui.export_list", label__startswith="导出虎城村记账凭证").latest("pk")
    assert entry.values["行数"] == 37


def test_the_rows_are_those_of_the_page_whole_and_amounts_can_be_added_up(busy: Village) -> None:
    client, base = busy.browser("会计钱"), f"/fund/{busy.fund.pk}/"
    for url in (f"{base}vouchers/", f"{base}donations/", f"/fund/accounts/{busy.fund.accounts.get(kind='cash').pk}/"):
        text = client.get(url).content.decode()
        pages = on_page(text)
        after = re.search(r"\?after=([\w-]+)", text)
        assert after is not None, url
        pages += on_page(client.get(f"{url}?after={after[1]}").content.decode())
        assert in_file(client, url) == pages, url
    assert on_page(client.get(f"{base}trial/").content.decode())[:-1] == in_file(client, f"{base}trial/")  # without the sum
    gifts = rows_of(client, f"{base}donations/?as=xlsx")
    assert sum(row[-1] for row in gifts) == 5000 + 300 + 200 + sum(range(100, 133))  # type: ignore[misc]
    town = busy.browser("镇干部王")
    assert in_file(town, "/fund/") == on_page(town.get("/fund/").content.decode())
    assert rows_of(client, "/fund/?as=xlsx")[0][1] == "虎城村"


def test_a_donor_takes_home_where_his_money_went_and_nobody_is_named(busy: Village) -> None:
    donor = busy.browser("乡友陈")
    assert "as=xlsx" in donor.get("/fund/my-gifts/").content.decode()
    assert rows_of(donor, "/fund/my-gifts/?as=xlsx") == [
        ("2026年3月11日", "虎城村促发展帮扶基金", 5000, "", "助学", 2500.5),
        ("2026年3月11日", "虎城村促发展帮扶基金", 5000, "", "还没有动用，只能用于助学", 2499.5),
    ]
    assert rows_of(busy.browser("村民李"), "/fund/my-gifts/?as=xlsx") == []
    assert donor.get(f"/fund/{busy.fund.pk}/donations/?as=xlsx").status_code == 404


def test_applications_keep_the_filter_of_the_page(site: Site) -> None:
    site.apply("村民李", PAPER, **NEED)
    site.apply("文书韩", PAPER, "书面申请扫描件", title="村文书", **NEED)
    case = Case.objects.earliest("pk")
    site.reviewed(case)
    clerk = site.browser("会计钱", "会计")
    for state, count in (("", Case.objects.count()), ("公示中", 1), ("偿还中", 0)):
        url = f"/fund/cases/?fund={site.place.fund.pk}&state={state}"
        rows = in_file(clerk, url)
        assert len(rows) == count
        assert rows == on_page(clerk.get(url).content.decode())


def test_loans_keep_the_filter_and_the_villages_their_sums(site: Site) -> None:
    lent(site)
    cashier = site.browser("出纳赵", "出纳")
    for state, loans in (("run", 1), ("late", 0)):
        url = f"/fund/loans/?fund={site.place.fund.pk}&state={state}"
        village, *shown = on_page(cashier.get(url).content.decode())
        *rows, sums = in_file(cashier, url)
        assert rows == shown
        assert len(rows) == loans
        assert village[:2] == ["虎城村", "1 笔 5,000.00 元"]
        assert sums[:3] == ["虎城村", "1.00", "5,000.00"]
