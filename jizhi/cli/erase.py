"""``jizhi erase``: takes values of one log entry away on lawful request; the log says which, by whom and why."""

from __future__ import annotations

import argparse
import os
import sys


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("erase", help="依法删去一条办理日志里的个人信息，删去本身记入日志；不能恢复")
    parser.add_argument("entry", type=int, metavar="日志号", help="办理日志的号")
    parser.add_argument("--fields", required=True, metavar="项,项", help="删去哪些项，用逗号隔开；“事项”是这条日志的标题")
    parser.add_argument("--reason", required=True, metavar="依据", help="为什么删，例如：本人申请，个人信息保护法第四十七条")
    parser.add_argument("--by", required=True, metavar="工号", help="由谁办理：单位的负责人")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit 0 when it is erased, 1 with the reason when it is not."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from django.http import Http404

    from jizhi.access.actor import actor_of
    from jizhi.access.gate import Forbidden
    from jizhi.audit.models import Entry
    from jizhi.audit.rules import COLUMN_WORDS
    from jizhi.office.actions.log import erase_values
    from jizhi.office.actions.refused import Refused
    from jizhi.org.models import Person
    from jizhi.ui.clock import now, today

    entry = Entry.objects.filter(pk=args.entry).first() if 0 < args.entry < 2**63 else None
    person = Person.objects.filter(number=args.by).first()
    if entry is None or person is None:
        print(f"没有第 {args.entry} 号日志" if entry is None else f"没有工号 {args.by}", file=sys.stderr)
        return 1
    columns = {word: name for name, word in COLUMN_WORDS.items()}
    asked = [word.strip() for word in args.fields.replace("，", ",").split(",") if word.strip()]
    names = [word if word in entry.fields else columns.get(word, word) for word in asked]
    try:
        made = erase_values(entry, names, reason=args.reason, by=actor_of(person, today=today()), now=now())
    except Http404:
        print(f"没有删去：{person.name}看不到第 {entry.pk} 号日志，请由该单位的负责人办理", file=sys.stderr)
        return 1
    except (Forbidden, Refused) as refused:
        print(f"没有删去：{refused}", file=sys.stderr)
        return 1
    print(f"已删去第 {entry.pk} 号日志的{'、'.join(asked)}，记为第 {made.pk} 号。备份里的旧数据请按备份管理规定处理")
    return 0
