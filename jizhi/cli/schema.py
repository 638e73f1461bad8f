"""``jizhi schema``: the JSON Schema of regulation files."""

from __future__ import annotations

import argparse
import json

from jizhi.rulebook.schema import schema


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("schema", help="打印制度写法的 JSON Schema，供编辑器补全")
    parser.add_argument("--json", action="store_true", help="输出 JSON（总是如此）")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Always exit 0."""
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
    return 0
