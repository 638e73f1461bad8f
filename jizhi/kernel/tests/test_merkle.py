"""Trees and proofs against the roots that everybody knows, the definition itself, and the probes of transparency-dev/merkle."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jizhi.kernel import merkle
from jizhi.kernel.merkle import consistency, empty_root, extends, includes, inclusion, leaf_hash, node_hash, nodes_of, root_at, root_of

LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = 64
HASHES = [leaf_hash(bytes([n])) for n in range(SIZES)]
NODES = nodes_of(HASHES)
STRANGE = leaf_hash(b"not in the tree")


def by_definition(leaves: list[bytes], algorithm: str = "sha256") -> bytes:
    """RFC 6962 2.1, word for word."""
    if not leaves:
        return empty_root(algorithm)
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(by_definition(leaves[:k], algorithm), by_definition(leaves[k:], algorithm), algorithm)


@pytest.mark.req("X04")
def test_the_roots_of_the_eight_known_leaves() -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert [root_of(hashes[: n + 1]).hex() for n in range(8)] == ROOTS
    assert [root_at(n + 1, nodes_of(hashes)).hex() for n in range(8)] == ROOTS
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_known_sm3_digests() -> None:
    assert merkle.digest(b"abc", "sm3").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert merkle.digest(b"abcd" * 16, "sm3").hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    with pytest.raises(ValueError, match="md5"):
        merkle.digest(b"", "md5")


@pytest.mark.parametrize("algorithm", merkle.ALGORITHMS)
def test_all_proofs_up_to_64_leaves(algorithm: str) -> None:
    leaves = [leaf_hash(bytes([n]), algorithm) for n in range(SIZES)]
    node = nodes_of(leaves, algorithm)
    roots = [by_definition(leaves[:n], algorithm) for n in range(SIZES + 1)]
    for size in range(SIZES + 1):
        assert root_of(leaves[:size], algorithm) == root_at(size, node, algorithm) == roots[size]
        for index in range(size):
            assert includes(leaves[index], index, size, inclusion(index, size, node, algorithm), roots[size], algorithm)
        for old in range(size + 1):
            assert extends(old, size, consistency(old, size, node, algorithm), roots[old], roots[size], algorithm)


def test_what_a_leaf_completes_is_what_a_store_looks_up() -> None:
    frontier = merkle.Frontier()
    for index, leaf in enumerate(HASHES):
        made = frontier.append(leaf)
        assert len(made) == merkle.completed_by(index) + 1
        assert made == [NODES(level, index >> level) for level in range(len(made))]
        assert frontier.peaks == [NODES(*peak) for peak in merkle.peaks_of(index + 1)]


def garbled(path: list[bytes], *roots: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """The probes of transparency-dev/merkle on the proof itself."""
    for at, node in enumerate(path):
        for byte, bit in ((0, 0), (3, 5), (15, 3), (31, 7)):
            changed = bytearray(node)
            changed[byte] ^= 1 << bit
            yield f"bit {bit} of byte {byte} of node {at}", [*path[:at], bytes(changed), *path[at + 1 :]]
        yield f"node {at} taken out", path[:at] + path[at + 1 :]
        yield f"node {at} twice", [*path[: at + 1], *path[at:]]
        yield f"garbage before node {at}", [*path[:at], STRANGE, *path[at:]]
        yield f"node {at} shortened", [*path[:at], node[:-1], *path[at + 1 :]]
        yield f"node {at} empty", [*path[:at], b"", *path[at + 1 :]]
        if path[:at] + path[at:][::-1] != path:
            yield f"reversed from {at}", path[:at] + path[at:][::-1]
    if path:
        yield "empty", []
        yield "last node missing", path[:-1]
        yield "first node missing", path[1:]
    for extra in (b"", b"\x00" * 32, os.urandom(32), *roots):
        yield "trailing", [*path, extra]
        yield "leading", [extra, *path]
    for root in roots:
        yield "only the root", [root]
        yield "root twice", [root, root]


def other_sizes(size: int) -> set[int]:
    return {size - 1, size + 1, size * 2, size // 2, size ^ 2, 0, -1} - {size}


def others(root: bytes) -> list[bytes]:
    return [b"", b"\x00" * 32, os.urandom(32), empty_root(), root[:-1], root + b"\x00", root[::-1]]


PAIRS = [
    (index, size)
    for size in (1, 2, 3, 4, 5, 7, 8, 11, 16, 23, 64)
    for index in sorted({0, 1, size // 2, size - 2, size - 1})
    if 0 <= index < size
]


@pytest.mark.parametrize(("index", "size"), PAIRS)
def test_probes_of_an_inclusion_proof(index: int, size: int) -> None:
    path, root, leaf = inclusion(index, size, NODES), root_at(size, NODES), HASHES[index]
    assert includes(leaf, index, size, path, root)
    for wrong in (STRANGE, b"", os.urandom(32), HASHES[(index + 1) % SIZES]):
        assert not includes(wrong, index, size, path, root)
    for other in others(root):
        assert not includes(leaf, index, size, path, other)
    if size > 1:
        assert not includes(root, index, size, path, leaf)  # swapped
        assert not includes(leaf, index, size, path, leaf)
    for other_index in other_sizes(index):
        if other_index != index:
            assert not includes(leaf, other_index, size, path, root), other_index
    for other_size in other_sizes(size):
        same_shape = 0 <= index < other_size and len(inclusion(index, other_size, nodes_of([STRANGE] * other_size))) == len(path)
        if not same_shape:
            assert not includes(leaf, index, other_size, path, root), other_size
        elif other_size <= SIZES:  # the root is that of another size
            assert not includes(leaf, index, other_size, path, root_at(other_size, NODES))
    for what, other_path in garbled(path, root, leaf):
        assert not includes(leaf, index, size, other_path, root), what


@pytest.mark.parametrize(
    ("old", "new"),
    [(1, 1), (1, 2), (1, 8), (2, 3), (2, 8), (3, 7), (4, 7), (4, 8), (5, 7), (6, 8), (20, 68 - 4), (63, 64), (32, 64), (48, 64)],
)
def test_probes_of_a_consistency_proof(old: int, new: int) -> None:
    path, first, last = consistency(old, new, NODES), root_at(old, NODES), root_at(new, NODES)
    assert extends(old, new, path, first, last)
    for other in others(first):
        assert not extends(old, new, path, other, last)
    for other in others(last):
        assert not extends(old, new, path, first, other)
    if old != new:
        assert not extends(old, new, path, last, first)  # swapped
        assert not extends(new, old, path, first, last)
        assert not extends(old, new, [], first, last)
        for wrong in other_sizes(old):
            assert not extends(wrong, new, path, first, last), wrong
    for wrong in (new - 1, new // 2, -1, 0):
        if wrong != new and wrong < old:
            assert not extends(old, wrong, path, first, last), wrong
    for what, other_path in garbled(path, first, last):
        assert not extends(old, new, other_path, first, last), what


def test_the_edges_of_nothing_and_one() -> None:
    one, nothing = HASHES[0], empty_root()
    assert includes(one, 0, 1, [], one)
    assert not includes(one, 0, 0, [], nothing)
    assert not includes(one, 1, 1, [], one)
    assert not includes(one, -1, 1, [], one)
    assert not includes(one, 0, 1, [one], one)
    assert extends(0, 0, [], nothing, nothing)
    assert not extends(0, 0, [], one, one)
    assert extends(0, 1, [], nothing, one)
    assert not extends(0, 1, [], one, one)
    assert not extends(0, 1, [one], nothing, one)
    assert extends(1, 1, [], one, one)
    assert not extends(1, 1, [one], one, one)
    assert not extends(1, 0, [], one, nothing)
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(1, 1, NODES)
    with pytest.raises(ValueError, match="not before"):
        consistency(2, 1, NODES)


def test_a_node_cannot_pass_for_a_leaf() -> None:
    left, right = HASHES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


@settings(max_examples=80)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=200), st.data())
def test_any_proof_of_any_log_holds_and_no_other_leaf_passes(data: list[bytes], more: st.DataObject) -> None:
    leaves = [leaf_hash(one) for one in data]
    node, size = nodes_of(leaves), len(leaves)
    index, old = more.draw(st.integers(0, size - 1)), more.draw(st.integers(0, size))
    path, root = inclusion(index, size, node), root_of(leaves)
    assert includes(leaves[index], index, size, path, root)
    other = more.draw(st.binary(max_size=40))
    assert includes(leaf_hash(other), index, size, path, root) == (other == data[index])
    assert extends(old, size, consistency(old, size, node), root_of(leaves[:old]), root)


@settings(max_examples=80)
@given(st.integers(1, 64), st.integers(1, 64), st.lists(st.binary(min_size=30, max_size=33), max_size=8))
def test_random_paths_never_pass(first: int, second: int, path: list[bytes]) -> None:
    old, new = sorted((first, second))
    if path:
        assert not extends(old, new, path, root_at(old, NODES), root_at(new, NODES))
        assert not includes(HASHES[old - 1], old - 1, new, path, root_at(new, NODES)) or path == inclusion(old - 1, new, NODES)
