"""A page of GB/T 9704-2012 as .docx: A4, 22 lines of 28 characters, the standard's fonts under their east-Asian names.

python-docx's own template brings Calibri, Cambria and 349 KB of styles, and WPS then warns about missing fonts; so styles,
settings, font table and theme fonts are written here and everything else of the template is dropped.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, Twips

from jizhi.documents.outline import Line

SONG_TITLE = "方正小标宋简体"
FANG_SONG = "仿宋_GB2312"
KAI = "楷体_GB2312"
HEI = "黑体"
SONG = "宋体"
RED = "FF0000"

# Twips. 37/35/28/26 mm within 0.1 mm, chosen so that 22 lines of 580 and 28 characters of 316 fill the type area to the twip:
# with the nearest roundings instead, the 22nd line would not fit.
PAGE = (11906, 16838)
TOP, BOTTOM, LEFT, RIGHT = 2096, 1982, 1586, 1472
PITCH = 580  # 225 mm / 22 = 28.99 pt; the file knows whole twips: 29.00 pt
CHARACTER = 316  # 156 mm / 28 = 15.79 pt
TRACKING = -4  # twentieths of a point, takes a 16 pt character to 15.8 pt
WIDTH = PAGE[0] - LEFT - RIGHT
FOOTER = 1446  # the dash of the page number stands 7 mm below the type area

BODY_SIZE, TITLE_SIZE, FOOT_SIZE = 16, 22, 14


@dataclass(frozen=True)
class Style:
    """A paragraph style. ``outline`` 1–4 makes it a heading; ``indent`` is the first line's, in characters."""

    id: str
    name: str
    font: str
    size: float
    outline: int = 0
    indent: int = 2
    align: str = "both"
    color: str = "000000"
    line: int = PITCH
    rule: str = "exact"


STYLES = (
    Style("Normal", "Normal", FANG_SONG, BODY_SIZE),
    Style("Heading1", "heading 1", HEI, BODY_SIZE, outline=1),
    Style("Heading2", "heading 2", KAI, BODY_SIZE, outline=2),
    Style("Heading3", "heading 3", FANG_SONG, BODY_SIZE, outline=3),
    Style("Heading4", "heading 4", FANG_SONG, BODY_SIZE, outline=4),
    Style("Title", "Title", SONG_TITLE, TITLE_SIZE, indent=0, align="center"),
    Style("Mark", "发文机关标志", SONG_TITLE, 54, indent=0, align="center", color=RED, line=1160, rule="atLeast"),
    Style("Line", "行", FANG_SONG, BODY_SIZE, indent=0, align="left"),
    Style("Imprint", "版记", FANG_SONG, FOOT_SIZE, indent=0, align="left", line=480),
    Style("Footer", "footer", SONG, FOOT_SIZE, indent=0, align="left", line=280),
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEADING_STYLES = {0: "Normal", 1: "heading 1", 2: "heading 2", 3: "heading 3", 4: "heading 4"}
_FONTS_OF_LEVELS = {0: FANG_SONG, 1: HEI, 2: KAI, 3: FANG_SONG, 4: FANG_SONG}


def blank(*, title: str, author: str, day: date) -> Any:
    """A docx document with the page, the styles and nothing else in it. ``day`` dates its properties."""
    document = Document()
    _drop_template_parts(document)
    _write_styles(document)
    _write_settings(document)
    _write_theme(document)
    _write_properties(document, title=title, author=author, day=day)
    _write_page(document.sections[0])
    return document


def paragraph(document: Any, text: str = "", *, style: str = "Normal", font: str | None = None) -> Any:
    """A paragraph with one run in the style's font (or ``font``)."""
    made = document.add_paragraph(style=style)
    if text:
        run(made, text, font or _style(style).font)
    return made


def run(made: Any, text: str, font: str, *, color: str | None = None) -> Any:
    """A run whose font is named for Chinese and for Latin: font.name alone leaves Chinese in the theme's font."""
    added = made.add_run(printable(text))
    added.font.name = font
    fonts = added._element.rPr.rFonts
    for side in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{side}"), font)
    if color:
        element = OxmlElement("w:color")
        element.set(qn("w:val"), color)
        added._element.rPr.append(element)
    return added


def printable(text: str) -> str:
    """Without the control characters that a paste brings along and XML refuses."""
    return _NOT_XML.sub("", text)


def outline(document: Any, lines: Iterable[Line]) -> None:
    """Numbered headings and body paragraphs, each heading level in its font, run-in text in the body's."""
    for line in lines:
        made = document.add_paragraph(style=_HEADING_STYLES[line.level])
        if line.level:
            run(made, line.marker + line.lead, _FONTS_OF_LEVELS[line.level])
        if line.rest:
            run(made, line.rest, FANG_SONG)


def border(made: Any, *, top: int = 0, bottom: int = 0, color: str = "000000", space: int = 4) -> None:
    """Rules over and under a paragraph, as wide as the type area; thickness in eighths of a point (8 is 0.35 mm)."""
    borders = OxmlElement("w:pBdr")
    for side, size in (("top", top), ("bottom", bottom)):
        if size:
            edge = OxmlElement(f"w:{side}")
            for key, value in (("val", "single"), ("sz", str(size)), ("space", str(space)), ("color", color)):
                edge.set(qn(f"w:{key}"), value)
            borders.append(edge)
    properties = made._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")


def both_sides(made: Any, left: str, right: str, font: str) -> None:
    """Left one character in, right one character in, on one line."""
    made.paragraph_format.left_indent = Twips(CHARACTER)
    made.paragraph_format.tab_stops.add_tab_stop(Twips(WIDTH - CHARACTER), alignment=2)
    run(made, f"{left}\t{right}", font)


def saved(document: Any) -> bytes:
    """The file; the same document gives the same bytes, whenever it is written."""
    first = io.BytesIO()
    document.save(first)
    second = io.BytesIO()
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0)), source.read(item), zipfile.ZIP_DEFLATED)
    return second.getvalue()


