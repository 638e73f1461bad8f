"""Merkle trees as in RFC 6962 and RFC 9162: a log's root, and proofs that an entry is in it and that it only grew.

A leaf is H(0x00 ‖ data), a node H(0x01 ‖ left ‖ right). A complete subtree is named by its level (a leaf is 0) and its index
on that level; every hash that a proof or a root needs is one of these, or made of them, so a store that keeps them answers
in O(log n). ``Node`` looks one up: ``node(level, index) -> hash``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

ALGORITHMS = ("sha256", "sm3")
LENGTH = 32  # bytes, of both algorithms
Node = Callable[[int, int], bytes]


def digest(data: bytes, algorithm: str = "sha256") -> bytes:
    if algorithm not in ALGORITHMS:
        raise ValueError(f"{algorithm} is not one of {ALGORITHMS}")
    return hashlib.new(algorithm, data).digest()


def leaf_hash(data: bytes, algorithm: str = "sha256") -> bytes:
    return digest(b"\x00" + data, algorithm)


def node_hash(left: bytes, right: bytes, algorithm: str = "sha256") -> bytes:
    return digest(b"\x01" + left + right, algorithm)


def empty_root(algorithm: str = "sha256") -> bytes:
    return digest(b"", algorithm)


@dataclass
class Frontier:
    """What is needed to append: one complete subtree for each set bit of the size, the largest first."""

    algorithm: str = "sha256"
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf hash; returns it and the subtrees that it completes, from level 0 upwards."""
        made = [leaf]
        for _ in range(completed_by(self.size)):
            made.append(node_hash(self.peaks.pop(), made[-1], self.algorithm))
        self.peaks.append(made[-1])
        self.size += 1
        return made

    def root(self) -> bytes:
        if not self.peaks:
            return empty_root(self.algorithm)
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root, self.algorithm)
        return root


def completed_by(index: int) -> int:
    """How many subtrees above level 0 the leaf at ``index`` completes."""
    return (~index & (index + 1)).bit_length() - 1


def peaks_of(size: int) -> list[tuple[int, int]]:
    """Level and index of the complete subtrees that a tree of this size consists of, the largest first."""
    return [(level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1]


def root_of(leaves: Iterable[bytes], algorithm: str = "sha256") -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier(algorithm)
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def nodes_of(leaves: Iterable[bytes], algorithm: str = "sha256") -> Node:
    """Every complete subtree over leaf hashes, in memory."""
    frontier, levels = Frontier(algorithm), list[list[bytes]]()
    for leaf in leaves:
        for level, made in enumerate(frontier.append(leaf)):
            if level == len(levels):
                levels.append([])
            levels[level].append(made)
    return lambda level, index: levels[level][index]


def root_at(size: int, node: Node, algorithm: str = "sha256") -> bytes:
    """The root that the tree had when it was of this size."""
    return _range(0, size, node, algorithm) if size else empty_root(algorithm)


def inclusion(index: int, size: int, node: Node, algorithm: str = "sha256") -> list[bytes]:
    """The proof that the leaf at ``index`` is in the tree of ``size`` (RFC 9162 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(middle, high, node, algorithm))
            high = middle
        else:
            path.append(_range(low, middle, node, algorithm))
            low = middle
    return path[::-1]


def consistency(old: int, new: int, node: Node, algorithm: str = "sha256") -> list[bytes]:
    """The proof that the tree of size ``old`` is the beginning of that of size ``new`` (RFC 9162 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"{old} is not before {new}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    low, high, whole = 0, new, True  # whole: the old tree's root is known to the verifier as it stands
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(middle, high, node, algorithm))
            high = middle
        else:
            path.append(_range(low, middle, node, algorithm))
            low, whole = middle, False
    if not whole:
        path.append(_range(low, high, node, algorithm))
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes, algorithm: str = "sha256") -> bool:
    """Whether an inclusion proof holds (RFC 9162 2.1.3.2). Anything malformed is False, never an error."""
    if not 0 <= index < size or not _hashes(leaf, root, *path):
        return False
    first, last, found = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            found = node_hash(other, found, algorithm)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            found = node_hash(found, other, algorithm)
        first, last = first >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes, algorithm: str = "sha256") -> bool:
    """Whether a consistency proof holds (RFC 9162 2.1.4.2). The empty tree is the beginning of every tree."""
    if not 0 <= old <= new or not _hashes(old_root, new_root, *path):
        return False
    if old == new:
        return not path and old_root == new_root and (old > 0 or old_root == empty_root(algorithm))
    if old == 0:
        return not path and old_root == empty_root(algorithm)
    steps = list(path) if old & (old - 1) else [old_root, *path]  # a power of two: the old root is itself a subtree
    if not steps:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_found = new_found = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_found, new_found = node_hash(other, old_found, algorithm), node_hash(other, new_found, algorithm)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new_found = node_hash(new_found, other, algorithm)
        first, last = first >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


def _range(low: int, high: int, node: Node, algorithm: str) -> bytes:
    """The hash over the leaves from ``low`` to before ``high``, a range that a tree's recursion meets."""
    if (size := high - low) & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range(low, middle, node, algorithm), _range(middle, high, node, algorithm), algorithm)


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _hashes(*found: bytes) -> bool:
    return all(isinstance(one, bytes) and len(one) == LENGTH for one in found)
