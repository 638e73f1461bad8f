"""Sealed envelopes: anyone can put something in, only the holder of the private key can take it out. Pure.

X25519 with a fresh key per envelope, HKDF-SHA256, ChaCha20-Poly1305. All envelopes of one poll are of one length, so that
a ballot's size says nothing about it.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY, NONCE = 32, 12  # bytes
ONCE = bytes(NONCE)  # every envelope has a key of its own, so the nonce may stand still


def new_pair() -> tuple[bytes, bytes]:
    """(public, private), 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def sealed(public: bytes, content: bytes, *, size: int) -> bytes:
    """An envelope for ``content``, padded to ``size`` bytes. ValueError when it does not fit."""
    if len(content) > size:
        raise ValueError("the content is larger than the envelope")
    fresh = X25519PrivateKey.generate()
    head = fresh.public_key().public_bytes_raw()
    key = _derived(fresh.exchange(X25519PublicKey.from_public_bytes(public)), head + public)
    return head + ChaCha20Poly1305(key).encrypt(ONCE, content.ljust(size, b" "), None)


def unsealed(private: bytes, envelope: bytes) -> bytes:
    """What is in an envelope, without its padding. cryptography.exceptions.InvalidTag when it was tampered with."""
    own = X25519PrivateKey.from_private_bytes(private)
    head, body = envelope[:KEY], envelope[KEY:]
    key = _derived(own.exchange(X25519PublicKey.from_public_bytes(head)), head + own.public_key().public_bytes_raw())
    return ChaCha20Poly1305(key).decrypt(ONCE, body, None).rstrip(b" ")


def wrapped(private: bytes, *, secret: str, name: str) -> bytes:
    """The private key locked with a secret that is kept outside the database; ``name`` binds it to its poll."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + ChaCha20Poly1305(_derived(secret.encode(), name.encode())).encrypt(nonce, private, name.encode())


def unwrapped(locked: bytes, *, secret: str, name: str) -> bytes:
    """InvalidTag when the secret is another one."""
    key = _derived(secret.encode(), name.encode())
    return ChaCha20Poly1305(key).decrypt(locked[:NONCE], locked[NONCE:], name.encode())


def _derived(shared: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY, None, b"jizhi.polling" + info).derive(shared)
