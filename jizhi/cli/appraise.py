"""``jizhi appraise FILE DATA``: a whole campaign from a regulation and a workbook, with the functions that the pages call."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from jizhi.cli.standards import Usage, bytes_of, standard_of
from jizhi.kernel.money import plain_yuan, yuan
from jizhi.rulebook.appraisal.campaign import appraise
from jizhi.rulebook.appraisal.data import Appraised, Block, Part, Problem, Report, Share
from jizhi.rulebook.appraisal.preview import Preview, preview
from jizhi.rulebook.appraisal.workbook import SHEETS, Read, all_problems, read_campaign
from jizhi.rulebook.formula import plain, rounded
from jizhi.rulebook.language import Regulation, Standard

FINE, WRONG, USAGE = 0, 1, 2
PROPOSAL = "以上是按制度测算的建议，等次、星级、奖励和免职由有权机关决定。"

Found = dict[str, object]


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("appraise", help="按制度测算一次考评：得分、等次、星级、名次、奖励")
    parser.add_argument("regulation", metavar="制度", help="制度文件；有多个细则时写 文件#细则名")
    parser.add_argument("data", type=Path, metavar="数据", help=f"XLSX，工作表为{'、'.join(SHEETS)}")
    parser.add_argument("--seed", default="", help="抽签的种子；不写时用细则的代号")
    parser.add_argument("--on", type=date.fromisoformat, help="参数按哪一天的取，如 2024-12-31；不写时取最新的")
    parser.add_argument("--region", default="", help="参数按哪个地方的取（行政区划代码）")
    parser.add_argument("--preview", metavar="新制度", help="换成这部新制度，谁会变动、为什么")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 with the results, 1 with every problem and no results, 2 when called wrongly."""
    with _uncollected():
        return _run(args)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A campaign is millions of small values and no cycles: looking through them for garbage takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _run(args: argparse.Namespace) -> int:
    try:
        chosen, problems = standard_of(args.regulation)
        data = bytes_of(args.data)
        new, new_problems = standard_of(args.preview) if args.preview else (None, [])
    except Usage as error:
        print(error, file=sys.stderr)
        return USAGE
    problems = [*problems, *new_problems]
    if chosen is None or (args.preview and new is None):
        return _refuse([_from_regulation(one) for one in problems], as_json=args.json)
    read = read_campaign(data, chosen[1])
    if new is not None:
        return _preview(chosen, new, read, data, args)
    report = appraise(*chosen, read.campaign, seed=args.seed, on=args.on, region=args.region)
    found = all_problems(read, lambda: report.problems)
    if found:
        return _refuse([_from_data(str(args.data), one) for one in found], as_json=args.json)
    if args.json:
        print(_json(_as_json(chosen, report, args)))
    else:
        print("\n".join(_text(chosen, report, args)))
    return FINE


def _preview(old: tuple[Regulation, Standard], new: tuple[Regulation, Standard], read: Read, data: bytes, args: argparse.Namespace) -> int:
    read_new = read_campaign(data, new[1])
    made = preview(old, new, read.campaign, new_campaign=read_new.campaign, seed=args.seed, on=args.on, region=args.region)
    found = all_problems(read, lambda: made.problems) or all_problems(read_new, lambda: made.problems)
    if found:
        return _refuse([_from_data(str(args.data), one) for one in found], as_json=args.json)
    if args.json:
        moves = [
            {"subject": one.unit, "old": _result(one.old), "new": _result(one.new), "reasons": list(one.reasons)} for one in made.moves
        ]
        print(_json({"moves": moves, "stays": made.stays, "problems": []}))
    else:
        print("\n".join(_preview_text(new, made)))
    return FINE


def _preview_text(new: tuple[Regulation, Standard], made: Preview) -> Iterator[str]:
    yield f"按《{new[0].name}》重算：{len(made.moves)} 个单位会变动，{made.stays} 个不变。"
    for one in made.moves:
        yield f"{one.unit}"
        yield from (f"        {reason}" for reason in one.reasons)


def _from_regulation(one: Found) -> Found:
    return {"file": one["file"], "sheet": None, "row": one["line"], "column": one["column"], "text": one["text"]}


def _from_data(file: str, one: Problem) -> Found:
    return {"file": file, "sheet": one.sheet or None, "row": one.line, "column": one.column or None, "text": one.text}


def _refuse(problems: Sequence[Found], *, as_json: bool) -> int:
    if as_json:
        print(_json({"results": [], "problems": list(problems)}))
        return WRONG
    for one in problems:
        column = f"第 {one['column']} 列" if isinstance(one["column"], int) else f"“{one['column']}”列" if one["column"] else ""
        place = (f" 工作表“{one['sheet']}”" if one["sheet"] else "") + (f" 第 {one['row']} 行" if one["row"] else "") + column
        print(f"{one['file']}{place}：{one['text']}")
    print(f"共 {len(problems)} 个问题，没有测算；请全部改正后再算。")
    return WRONG


