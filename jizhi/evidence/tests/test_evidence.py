"""Evidence: what is taken, what is stripped, and who opens it."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jizhi.access.actor import actor_of
from jizhi.evidence.actions import add_evidence
from jizhi.evidence.models import Evidence
from jizhi.evidence.queries import evidence_about
from jizhi.evidence.rules import LARGEST, Unusable, kept
from jizhi.org.models import User
from jizhi.org.tests.town import Town, wanzhou

NOW = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def town(settings: object, tmp_path: Path) -> Town:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return wanzhou()


def photo() -> bytes:
    """A sideways JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 48.0, 0.0)})
    exif[0x8825] = exif.get_ifd(0x8825)
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def add(town: Town, content: bytes, name: str = "现场.jpg") -> Evidence:
    """By an inspector, about the school's head: whoever sees him sees it."""
    by = actor_of(town.people["督学甲"], today=date(2026, 3, 10))
    upload = SimpleUploadedFile(name, content)
    return add_evidence(town.people["曾校长"], unit=town.units["太安小学"], upload=upload, by=by, now=NOW)


def test_a_photo_loses_its_place_and_stands_upright(town: Town) -> None:
    evidence = add(town, photo())
    with evidence.file.open() as file, Image.open(file) as image:
        assert image.size == (20, 40)
        assert not image.getexif()
    assert evidence.mime == "image/jpeg"
    assert evidence.name == "现场.jpg"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("照片.jpg", b"MZ\x90 not a photo", "认不出"),
        ("页面.html", b"<script>alert(1)</script>", "认不出"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "认不出"),
        ("包.zip", zipped("a.txt"), "不能传压缩包"),
        ("表.xlsm", zipped("xl/workbook.xml", "xl/vbaProject.bin"), "带有宏"),
        ("空.pdf", b"", "空的"),
        ("大.pdf", b"%PDF-" + b"0" * LARGEST, "最大10MB"),
        ("坏.jpg", photo()[:80], "认不出"),
    ],
)
def test_what_is_not_taken(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        kept(name, content)


@pytest.mark.parametrize(
    ("name", "content", "cleaned", "mime"),
    [
        ("..\\..\\教案\u202efdp.exe", b"%PDF-1.7", "教案fdp.pdf", "application/pdf"),
        ("/etc/听课记录.docx", zipped("word/document.xml"), "听课记录.docx", "wordprocessingml"),
        ("", b"%PDF-1.4", "佐证.pdf", "application/pdf"),
    ],
)
def test_names_are_cleaned_and_types_read_from_the_content(name: str, content: bytes, cleaned: str, mime: str) -> None:
    file = kept(name, content)
    assert file.name == cleaned
    assert mime in file.mime


def opened(client: Client, evidence: Evidence) -> tuple[int, dict[str, str]]:
    answer = client.get(f"/evidence/{evidence.pk}/")
    b"".join(answer) if answer.streaming else None  # read to the end, as a browser does
    return answer.status_code, dict(answer.headers)


@pytest.mark.req("S06", "X03")
def test_it_is_opened_by_whoever_sees_what_it_is_about_and_by_nobody_else(town: Town, client: Client) -> None:
    evidence = add(town, photo())
    assert list(evidence_about(town.people["曾校长"])) == [evidence]
    answers = {}
    for name in ("曾校长", "教师丁", "甘宁校长", "管理员"):
        client.force_login(User.objects.get(username=name))
        answers[name] = opened(client, evidence)[0]
    assert answers == {"曾校长": 200, "教师丁": 404, "甘宁校长": 404, "管理员": 200}  # the administrator sees people
    client.force_login(User.objects.get(username="曾校长"))
    _, answer = opened(client, evidence)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E7%8E%B0%E5%9C%BA.jpg"
    assert "sandbox" in answer["Content-Security-Policy"]
    client.logout()
    assert opened(client, evidence)[0] == 302


def test_text_alone_is_enough_and_nothing_is_too_little(town: Town) -> None:
    by = actor_of(town.people["督学甲"], today=date(2026, 3, 10))
    unit = town.units["太安小学"]
    assert add_evidence(unit, unit=unit, text="翻看了12本教案", by=by, now=NOW).file.name == ""
    with pytest.raises(Unusable, match="写一段文字"):
        add_evidence(unit, unit=unit, text=" ", by=by, now=NOW)
