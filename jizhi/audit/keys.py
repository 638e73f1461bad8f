"""The key that signs checkpoints: a file of its own, readable by the program's account only. The next key lies beside it from
when it is made until the log has it, signed by the old one; then it takes the old one's place (sealer.change_key)."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings

from jizhi.audit.notes import verifier_key


class KeyMissing(Exception):  # noqa: N818 (the word of the contract)
    """There is no key that can be read at the place that the settings name."""


def next_file() -> Path:
    return Path(f"{settings.SEAL_KEY}.next")


def make_key(file: Path | None = None) -> Ed25519PrivateKey:
    """The key, made once: whoever comes second reads the first one's."""
    file = file or Path(settings.SEAL_KEY)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, file)  # whole or not at all, and never over another
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return signing_key(file)


def signing_key(file: Path | None = None) -> Ed25519PrivateKey:
    file = file or Path(settings.SEAL_KEY)
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError):
        raise KeyMissing(str(file)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(str(file))
    return key


def take_next() -> None:
    """The next key takes the place of the old one, which is gone with that."""
    next_file().replace(settings.SEAL_KEY)


def public_key() -> Ed25519PublicKey:
    return signing_key().public_key()


def public_line() -> str:
    """The verifier key that is handed out; empty while nothing has been sealed yet."""
    try:
        return verifier_key(settings.LOG_ORIGIN, public_key())
    except KeyMissing:
        return ""
