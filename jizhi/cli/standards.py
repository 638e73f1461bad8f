"""The standard that an argument names: FILE or FILE#细则, an overlay with the base it stands on."""

from __future__ import annotations

import re
from pathlib import Path

from jizhi.rulebook.language import Regulation, Standard
from jizhi.rulebook.overlay import is_base, resolve
from jizhi.rulebook.reading import read

LIBRARY = Path(__file__).parents[1] / "library"


class Usage(Exception):  # noqa: N818
    """The command was called wrongly: exit 2."""


def bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Usage(f"打不开文件 {path}，请检查路径。")


def standard_of(argument: str) -> tuple[tuple[Regulation, Standard] | None, list[dict[str, object]]]:
    """The regulation and the standard, or what is wrong with the file. Usage when the argument itself is wrong."""
    file, _, name = (argument, "", "") if Path(argument).is_file() else argument.partition("#")
    try:
        text = bytes_of(Path(file)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Usage(f"{file} 不是 UTF-8 编码的文字，请另存为 UTF-8 后再试。")
    regulation, found = read(text, file)
    problems: list[dict[str, object]] = [
        {"file": p.file, "line": p.line, "column": p.column, "text": p.text} for p in found if p.severity == "error"
    ]
    if regulation is not None and regulation.based_on is not None:
        regulation, texts = _resolved(regulation, Path(file).parent)
        problems += [{"file": file, "line": None, "column": None, "text": one} for one in texts]
    if regulation is None:
        return None, problems
    names = tuple(regulation.standards)
    if name and name not in names:
        raise Usage(f"{file} 里没有叫“{name}”的细则，可写：{'、'.join(names) or '（本文件没有细则）'}。")
    if not names:
        raise Usage(f"{file} 里没有细则。")
    if not name and len(names) > 1:
        raise Usage(f"{file} 里有 {len(names)} 个细则，请写明一个：{'、'.join(f'{file}#{one}' for one in names)}。")
    return (regulation, regulation.standards[name or names[0]]), []


def _resolved(overlay: Regulation, folder: Path) -> tuple[Regulation | None, list[str]]:
    """On its base, looked for beside the file and among the shipped regulations."""
    based_on = overlay.based_on or ""
    code = re.escape(based_on.partition("@")[0])
    for path in (*sorted(folder.glob("*.yaml")), *sorted(LIBRARY.glob("**/*.yaml"))):
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
        if not re.search(rf"^代号:\s*[\"']?{code}[\"']?\s*(#.*)?$", text, re.MULTILINE):
            continue
        base, _ = read(text, str(path))
        if base is not None and base.based_on is None and is_base(base, based_on):
            return resolve(base, overlay)
    return None, [f"基于“{based_on}”的上位制度没有找到；请把它和本文件放在同一个文件夹里。"]
