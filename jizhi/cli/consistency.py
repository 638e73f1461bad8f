"""``jizhi consistency``: a proof that the log at one checkpoint is the beginning of the log at a later one."""

from __future__ import annotations

import argparse
import json
import os
import sys


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("consistency", help="证明从一个检查点到另一个检查点，日志只增未改（JSON）")
    parser.add_argument("old", type=int, metavar="旧条数", help="旧检查点的条数")
    parser.add_argument("new", type=int, metavar="新条数", help="新检查点的条数")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The proof on standard output; exit 1 where one of the sizes has no checkpoint."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from jizhi.audit.queries import NoCheckpoint, NotSealed, consistency_of, sizes_near

    if not 0 < args.old <= args.new < 2**63:
        print("条数应当是正整数，旧的在前，新的在后", file=sys.stderr)
        return 1
    try:
        proof = consistency_of(args.old, args.new)
    except NoCheckpoint as missing:
        near = "、".join(map(str, sizes_near(int(missing.args[0])))) or "还没有，请先运行 jizhi seal"
        print(f"没有 {missing} 条时的检查点；邻近的检查点：{near}", file=sys.stderr)
        return 1
    except NotSealed:
        print("封存次序的记录有缺损，请运行 jizhi verify 查明", file=sys.stderr)
        return 1
    print(json.dumps(proof, ensure_ascii=False, indent=1))
    return 0
