"""督导简报 as .docx: its own red head, three parts on a GB/T 9704 page, and its foot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from docx.shared import Twips

from jizhi.documents import gbt9704
from jizhi.documents.outline import Block, blocks, numbered

PARTS = ("主要成绩与经验", "存在的突出问题", "整改要求")


@dataclass(frozen=True)
class BriefPaper:
    """What a brief prints. ``issue`` and ``total`` are None before it is numbered. ``problems`` open part two, one item each;
    every other text may carry its own headings, a paragraph a line."""

    unit: str  # 太安小学督导组
    title: str
    day: date
    strengths: str
    problems: tuple[str, ...]
    requirements: str
    problems_text: str = ""  # what part two says besides its items
    mark: str = "督导简报"
    issue: int | None = None
    total: int | None = None
    report_to: tuple[str, ...] = ()  # 报
    send_to: tuple[str, ...] = ()  # 送
    issue_to: tuple[str, ...] = ()  # 发
    copies: int = 0
    editor: str = ""
    reviewer: str = ""
    signer: str = ""


def issue_line(paper: BriefPaper) -> str:
    """第3期（总第12期), with blanks to fill in while it has no number."""
    return f"第{paper.issue or '　'}期（总第{paper.total or '　'}期）"


def outline_of(paper: BriefPaper) -> tuple[Block, ...]:
    """The three parts in order. Typed headings of the first level step down to the second: the first is the part's own."""
    items = tuple(Block(_one_line(problem), 2) for problem in paper.problems)
    bodies = (_under(paper.strengths), _under(paper.problems_text) + items, _under(paper.requirements))
    return tuple(block for heading, body in zip(PARTS, bodies, strict=True) for block in (Block(heading, 1), *(body or (Block("（无）"),))))


def brief_docx(paper: BriefPaper) -> bytes:
    """The whole brief."""
    document = gbt9704.blank(title=f"{paper.mark}：{paper.title}", author=paper.unit, day=paper.day)
    gbt9704.paragraph(document, paper.mark, style="发文机关标志")
    gbt9704.paragraph(document, issue_line(paper), style="行").alignment = 1
    gbt9704.paragraph(document)
    head = gbt9704.paragraph(document, style="行")
    gbt9704.both_sides(head, paper.unit, gbt9704.chinese_date(paper.day), gbt9704.FANG_SONG)
    # the borders of an indented paragraph are as short as its text: the rule stands on a line of its own
    gbt9704.border(gbt9704.paragraph(document, style="行"), top=16, color=gbt9704.RED, space=1)
    gbt9704.paragraph(document, paper.title, style="Title")
    gbt9704.paragraph(document)
    gbt9704.outline(document, numbered(outline_of(paper)))
    gbt9704.paragraph(document)
    _foot(document, paper)
    return gbt9704.saved(document)


def _foot(document: object, paper: BriefPaper) -> None:
    lines = [f"{word}：{'、'.join(names)}。" for word, names in _addressees(paper) if names]
    lines = lines or ["发：（待填）"]
    for number, text in enumerate(lines):
        made = gbt9704.paragraph(document, style="版记")
        gbt9704.run(made, text, gbt9704.FANG_SONG)
        made.paragraph_format.first_line_indent = Twips(-560)
        made.paragraph_format.left_indent = Twips(560)
        made.paragraph_format.keep_with_next = True
        if number == 0:
            gbt9704.border(made, top=8)
    copies = gbt9704.paragraph(document, f"共印{paper.copies or '　'}份", style="版记")
    copies.alignment = 2
    copies.paragraph_format.keep_with_next = True
    gbt9704.border(copies, bottom=6)
    signed = gbt9704.paragraph(document, f"编辑：{paper.editor}　审核：{paper.reviewer}　签发：{paper.signer}", style="版记")
    gbt9704.border(signed, bottom=8)


def _addressees(paper: BriefPaper) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("报", paper.report_to), ("送", paper.send_to), ("发", paper.issue_to)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _under(text: str) -> tuple[Block, ...]:
    return tuple(Block(block.text, max(block.level, 2)) if block.level else block for block in blocks(text))
