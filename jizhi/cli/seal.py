"""``jizhi seal``: gives new log entries their place in the tree and signs a checkpoint. Safe to run at any time and twice."""

from __future__ import annotations

import argparse
import json
import os
import sys


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("seal", help="封存新的办理日志，签发检查点；可以重复运行，jizhi tick 也会做")
    parser.add_argument("--all", action="store_true", help="连同早该封存而未封存的也补封；先用 jizhi verify 查明它们的来历")
    parser.add_argument("--key", action="store_true", help="只打印公钥")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when all is sealed, 1 when sealing was refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from jizhi.audit.keys import public_line
    from jizhi.audit.sealer import SealRefused, seal
    from jizhi.ui.clock import now

    if args.key:
        print(public_line() or "还没有密钥，第一次封存时生成")
        return 0
    try:
        done = seal(now=now(), everything=args.all)
    except SealRefused as refused:
        print(f"没有封存：{refused}", file=sys.stderr)
        return 1
    head = done.checkpoint
    if args.json:
        note = head.note if head else None
        print(json.dumps({"added": done.added, "checkpoint": note, "notices": done.notices}, ensure_ascii=False))
        return 0
    print(f"封存了 {done.added} 条" if done.added else "没有新的日志")
    if head:
        print(f"检查点：共 {head.size} 条，树根 {head.root}")
    for notice in done.notices:
        print(f"注意：{notice}", file=sys.stderr)
    return 0
