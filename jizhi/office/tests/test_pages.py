"""The office's pages, through the client."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jizhi.access.actor import SYSTEM, actor_of
from jizhi.office.actions.regulations import adopt, load_library
from jizhi.org.models import Body, Level, Person, Post, Seat
from jizhi.org.tests.town import Town, wanzhou
from jizhi.regulation.models import Adoption, Edition

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town() -> Town:
    """The town with the charter and the loop in force at 太安小学."""
    town = wanzhou()
    editions = {edition.code: edition for edition in load_library(by=SYSTEM, today=TODAY)}
    principal = actor_of(town.people["曾校长"], today=TODAY)
    for code in ("school.charter", "school.loop", "school.lesson"):
        adopt(town.units["太安小学"], editions[code], since=TODAY, by=principal, today=TODAY)
    return town


def browser(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.people[name].user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.req("S01")
def test_a_district_sees_all_its_schools_and_a_school_only_itself(town: Town) -> None:
    district = page(browser(town, "区督导主任"), "unit_list")
    assert "太安小学" in district
    assert "甘宁小学" in district
    school = page(browser(town, "曾校长"), "unit_list")
    assert "教务处" in school
    assert "甘宁小学" not in school
    assert browser(town, "曾校长").get(reverse("unit", args=[town.units["甘宁小学"].pk])).status_code == 404


@pytest.mark.req("S01")
def test_the_chain_of_authority_has_two_kinds_of_line(town: Town) -> None:
    Body.objects.filter(unit=town.units["太安小学"]).update(led_by="校长", guided_by="上级督导室")
    shown = page(browser(town, "教师丁"), "unit", town.units["太安小学"].pk)
    assert "实线：领导" in shown
    assert "虚线：指导、监督" in shown
    assert "太安小学由万州区领导" in shown
    assert "上级督导室指导" in shown
    assert shown.count('stroke-dasharray="5 4"') == 3  # guides: body to body, body to departments; and the legend
    assert "校长 曾校长" in shown


def test_a_subtree_is_fetched_only_when_it_is_opened(town: Town) -> None:
    office = browser(town, "区督导主任")
    closed = page(office, "unit_list")
    assert "教务处" not in closed
    assert "展开 2 个下级" in closed
    assert "教务处" in page(office, "unit_list", open=town.units["太安小学"].pk)
    url = reverse("unit_children", args=[town.units["太安小学"].pk])
    assert "教务处" in office.get(url, headers={"HX-Request": "true"}).content.decode()
    assert office.get(url).status_code == 302
    assert browser(town, "甘宁校长").get(reverse("unit_children", args=[town.units["太安小学"].pk])).status_code == 404


def test_people_are_found_by_pinyin_and_by_post(town: Town) -> None:
    client = browser(town, "曾校长")
    assert "教师丁" in page(client, "person_list")
    assert "甘宁教师" not in page(client, "person_list")
    assert "教师丁" not in page(client, "person_list", title="校长").split("<tbody>")[1]
    found = page(client, "person_list", q="jsd").split("<tbody>")[1]
    assert "教师丁" in found
    assert "督学甲" not in found
    assert "没有符合条件的人员" in page(client, "person_list", q="不存在")


def test_a_filter_that_makes_no_sense_is_no_error(town: Town) -> None:
    client = browser(town, "曾校长")
    for query in ({"unit": "x"}, {"unit": "999999"}, {"title": "皇帝"}, {"after": "%%%"}, {"q": "\x00"}):
        assert client.get(reverse("person_list"), query).status_code == 200, query
    for query in ({"since": "昨天"}, {"about": ":"}, {"action": "nothing"}, {"actor": "\x00"}):
        assert client.get(reverse("log"), query).status_code == 200, query


def test_a_teacher_sees_himself_and_not_his_colleagues(town: Town) -> None:
    client = browser(town, "教师丁")
    assert "教师丁" in page(client, "person", town.people["教师丁"].pk)
    assert client.get(reverse("person", args=[town.people["督学甲"].pk])).status_code == 404


def test_errors_of_a_new_person_stand_beside_their_fields_all_at_once(town: Town) -> None:
    client = browser(town, "管理员")
    answer = client.post(reverse("person_new"), {"name": "新教师", "unit": town.units["太安小学"].pk, "number": "N0", "phone_tail": "1"})
    shown = answer.content.decode()
    assert "还有 2 处要改" in shown
    assert "工号N0已由曾校长使用" in shown
    assert 'aria-describedby="id_number_hint id_number_error"' in shown
    assert 'value="新教师"' in shown
    client.post(reverse("person_new"), {"name": "新教师", "unit": town.units["太安小学"].pk, "number": "N900", "phone_tail": "1234"})
    assert Person.objects.get(number="N900").initials == "xjs"


def test_a_post_is_given_and_ended(town: Town) -> None:
    client = browser(town, "曾校长")
    data = {
        "person": town.people["教师丁"].pk,
        "unit": town.units["德育处"].pk,
        "title": "德育主任",
        "head": "on",
        "since": TODAY.isoformat(),
    }
    client.post(reverse("post_new"), data)
    post = Post.objects.get(title="德育主任")
    assert post.head
    assert "德育主任" in page(client, "person", town.people["教师丁"].pk)
    client.post(reverse("post_end", args=[post.pk]), {"on": (TODAY - timedelta(days=1)).isoformat()})
    post.refresh_from_db()
    assert post.until is None  # a day before it began is refused
    client.post(reverse("post_end", args=[post.pk]), {"on": TODAY.isoformat()})
    post.refresh_from_db()
    assert post.until == TODAY


def test_who_may_not_is_told_why(town: Town) -> None:
    answer = browser(town, "教师丁").get(reverse("person_new"))
    assert answer.status_code == 403
    assert "系统管理员" in answer.content.decode()


@pytest.mark.req("S02")
def test_a_breach_of_a_hard_rule_is_refused_with_the_rule_quoted(town: Town) -> None:
    client, body = browser(town, "曾校长"), town.bodies["太安小学督导组"]
    before = Seat.objects.count()
    data = {"person": town.people["教师丁"].pk, "title": "组长", "employment": "兼职", "since": TODAY.isoformat()}
    shown = client.post(reverse("seat_new", args=[body.pk]), data).content.decode()
    assert "组长1名（第四条）" in shown
    assert "多 1 名" in shown
    data["title"] = "副组长"
    shown = client.post(reverse("seat_new", args=[body.pk]), data).content.decode()
    assert "副组长须由骨干班主任或骨干教师担任（第五条）" in shown
    assert Seat.objects.count() == before


@pytest.mark.req("S02")
def test_a_breach_of_an_in_principle_rule_asks_for_a_reason_and_shows_it(town: Town) -> None:
    client, body = browser(town, "曾校长"), town.bodies["太安小学督导组"]
    Seat.objects.filter(body=body, title="组长").delete()
    data = {"person": town.people["教师丁"].pk, "title": "组长", "employment": "兼职", "since": TODAY.isoformat()}
    shown = client.post(reverse("seat_new", args=[body.pk]), data).content.decode()
    assert "组长原则上由副校长兼任" in shown
    assert "请写明理由" in shown
    answer = client.post(reverse("seat_new", args=[body.pk]), {**data, "waiver": "副校长援藏一年，由教研组长代任"}, follow=True)
    assert "副校长援藏一年" in answer.content.decode()
    assert "变通" in page(browser(town, "教师丁"), "body", body.pk)


@pytest.mark.req("S02")
def test_a_body_is_set_up_only_under_a_regulation(town: Town) -> None:
    client = browser(town, "曾校长")
    town.bodies["太安小学督导组"].seats.all().delete()
    town.bodies["太安小学督导组"].delete()
    url = reverse("body_new", args=[town.units["太安小学"].pk])
    assert "督导组（学校督导工作章程）" in client.get(url).content.decode()
    client.post(url, {"kind": "督导组", "since": TODAY.isoformat()})
    body = Body.objects.get(unit=town.units["太安小学"], kind="督导组")
    shown = page(client, "body", body.pk)
    assert "督学3至5名" in shown
    assert "缺员" in shown


def test_a_regulation_reads_as_text_chart_and_parameters(town: Town) -> None:
    edition = Edition.objects.get(code="school.loop")
    shown = page(browser(town, "教师丁"), "regulation_edition", edition.pk, at="第十一条")
    assert 'id="a十一" aria-current="true"' in shown
    assert "步骤：复查" in shown
    assert "整改程序流程图" in shown
    assert "存疑" in shown
    assert '<a class="jz-p" href="#p-复查期">五个工作日</a>' in shown
    assert "太安小学在用" in shown


def test_a_step_with_a_law_as_its_basis_names_the_law_and_its_article_and_is_none_of_the_files_own(town: Town) -> None:
    loop = Edition.objects.get(code="school.loop")
    text = loop.text.replace("依据: 第十一条", "依据: 《教育督导条例》第十一条")
    assert text != loop.text
    edition = Edition.objects.create(code="own.loop", name="依法整改办法", since=loop.since, text=text, digest="1" * 64)
    shown = page(browser(town, "教师丁"), "regulation_edition", edition.pk, at="第十一条")
    assert 'id="a十一" aria-current="true"' in shown
    assert "步骤“复查”依据《教育督导条例》第十一条" in shown
    assert ">步骤：复查" not in shown


def test_a_unit_adopts_from_the_library_and_the_past_is_refused(town: Town) -> None:
    client, edition = browser(town, "甘宁校长"), Edition.objects.get(code="school.charter")
    url = reverse("edition_adopt", args=[edition.pk])
    unit = town.units["甘宁小学"]
    shown = client.post(url, {"unit": unit.pk, "since": "2024-01-01", "note": ""}).content.decode()
    assert "启用日期不能早于今天" in shown
    client.post(url, {"unit": town.units["太安小学"].pk, "since": TODAY.isoformat()})
    assert not Adoption.objects.filter(by=town.people["甘宁校长"]).exists()  # another school is no choice
    client.post(url, {"unit": unit.pk, "since": TODAY.isoformat(), "note": "行政会通过"})
    assert "行政会通过" in page(client, "regulation_edition", edition.pk)


def test_a_text_with_faults_is_refused_line_by_line(town: Town) -> None:
    client = browser(town, "曾校长")
    data = {"unit": town.units["太安小学"].pk, "text": "制度: 试\n代号: x\n施行: 明天\n"}
    shown = client.post(reverse("edition_new"), data).content.decode()
    assert "第3行" in shown
    assert "施行: 明天" in shown  # what was typed is still there


@pytest.mark.req("S04")
def test_the_shipped_standard_shows_its_tree_and_sums(town: Town) -> None:
    edition = Edition.objects.get(code="school.lesson")
    shown = page(browser(town, "教师丁"), "standard", edition.pk, "课堂")
    assert "合计 100 分" in shown
    assert "学情与教学设计" in shown
    assert browser(town, "教师丁").get(reverse("standard", args=[edition.pk, "没有"])).status_code == 404


GOOD = """\
一级指标,编号,二级指标,分值,观察点,方法,计分
教学（60）,A1,准备,30,有教案,查,四档
,A2,过程,30,有互动,听,四档
效果,B1,达成,40,检测,查,得分
"""


def sheet(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("细则.csv", text.encode())


@pytest.mark.req("S04")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("A2,过程,30", "A2,过程,20"), ("第 2 行", "60 分", "50 分")),
        (GOOD.replace("计分", "计分,备注", 1), ("第 1 行", "备注")),
    ],
)
def test_a_standard_with_a_wrong_sum_or_column_is_refused_with_its_place(town: Town, text: str, says: tuple[str, ...]) -> None:
    data = {"unit": town.units["太安小学"].pk, "name": "本校细则", "code": "own.lesson", "standard": "课堂", "subject": "单节课"}
    answer = browser(town, "曾校长").post(reverse("standard_import"), {**data, "since": "2026-09-01", "file": sheet(text)})
    shown = answer.content.decode()
    for words in (*says, "没有存入"):
        assert words in shown
    assert not Edition.objects.filter(code="own.lesson").exists()


@pytest.mark.req("S04")
def test_a_standard_from_a_spreadsheet_is_kept_as_a_regulation(town: Town) -> None:
    client, unit = browser(town, "曾校长"), town.units["太安小学"]
    data = {"unit": unit.pk, "name": "本校细则", "code": "own.lesson", "standard": "课堂", "subject": "单节课", "since": "2026-09-01"}
    answer = client.post(reverse("standard_import"), {**data, "file": sheet(GOOD)})
    assert "合计 100 分" in answer.content.decode()
    client.post(reverse("edition_new"), {"unit": unit.pk, "text": answer.context["text"]})
    edition = Edition.objects.get(code="own.lesson")
    assert "达成" in page(client, "standard", edition.pk, "课堂")


def people_csv(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("名册.csv", "\n".join(("工号,姓名,单位代码,电话尾号", *lines)).encode())


def test_an_import_waits_until_every_row_is_right(town: Town) -> None:
    client, unit = browser(town, "管理员"), town.units["太安小学"]
    bad = people_csv(f"Z1,教师甲,{unit.code},1234", f"Z2,教师乙,{unit.code},12")
    shown = client.post(reverse("import", args=["people"]), {"unit": unit.pk, "file": bad}, follow=True).content.decode()
    assert "1 行要改" in shown
    assert "电话尾号是四位数字" in shown
    assert "导入 1 行" not in shown
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("import_errors", args=["people"])).content))
    assert book.active["H3"].value == "电话尾号是四位数字"
    client.post(reverse("import_preview", args=["people"]))
    assert not Person.objects.filter(number="Z1").exists()
    good = people_csv(f"Z1,教师甲,{unit.code},1234", f"Z2,教师乙,{unit.code},")
    shown = client.post(reverse("import", args=["people"]), {"unit": unit.pk, "file": good}, follow=True).content.decode()
    assert "导入 2 行" in shown
    client.post(reverse("import_preview", args=["people"]))
    assert Person.objects.filter(number__in=["Z1", "Z2"]).count() == 2
    assert client.post(reverse("import_preview", args=["people"])).status_code == 404  # a second press finds nothing to import


def test_only_the_administrator_imports(town: Town) -> None:
    assert browser(town, "曾校长").get(reverse("import", args=["people"])).status_code == 403
    assert browser(town, "管理员").get(reverse("import", args=["divisions"])).status_code == 404
    assert browser(town, "管理员").get(reverse("import_template", args=["posts"])).status_code == 200


def test_the_log_shows_what_one_may_see(town: Town) -> None:
    assert "启用制度" in page(browser(town, "曾校长"), "log").split("<tbody>")[1]
    assert "没有符合条件的记录" in page(browser(town, "甘宁校长"), "log")
    found = page(browser(town, "曾校长"), "log", action="office.submit_edition")
    assert "没有符合条件的记录" in found or "启用制度" not in found.split("<tbody>")[1]


@pytest.mark.req("S01")
def test_a_unit_is_renamed_moved_and_closed_on_its_pages(town: Town) -> None:
    admin, unit = browser(town, "管理员"), town.units["教务处"]
    shown = page(admin, "unit", unit.pk)
    for words in ("更改名称", "调整隶属", "撤销"):
        assert words in shown
        assert words not in page(browser(town, "教师丁"), "unit", unit.pk)
    assert browser(town, "教师丁").get(reverse("unit_rename", args=[unit.pk])).status_code == 403
    assert "还没有填名称" in admin.post(reverse("unit_rename", args=[unit.pk]), {"name": ""}).content.decode()
    same = admin.post(reverse("unit_rename", args=[unit.pk]), {"name": unit.name, "short": unit.short})
    assert "没有要改的" in same.content.decode()
    admin.post(reverse("unit_rename", args=[unit.pk]), {"name": "教务与课程处", "short": "教务"})
    assert "教务与课程处" in page(admin, "unit", unit.pk)
    form = page(admin, "unit_move", unit.pk)
    assert f'value="{unit.pk}"' not in form  # never below itself
    other = town.unit("北校区", Level.CAMPUS, "太安小学", code="TA90")
    admin.post(reverse("unit_move", args=[unit.pk]), {"parent": other.pk})
    unit.refresh_from_db()
    assert unit.parent == other
    assert "还有" in admin.post(reverse("unit_close", args=[unit.pk]), {"on": TODAY}).content.decode()  # posts are still held
    Post.objects.filter(unit=unit).update(until=TODAY - timedelta(days=1))
    assert "撤销日期不能早于今天" in admin.post(reverse("unit_close", args=[unit.pk]), {"on": TODAY - timedelta(days=3)}).content.decode()
    done = admin.post(reverse("unit_close", args=[unit.pk]), {"on": TODAY}, follow=True)
    assert "撤销教务与课程处：已办好" in done.content.decode()
    assert admin.get(reverse("unit", args=[unit.pk])).status_code == 404


def test_kin_are_declared_on_a_persons_page_and_seen_from_both_sides(town: Town) -> None:
    principal, one, other = browser(town, "曾校长"), town.people["教师丁"], town.people["督学甲"]
    assert "登记亲属" in page(principal, "person", one.pk)
    address = reverse("kin_new", args=[one.pk])
    assert browser(town, "教师丁").get(address).status_code in (403, 404)
    assert "还没有选亲属" in principal.post(address, {"relation": "配偶"}).content.decode()
    principal.post(address, {"other": other.pk, "relation": "配偶"})
    assert "是其配偶" in page(principal, "person", one.pk)
    assert "督学甲是其配偶" in page(principal, "person", other.pk)
    assert "两人已登记为配偶" in principal.post(address, {"other": other.pk, "relation": "配偶"}).content.decode()


@pytest.mark.req("S22")
def test_two_editions_stand_side_by_side_with_what_differs_marked(town: Town) -> None:
    old = Edition.objects.get(code="school.loop")
    text = old.text.replace("登记后五日内形成", "登记后三日内形成").replace("施行: 2024-10-01", "施行: 2026-01-01")
    own = Edition.objects.create(code=old.code, name="本校整改办法", since=TODAY, text=text, digest="5" * 64, owner=town.units["太安小学"])
    principal = browser(town, "曾校长")
    assert reverse("regulation_against", args=[own.pk, old.pk]) in page(principal, "regulation_edition", own.pk)
    shown = page(principal, "regulation_against", own.pk, old.pk)
    assert "登记后<del>五</del>日内" in shown
    assert "登记后<ins>三</ins>日内" in shown
    assert "没有这一条" not in shown  # the day it is in force from stands beside the other's
    assert "第七条" not in shown  # reads the same in both
    assert "两版内容相同" in page(principal, "regulation_against", old.pk, old.pk)
    foreign = Edition.objects.get(code="school.lesson")
    assert principal.get(reverse("regulation_against", args=[own.pk, foreign.pk])).status_code == 404
    assert browser(town, "甘宁校长").get(reverse("regulation_against", args=[own.pk, old.pk])).status_code == 404
