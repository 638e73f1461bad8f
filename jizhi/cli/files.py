"""Opening the files that a command names."""

from __future__ import annotations

import sys
from pathlib import Path

from jizhi.rulebook.source import MOST_BYTES


def text_of(path: str) -> str | None:
    """The file's text, or None after saying on stderr why it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1).decode("utf-8-sig", errors="strict" if Path(path).stat().st_size <= MOST_BYTES else "ignore")
    except UnicodeDecodeError:
        print(f"{path} 不是 UTF-8 编码的文字，请另存为 UTF-8 后再试。", file=sys.stderr)
    except FileNotFoundError:
        print(f"找不到文件 {path}，请检查路径。", file=sys.stderr)
    except OSError:
        print(f"打不开文件 {path}，请检查路径和权限。", file=sys.stderr)
    return None
