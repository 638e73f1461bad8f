"""``jizhi score STANDARD SHEETS``: score sheets by a standard and rank the subjects."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from jizhi.cli.standards import Usage, bytes_of, standard_of
from jizhi.rulebook.indicators import folded
from jizhi.rulebook.language import Standard
from jizhi.rulebook.ranking import Place, rank
from jizhi.rulebook.scoring import Row, Scored, Sheet, score
from jizhi.rulebook.tables import NO_VALUE, Line, read_table

FINE, WRONG, USAGE = 0, 1, 2
COLUMNS = ("对象", "评分人", "评分组", "指标", "得分")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("score", help="按细则计分、定等级、排名次")
    parser.add_argument("standard", metavar="细则", help="制度文件；有多个细则时写 文件#细则名")
    parser.add_argument("sheets", type=Path, metavar="评分表", help=f"CSV 或 XLSX，列为{'、'.join(COLUMNS)}")
    parser.add_argument("--seed", help="抽签的种子；不写时用细则的代号")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 with the results, 1 with every problem and no results, 2 when called wrongly."""
    try:
        chosen, problems = standard_of(args.standard)
        data = bytes_of(args.sheets)
    except Usage as error:
        print(error, file=sys.stderr)
        return USAGE
    standard = chosen[1] if chosen else None
    results: tuple[Scored, ...] = ()
    if standard is not None:
        sheets, found = _sheets(data, str(args.sheets))
        outcome = score(standard, sheets) if sheets or not found else None
        problems = [*problems, *found]
        if outcome:
            problems += [_problem(str(args.sheets), one.line, one.column, one.text) for one in outcome.problems]
            results = outcome.results
    problems.sort(key=lambda one: (one["line"] is None, one["line"] or 0))
    if standard is None or problems:
        _print_problems(problems, as_json=args.json)
        return WRONG
    seed = args.seed or standard.code
    places = {place.subject: place for place in rank(standard, results, seed=seed)}
    ordered = sorted(
        results, key=lambda one: (one.subject not in places, places[one.subject].rank if one.subject in places else 0, one.subject)
    )
    if args.json:
        print(
            json.dumps(
                {"results": [_as_json(one, places.get(one.subject)) for one in ordered], "problems": []}, ensure_ascii=False, indent=2
            )
        )
    else:
        _print(standard, ordered, places, seed)
    return FINE


def _sheets(data: bytes, file: str) -> tuple[list[Sheet], list[dict[str, object]]]:
    """One sheet for each subject and rater, with everything that keeps rows from belonging to one."""
    table = read_table(data, columns=COLUMNS)
    problems = [_problem(file, one.row, one.column, one.text) for one in table.problems]
    gathered: dict[tuple[str, str], list[Line]] = {}
    for line in table.lines:
        empty = [name for name in ("对象", "评分人", "指标") if not line.cells[name]]
        problems += [_problem(file, line.row, name, f"“{name}”没有填写") for name in empty]
        if not empty:
            gathered.setdefault((folded(line.cells["对象"]), folded(line.cells["评分人"])), []).append(line)
    sheets = []
    for (subject, rater), lines in gathered.items():
        group = lines[0].cells["评分组"]
        for line in lines[1:]:
            if line.cells["评分组"] != group:
                text = f"对象“{subject}”，评分人“{rater}”：评分组“{line.cells['评分组']}”与第 {lines[0].row} 行的“{group}”不一致"
                problems.append(_problem(file, line.row, "评分组", text))
        rows = tuple(Row(line.cells["指标"], line.cells["得分"].replace(NO_VALUE, ""), line.row) for line in lines)  # told already
        sheets.append(Sheet(subject, rater, rows, group))
    return sheets, problems


def _problem(file: str, line: int | None, column: int | str | None, text: str) -> dict[str, object]:
    return {"file": file, "line": line, "column": column or None, "text": text}


def _print_problems(problems: Sequence[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"results": [], "problems": problems}, ensure_ascii=False, indent=2))
        return
    for one in problems:
        column = f"第 {one['column']} 列" if isinstance(one["column"], int) else f"“{one['column']}”列" if one["column"] else ""
        place = (f"第 {one['line']} 行" if one["line"] else "") + column
        print(f"{one['file']} {place}：{one['text']}" if place else f"{one['file']}：{one['text']}")
    print(f"共 {len(problems)} 个问题，没有计分；请全部改正后再算。")


def _as_json(one: Scored, place: Place | None) -> dict[str, object]:
    return {
        "subject": one.subject,
        "score": format(one.score, "f"),
        "grade": one.grade or None,
        "rank": place.rank if place else None,
        "decided_by": place.decided_by if place else "；".join(one.checks),
        "raters": len(one.ratings),
    }


def _print(standard: Standard, ordered: Sequence[Scored], places: dict[str, Place], seed: str) -> None:
    print(f"细则：{standard.name}（{standard.code}），{len(ordered)} 个对象，抽签种子：{seed}")
    for one in ordered:
        place = places.get(one.subject)
        head = f"第 {place.rank} 名" if place else "不排名"
        print(f"{head}  {one.subject}  {one.score} 分  {one.grade or '不打等级'}  {len(one.ratings)} 人评分")
        said = [place.decided_by, place.flag] if place else [*one.checks]
        print("        " + "；".join(text for text in [*said, *one.notes] if text))
