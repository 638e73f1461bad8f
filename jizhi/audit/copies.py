"""Checkpoints outside the database: each is appended to a file in every folder of CHECKPOINT_COPIES, which should lie on
other storage. Whoever can rewrite the whole database is found out by them alone."""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from jizhi.audit.notes import Note, read_notes

NAME = "checkpoints.txt"


def files() -> list[Path]:
    return [Path(folder) / NAME for folder in settings.CHECKPOINT_COPIES]


def notes_in(file: Path) -> list[Note | str]:
    """The notes of one copy, what cannot be read as its text; nothing where there is no file. OSError if it cannot be read."""
    if not file.exists():
        return []
    return list(read_notes(file.read_text(encoding="utf-8", errors="replace")))


def append(file: Path, notes: Iterable[Note]) -> None:
    """Add those notes that are larger than the last one there. Two programs at once do it one after the other."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="utf-8") as out:
        fcntl.flock(out, fcntl.LOCK_EX)
        last = max((note.size for note in notes_in(file) if isinstance(note, Note)), default=-1)
        whole = not out.tell() or _ends_whole(file)
        for note in sorted(notes, key=lambda one: one.size):
            if note.size > last:
                out.write(f"{'' if whole else chr(10)}{note.text}\n")
                whole = True
        out.flush()
        os.fsync(out.fileno())


def _ends_whole(file: Path) -> bool:
    """Whether the file ends with an empty line; a torn write does not."""
    return file.read_bytes().endswith(b"\n\n")
