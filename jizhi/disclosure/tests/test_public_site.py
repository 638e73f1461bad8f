"""The public site: read without log-in, cookies or scripts; nothing but what was published."""

import hashlib
import io
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import load_workbook

from jizhi.access.actor import SYSTEM
from jizhi.audit.models import Entry
from jizhi.audit.sealer import seal
from jizhi.disclosure import rules
from jizhi.disclosure.models import Desk
from jizhi.org.models import Unit
from jizhi.papers.actions import publish, take_down
from jizhi.papers.models import Publication
from jizhi.procedure.models import Case
from jizhi.procedure.tests.village import Village, build, notice_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("X05")]
TABLE = re.compile(r'(?:FROM|JOIN|INTO|UPDATE) "(\w+)"')
READ = {"papers_publication", "org_unit", "disclosure_desk", "regulation_adoption", "regulation_edition"}


@pytest.fixture
def village() -> Village:
    return build()


@pytest.fixture
def case(village: Village) -> Case:
    return village.posted(today=timezone.localdate())


def posted(unit: Unit, kind: str = "决定", *, days_ago: int = 0, **more: Any) -> Publication:
    day = timezone.localdate() - timedelta(days=days_ago)
    given: dict[str, Any] = {"title": f"关于{kind}的公布", "snapshot": {"fields": [["事项", "修路"]]}} | more
    return publish(kind, unit=unit, about=unit, by=SYSTEM, today=day, **given)


def page(address: str, status: int = 200, **query: str) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == status, answer.content.decode()[:500]
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    assert "script-src 'none'" in answer.headers["Content-Security-Policy"].split("; ")
    text = answer.content.decode()
    assert "<script" not in text
    return text


def test_a_notice_says_who_until_when_and_how_to_object(village: Village, case: Case) -> None:
    one = notice_of(case)
    Desk.objects.create(unit=village.unit.parent, receiver="村务监督委员会主任", phone="0826-2345678", place="一楼", hours="工作日")
    text = page(reverse("public_notice", args=[one.public_id]))
    for words in ("欧阳*明", "公示中，还有", "0826-2345678", "打印空白异议书", "由工作人员代记", one.digest, "<svg", "今天"):
        assert (words in text) == (words != "今天"), words  # on the day of posting the first day has not begun
    assert "肝病" not in text
    assert "欧阳小明" not in text
    assert re.search(r"至 <b>\d+月\d+日（星期.）24:00", text)
    listed = page(reverse("public_home"))
    assert one.title in listed
    assert '<span class="jz-gist">困难帮扶，3000</span>' in listed, listed
    assert "欧阳" not in listed


def test_whoever_comes_too_late_or_has_a_question_is_told_where_to_go(village: Village) -> None:
    Desk.objects.create(unit=village.unit, receiver="村务监督委员会主任", phone="0826-2345678", place="一楼", hours="工作日")
    over = village.posted(today=timezone.localdate() - timedelta(days=20))
    for one in (notice_of(over), posted(village.unit, "收支")):
        text = page(reverse("public_notice", args=[one.public_id]))
        assert reverse("public_tip_new", args=[village.unit.code]) in text
        assert 'href="tel:0826-2345678"' in text
        assert ("公示期已过，这一份不再收异议" in text) == one.open_to_objection
        assert "提出异议" not in text