def _json(found: Found) -> str:
    """One line for each result, move or problem: ``json`` indents in Python, which for ten thousand units takes seconds."""

    def said(value: object) -> str:
        if isinstance(value, list) and value:
            return "[\n" + ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in value) + "\n  ]"
        return json.dumps(value, ensure_ascii=False)

    return "{\n" + ",\n".join(f"  {json.dumps(key)}: {said(value)}" for key, value in found.items()) + "\n}"


def _as_json(chosen: tuple[Regulation, Standard], report: Report, args: argparse.Namespace) -> Found:
    regulation, standard = chosen
    counted = Counter(one.stars for one in report.results if one.stars)
    grades = Counter(one.grade for one in report.results if one.grade)
    return {
        "regulation": regulation.code,
        "standard": standard.name,
        "seed": args.seed or standard.code,
        "summary": {
            "units": len(report.results),
            "grades": {band.grade: grades[band.grade] for band in standard.bands},
            "stars": {str(star): counted[star] for star in sorted(counted, reverse=True)},
            "awarded": len(report.awarded),
            "award_total": _money(report.total),
        },
        "results": [_row(one) for one in report.results],
        "note": PROPOSAL,
        "problems": [],
    }


def _money(fen: int) -> int | str:
    """Whole yuan as a number, else with its fen as text: no float holds an amount."""
    return fen // 100 if fen % 100 == 0 else plain_yuan(fen)


def _share(value: Fraction | None) -> str | None:
    return None if value is None else f"{plain(value * 100)}%"


def _result(one: Appraised) -> Found:
    return {
        "score": format(one.score, "f"),
        "grade": one.grade or None,
        "stars": one.stars,
        "rank": one.rank,
        "award": _money(one.award),
    }


def _row(one: Appraised) -> Found:
    return {
        "subject": one.unit.name,
        "town": one.unit.town or None,
        "group": one.unit.group or None,
        **_result(one),
        "decided_by": one.decided_by,
        "grade_reason": one.grade_why,
        "stars_reason": one.stars_why,
        "award_reason": one.award_why,
        "normalised": format(one.compared, "f"),
        "raw_rank": one.raw_rank,
        "town_rank": one.town_rank,
        "moved": one.moved or None,
        "moved_reason": one.moved_why,
        "parts": [_part(part) for part in one.parts],
        "blocks": [_block(block) for block in one.blocks],
        "tasks": [{"name": task.name, "rate": _share(task.rate), "score": plain(task.score), "how": task.how} for task in one.tasks],
        "adjustment": plain(one.adjustment),
        "adjustment_how": one.adjustment_how,
        "flags": [{"kind": flag.kind, "name": flag.name, "reason": flag.reason} for flag in one.flags],
        "pay": [_pay(share) for share in one.pay],
    }


def _part(part: Part) -> Found:
    return {"name": part.name, "share": _share(part.share), "score": format(rounded(part.value, 2), "f"), "how": part.how}


def _block(block: Block) -> Found:
    score = None if block.score is None else plain(block.score)
    return {"name": block.name, "points": plain(block.points), "score": score, "rate": _share(block.rate)}


def _pay(share: Share) -> Found:
    return {
        "name": share.name,
        "post": share.post,
        "base": plain_yuan(share.base),
        "seniority": plain_yuan(share.seniority),
        "performance": plain_yuan(share.performance),
        "total": plain_yuan(share.total),
        "how": share.how,
    }


def _text(chosen: tuple[Regulation, Standard], report: Report, args: argparse.Namespace) -> Iterable[str]:
    regulation, standard = chosen
    yield f"《{regulation.name}》细则“{standard.name}”，{len(report.results)} 个单位，抽签种子：{args.seed or standard.code}"
    for one in report.results:
        yield from _said(one)
    if report.awarded:
        yield f"奖励 {len(report.awarded)} 个单位，共 {yuan(report.total)} 元。"
    yield PROPOSAL


def _said(one: Appraised) -> Iterator[str]:
    head = f"第 {one.rank} 名" if one.rank else "不排名"
    town = f"（{one.unit.town}第 {one.town_rank}）" if one.town_rank else ""
    stars = "" if one.stars is None else f"  {one.stars} 星" if one.stars else "  未评星"
    award = f"  奖励 {yuan(one.award)} 元" if one.award else ""
    yield f"{head}{town}  {one.unit.name}  {one.score} 分  {one.grade or '不打等级'}{stars}{award}"
    if one.compared != one.score:
        yield f"        名次按个性任务完成率折算后的 {one.compared} 分（按原始得分为第 {one.raw_rank}）"
    whole: list[Any] = [one.decided_by, one.grade_why, one.stars_why, one.moved_why, one.adjustment_how]
    yield "        " + "；".join(text for text in whole if text)
    yield from (
        f"        {part.name} {plain(part.value)} 分 × {_share(part.share)}：{part.how}" for part in one.parts if len(one.parts) > 1
    )
    yield from (f"        个性任务“{task.name}”：{task.how}" for task in one.tasks)
    yield from (f"        【{flag.name}】{flag.reason}" for flag in one.flags)
    yield from (f"        {share.post}{share.name} {yuan(share.total)} 元：{share.how}" for share in one.pay)
