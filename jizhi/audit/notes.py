"""Checkpoints as signed notes (C2SP tlog-checkpoint and signed-note, Ed25519). Pure but for reading no clock: the time is given.

jizhi/log                          the log's name
1024                               how many leaves
uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=   the root
hash sha256
time 2026-11-23T07:08:06+00:00

— jizhi/log Az3grlgt…              key id and signature over everything above the empty line
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jizhi.kernel.merkle import ALGORITHMS, LENGTH

ED25519 = b"\x01"  # the signed note's number for this kind of key
DASH = "— "
LINES = 7  # of a note


class Malformed(ValueError):  # noqa: N818 (the word of the contract)
    """A note or key that cannot be read."""


@dataclass(frozen=True)
class Note:
    """What a checkpoint says; ``text`` is the whole note with its signature once it is signed."""

    origin: str
    size: int
    root: bytes
    algorithm: str
    at: datetime
    text: str = ""

    def body(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\nhash {self.algorithm}\ntime {self.at.isoformat()}\n"


def signed(note: Note, key: Ed25519PrivateKey) -> str:
    """The note as it is kept and handed out."""
    mark = key_id(note.origin, key.public_key().public_bytes_raw())
    signature = base64.b64encode(mark + key.sign(note.body().encode())).decode()
    return f"{note.body()}\n{DASH}{note.origin} {signature}\n"


def read_note(text: str) -> Note:
    """What a note says, before its signature is looked at. Malformed unless it is exactly as ``signed`` writes it."""
    lines = text.split("\n")
    if len(lines) != LINES + 1 or lines[5] or lines[7] or not lines[3].startswith("hash ") or not lines[4].startswith("time "):
        raise Malformed("not a checkpoint")
    try:
        root, at = base64.b64decode(lines[2], validate=True), datetime.fromisoformat(lines[4][5:])
        note = Note(lines[0], int(lines[1]), root, lines[3][5:], at, text)
    except ValueError as error:
        raise Malformed(str(error)) from None
    if len(root) != LENGTH or note.algorithm not in ALGORITHMS or at.tzinfo is None or not text.startswith(note.body()):
        raise Malformed("not a checkpoint")
    return note


def is_signed_by(note: Note, public: Ed25519PublicKey) -> bool:
    """Whether the signature under the note is the key's."""
    head, _, signature = note.text.rstrip("\n").rpartition(" ")
    mark = key_id(note.origin, public.public_bytes_raw())
    try:
        raw = base64.b64decode(signature, validate=True)
        public.verify(raw[4:], note.body().encode())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return raw[:4] == mark and head == f"{note.body()}\n{DASH}{note.origin}"


def read_notes(text: str) -> Iterator[Note | str]:
    """The notes of a file one after another; what cannot be read comes as its text."""
    lines: list[str] = []
    for line in text.split("\n"):
        if not lines and not line:
            continue
        lines.append(line)
        if line.startswith(DASH):
            torn, block = "\n".join(lines[:-LINES]).strip(), "\n".join(lines[-LINES:]) + "\n"
            lines = []
            if torn:  # a write that was cut off, and a whole note after it
                yield torn
            try:
                yield read_note(block)
            except Malformed:
                yield block
    if lines:
        yield "\n".join(lines)


@dataclass(frozen=True)
class Handover:
    """A key that vouches for the next one: ``old`` and ``new`` are verifier keys, ``signature`` the old one's, in base64."""

    old: str
    new: str
    signature: str

    @property
    def holds(self) -> bool:
        try:
            _, old = read_verifier_key(self.old)
            read_verifier_key(self.new)
            old.verify(base64.b64decode(self.signature, validate=True), handover_text(self.old, self.new))
        except (InvalidSignature, ValueError):
            return False
        return True


def hand_over(origin: str, key: Ed25519PrivateKey, following: Ed25519PublicKey) -> Handover:
    old, new = verifier_key(origin, key.public_key()), verifier_key(origin, following)
    return Handover(old, new, base64.b64encode(key.sign(handover_text(old, new))).decode())


def handover_text(old: str, new: str) -> bytes:
    """What the old key signs. No checkpoint can read like it: its second line would be a size."""
    return f"jizhi-next-key-1\n{old}\n{new}\n".encode()


def key_id(origin: str, public: bytes) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(origin: str, public: Ed25519PublicKey) -> str:
    """The public key as outsiders keep it: name+id+key."""
    raw = public.public_bytes_raw()
    return f"{origin}+{key_id(origin, raw).hex()}+{base64.b64encode(ED25519 + raw).decode()}"


def read_verifier_key(text: str) -> tuple[str, Ed25519PublicKey]:
    try:
        origin, mark, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        public = Ed25519PublicKey.from_public_bytes(raw[1:])
    except ValueError:
        raise Malformed("not a verifier key") from None
    if raw[:1] != ED25519 or key_id(origin, raw[1:]).hex() != mark:
        raise Malformed("not a verifier key")
    return origin, public
