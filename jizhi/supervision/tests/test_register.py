"""The register of rectifications and the chart of methods."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from jizhi.org.tests.town import Town
from jizhi.procedure.actions import act
from jizhi.procedure.models import Case
from jizhi.supervision.tests.school import acting, browser, finding, lesson, school
from jizhi.ui import clock

pytestmark = pytest.mark.django_db
NEW = "/supervision/records/new/?kind=lesson"


@pytest.fixture
def town() -> Town:
    return school()


def with_findings(town: Town, *texts: str) -> list[Case]:
    rows: dict[str, object] = {}
    for row, text in enumerate(texts):
        rows |= finding(row, text, town)
    answer = browser(town, "督学甲").post(NEW, lesson(town, **rows))
    assert answer.status_code == 302, answer.context["desk"].errors
    return list(Case.objects.order_by("pk"))


def rows_of(answer: object) -> list[list[str]]:
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


@pytest.mark.req("S17")
def test_the_export_has_exactly_the_rows_and_columns_shown(town: Town) -> None:
    with_findings(town, "连续讲授 19 分钟", "=1+1", "板书两处错字")
    client = browser(town, "曾校长")
    for query in ("", "?text=讲授", "?wide=1", "?layer=决策", "?age=7&degree=一般"):
        page, sheet = client.get(f"/supervision/register/{query}"), rows_of(client.get(f"/supervision/register.xlsx{query}"))
        assert sheet[0] == [column.head for column in page.context["columns"]]
        assert sheet[1:] == [[text for _, text in line.cells] for line in page.context["lines"]]
        assert str(len(sheet) - 1) == page.context["total"]
    assert "=1+1" in {cell for row in rows_of(client.get("/supervision/register.xlsx")) for cell in row}


@pytest.mark.req("S17")
def test_the_register_is_narrowed_by_state_department_area_and_age(town: Town) -> None:
    first, second = with_findings(town, "连续讲授 19 分钟", "板书两处错字")
    act(first.pk, "初步意见", "送达", {}, by=acting(town, "督学甲"), today=clock.today())
    Case.objects.filter(pk=second.pk).update(end="已销号", step="", due=None)
    client = browser(town, "区督导主任")
    here, there = town.units["教务处"].pk, town.units["德育处"].pk
    for query, found in (
        ("state=done", [second]),
        (f"department={here}", [second, first]),
        (f"department={there}", []),
        ("area=教学过程与方法", [second, first]),
        ("age=old", []),
        ("method=听", [second, first]),
        ("method=访", []),
        (f"unit={town.units['甘宁小学'].pk}", []),
        ("state=bad&age=bad", [second, first]),
    ):
        page = client.get(f"/supervision/register/?{query}")
        assert [line.case for line in page.context["lines"]] == found, query
    totals = client.get("/supervision/register/").context["totals"]
    assert sum(count for _, _, count in totals) == 2
    assert ("done", "已销号", 1) in totals


def test_states_stand_in_words_beside_their_colour(town: Town) -> None:
    case, _ = with_findings(town, "连续讲授 19 分钟", "板书两处错字")
    Case.objects.filter(pk=case.pk).update(due=clock.today().replace(year=clock.today().year - 1))
    text = browser(town, "曾校长").get("/supervision/register/").content.decode()
    assert 'data-s="late">逾期' in text
    assert f"/cases/{case.pk}/" in text


def test_the_register_costs_the_same_however_many_rows(town: Town) -> None:
    client = browser(town, "曾校长")
    with_findings(town, "一")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/supervision/register/?wide=1")
    answer = browser(town, "督学甲").post(
        NEW, lesson(town, key="2", **(finding(0, "二", town) | finding(1, "三", town) | finding(2, "四", town)))
    )
    assert answer.status_code == 302
    with CaptureQueriesContext(connection) as many:
        client.get("/supervision/register/?wide=1")
    assert len(many) == len(few)


def test_others_see_nothing_of_the_school(town: Town) -> None:
    with_findings(town, "连续讲授 19 分钟")
    assert browser(town, "甘宁校长").get("/supervision/register/").context["lines"] == []
    assert browser(town, "教师丁").get("/supervision/register/").status_code == 403
    assert browser(town, "管理员").get("/supervision/register.xlsx").status_code == 403
    assert len(browser(town, "教务主任").get("/supervision/register/").context["lines"]) == 1


@pytest.mark.req("S06")
def test_the_mix_of_methods_is_charted_and_every_figure_opens_its_records(town: Town) -> None:
    with_findings(town, "连续讲授 19 分钟")
    client = browser(town, "曾校长")
    page = client.get("/supervision/methods/")
    assert [(share.word, share.count, share.percent) for share, _ in page.context["methods"]][:2] == [("看", 1, "100%"), ("听", 1, "100%")]
    text = page.content.decode()
    assert "<svg" in text
    assert " style=" not in text
    assert "/supervision/records/?method=" in text
    assert len(client.get("/supervision/records/?evidence=none").context["page"].rows) == 1
    assert len(client.get("/supervision/records/?evidence=file").context["page"].rows) == 0
