"""``jizhi try REGULATION CASES``: run imagined cases on a regulation, before anyone adopts it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from jizhi.cli.files import text_of
from jizhi.rulebook.reading import Problem, read
from jizhi.rulebook.trying import CaseFileError, CaseResult, try_cases

FINE, WRONG, USAGE = 0, 1, 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("try", help="用假想的人、办理和日期试运行一部制度")
    parser.add_argument("regulation", metavar="制度文件")
    parser.add_argument("cases", metavar="用例文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when every case holds, 1 when some do not or a file has problems, 2 when a file cannot be opened."""
    texts = [text for path in (args.regulation, args.cases) if (text := text_of(path)) is not None]
    if len(texts) < 2:
        return USAGE
    results, problems = _tried(texts[0], texts[1], args.regulation, args.cases)
    if args.json:
        print(json.dumps(_as_json(results, problems), ensure_ascii=False, indent=2))
    else:
        _print(results, problems)
    wrong = any(problem.severity == "error" for problem in problems)
    return WRONG if wrong or not all(result.passed for result in results) else FINE


def _tried(regulation_text: str, cases_text: str, regulation_file: str, cases_file: str) -> tuple[list[CaseResult], list[Problem]]:
    regulation, problems = read(regulation_text, regulation_file)
    if regulation is None:
        return [], problems
    try:
        return try_cases(regulation, cases_text, cases_file), problems
    except CaseFileError as bad:
        return [], [*problems, *bad.problems]


def _print(results: list[CaseResult], problems: list[Problem]) -> None:
    for problem in problems:
        print(problem)
    for result in results:
        print(f"{'✓' if result.passed else '✗'} {result.name}" + ("" if result.passed else f"（第 {result.line} 行）：{result.reason}"))
    if results:
        passed = sum(result.passed for result in results)
        print(f"共 {len(results)} 例，通过 {passed} 例，未通过 {len(results) - passed} 例。")


def _as_json(results: list[CaseResult], problems: list[Problem]) -> dict[str, object]:
    return {"cases": [asdict(result) for result in results], "problems": [asdict(problem) for problem in problems]}
