"""The ``jizhi`` command. Only the module of the command asked for is imported, so that checking a file starts at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn

USAGE = 2


@dataclass(frozen=True)
class Command:
    """A command: its module has ``add(subparsers)`` and ``run(args) -> int``."""

    name: str
    module: str
    help: str


COMMANDS = (
    Command("check", "jizhi.cli.check", "检查制度文件，一次列出全部问题"),
    Command("explain", "jizhi.cli.explain", "把制度念成一条条的话"),
    Command("schema", "jizhi.cli.schema", "打印制度写法的 JSON Schema，供编辑器补全"),
    Command("try", "jizhi.cli.try_", "用假想的人、办理和日期试运行一部制度"),
    Command("score", "jizhi.cli.score", "按细则计分、定等级、排名次"),
    Command("appraise", "jizhi.cli.appraise", "按制度测算一次考评：得分、等次、星级、名次、奖励"),
    Command("standard", "jizhi.cli.standard", "把表格里的细则变成制度文本"),
    Command("ledger", "jizhi.cli.ledger", "把一个基金的账本导出为 beancount 格式"),
    Command("tick", "jizhi.cli.tick", "办理到期事项，可以重复运行"),
    Command("seal", "jizhi.cli.seal", "封存新的办理日志，签发检查点"),
    Command("verify", "jizhi.cli.verify", "核验办理日志，指出被改、被删、被加的第一条"),
    Command("prove", "jizhi.cli.prove", "为一条办理日志出具存证证明"),
    Command("consistency", "jizhi.cli.consistency", "证明两个检查点之间日志只增未改"),
    Command("erase", "jizhi.cli.erase", "依法删去一条办理日志里的个人信息"),
    Command("demo", "jizhi.cli.demo", "建演示数据库并启动网站"),
)

CHINESE = (
    ("usage: ", "用法："),
    ("positional arguments:", "参数："),
    ("options:", "选项："),
    ("show this help message and exit", "显示本说明"),
)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def format_usage(self) -> str:
        return _chinese(super().format_usage())

    def format_help(self) -> str:
        return _chinese(super().format_help())

    def error(self, message: str) -> NoReturn:
        """Wrong usage: what is wrong, and how the command is called."""
        self.exit(USAGE, f"{_fault(message)}\n{self.format_usage()}")


def _chinese(text: str) -> str:
    for english, chinese in CHINESE:
        text = text.replace(english, chinese)
    return text


def _fault(message: str) -> str:
    head, _, rest = message.partition(": ")
    if head.startswith("the following arguments are required"):
        return f"缺少参数：{rest}。"
    if head.startswith("unrecognized arguments"):
        return f"不认识的参数：{rest}。"
    if "invalid choice" in message:
        return f"没有这个命令；可用：{'、'.join(command.name for command in COMMANDS)}。"
    return f"命令写法不对（{message}）。"


def parser(chosen: str | None) -> Parser:
    """The parser with every command listed; only the chosen one is complete."""
    whole = Parser(prog="jizhi", description="机制：把制度写下来，机制就转起来。")
    subparsers = whole.add_subparsers(dest="command", metavar="命令", required=True, title="命令", parser_class=Parser)
    for command in COMMANDS:
        if command.name == chosen:
            import_module(command.module).add(subparsers)
        else:
            subparsers.add_parser(command.name, help=command.help)
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 fine, 1 problems in the input, 2 wrong usage."""
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if not word.startswith("-")), None)
    args = parser(chosen).parse_args(words)
    code: int = args.run(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