def chinese_date(day: date) -> str:
    """2026年3月9日: full year, no padding."""
    return f"{day.year}年{day.month}月{day.day}日"


def _style(name: str) -> Style:
    return next(style for style in STYLES if style.name == name)


def _fonts(font: str) -> str:
    return f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'


def _style_xml(style: Style) -> str:
    default = ' w:default="1"' if style.id == "Normal" else ""
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    follows = '<w:next w:val="Normal"/>' if style.outline else ""
    level = f'<w:outlineLvl w:val="{style.outline - 1}"/>' if style.outline else ""
    first_line = int(style.indent * CHARACTER * style.size / BODY_SIZE)
    indent = f'<w:ind w:firstLineChars="{style.indent * 100}" w:firstLine="{first_line}"/>'
    tracking = f'<w:spacing w:val="{TRACKING}"/>' if style.size == BODY_SIZE else '<w:spacing w:val="0"/>'
    grid = '<w:snapToGrid w:val="0"/>' if style.id == "Footer" else ""
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph"{default} w:styleId="{style.id}"><w:name w:val="{style.name}"/>{based}{follows}'
        f'<w:qFormat/><w:pPr><w:widowControl w:val="0"/>{grid}<w:spacing w:before="0" w:after="0" w:line="{style.line}"'
        f' w:lineRule="{style.rule}"/>{indent}<w:jc w:val="{style.align}"/>{level}</w:pPr><w:rPr>{_fonts(style.font)}<w:b w:val="0"/>'
        f'<w:i w:val="0"/><w:color w:val="{style.color}"/>{tracking}<w:kern w:val="0"/><w:sz w:val="{int(style.size * 2)}"/>'
        f'<w:szCs w:val="{int(style.size * 2)}"/></w:rPr></w:style>'
    )


