"""``jizhi standard FILE``: a standard from a spreadsheet, printed as the text of a regulation."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from jizhi.rulebook.standard_sheet import COLUMNS, read_standard, regulation_yaml

FINE, WRONG, USAGE = 0, 1, 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("standard", help="把表格里的细则变成制度文本")
    parser.add_argument("sheet", type=Path, metavar="表格", help=f"XLSX 或 CSV，列为{'、'.join(COLUMNS)}")
    parser.add_argument("--name", help="细则的名称；不写时用文件名")
    parser.add_argument("--code", default="local.standard", help="制度的代号")
    parser.add_argument("--since", type=date.fromisoformat, help="施行日期，如 2026-09-01；不写时为今天")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 with the text, 1 with every problem by row and column, 2 when the file cannot be opened."""
    try:
        data = args.sheet.read_bytes()
    except OSError:
        print(f"打不开文件 {args.sheet}，请检查路径。", file=sys.stderr)
        return USAGE
    name = args.name or args.sheet.stem
    standard, problems = read_standard(data, name)
    text = ""
    if standard is not None and not problems:
        since = args.since or date.today()  # noqa: DTZ011 (the day on this desk)
        text = regulation_yaml(standard, name=name, code=args.code, since=since)
    if args.json:
        found = [{"row": one.row, "column": one.column, "text": one.text} for one in problems]
        print(json.dumps({"regulation": text or None, "problems": found}, ensure_ascii=False, indent=2))
    else:
        print(text or "\n".join(f"{args.sheet} {one}" for one in problems))
    return FINE if text else WRONG
