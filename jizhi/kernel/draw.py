"""Drawing lots that anyone can repeat: SHA-256 over the published seed and the item's own key, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def lot(seed: str, key: str) -> str:
    """The lot of one item: the hexadecimal SHA-256 of ``seed``, a line feed and ``key`` in UTF-8."""
    return sha256(f"{seed}\n{key}".encode()).hexdigest()


def draw(keys: Iterable[str], *, seed: str) -> list[str]:
    """All keys in drawn order (smallest lot first). The order of ``keys`` does not matter; a repeated key is refused,
    since the order would not be strict."""
    items = list(keys)
    if len(set(items)) != len(items):
        raise ValueError("a key occurs twice")
    return sorted(items, key=lambda key: (lot(seed, key), key))


def sample(keys: Iterable[str], count: int, *, seed: str) -> list[str]:
    """The first ``count`` keys of the draw."""
    return draw(keys, seed=seed)[: max(count, 0)]
