"""What was written, noted outside the database as soon as it is committed: a line with number and hash of every entry, in a file
a day in the first folder of CHECKPOINT_COPIES. Until an entry is sealed this is the only trace of it beyond its own row.

The line is appended after the commit, with no lock and no sync: nobody waits for it, and where it cannot be written the act
stands all the same. The sealer takes a day's file away two days later, when all that it names is sealed as it was written.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jizhi.audit.models import Entry, Leaf
from jizhi.audit.rows import Row, rows_by_id
from jizhi.audit.rules import leaf_data
from jizhi.kernel.merkle import leaf_hash

KEPT = timedelta(days=2)
STEP = 2000  # rows looked up at once
NAME = "written-{:%Y%m%d}.txt"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lost:
    """An entry that was written and is not there, or (``row``) not as it was written."""

    file: Path
    entry_id: int
    sealed: bool
    row: Row | None


def note_when_committed(entry: Entry) -> None:
    digest = leaf_hash(leaf_data(entry.pk, entry.seals, entry.fields)).hex()
    transaction.on_commit(lambda: _append(entry.at, f"{entry.pk} {digest}\n"))


def files() -> list[Path]:
    """The days that are noted here, the oldest first."""
    return sorted(settings.CHECKPOINT_COPIES[0].glob("written-*.txt")) if settings.CHECKPOINT_COPIES else []


def lines_of(file: Path) -> list[tuple[int, str]]:
    """Number and hash of each whole line. OSError if the file cannot be read."""
    words = (line.split() for line in file.read_text(encoding="ascii", errors="replace").splitlines())
    return [(int(pair[0]), pair[1]) for pair in words if len(pair) == 2 and pair[0].isdecimal() and len(pair[1]) == 64]


def lost_from(file: Path, lines: list[tuple[int, str]]) -> Iterator[Lost]:
    """What of these lines is not in the log as it was written."""
    for batch in map(dict, _pieces(lines)):
        rows, sealed = rows_by_id(list(batch)), _sealed(batch)
        for entry_id, digest in batch.items():
            row = rows.get(entry_id)
            made = row and row.leaf("sha256")
            if not made or made.hex() != digest:
                yield Lost(file, entry_id, entry_id in sealed, row)


def clear(*, now: datetime) -> None:
    """Take away the files of days past whose entries are all sealed as they were written."""
    today = now.astimezone().date()
    for file in files():
        if file.name >= NAME.format(today - KEPT):
            continue
        with suppress(OSError):  # a file that cannot be read stays, and verifying says so
            lines = lines_of(file)
            if not any(lost_from(file, lines)) and all(_sealed(batch) == set(batch) for batch in map(dict, _pieces(lines))):
                file.unlink()


def _pieces(lines: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    yield from (lines[start : start + STEP] for start in range(0, len(lines), STEP))


def _sealed(ids: dict[int, str]) -> set[int]:
    return set(Leaf.objects.filter(entry_id__in=ids).values_list("entry_id", flat=True))


def _append(at: datetime, line: str) -> None:
    if not settings.CHECKPOINT_COPIES:
        return
    file = settings.CHECKPOINT_COPIES[0] / NAME.format(at.astimezone())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(out, line.encode())  # one write: lines of several programs do not mix
        finally:
            os.close(out)
    except OSError as error:
        logger.warning("%s: %s", file, error.strerror)
