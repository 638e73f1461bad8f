"""``jizhi tick``: do what falls due today. Safe to run at any time, twice, and on two machines at once."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "tick", help="办理今天到期的事：期满记录、预警、上报、重算期限、抽取回头看、季度收支公布、借款提醒、公布期满下架；可以重复运行"
    )
    parser.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help="按哪一天办理；不写为今天")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 with a line for each thing done; 1 when all was done but the log could not be sealed; 2 for a day that is not one
    or lies ahead."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from jizhi.audit.sealer import SealRefused, seal
    from jizhi.ui.clock import now, today

    day: date = args.day or today()
    if day > today():
        print(f"{day} 还没有到，只能办理今天或以前到期的事", file=sys.stderr)
        return 2
    done = fall_due(day)
    if args.json:
        print(json.dumps({"day": day.isoformat(), "done": done}, ensure_ascii=False))
    else:
        print("\n".join(done) if done else f"{day} 没有到期的事")
    try:
        notices = seal(now=now()).notices
    except SealRefused as refused:
        print(f"办理日志没有封存：{refused}", file=sys.stderr)
        return 1
    for notice in notices:
        print(f"封存日志时：{notice}", file=sys.stderr)
    return 0


def fall_due(day: date) -> list[str]:
    """Everything of every room that falls due by a day, a line each."""
    from jizhi.fund.actions import do_due
    from jizhi.papers.actions import take_down_due
    from jizhi.procedure.actions import tick

    return [*tick(today=day), *do_due(today=day), *take_down_due(today=day)]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} 不是日期，请写成 2026-03-20 这样") from None
