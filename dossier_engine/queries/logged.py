"""Checks the log against the history it is of, node by node, and against what was signed of it."""

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select, text
from sqlmodel import Session

from dossier_engine.queries.finding import Finding
from dossier_engine.records import log
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import leaf_hash
from dossier_engine.rules.merkle import Frontier, inclusion_nodes, inclusion_proof, verify_inclusion
from dossier_engine.rules.note import Checkpoint, MalformedNoteError, Note

_CHECKPOINT, _HISTORY, _LEAF = TABLES["checkpoint"], TABLES["history"], TABLES["log_leaf"]
_BATCH = 5_000

# As the driver hands them out, see `audit`.
_LEAVES = text(
    "SELECT l.idx, l.stream, l.seq, h.leaf FROM log_leaf l "
    "LEFT JOIN history h ON h.stream = l.stream AND h.seq = l.seq ORDER BY l.idx"
)
# In the order in which the leaves complete them.
_NODES = text("SELECT level, idx, hash FROM log_node ORDER BY (idx + 1) << level, level")
_LOST = text(
    "SELECT h.stream, h.seq FROM history h "
    "WHERE NOT EXISTS (SELECT 1 FROM log_leaf l WHERE l.stream = h.stream AND l.seq = h.seq) "
    "AND NOT EXISTS (SELECT 1 FROM log_pending p WHERE p.stream = h.stream AND p.seq = h.seq) "
    "ORDER BY h.stream, h.seq LIMIT 1"
)
_AT = select(_LEAF.c.stream, _LEAF.c.seq, _HISTORY.c.entry).outerjoin(
    _HISTORY, (_HISTORY.c.stream == _LEAF.c.stream) & (_HISTORY.c.seq == _LEAF.c.seq)
)


def verify(conn: Connection) -> Iterator[Finding]:
    """What is wrong with the log: the first entry it lacks, the first leaf or node that differs, notes that do not fit.

    History itself is `audit`'s to check: here a leaf is what history says it is.
    """
    lost = conn.execute(_LOST).first()
    if lost is not None:
        yield Finding(f"{lost.stream} #{lost.seq}", "not_in_log")
    signed = dict(_signed(conn))
    frontier = Frontier()
    different = _grow(conn, frontier, signed)
    held = log.state(conn) or log.State("", 0, frontier.root() if frontier.size == 0 else b"", Frontier().to_bytes())
    if different is None and (held.size, held.root, held.frontier) != (
        frontier.size, frontier.root(), frontier.to_bytes(),
    ):  # fmt: skip
        different = Finding(f"log #{held.size}", "log_differs")
    if different is not None:
        yield different
        return
    for size, root in sorted(signed.items()):
        if root is not None:  # it was not met on the way, or with another root
            yield Finding(f"checkpoint #{size}", "checkpoint_differs")


def _grow(conn: Connection, frontier: Frontier, signed: dict[int, bytes | None]) -> Finding | None:
    """Append every leaf, comparing the nodes it completes; strikes out what was signed with the root there is."""
    piecewise = {"yield_per": _BATCH}
    with (
        conn.execute(_LEAVES, execution_options=piecewise) as leaves,
        conn.execute(_NODES, execution_options=piecewise) as stored,
    ):
        nodes = iter(stored)
        for row in leaves:
            if row.idx != frontier.size or not isinstance(row.leaf, bytes):
                return Finding(f"log #{frontier.size}", "log_differs", f"{row.stream} #{row.seq}")
            for made in frontier.append(row.leaf):
                if tuple(next(nodes, ())) != made:
                    return Finding(f"log #{row.idx}", "log_differs", f"{row.stream} #{row.seq}")
            if signed.get(frontier.size) == frontier.root():
                signed[frontier.size] = None
        return None if next(nodes, None) is None else Finding(f"log #{frontier.size}", "log_differs")


def _signed(conn: Connection) -> Iterator[tuple[int, bytes | None]]:
    """Size and root of every note that was signed of this log; of one that cannot be read, no root."""
    held = log.state(conn)
    for row in conn.execute(select(_CHECKPOINT).where(_CHECKPOINT.c.origin == (held.origin if held else ""))):
        try:
            checkpoint = Checkpoint.parse(Note.parse(row.note.encode()).text)
        except MalformedNoteError:
            yield row.size, b""
        else:
            yield row.size, checkpoint.root if checkpoint.size == row.size else b""


def sample(session: Session, *, rng: random.Random, most: int) -> list[Finding]:
    """What is wrong with `most` entries of the log picked at random: each is hashed and proven against the root."""
    conn = session.connection()
    held = log.state(conn)
    if held is None or held.size == 0:
        return []
    places = sorted({rng.randrange(held.size) for _ in range(most)})
    wanted = (node for place in places for node in inclusion_nodes(place, held.size))
    nodes = log.nodes(conn, wanted)
    rows: dict[int, Row[Any]] = {
        row.idx: row for row in conn.execute(_AT.add_columns(_LEAF.c.idx).where(_LEAF.c.idx.in_(places)))
    }
    return [Finding(f"log #{place}", "log_differs") for place in places if not _stands(rows, nodes, place, held)]


def _stands(rows: dict[int, Row[Any]], nodes: dict[tuple[int, int], bytes], place: int, held: log.State) -> bool:
    row = rows.get(place)
    if (
        row is None
        or not isinstance(row.entry, bytes)
        or any(n not in nodes for n in inclusion_nodes(place, held.size))
    ):
        return False
    proof = inclusion_proof(place, held.size, nodes)
    return verify_inclusion(leaf_hash(row.entry), place, held.size, proof, held.root)
