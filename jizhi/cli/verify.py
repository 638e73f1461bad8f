"""``jizhi verify``: recomputes the whole log and says what was changed, dropped or added behind the program's back."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("verify", help="核验全部办理日志：与封存、检查点和外存副本逐条比对")
    parser.add_argument("--key", metavar="公钥", help="公钥或存有公钥的文件；不写时用本机的密钥")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when everything agrees, 1 when something does not, 2 for a key that cannot be read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from jizhi.audit.keys import KeyMissing, public_key
    from jizhi.audit.notes import Malformed, read_verifier_key
    from jizhi.audit.verifying import verify
    from jizhi.ui.clock import now

    try:
        key = read_verifier_key(_text(args.key))[1] if args.key else public_key()
    except (Malformed, OSError, UnicodeDecodeError):
        print(f"{args.key} 不是公钥，应当像 jizhi/log+0a1b2c3d+Ab…（jizhi seal --key 打印）", file=sys.stderr)
        return 2
    except KeyMissing:
        key = None
    report = verify(now=now(), key=key)
    if args.json:
        print(json.dumps({"sound": report.sound, **asdict(report)}, ensure_ascii=False))
        return 0 if report.sound else 1
    print(f"已封存 {report.size} 条，检查点 {report.checkpoints} 个，算法 {report.algorithm}")
    waiting = f"，最早一条 {report.unsealed_since}，已等 {report.unsealed_seconds} 秒" if report.unsealed else ""
    print(f"尚未封存 {report.unsealed} 条{waiting}")
    if report.keys > 1:
        print(f"签名密钥换过 {report.keys - 1} 次，每次都有原密钥的签名")
    for line in report.erased:
        print(line)
    for notice in report.notices:
        print(f"注意：{notice}")
    if report.sound:
        print("核验无误")
        return 0
    print(f"发现 {report.count} 处不符，第一处：")
    for fault in report.faults:
        print(f"  {fault.text}")
    if report.count > len(report.faults):
        print(f"  ……另有 {report.count - len(report.faults)} 处")
    return 1


def _text(word: str) -> str:
    return word if "+" in word else Path(word).read_text(encoding="utf-8")
