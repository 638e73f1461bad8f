"""jizhi demo: builds the demo where there is none, then serves it on loopback."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any


def add(subparsers: Any) -> None:
    parser = subparsers.add_parser("demo", help="建演示数据库并启动网站", description="建演示数据库并启动网站")
    parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    parser.set_defaults(run=run)
    parser.add_argument("--build-only", action="store_true", help="只建库，不启动")


def run(args: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jizhi.settings")
    import django

    django.setup()
    from django.utils import timezone

    from jizhi.cli.demo.build import build
    from jizhi.cli.demo.roles import ROLES
    from jizhi.cli.demo.tables import make_tables
    from jizhi.org.models import DemoMark, Unit
    from jizhi.procedure.actions import tick

    make_tables()
    today = timezone.localdate()
    if DemoMark.objects.exists():
        tick(today=today)
    elif Unit.objects.exists():
        print("这个数据库里已有数据，不是演示库，没有动它。请用环境变量 JIZHI_VAR 另指一个文件夹。", file=sys.stderr)
        return 1
    else:
        print("正在建演示数据（约一分钟）……", flush=True)
        _set_aside()
        build(today=today)
    _seal()
    if args.build_only:
        return 0
    print(f"\n机制已启动：http://127.0.0.1:{args.port}/\n\n登录页上点一下就进，不用密码：")
    for role in ROLES:
        print(f"  {role.label}（{role.slug}）")
    print("\n按 Ctrl+C 停止。", flush=True)
    os.execv(
        sys.executable,
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(args.port), "--workers", "1",
         "--blocking-threads", "4", "--no-access-log", "--log-level", "warning", "jizhi.web.wsgi:application"],
    )  # fmt: skip


def _set_aside() -> None:
    """What an earlier demo left outside the database speaks of another log."""
    from jizhi.audit import copies, written
    from jizhi.ui.clock import now

    for file in (*copies.files(), *written.files()):
        if file.exists():
            file.rename(file.with_name(f"{now():%Y%m%d%H%M%S}-{file.name}"))


def _seal() -> None:
    """The demo's log is sealed as a real one."""
    from jizhi.audit.sealer import SealRefused, seal
    from jizhi.ui.clock import now

    try:
        seal(now=now())
    except SealRefused as refused:
        print(f"办理日志没有封存：{refused}", file=sys.stderr)
