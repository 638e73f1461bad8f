"""Tables of units, people and posts: previewed with every error, then all rows or none."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from jizhi.access.actor import SYSTEM, Actor, actor_of
from jizhi.access.gate import Forbidden
from jizhi.audit.models import Entry
from jizhi.office.actions.imports import import_rows, preview
from jizhi.office.actions.refused import Refused
from jizhi.org.imports import error_workbook, parsed, template_workbook
from jizhi.org.models import Person, Post, Unit
from jizhi.org.queries import ancestors
from jizhi.org.tests.town import Town, wanzhou

TODAY = date(2026, 3, 10)
DIVISIONS = Path(__file__).parents[1] / "data" / "divisions.csv"
pytestmark = pytest.mark.django_db


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def admin(town: Town) -> Actor:
    return actor_of(town.people["管理员"], today=TODAY)


def test_the_real_divisions_come_in_and_a_second_time_change_nothing() -> None:
    content = DIVISIONS.read_bytes()
    found = import_rows("divisions", content, unit=None, by=SYSTEM, today=TODAY)
    assert len(found.rows) == Unit.objects.count() == 984
    village = Unit.objects.filter(level="village", code__startswith="500101").last()
    assert village is not None
    assert [u.name for u in ancestors(village)][1:] == ["万州区", "市辖区", "重庆市"]
    assert len(import_rows("divisions", content, unit=None, by=SYSTEM, today=TODAY).skipped) == 984
    assert Unit.objects.count() == 984


def test_people_and_posts_come_in_from_a_spreadsheet_as_offices_write_them() -> None:
    town = wanzhou()
    unit = town.units["太安小学"]
    people = workbook(("姓名", "工号", "单位代码", "电话尾号"), ("曾小玉", 20210101, unit.code, "0427"), ("解老师", "TA9", unit.code, None))
    import_rows("people", people, unit=unit, by=admin(town), today=TODAY)
    assert Person.objects.get(number="20210101").pinyin == "zengxiaoyu"
    rows = (("工号", "职务", "单位代码", "主持工作", "任职日期"), (20210101, "处室主任", unit.code, "是", date(2026, 3, 1)))
    import_rows("posts", workbook(*rows), unit=unit, by=admin(town), today=TODAY)
    post = Post.objects.get(person__number="20210101")
    assert (post.title, post.head, post.since) == ("处室主任", True, date(2026, 3, 1))
    entry = Entry.objects.filter(action="office.import_rows").order_by("id").first()
    assert entry is not None
    assert entry.values == {"表": "人员", "行数": 2, "新增": 2, "文件": parsed("people", people).digest}


def test_every_error_is_named_by_row_and_column_and_nothing_comes_in() -> None:
    town = wanzhou()
    unit = town.units["太安小学"]
    before = Person.objects.count()
    content = f"工号,姓名,单位代码,电话尾号\nA1,,{unit.code},\nA2,乙,{unit.code},42\nA2,丙,{unit.code},\n".encode("gb18030")
    found = preview("people", content, unit=unit, today=TODAY)
    assert [(e.row, e.column) for e in found.errors] == [(2, "姓名"), (3, "电话尾号"), (4, "工号")]
    content = f"工号,姓名,单位代码\nN0,别人,{unit.code}\nA3,丁,{town.units['甘宁小学'].code}\n".encode()
    found = preview("people", content, unit=unit, today=TODAY)
    assert [e.text for e in found.errors] == ["工号N0已由太安小学曾校长使用", "太安小学下面没有代码为U3的单位"]
    with pytest.raises(Refused):
        import_rows("people", content, unit=unit, by=admin(town), today=TODAY)
    assert Person.objects.count() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("工号,姓名,单位代码,手机\n".encode(), "没有“手机”这一列"),
        ("工号,姓名\n".encode(), "缺少“单位代码”这一列"),
        ("工号,姓名,单位代码\n".encode(), "没有数据行"),
        (b"", "文件是空的"),
        (b"PK\x03\x04broken", "打不开这个文件"),
        (b"\x00\x01\x02", "打不开这个文件"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, says: str) -> None:
    assert says in parsed("people", content).errors[0].text


def test_the_error_table_marks_the_cells_and_runs_no_formula() -> None:
    content = "工号,姓名,单位代码,电话尾号\n=1+1,甲,X,12\n".encode()
    book = openpyxl.load_workbook(io.BytesIO(error_workbook(parsed("people", content))))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == ["工号", "姓名", "单位代码", "电话尾号", "户号", "村民组", "出生日期", "错误原因"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert sheet["D2"].fill.fgColor.rgb == "FFF7C9C4"
    assert sheet["H2"].value == "电话尾号是四位数字"
    assert openpyxl.load_workbook(io.BytesIO(template_workbook("posts"))).active["B1"].value == "职务"


@pytest.mark.req("X03")
def test_only_the_administrator_imports_and_gives_himself_nothing() -> None:
    town = wanzhou()
    unit = town.units["太安小学"]
    own = town.people["管理员"].number
    content = f"工号,职务,单位代码,任职日期\n{own},校长,{unit.code},2026-03-01\n".encode()
    with pytest.raises(Refused, match="不能给自己任职"):
        import_rows("posts", content, unit=unit, by=admin(town), today=TODAY)
    with pytest.raises(Forbidden):
        import_rows("posts", content, unit=unit, by=actor_of(town.people["教师丁"], today=TODAY), today=TODAY)