def _write_styles(document: Any) -> None:
    element = document.styles.element
    for child in list(element):
        element.remove(child)
    element.append(
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_fonts(FANG_SONG)}"
            f'<w:sz w:val="{BODY_SIZE * 2}"/><w:szCs w:val="{BODY_SIZE * 2}"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        )
    )
    for style in STYLES:
        element.append(parse_xml(_style_xml(style)))
    for kind, ident, name in (("character", "DefaultParagraphFont", "Default Paragraph Font"), ("numbering", "NoList", "No List")):
        element.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="{kind}" w:default="1" w:styleId="{ident}"><w:name w:val="{name}"/>'
                '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
            )
        )


def _write_settings(document: Any) -> None:
    element = document.settings.element
    for child in list(element):
        element.remove(child)
    compat = "http://schemas.microsoft.com/office/word"
    fresh = parse_xml(
        f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:drawingGridVerticalSpacing w:val="290"/><w:characterSpacingControl w:val="compressPunctuation"/>'
        f'<w:compat><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="{compat}" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )
    element.extend(list(fresh))


def _write_theme(document: Any) -> None:
    theme = document.part.part_related_by(RT.THEME)
    text = theme.blob.decode()
    for kind, font in (("majorFont", HEI), ("minorFont", FANG_SONG)):
        faces = f'<a:{kind}><a:latin typeface="{font}"/><a:ea typeface="{font}"/><a:cs typeface=""/></a:{kind}>'
        text = re.sub(rf"<a:{kind}>.*?</a:{kind}>", faces, text, flags=re.DOTALL)
    theme._blob = text.encode()
    table = document.part.part_related_by(RT.FONT_TABLE)
    names = dict.fromkeys(style.font for style in STYLES)
    table._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>'
        + "".join(f'<w:font w:name="{name}"><w:charset w:val="86"/><w:pitch w:val="default"/></w:font>' for name in names)
        + "</w:fonts>"
    ).encode()


def _drop_template_parts(document: Any) -> None:
    kept = {RT.STYLES, RT.SETTINGS, RT.FONT_TABLE, RT.THEME}
    for owner, keep in ((document.part, kept), (document.part.package, {RT.CORE_PROPERTIES, RT.OFFICE_DOCUMENT})):
        for key in [key for key, relation in owner.rels.items() if relation.reltype not in keep]:
            owner.rels.pop(key)


def _write_properties(document: Any, *, title: str, author: str, day: date) -> None:
    properties = document.core_properties
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001  python-docx takes naive times only
    title, author = printable(title)[:255], printable(author)[:255]
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.comments = properties.keywords = properties.subject = properties.category = ""
    properties.created = properties.modified = moment
    properties.language, properties.revision = "zh-CN", 1


def _write_page(section: Any) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Twips(PAGE[0]), Twips(PAGE[1])
    section.top_margin, section.bottom_margin = Twips(TOP), Twips(BOTTOM)
    section.left_margin, section.right_margin = Twips(LEFT), Twips(RIGHT)
    section.header_distance, section.footer_distance, section.gutter = Pt(42.5), Twips(FOOTER), 0
    for old in section._sectPr.findall(qn("w:docGrid")) + section._sectPr.findall(qn("w:cols")):
        section._sectPr.remove(old)
    section._sectPr.append(parse_xml(f'<w:cols {nsdecls("w")} w:space="425"/>'))
    section._sectPr.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="{PITCH}"/>'))
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        _page_number(footer.paragraphs[0], side)


def _page_number(made: Any, side: str) -> None:
    """— 1 —, odd pages at the right and even pages at the left, one character in."""
    made.style = "footer"
    made.alignment = 2 if side == "right" else 0
    setattr(made.paragraph_format, f"{side}_indent", Pt(FOOT_SIZE))
    run(made, "— ", SONG)
    for kind in ("begin", "PAGE", "separate", "1", "end"):
        part = run(made, kind if kind == "1" else "", SONG)
        if kind == "PAGE":
            element = OxmlElement("w:instrText")
            element.text = kind
            part._r.append(element)
        elif kind != "1":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            part._r.append(element)
    run(made, " —", SONG)
