"""``jizhi seal``: gives new log entries their place in the tree and signs a checkpoint. Safe to run at any time and twice."""

from __future__ import annotations

import argparse
import json
import os
import sys


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("seal", help="封存新的办理日志，签发检查点；可以重复运行，jizhi tick 也会做")
    parser.add_argument("--all", action="store_true", help="连同早该封存而未封存的也补封；先用 jizhi verify 查明它们的来历")
    parser.add_argument("--new-key", action="store_true", help="换一把签名密钥：旧钥为新钥签名，记入日志并封存，然后启用新钥")
    parser.add_argument("--key", action="store_true", help="只打印公钥")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when all is sealed, 1 when sealing was refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from jizhi.access.actor import SYSTEM
    from jizhi.audit.keys import public_line
    from jizhi.audit.queries import latest_checkpoint
    from jizhi.audit.sealer import SealRefused, next_key, seal, take_next_key
    from jizhi.office.actions.log import change_key
    from jizhi.ui.clock import now

    if args.key:
        print(public_line() or "还没有密钥，第一次封存时生成")
        return 0
    try:
        done = seal(now=now(), everything=args.all)
        if args.new_key:
            if latest_checkpoint() is None:
                raise SealRefused("还没有检查点，不需要换钥")
            change_key(next_key(), by=SYSTEM, now=now())
            done = seal(now=now(), everything=args.all)  # the old key's last
            take_next_key()
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
    if args.new_key:
        print(f"已换用新的签名密钥，请重新公布公钥：{public_line()}")
    for notice in done.notices:
        print(f"注意：{notice}", file=sys.stderr)
    return 0
