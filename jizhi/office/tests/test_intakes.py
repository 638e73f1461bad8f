"""X06: a hundred thousand people from one table: progress shown, taken up again after a break, all rows or none."""

import csv
import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jizhi.audit.models import Entry
from jizhi.office import staging
from jizhi.org.models import Household, Intake, IntakeRow, Person
from jizhi.org.tests.town import Town, wanzhou

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.req("X06")]
MANY = int(os.environ.get("JIZHI_MANY", "100000" if os.environ.get("CI") else "20000"))


@pytest.fixture
def town() -> Town:
    return wanzhou()


@pytest.fixture
def admin(town: Town) -> Client:
    client = Client()
    client.force_login(town.people["管理员"].user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def table(rows: int, *, wrong: int = 0, code: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["工号", "姓名", "单位代码", "户号", "村民组"])
    names = ["张伟", "欧阳明", "单雄信", "曾国藩", "李秀英", "王芳"]
    for n in range(rows):
        unit = "没有" if rows - n <= wrong else code
        writer.writerow([f"M{n:06}", names[n % len(names)], unit, f"H{n // 4:06}", f"{n % 9 + 1}组"])
    return out.getvalue().encode()


def upload(admin: Client, content: bytes, town: Town) -> str:
    file = SimpleUploadedFile("名册.csv", content)
    return admin.post("/import/people/", {"unit": town.units["太安小学"].pk, "file": file}).headers["Location"]


def test_a_hundred_thousand_people_come_in_part_by_part_and_all_at_once(admin: Client, town: Town) -> None:
    content, before = table(MANY, code=town.units["太安小学"].code), Person.objects.count()
    address = upload(admin, content, town)
    assert "还没有读" in admin.get(address).content.decode()
    admin.post(address + "advance/")
    for _ in range(2):
        admin.post(address + "advance/")
    page = admin.get(address).content.decode()
    assert f"已核对 {2 * staging.PART} 行，共 {MANY} 行" in page
    assert upload(admin, content, town) == address  # after a break the same file goes on where it stopped
    assert admin.post(address + "add/", follow=True).status_code == 200  # too early: nothing comes in
    assert Person.objects.count() == before
    while "正在核对" in (page := admin.post(address + "advance/", headers={"HX-Request": "true"}).content.decode()):
        pass
    assert f"{MANY} 行可入" in page
    for _ in range(2):  # a double press adds them once
        assert admin.post(address + "add/").status_code == 302
    assert Person.objects.count() == before + MANY
    assert Person.objects.get(number="M000001").pinyin.startswith("ouyang")
    assert Household.objects.filter(unit=town.units["太安小学"]).count() == (MANY + 3) // 4
    assert Entry.objects.filter(action="office.add_intake").count() == 1
    assert not IntakeRow.objects.exists()


def test_one_wrong_row_keeps_everything_out_and_is_returned_with_its_reason(admin: Client, town: Town) -> None:
    address = upload(admin, table(6000, wrong=2, code=town.units["太安小学"].code), town)
    for _ in range(3):
        admin.post(address + "advance/")
    page = admin.get(address).content.decode()
    assert "2 行要改" in page
    assert "没有代码为没有的单位" in page
    assert admin.get(address + "errors.xlsx").content.startswith(b"PK")
    admin.post(address + "add/")
    assert not Person.objects.filter(number="M000000").exists()
    admin.post(address + "drop/")
    assert not Intake.objects.exists()


def test_a_table_of_another_school_is_not_found(admin: Client, town: Town) -> None:
    address = upload(admin, table(6000, code=town.units["太安小学"].code), town)
    other = Client()
    other.force_login(town.people["甘宁校长"].user, backend="django.contrib.auth.backends.ModelBackend")
    assert {other.get(address).status_code, other.post(address + "advance/").status_code} == {404}
