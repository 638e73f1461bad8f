"""``jizhi prove``: a proof that one entry is in the log, showing only what is asked for."""

from __future__ import annotations

import argparse
import json
import os
import sys

ALWAYS = ("at", "action")  # when and what kind of act: without them a proof says nothing


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("prove", help="为一条办理日志出具存证证明（JSON），只亮出指定的内容")
    parser.add_argument("entry", type=int, metavar="日志号", help="办理日志的号")
    parser.add_argument("--fields", default="", metavar="项,项", help="亮出哪些项，用逗号隔开；不写时只有时间和办理")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The proof on standard output; exit 1 where there is none to give."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from jizhi.audit.models import Entry
    from jizhi.audit.queries import NotSealed, UnknownField, proof_of
    from jizhi.audit.rules import COLUMN_WORDS

    entry = Entry.objects.filter(pk=args.entry).first() if 0 < args.entry < 2**63 else None
    if entry is None:
        print(f"没有第 {args.entry} 号日志", file=sys.stderr)
        return 1
    columns = {word: name for name, word in COLUMN_WORDS.items()}
    asked = [word.strip() for word in args.fields.replace("，", ",").split(",") if word.strip()]
    names = [word if word in entry.fields else columns.get(word, word) for word in asked]
    try:
        proof = proof_of(entry, list(dict.fromkeys([*ALWAYS, *names])))
    except NotSealed:
        print(f"第 {entry.pk} 号日志还没有封存，请先运行 jizhi seal", file=sys.stderr)
        return 1
    except UnknownField as unknown:
        gone = str(unknown) in entry.fields or str(unknown) in COLUMN_WORDS
        known = "、".join([*sorted(entry.values), *COLUMN_WORDS.values()])
        why = f"的“{COLUMN_WORDS.get(str(unknown), unknown)}”已依法删除" if gone else f"没有“{unknown}”这一项"
        print(f"第 {entry.pk} 号日志{why}；可用：{known}", file=sys.stderr)
        return 1
    print(json.dumps(proof, ensure_ascii=False, indent=1))
    return 0
