"""``jizhi check FILE…``: everything wrong with regulation files, all at once."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from jizhi.cli.files import text_of
from jizhi.rulebook.reading import Problem, read

FINE, WRONG, USAGE = 0, 1, 2


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("check", help="检查制度文件，一次列出全部问题")
    parser.add_argument("files", nargs="+", metavar="文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when every file may be adopted (warnings are shown), 1 when some may not, 2 when a file cannot be opened."""
    texts = {file: text_of(file) for file in args.files}
    found: dict[str, tuple[str | None, list[Problem]]] = {}
    for file, text in texts.items():
        if text is not None:
            regulation, problems = read(text, file)
            found[file] = (regulation.name if regulation else None, problems)
    if args.json:
        files = [
            {"file": file, "ok": name is not None, "name": name, "problems": [asdict(p) for p in problems]}
            for file, (name, problems) in found.items()
        ]
        print(
            json.dumps({"ok": all(one["ok"] for one in files) and len(files) == len(texts), "files": files}, ensure_ascii=False, indent=2)
        )
    else:
        for file, (name, problems) in found.items():
            for problem in problems:
                print(problem)
            print(f"{file}：{_verdict(name, problems)}")
    if None in texts.values():
        return USAGE
    return FINE if all(name is not None for name, _ in found.values()) else WRONG


def _verdict(name: str | None, problems: list[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    later = sum(problem.later for problem in errors)
    warned = len(problems) - len(errors)
    if name is not None:
        return f"《{name}》没有问题" + (f"，有 {warned} 处提醒。" if warned else "，可以采用。")
    return f"共 {len(errors)} 个问题" + (f"，其中 {later} 个是这一版尚未支持的写法。" if later else "，请改正后再采用。")
