"""How a brief is drafted from records, and what is odd about one; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jizhi.documents.brief import PARTS
from jizhi.documents.gbt9704 import chinese_date

LONGEST = 2000  # characters a brief usually has at most (a habit, not a rule: the page hints)
KIND = "督简"  # 字 of its number
CODE, PROCEDURE = "school.brief", "督导简报"  # the regulation and procedure it runs by
NOTIFIED = "通报"  # from this step of the loop on a problem is established


@dataclass(frozen=True)
class Inspected:
    """One record as the brief sees it. ``where`` names a department, or 课堂教学: teachers are not named to the whole school."""

    kind: str  # 听课
    where: str
    strengths: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """One established problem. ``due`` is the last day to put it right, None when it has none yet; ``closed`` it is closed."""

    finding: int
    where: str
    text: str
    due: date | None = None
    closed: bool = False


@dataclass(frozen=True)
class Item:
    """A problem item as edited; ``finding`` None when the editor wrote it in."""

    text: str
    finding: int | None = None


@dataclass(frozen=True)
class Draft:
    strengths: str
    items: tuple[Item, ...]
    requirements: str


def draft(records: Sequence[Inspected], ledger: Sequence[Ledger], *, today: date) -> Draft:
    """The three parts: strengths by place, one item a problem, one requirement a problem that is not closed."""
    return Draft(
        strengths="\n".join([opening(records), *strengths(records)]),
        items=tuple(Item(f"{entry.where}：{entry.text}", entry.finding) for entry in ledger),
        requirements="\n".join(requirement(entry, today=today) for entry in ledger),
    )


def opening(records: Sequence[Inspected]) -> str:
    """本期共检查 9 次，其中听课 5 次、处室检查 4 次。"""
    if not records:
        return "本期没有检查记录。"
    counts: dict[str, int] = {}
    for record in records:
        counts[record.kind] = counts.get(record.kind, 0) + 1
    return f"本期共检查{len(records)}次，其中{'、'.join(f'{kind}{count}次' for kind, count in counts.items())}。"


def strengths(records: Iterable[Inspected]) -> list[str]:
    """One paragraph a place, each strength once."""
    places: dict[str, dict[str, None]] = {}
    for record in records:
        places.setdefault(record.where, {}).update(dict.fromkeys(_bare(text) for text in record.strengths))
    return [f"（一）{where}。{'；'.join(texts)}。" for where, texts in places.items() if texts]


def requirement(entry: Ledger, *, today: date) -> str:
    head = f"（一）{entry.where}。针对“{_bare(entry.text)}”，"
    if entry.closed:
        return f"{head}已经整改销号，请巩固成果、防止反弹。"
    if entry.due is None:
        return f"{head}按整改通知书的期限完成整改，并申请销号。"
    if entry.due < today:
        return f"{head}整改时限{chinese_date(entry.due)}已过，请立即完成整改，并申请销号。"
    return f"{head}于{chinese_date(entry.due)}前完成整改，并申请销号。"


def length(title: str, texts: Iterable[str]) -> int:
    """Characters without white space."""
    return sum(len("".join(text.split())) for text in (title, *texts))


def warnings(title: str, parts: tuple[str, str, str], items: Sequence[Item], *, ledger: Sequence[Ledger]) -> list[str]:
    """What the editor should know; nothing here forbids."""
    found = []
    printed = (parts[0], "\n".join((parts[1], *(item.text for item in items))), parts[2])
    found += [f"“{name}”还是空的。" for name, text in zip(PARTS, printed, strict=True) if not text.strip()]
    listed = {item.finding for item in items}
    missing = [entry for entry in ledger if entry.finding not in listed]
    foreign = [item for item in items if item.finding is None]
    if len(items) != len(ledger):
        found.append(f"第二部分列了 {len(items)} 个问题，台账里这一期有 {len(ledger)} 个，两边应当一致。")
    found += [f"台账里有、简报没列：{entry.where}，{entry.text}" for entry in missing]
    found += [f"简报里有、台账没有：{item.text}" for item in foreign]
    size = length(title, printed)
    if size > LONGEST:
        found.append(f"现在 {size} 字。简报一般不超过 {LONGEST} 字，请考虑删减。")
    return found


def names(text: str) -> tuple[str, ...]:
    """校长室、各处室 as separate names."""
    for mark in ("，", ",", "；", ";", "\n"):
        text = text.replace(mark, "、")
    return tuple(name.strip().rstrip("。") for name in text.split("、") if name.strip())


def file_name(period: str, unit: str, number_line: str, day: date) -> str:
    """2025—2026学年上学期_太安小学_督导简报第3期_20260327.docx"""
    number = number_line.partition("（")[0]
    parts = [period, unit, f"督导简报{number}", f"{day:%Y%m%d}"]
    kept = "_".join("".join(c for c in part if c not in '\\/:*?"<>|\r\n\t') for part in parts if part)
    return f"{kept}.docx"


def _bare(text: str) -> str:
    return text.strip().rstrip("。；;.")
