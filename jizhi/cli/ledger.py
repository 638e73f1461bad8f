"""``jizhi ledger export FUND``: the whole ledger of a fund in beancount's format."""

from __future__ import annotations

import argparse
import os
import sys


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("ledger", help="把一个基金的账本导出为 beancount 格式，可用 bean-check 独立核对")
    parser.add_argument("what", choices=["export"], metavar="export", help="导出账本")
    parser.add_argument("fund", metavar="FUND", help="村的代码或名称，或基金的名称")
    parser.add_argument("--out", metavar="FILE", help="写入文件；不写则打印出来")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 with the file; 1 when there is no such fund, or more than one of that name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from jizhi.fund.export import beancount
    from jizhi.fund.queries.ledger import funds_named

    found = funds_named(args.fund)
    if len(found) != 1:
        many = f"“{args.fund}”有 {len(found)} 个基金，请写村的代码：{'、'.join(fund.unit.code for fund in found)}"
        print(many if found else f"没有“{args.fund}”的帮扶基金，请写村的代码或名称", file=sys.stderr)
        return 1
    text = beancount(found[0])
    if args.out:
        with open(args.out, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        print(text, end="")
    return 0
