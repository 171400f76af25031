"""The Merkle tree over leaf hashes of RFC 6962 and RFC 9162: roots, proofs, and what checks them.

Every function takes the size of the tree it speaks of: a proof for one size says nothing about another. A node is named
by its level (0 are the leaves) and its index in that level. Only nodes whose subtree is complete are ever stored; they
never change again, and those at the right edge are made from them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

Node = tuple[int, int]  # level, index
Span = tuple[int, int]  # of leaves: the first, and past the last

_HASH = 32
_TOO_LARGE = 2**63  # sizes are signed 64-bit numbers wherever they are stored or cosigned
_EMPTY = hashlib.sha256().digest()


class NoSuchProofError(ValueError):
    """The tree of this size has no such leaf or no such earlier size."""


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over `leaves`, which are leaf hashes."""
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [_interior(left, right) for left, right in zip(level[::2], level[1::2], strict=False)] + odd
    return level[0] if level else _EMPTY


class Frontier:
    """A tree that only grows, in log n memory: the roots of its complete subtrees, the largest first."""

    __slots__ = ("_roots", "size")

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self._roots = list(roots)
        sound = _is_size(size) and len(self._roots) == size.bit_count() and _are_hashes(self._roots)
        if not sound:
            raise ValueError(f"no frontier of size {size!r} from {len(self._roots)} roots")

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Adds a leaf hash. Returns the nodes this completes as (level, index, hash), the leaf itself first."""
        level, index, roots = 0, self.size, self._roots
        completed = [(0, index, leaf)]
        while index & 1:
            leaf = _interior(roots.pop(), leaf)
            level, index = level + 1, index >> 1
            completed.append((level, index, leaf))
        roots.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return _joined(self._roots) if self._roots else _EMPTY

    def to_bytes(self) -> bytes:
        """What `from_bytes` takes: the size in eight bytes, then the roots."""
        return self.size.to_bytes(8, "big") + b"".join(self._roots)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """The frontier that `to_bytes` wrote. Raises ValueError for any other bytes."""
        if len(data) < 8:
            raise ValueError(f"no frontier in {len(data)} bytes")
        return cls(int.from_bytes(data[:8], "big"), [data[at : at + _HASH] for at in range(8, len(data), _HASH)])


def inclusion_nodes(index: int, size: int) -> list[Node]:
    """The stored nodes that `inclusion_proof` needs."""
    return _nodes(_path(index, size))


def inclusion_proof(index: int, size: int, stored: Mapping[Node, bytes]) -> list[bytes]:
    """That leaf `index` is in the tree of `size`: PATH of RFC 9162, 2.1.3.1."""
    return [_joined([stored[node] for node in _complete(*span)]) for span in _path(index, size)]


def consistency_nodes(old: int, size: int) -> list[Node]:
    """The stored nodes that `consistency_proof` needs."""
    return _nodes(_growth(old, size))


def consistency_proof(old: int, size: int, stored: Mapping[Node, bytes]) -> list[bytes]:
    """That the tree of `size` begins with the tree of size `old`: PROOF of RFC 9162, 2.1.4.1.

    Every tree begins with the empty one; nothing is to be proven of it, and `old` = 0 is refused.
    """
    return [_joined([stored[node] for node in _complete(*span)]) for span in _growth(old, size)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that `leaf`, a leaf hash, stands at `index` of the tree of `size` with this root.

    RFC 9162, 2.1.3.2. Whatever is not of the right type, length or range is refused, never an exception.
    """
    if not (_is_size(index) and _is_size(size) and index < size and _is_proof(proof) and _are_hashes((leaf, root))):
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = _interior(sibling, found)
            at, last = _until_right_child(at, last)
        else:
            found = _interior(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` with `root` begins with the tree of size `old` with `old_root`.

    RFC 9162, 2.1.4.2. Whatever is not of the right type, length or range is refused, and so is `old` = 0: a proof from
    the empty tree would show nothing.
    """
    if not (
        _is_size(old) and _is_size(size) and 0 < old <= size and _is_proof(proof) and _are_hashes((old_root, root))
    ):
        return False
    if old == size:
        return not proof and old_root == root
    known = [old_root] if old & (old - 1) == 0 else []  # a complete old tree is itself a node of the new one
    path = [*known, *proof]
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not path:
        return False
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = _interior(sibling, before), _interior(sibling, after)
            at, last = _until_right_child(at, last)
        else:
            after = _interior(after, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _interior(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _joined(roots: Sequence[bytes]) -> bytes:
    """The root of neighbouring subtrees, each smaller than the one before."""
    found = roots[-1]
    for left in reversed(roots[:-1]):
        found = _interior(left, found)
    return found


def _path(index: int, size: int) -> list[Span]:
    """The spans whose roots lead from a leaf up to the root."""
    if not 0 <= index < size:
        raise NoSuchProofError(f"no leaf {index} in a tree of {size}")
    spans = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _left_size(end - first)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def _growth(old: int, size: int) -> list[Span]:
    """The spans whose roots lead from the old tree up to the root of the new one."""
    if not 0 < old <= size:
        raise NoSuchProofError(f"a tree of {size} does not grow from one of {old}")
    spans = []
    first, end = 0, size
    while old != end:
        middle = first + _left_size(end - first)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    if first:  # else what is left is the whole old tree, whose root the verifier has
        spans.append((first, end))
    return spans[::-1]


def _left_size(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _nodes(spans: Iterable[Span]) -> list[Node]:
    return [node for first, end in spans for node in _complete(first, end)]


def _complete(first: int, end: int) -> list[Node]:
    """The complete subtrees, largest first, that make up a span which is itself a subtree."""
    nodes = []
    while first < end:
        level = (end - first).bit_length() - 1
        nodes.append((level, first >> level))
        first += 1 << level
    return nodes


def _until_right_child(at: int, last: int) -> tuple[int, int]:
    """Up the right edge, where a node without a sibling is passed on as it is."""
    while not at & 1 and at:
        at, last = at >> 1, last >> 1
    return at, last


def _is_size(value: object) -> bool:
    return type(value) is int and 0 <= value < _TOO_LARGE  # True is an int too


def _are_hashes(values: Iterable[object]) -> bool:
    return all(type(value) is bytes and len(value) == _HASH for value in values)


def _is_proof(proof: object) -> bool:
    return isinstance(proof, list | tuple) and _are_hashes(proof)
