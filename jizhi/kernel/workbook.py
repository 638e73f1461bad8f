"""Spreadsheets as their cells. They are opened in a process of its own with little memory: a file of one kilobyte can claim a
cell in the last corner of a sheet, which ends the process that lays the whole sheet out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY, SECONDS, LATEST = 1_500_000_000, 60, 120  # bytes, of work, until it is given up
UNREADABLE, TOO_LARGE = 3, 4  # how the process ends
FIRST, ALL = "first", "all"


class Unreadable(ValueError):  # noqa: N818 (the word of the contract)
    """No spreadsheet, or a broken one."""


class TooLarge(Unreadable):
    """What it would unpack to is more than anyone types."""


def first_sheet(content: bytes) -> list[list[Any]]:
    """The cells of the first sheet from its first row that holds something: text, numbers, True, dates. Raises Unreadable."""
    return next((rows for _, rows in _opened(content, FIRST)), [])


def all_sheets(content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """(name, cells from A1 on) of every sheet. Raises Unreadable."""
    return _opened(content, ALL)


def _opened(content: bytes, which: str) -> list[tuple[str, list[list[Any]]]]:
    command = [sys.executable, "-m", "jizhi.kernel.workbook", which]
    environment = {**os.environ, "RUST_BACKTRACE": "0", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=LATEST, env=environment, check=False)  # noqa: S603 (our own)
    except subprocess.TimeoutExpired:
        raise TooLarge from None
    if done.returncode:
        raise Unreadable if done.returncode == UNREADABLE else TooLarge
    found = json.loads(done.stdout, object_hook=_read)
    return [(name, rows) for name, rows in found]


def _written(value: object) -> dict[str, object]:
    """What JSON does not know; a datetime is a date as well, so it comes first."""
    for kind in (datetime, date, time):
        if isinstance(value, kind):
            return {kind.__name__: value.isoformat()}
    assert isinstance(value, timedelta)  # the last kind of cell there is
    return {"timedelta": value.total_seconds()}


def _read(value: dict[str, Any]) -> object:
    ((kind, text),) = value.items()
    if kind == "timedelta":
        return timedelta(seconds=text)
    read: dict[str, Callable[[str], object]] = {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
    }
    return read[kind](text)


def _limit() -> None:
    """Of this process; where the system knows no limits there are none."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main(which: str) -> int:
    from python_calamine import CalamineError, CalamineWorkbook

    _limit()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        if which == FIRST:
            found = [("", book.get_sheet_by_index(0).to_python())]
        else:
            found = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
        sys.stdout.write(json.dumps(found, default=_written))
    except MemoryError:
        return TOO_LARGE
    except (CalamineError, ValueError, OSError, IndexError, KeyError):
        return UNREADABLE
    return 0


if __name__ == "__main__":
    raise SystemExit(_main(sys.argv[1]))