def test_the_pages_read_publications_and_names_of_places_only(village: Village, case: Case) -> None:
    one = notice_of(case)
    receipt = posted(village.unit, "收据", listed=False, indexed=False)
    addresses = [
        reverse("public_home"),
        reverse("public_home") + "?q=虎城",
        reverse("sitemap"),
        reverse("robots"),
        reverse("public_verifying"),
    ]
    addresses += [reverse("public_place", args=[village.unit.code]) + tail for tail in ("", "?kind=notice")]
    addresses += [
        reverse(name, args=[one.public_id]) for name in ("public_notice", "public_content", "public_print", "public_objection_form")
    ]
    addresses += [reverse("public_receipt", args=[receipt.public_id]), reverse("public_tip_form", args=[village.unit.code])]
    with CaptureQueriesContext(connection) as asked:
        answers = [Client().get(address) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    assert all(not answer.cookies for answer in answers)
    assert {table for query in asked for table in TABLE.findall(query["sql"])} <= READ


def test_the_downloaded_content_has_the_digest_that_the_page_prints(case: Case) -> None:
    one = notice_of(case)
    content = Client().get(reverse("public_content", args=[one.public_id])).content
    assert hashlib.sha256(content).hexdigest() == one.digest


@pytest.mark.req("X16")
def test_what_was_taken_down_is_gone_but_for_its_statistics(case: Case) -> None:
    one = notice_of(case)
    take_down(one, reduced={"fields": [["申请", "1 件"]]}, by=SYSTEM, today=timezone.localdate())
    text = page(reverse("public_notice", args=[one.public_id]), 410)
    assert "1 件" in text
    assert "欧阳" not in text
    for name in ("public_content", "public_print"):
        assert Client().get(reverse(name, args=[one.public_id])).status_code == 404
    assert one.public_id not in page(reverse("public_home"))


@pytest.mark.req("X16")
def test_what_is_over_is_not_shown_even_when_nobody_ran_the_program(village: Village) -> None:
    one = posted(village.unit, days_ago=40, down_on=timezone.localdate())
    assert "修路" not in page(reverse("public_notice", args=[one.public_id]), 410)


def test_search_engines_read_what_they_may(village: Village, case: Case) -> None:
    shy, open_one = notice_of(case), posted(village.unit, "收支")
    assert not shy.indexed
    answer = Client().get(reverse("public_notice", args=[shy.public_id]))
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert 'content="noindex' in answer.content.decode()
    assert "X-Robots-Tag" not in Client().get(reverse("public_notice", args=[open_one.public_id])).headers
    map_ = page(reverse("sitemap"))
    assert open_one.public_id in map_
    assert shy.public_id not in map_
    assert "Disallow: /" in page(reverse("robots"))


def test_one_finds_a_place_and_its_lists_page_by_page(village: Village) -> None:
    for n in range(33):
        posted(village.unit, "决定", days_ago=n, title=f"决定第{n}号")
    posted(village.elsewhere, "决定", title="别村的决定")
    assert "虎城村" in page(reverse("public_home"), q="虎城")
    assert "决定第7号" in page(reverse("public_home"), q="第7号")
    place = reverse("public_place", args=[village.unit.code])
    assert "全部决定" in page(place)
    first = page(place, kind="decision")
    assert "决定第29号" in first
    assert "决定第30号" not in first
    after = re.search(r"after=([\w-]+)", first)
    assert after is not None
    second = page(place, kind="decision", after=after[1])
    assert "决定第32号" in second
    assert "别村" not in first + second
    assert "别村的决定" in page(reverse("public_place", args=[village.unit.parent.code]))  # type: ignore[union-attr]


def book_of(address: str, **query: str) -> dict[str, list[list[Any]]]:
    """The sheets of a public list's spreadsheet."""
    answer = Client().get(address, query | {"as": "xlsx"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert "noindex" in answer.headers["X-Robots-Tag"]
    book = load_workbook(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_every_public_list_leaves_as_a_spreadsheet_of_what_it_shows(village: Village, case: Case) -> None:
    table = {"columns": ["村", "星级"], "rows": [["虎城村", "三星"], ["紫龙村", "二星"]]}
    stars = posted(village.unit, "星级", title="星级结果", snapshot={"fields": [], "table": table})
    for kind in ("决定", "收支", "成效"):
        posted(village.unit, kind, title=f"{kind}一", snapshot={"fields": [["经办", "不出去的内容"]]})
    posted(village.unit, "收据", title="收据一", listed=False, indexed=False)
    posted(village.elsewhere, "决定", title="别村的决定")
    place = reverse("public_place", args=[village.unit.code])
    one = notice_of(case)
    lists = book_of(place)
    assert list(lists) == ["正在公示", "公示", "决定", "收支", "成效", "星级"]
    assert lists["正在公示"][0] == ["标题", "说明", "单位", "还有几天", "公示至", "网址"]
    assert lists["正在公示"][1][:2] == [one.title, "困难帮扶，3000"]
    assert lists["正在公示"][1][5] == f"http://testserver{reverse('public_notice', args=[one.public_id])}"
    assert [row[0] for row in lists["决定"]] == ["标题", "决定一"]
    for slug, kind in (("accounts", "收支"), ("effect", "成效"), ("stars", "星级")):
        assert book_of(place, kind=slug) == {kind: lists[kind]}
    assert book_of(reverse("public_notice", args=[stars.public_id])) == {"星级结果": [table["columns"], *table["rows"]]}
    assert [row[0] for row in book_of(reverse("public_home"), q="别村")["标题里有这些字的"]] == ["标题", "别村的决定"]
    home = book_of(reverse("public_home"))
    assert list(home) == ["正在公示", "最近公布", "地方"]
    everything = str(lists) + str(home)
    for words in ("欧阳", "肝病", "不出去的内容", "收据一"):
        assert words not in everything


def test_a_spreadsheet_holds_all_pages_of_its_list_and_its_link_stands_on_the_page(village: Village) -> None:
    for n in range(33):
        posted(village.unit, "决定", days_ago=n, title=f"决定第{n}号")
    place = reverse("public_place", args=[village.unit.code])
    assert "as=xlsx" in page(place, kind="decision")
    assert [row[0] for row in book_of(place, kind="decision")["决定"][1:]] == [f"决定第{n}号" for n in range(33)]


def test_who_only_reads_leaves_nothing_in_the_log(village: Village, case: Case) -> None:
    before = Entry.objects.count()
    book_of(reverse("public_place", args=[village.unit.code]))
    assert Entry.objects.count() == before


def test_one_address_takes_a_measure_of_files_a_day_and_can_still_object(
    village: Village, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FILES_A_DAY", 2)
    for _ in range(2):
        book_of(reverse("public_home"))
    answer = Client().get(reverse("public_home"), {"as": "xlsx"})
    assert answer.status_code == 429
    assert "请明天再导出" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert Client().get(reverse("public_home"), {"as": "xlsx"}, REMOTE_ADDR="10.9.8.7").status_code == 200
    tip = {"kind": "意见建议", "text": "路灯不亮", "key": "a" * 22}
    assert Client().post(reverse("public_tip_new", args=[village.unit.code]), tip).status_code == 302


def test_what_is_over_or_has_no_table_has_no_spreadsheet(village: Village, case: Case) -> None:
    one = notice_of(case)
    assert Client().get(reverse("public_notice", args=[one.public_id]), {"as": "xlsx"}).headers["Content-Type"].startswith("text/html")
    take_down(one, reduced={"fields": [["申请", "1 件"]]}, by=SYSTEM, today=timezone.localdate())
    page(reverse("public_notice", args=[one.public_id]), 410, **{"as": "xlsx"})
    assert one.title not in str(book_of(reverse("public_place", args=[village.unit.code])))


def test_a_receipt_is_found_by_its_random_id_only(village: Village) -> None:
    fields = [["基金", "虎城村帮扶基金"], ["编号", "2026-7"], ["金额", "300.00 元"], ["状态", "有效"]]
    one = posted(village.unit, "收据", title="收据", listed=False, indexed=False, snapshot={"fields": fields})
    assert "2026-7" in page(reverse("public_receipt", args=[one.public_id]))
    page(reverse("public_notice", args=[one.public_id]), 404)
    assert one.public_id not in page(reverse("public_home"), q="收据")
    void = [*fields[:3], ["状态", "已作废"]]
    posted(village.unit, "收据", title="收据", listed=False, indexed=False, snapshot={"fields": void}, replaces=one)
    text = page(reverse("public_receipt", args=[one.public_id]))
    assert "已作废" in text
    assert "有变动" in text


def test_large_type_needs_no_cookie_and_stays_on(village: Village, case: Case) -> None:
    text = page(reverse("public_place", args=[village.unit.code]), type="large")
    assert 'data-type="large"' in text
    assert f"{reverse('public_notice', args=[notice_of(case).public_id])}?type=large" in text


@pytest.mark.parametrize("query", ["%", "'", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin1"), "a" * 5000, "()"])
def test_any_search_is_answered(village: Village, query: str) -> None:
    page(reverse("public_home"), q=query, after="x" * 30)


def test_a_correction_says_that_it_corrects(village: Village) -> None:
    old = posted(village.unit, "收支", title="第三季度收支")
    posted(village.unit, "收支", title="第三季度收支（更正）", replaces=old)
    assert "已有更正" in page(reverse("public_notice", args=[old.public_id]))
    assert old.public_id not in page(reverse("public_place", args=[village.unit.code]))


def test_nothing_shows_before_its_day(village: Village) -> None:
    one = posted(village.unit, days_ago=-1)
    page(reverse("public_notice", args=[one.public_id]), 404)
    assert one.posted_on > date.today()  # noqa: DTZ011 (a comparison of days only)


@pytest.mark.req("X04")
def test_anyone_checks_a_publication_with_the_stand_alone_script(case: Case, tmp_path: Path) -> None:
    one = notice_of(case)
    address = reverse("public_proof", args=[one.public_id])
    assert "还没有封存" in page(address)
    seal(now=timezone.now())
    files = {"proof.json": address, "content.json": reverse("public_content", args=[one.public_id]), "script.py": reverse("proof_script")}
    files["key.txt"] = reverse("proof_key")
    for name, url in files.items():
        (tmp_path / name).write_bytes(b"".join(Client().get(url)))
    words = ["script.py", "proof.json", "--key", "key.txt", "--content", "content.json"]
    checked = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "欧阳" not in (tmp_path / "proof.json").read_text()
    assert one.digest in (tmp_path / "proof.json").read_text()
