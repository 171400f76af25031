"""Roots and proofs against the definitions of RFC 9162, written here once more as the RFC has them."""

import hashlib
import random
from functools import cache

import pytest

from dossier_engine.rules.entry import leaf_hash
from dossier_engine.rules.merkle import (
    Frontier,
    NoSuchProofError,
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
    root,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 130
EMPTY = hashlib.sha256().digest()
LEAVES = [leaf_hash(f"entry {n}".encode()) for n in range(LARGEST)]

# The eight leaves and nine roots that implementations of RFC 6962 have compared themselves with since 2013.
KNOWN_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def k(n: int) -> int:
    """The largest power of two smaller than n."""
    power = 1
    while power * 2 < n:
        power *= 2
    return power


@cache
def mth(first: int, end: int) -> bytes:
    """Merkle Tree Hash of the leaves from `first` to before `end`: RFC 9162, 2.1.1."""
    if end == first:
        return EMPTY
    if end - first == 1:
        return LEAVES[first]
    middle = first + k(end - first)
    return hashlib.sha256(b"\x01" + mth(first, middle) + mth(middle, end)).digest()


def path(m: int, first: int, end: int) -> list[bytes]:
    """PATH(m, D_n): RFC 9162, 2.1.3.1."""
    if end - first == 1:
        return []
    split = k(end - first)
    if m < split:
        return [*path(m, first, first + split), mth(first + split, end)]
    return [*path(m - split, first + split, end), mth(first, first + split)]


def subproof(m: int, first: int, end: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D_n, b): RFC 9162, 2.1.4.1."""
    if m == end - first:
        return [] if whole else [mth(first, end)]
    split = k(end - first)
    if m <= split:
        return [*subproof(m, first, first + split, whole=whole), mth(first + split, end)]
    return [*subproof(m - split, first + split, end, whole=False), mth(first, first + split)]


@pytest.fixture(scope="module")
def stored():
    """Every node that growing to the largest tree completes, as the database keeps them."""
    frontier = Frontier()
    return {(level, index): found for leaf in LEAVES for level, index, found in frontier.append(leaf)}


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")


def spoilt(proof: list[bytes], rng: random.Random) -> list[list[bytes]]:
    """Every truncation, extension and exchange of a proof, and every hash of it with one bit wrong."""
    at_random = rng.randbytes(32)
    return [
        *(proof[:n] for n in range(len(proof))),
        *(proof[n:] for n in range(1, len(proof) + 1)),
        *([*proof[:n], more, *proof[n:]] for n in range(len(proof) + 1) for more in (at_random, EMPTY, b"")),
        *([*proof[:n], flipped(one, rng.randrange(256)), *proof[n + 1 :]] for n, one in enumerate(proof)),
        *([proof[::-1]] if proof[::-1] != proof else []),
    ]


def test_the_known_roots_come_out():
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in KNOWN_LEAVES]

    assert [root(leaves[:size]).hex() for size in range(9)] == KNOWN_ROOTS


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_a_root_is_the_one_defined_whether_made_at_once_or_leaf_by_leaf(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)

    assert root(LEAVES[:size]) == mth(0, size)
    assert (frontier.size, frontier.root()) == (size, mth(0, size))


@pytest.mark.parametrize("size", range(LARGEST))
def test_a_frontier_goes_on_from_its_bytes(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)

    again = Frontier.from_bytes(frontier.to_bytes())
    again.append(LEAVES[size])

    assert again.root() == mth(0, size + 1)


@pytest.mark.parametrize(
    "data",
    [b"", bytes(7), bytes(9), bytes(8) + EMPTY, (1).to_bytes(8, "big"), (2).to_bytes(8, "big") + EMPTY * 2,
     (3).to_bytes(8, "big") + EMPTY + EMPTY[:31], (2**63).to_bytes(8, "big") + EMPTY],
)  # fmt: skip
def test_other_bytes_are_no_frontier(data):
    with pytest.raises(ValueError, match="no frontier"):
        Frontier.from_bytes(data)


def test_growing_completes_each_node_once_and_only_whole_subtrees(stored):
    frontier = Frontier()
    completed = [(level, index) for leaf in LEAVES for level, index, _ in frontier.append(leaf)]

    assert len(completed) == len(set(completed)) == len(stored)
    assert all(found == mth(index << level, index + 1 << level) for (level, index), found in stored.items())


def test_every_inclusion_proof_is_the_one_defined_and_no_spoilt_one_is_accepted(stored):
    rng = random.Random(9162)
    for size in range(1, LARGEST + 1):
        for index in range(size):
            nodes = {node: stored[node] for node in inclusion_nodes(index, size)}

            proof = inclusion_proof(index, size, nodes)

            assert proof == path(index, 0, size)
            assert verify_inclusion(LEAVES[index], index, size, proof, mth(0, size))
            if size in {1, 2, 3, 5, 7, 8, 13, 64, 65, 127, LARGEST}:
                for wrong in spoilt(proof, rng):
                    assert not verify_inclusion(LEAVES[index], index, size, wrong, mth(0, size)), (index, size, wrong)


def test_every_consistency_proof_is_the_one_defined_and_no_spoilt_one_is_accepted(stored):
    rng = random.Random(6962)
    for size in range(1, LARGEST + 1):
        for old in range(1, size + 1):
            nodes = {node: stored[node] for node in consistency_nodes(old, size)}

            proof = consistency_proof(old, size, nodes)

            assert proof == subproof(old, 0, size, whole=True)
            assert verify_consistency(old, mth(0, old), size, mth(0, size), proof)
            if size in {1, 2, 3, 5, 7, 8, 13, 64, 65, 127, LARGEST}:
                for wrong in spoilt(proof, rng):
                    assert not verify_consistency(old, mth(0, old), size, mth(0, size), wrong), (old, size, wrong)


@pytest.mark.parametrize("size", range(1, 33))
def test_a_proof_holds_for_its_own_leaf_place_size_and_root_only(size):
    for index in range(size):
        proof, top = path(index, 0, size), mth(0, size)

        others = [
            *((LEAVES[index], at, size, top) for at in {index - 1, index + 1, index ^ 2, size, -1} - {index}),
            *((LEAVES[index], index, of, mth(0, of)) for of in range(64) if of != size),
            *((leaf, index, size, top) for leaf in {LEAVES[index + 1], top, EMPTY, flipped(LEAVES[index], 7)}
              - {LEAVES[index]}),
            *((LEAVES[index], index, size, other) for other in (EMPTY, bytes(32), flipped(top, 255))),
        ]  # fmt: skip

        for leaf, at, of, of_root in others:
            assert not verify_inclusion(leaf, at, of, proof, of_root), (index, at, of)


@pytest.mark.parametrize("size", range(1, 33))
def test_growth_is_shown_between_its_own_two_sizes_and_roots_only(size):
    for old in range(1, size + 1):
        proof, before, after = subproof(old, 0, size, whole=True), mth(0, old), mth(0, size)

        others = [
            *((n, mth(0, n), size, after) for n in range(64) if n != old),
            *((old, before, n, mth(0, n)) for n in range(64) if n != size),
            *((old, wrong, size, after) for wrong in (EMPTY, flipped(before, 3), bytes(32))),
            *((old, before, size, wrong) for wrong in (EMPTY, flipped(after, 3), bytes(32))),
            *([(old, after, size, before)] if old != size else []),
        ]

        for case in others:
            assert not verify_consistency(*case, proof), (old, size, case)


HASH = LEAVES[0]


@pytest.mark.parametrize(
    ("leaf", "index", "size", "proof", "top"),
    [
        (HASH, 0, 0, [], HASH),
        (EMPTY, 0, 0, [], EMPTY),
        (HASH, 1, 1, [], HASH),
        (HASH, -1, 1, [], HASH),
        (HASH, False, 1, [], HASH),
        (HASH, 0, True, [], HASH),
        (HASH, "0", 1, [], HASH),
        (HASH, 0, 1.0, [], HASH),
        (HASH, 0, 2**63, [], HASH),
        (b"", 0, 1, [], b""),
        (b"", 0, 1, [], HASH),
        (HASH, 0, 1, [], b""),
        (HASH[:31], 0, 1, [], HASH[:31]),
        (HASH.hex(), 0, 1, [], HASH.hex()),
        (None, 0, 1, [], None),
        (HASH, 0, 1, None, HASH),
        (HASH, 0, 1, b"", HASH),
        (HASH, 0, 1, [HASH], HASH),
        (HASH, 0, 2, [b""], HASH),
        (HASH, 0, 2, ["x" * 32], HASH),
        (HASH, 0, 2, HASH, HASH),
    ],
)
def test_hostile_inclusion_is_refused(leaf, index, size, proof, top):
    assert verify_inclusion(HASH, 0, 1, [], HASH)
    assert not verify_inclusion(leaf, index, size, proof, top)


@pytest.mark.parametrize(
    ("old", "old_root", "size", "top", "proof"),
    [
        (0, EMPTY, 0, EMPTY, []),
        (0, EMPTY, 1, HASH, []),
        (0, HASH, 1, HASH, []),
        (0, EMPTY, 1, HASH, [HASH]),
        (-1, HASH, 1, HASH, []),
        (1, HASH, 0, EMPTY, []),
        (2, HASH, 1, HASH, []),
        (True, HASH, 1, HASH, []),
        (1, HASH, True, HASH, []),
        ("1", HASH, 1, HASH, []),
        (1, HASH, 2**63, HASH, []),
        (1, b"", 1, b"", []),
        (1, HASH[:31], 1, HASH[:31], []),
        (1, HASH, 1, EMPTY, []),
        (1, HASH, 1, HASH, [HASH]),
        (1, HASH, 1, HASH, None),
        (1, HASH, 1, HASH, b""),
        (1, HASH, 2, HASH, []),
        (3, HASH, 4, HASH, []),
        (1, HASH, 2, mth(0, 2), [LEAVES[1], HASH]),
        (1, HASH, 2, mth(0, 2), [b""]),
    ],
)
def test_hostile_growth_is_refused(old, old_root, size, top, proof):
    assert verify_consistency(1, HASH, 1, HASH, [])
    assert not verify_consistency(old, old_root, size, top, proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3)])
def test_there_is_no_proof_of_a_leaf_outside_the_tree(index, size):
    with pytest.raises(NoSuchProofError, match=f"no leaf {index} in a tree of {size}"):
        inclusion_nodes(index, size)


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 3), (-1, 3), (4, 3)])
def test_there_is_no_proof_of_growth_from_nothing_or_backwards(old, size):
    with pytest.raises(NoSuchProofError, match=f"a tree of {size} does not grow from one of {old}"):
        consistency_proof(old, size, {})


def test_a_proof_in_a_tree_of_a_million_needs_few_nodes():
    rng = random.Random(1)

    needed = [len(inclusion_nodes(rng.randrange(10**6), 10**6)) for _ in range(1000)]
    grown = [len(consistency_nodes(rng.randrange(1, 10**6), 10**6)) for _ in range(1000)]

    assert max(needed) <= 2 * 20
    assert max(grown) <= 3 * 20
