"""The brief as Word and WPS read it: the XML is read back; LibreOffice opens it where it is installed."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from jizhi.documents.brief import PARTS, BriefPaper, brief_docx

PAPER = BriefPaper(
    unit="太安小学督导组",
    title="关于课堂教学与处室工作督导情况的通报",
    day=date(2026, 3, 9),
    strengths="本学期听课二十二节。\n（一）备课扎实。多数教师目标明确。\n1.语文组按周集体备课\n（1）每周三有记录",
    problems=("教务处作业检查记录不全。抽查三年级两个班，缺第四周。", "总务处消防栓检查不及时"),
    requirements="（五）教务处于2026年4月11日前补齐记录。",
    issue=3,
    total=12,
    report_to=("万州区督导室",),
    send_to=("校长室",),
    issue_to=("各处室",),
    copies=20,
    editor="督学甲",
    reviewer="组长丙",
    signer="校长丁",
)


@pytest.fixture
def opened():
    return Document(io.BytesIO(brief_docx(PAPER)))


def test_the_page_is_a4_with_the_standard_margins_and_22_lines(opened):
    section = opened.sections[0]
    page = [section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [length.mm for length in page] == pytest.approx([210, 297, 37, 35, 28, 26], abs=0.1)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"
    pitch = int(grid.get(qn("w:linePitch")))
    assert pitch / 20 == pytest.approx(28.99, abs=0.02)
    assert opened.styles["Normal"].paragraph_format.line_spacing.pt == pytest.approx(28.99, abs=0.02)
    area = section.page_height - section.top_margin - section.bottom_margin
    assert area // (pitch * 635) == 22
    assert opened.styles["Normal"].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_every_run_names_its_font_for_chinese_and_for_latin(opened):
    fonts = {}
    for paragraph in opened.paragraphs:
        for run in paragraph.runs:
            names = {run._element.rPr.rFonts.get(qn(f"w:{side}")) for side in ("ascii", "hAnsi", "eastAsia")}
            assert len(names) == 1, run.text
            fonts[run.text] = (names.pop(), paragraph.style.font.size.pt)
    assert fonts["督导简报"][0] == "方正小标宋简体"
    assert fonts[PAPER.title] == ("方正小标宋简体", 22)
    assert fonts["一、主要成绩与经验"] == ("黑体", 16)
    assert fonts["（一）备课扎实。"] == ("楷体_GB2312", 16)
    assert fonts["多数教师目标明确。"] == ("仿宋_GB2312", 16)
    assert fonts["1.语文组按周集体备课"] == ("仿宋_GB2312", 16)
    assert fonts["（1）每周三有记录"] == ("仿宋_GB2312", 16)


@pytest.mark.req("S16")
def test_three_parts_in_order_none_empty_and_a_problem_each(opened):
    texts = [(paragraph.style.name, paragraph.text) for paragraph in opened.paragraphs if paragraph.text]
    firsts = [number for number, (style, _) in enumerate(texts) if style == "Heading 1"]
    assert [texts[number][1][2:] for number in firsts] == list(PARTS)
    assert all(after - before > 1 for before, after in zip(firsts, [*firsts[1:], len(texts)], strict=True))
    problems = [text for style, text in texts[firsts[1] : firsts[2]] if style == "Heading 2"]
    assert [text[:3] for text in problems] == ["（一）", "（二）"]
    assert ("Heading 2", "（一）教务处于2026年4月11日前补齐记录。") in texts  # numbered anew in its part


@pytest.mark.req("S16")
def test_the_brief_has_its_head_and_foot(opened):
    texts = [paragraph.text for paragraph in opened.paragraphs]
    assert texts[:2] == ["督导简报", "第3期（总第12期）"]
    assert "太安小学督导组\t2026年3月9日" in texts
    assert texts[-5:] == ["报：万州区督导室。", "送：校长室。", "发：各处室。", "共印20份", "编辑：督学甲　审核：组长丙　签发：校长丁"]
    assert opened.styles["发文机关标志"].font.color.rgb is not None
    rules = [edge.get(qn("w:color")) for edge in opened.element.iter(qn("w:top"), qn("w:bottom")) if edge.get(qn("w:val"))]
    assert rules[0] == "FF0000"
    assert set(rules[1:]) == {"000000"}


def test_page_numbers_stand_outside_odd_right_even_left(opened):
    section = opened.sections[0]
    assert opened.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.text, even.text) == ("— 1 —", "— 1 —")
    assert (int(odd.alignment), int(even.alignment)) == (2, 0)
    assert odd.runs[0].font.name == "宋体"
    assert odd.style.font.size.pt == 14


def test_no_font_of_the_office_theme_is_left():
    with zipfile.ZipFile(io.BytesIO(brief_docx(PAPER))) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    for name, text in parts.items():
        assert not [font for font in ("Calibri", "Cambria", "等线", "ＭＳ", "Times") if font in text], name
    theme = parts["word/theme/theme1.xml"]
    assert '<a:latin typeface="仿宋_GB2312"/><a:ea typeface="仿宋_GB2312"/>' in theme
    assert "<a:font script=" not in theme
    assert "python-docx" not in parts["docProps/core.xml"]
    assert not [name for name in parts if "thumbnail" in name or "customXml" in name]


def test_the_same_brief_gives_the_same_bytes_and_strange_text_stays_text():
    assert brief_docx(PAPER) == brief_docx(PAPER)
    odd = replace(PAPER, title="<w:p>&“甲”", strengths="", requirements="", problems=(), problems_text="")
    opened = Document(io.BytesIO(brief_docx(odd)))
    texts = [paragraph.text for paragraph in opened.paragraphs]
    assert "<w:p>&“甲”" in texts
    assert texts.count("（无）") == 3


def test_control_characters_from_a_paste_do_not_break_the_file():
    opened = Document(io.BytesIO(brief_docx(replace(PAPER, strengths="一段\x0b二段\x00三段"))))
    assert any("一段" in paragraph.text for paragraph in opened.paragraphs)


@pytest.mark.req("S16")
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice（soffice）没有装在这台机器上")
def test_libreoffice_opens_it(tmp_path: Path):
    (tmp_path / "brief.docx").write_bytes(brief_docx(replace(PAPER, requirements="请各处室对照检查。\n" * 30)))
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "brief.docx")], check=True, capture_output=True, timeout=180)
    assert (tmp_path / "brief.pdf").read_bytes()[:5] == b"%PDF-"
