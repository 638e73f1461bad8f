"""``jizhi explain FILE``: the regulation as numbered prose."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from jizhi.cli.files import text_of
from jizhi.rulebook.explain import explain
from jizhi.rulebook.reading import read

FINE, WRONG, USAGE = 0, 1, 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("explain", help="把制度念成一条条的话")
    parser.add_argument("file", metavar="文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 with the prose, 1 with the problems of the file, 2 when it cannot be opened."""
    text = text_of(args.file)
    if text is None:
        return USAGE
    regulation, problems = read(text, args.file)
    if args.json:
        prose = explain(regulation) if regulation else None
        print(json.dumps({"text": prose, "problems": [asdict(problem) for problem in problems]}, ensure_ascii=False, indent=2))
    elif regulation is None:
        for problem in problems:
            print(problem, file=sys.stderr)
    else:
        print(explain(regulation), end="")
    return FINE if regulation else WRONG
