"""The log over all streams as the database keeps it: what waits for it, what it holds, and what was signed of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, insert, or_, select, update

from dossier_engine.records.history import Written
from dossier_engine.records.prepared import Prepared, insert_unless_there
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.merkle import Frontier, Node, consistency_nodes, consistency_proof

_CHECKPOINT, _HISTORY, _LOG = TABLES["checkpoint"], TABLES["history"], TABLES["log"]
_LEAF, _NODE, _PENDING = TABLES["log_leaf"], TABLES["log_node"], TABLES["log_pending"]

_AT_ONCE = 2_000  # nodes a query
_HELD = select(_LOG).with_for_update()
# In the order of recording, which within a stream is that of `seq`.
_WAITING = (
    select(_HISTORY.c.stream, _HISTORY.c.seq, _HISTORY.c.leaf)
    .join(_PENDING, (_PENDING.c.stream == _HISTORY.c.stream) & (_PENDING.c.seq == _HISTORY.c.seq))
    .order_by(_HISTORY.c.recorded_at, _HISTORY.c.stream, _HISTORY.c.seq)
    .limit(bindparam("most"))
)
_DONE = delete(_PENDING).where(_PENDING.c.stream == bindparam("of"), _PENDING.c.seq == bindparam("number"))
_ADD_LEAF, _ADD_NODE = Prepared(insert(_LEAF)), Prepared(insert(_NODE))
_MOVE = update(_LOG)


@dataclass(frozen=True, slots=True)
class State:
    """The log at one moment: its name, how many entries it holds, their root, and the tree's right edge."""

    origin: str
    size: int
    root: bytes
    frontier: bytes


def state(conn: Connection) -> State | None:
    """The log as it is; None before it was ever begun."""
    row = conn.execute(select(_LOG)).one_or_none()
    return _state(row) if row is not None else None


def hold(conn: Connection, origin: str) -> State:
    """The log, held until the transaction ends, so that only one integrates; begun as `origin` if it is not there."""
    empty = Frontier()
    begun = {"one": 1, "origin": origin, "size": 0, "root": empty.root(), "frontier": empty.to_bytes()}
    insert_unless_there(conn, _LOG, begun)
    return _state(conn.execute(_HELD).one())


def _state(row: Row[Any]) -> State:
    return State(row.origin, row.size, row.root, row.frontier)


def waiting(conn: Connection, most: int) -> Sequence[Row[Any, Any, Any]]:
    """Up to `most` entries that the log does not hold yet, with stream, seq and leaf."""
    return conn.execute(_WAITING, {"most": most}).all()


def extend(conn: Connection, frontier: Frontier, entries: Sequence[Row[Any, Any, Any] | Written]) -> None:
    """Append `entries` to the held log, whose tree ends in `frontier`."""
    first = frontier.size
    nodes = [node for entry in entries for node in frontier.append(entry.leaf)]
    leaves = [{"idx": first + n, "stream": e.stream, "seq": e.seq} for n, e in enumerate(entries)]
    _ADD_LEAF.write_each(conn, leaves)
    _ADD_NODE.write_each(conn, [{"level": level, "idx": idx, "hash": found} for level, idx, found in nodes])
    conn.execute(_DONE, [{"of": e.stream, "number": e.seq} for e in entries])
    conn.execute(_MOVE, {"size": frontier.size, "root": frontier.root(), "frontier": frontier.to_bytes()})


def nodes(conn: Connection, wanted: Iterable[Node]) -> dict[Node, bytes]:
    """The stored nodes among `wanted`: in one query, if they are not thousands."""
    found: dict[Node, bytes] = {}
    missing = list(dict.fromkeys(wanted))
    for some in (missing[at : at + _AT_ONCE] for at in range(0, len(missing), _AT_ONCE)):
        by_level: dict[int, list[int]] = {}
        for level, idx in some:
            by_level.setdefault(level, []).append(idx)
        # Level by level: for a list of pairs SQLite would read the whole table.
        here = or_(*(and_(_NODE.c.level == level, _NODE.c.idx.in_(within)) for level, within in by_level.items()))
        found |= {(level, idx): node for level, idx, node in conn.execute(select(_NODE).where(here))}
    return found


def growth(conn: Connection, old: int, size: int) -> list[bytes]:
    """The consistency proof between two sizes of the log; none where its nodes are gone, which then proves nothing."""
    try:
        return consistency_proof(old, size, nodes(conn, consistency_nodes(old, size)))
    except KeyError:
        return []


def begin_again(conn: Connection, origin: str) -> None:
    """Begin the held log anew under another name: all of history waits for it again."""
    empty = Frontier()
    for table in (_LEAF, _NODE, _PENDING):
        conn.execute(delete(table))
    conn.execute(insert(_PENDING).from_select(["stream", "seq"], select(_HISTORY.c.stream, _HISTORY.c.seq)))
    begun = {"origin": origin, "size": 0, "root": empty.root(), "frontier": empty.to_bytes()}
    conn.execute(update(_LOG).values(begun))


def place(conn: Connection, stream: str, seq: int) -> int | None:
    """Which leaf of the log an entry is; None while it waits, or where there is none such."""
    return conn.execute(select(_LEAF.c.idx).where(_LEAF.c.stream == stream, _LEAF.c.seq == seq)).scalar_one_or_none()


def keep(conn: Connection, origin: str, size: int, note: str, now: datetime) -> None:
    """Keep a signed note in place of an earlier one of the same size."""
    row = {"origin": origin, "size": size, "note": note, "signed_at": now, "handed_out": False}
    insert_unless_there(conn, _CHECKPOINT, row)
    same = _CHECKPOINT.c.origin == origin, _CHECKPOINT.c.size == size
    conn.execute(update(_CHECKPOINT).where(*same).values(note=note, signed_at=now))


def hand_out(conn: Connection, origin: str, size: int) -> None:
    """Remember that a bundle was proven by the note of that size."""
    same = _CHECKPOINT.c.origin == origin, _CHECKPOINT.c.size == size
    conn.execute(update(_CHECKPOINT).where(*same).values(handed_out=True))


def kept(conn: Connection, origin: str, size: int) -> str | None:
    """The signed note of that size, if one is kept."""
    same = _CHECKPOINT.c.origin == origin, _CHECKPOINT.c.size == size
    return conn.execute(select(_CHECKPOINT.c.note).where(*same)).scalar_one_or_none()


def newest(conn: Connection, origin: str, *, up_to: int | None = None) -> Row[Any] | None:
    """The signed note of the largest size of that log, `up_to` one, with `size`, `note` and `signed_at`."""
    found = select(_CHECKPOINT).where(_CHECKPOINT.c.origin == origin).order_by(_CHECKPOINT.c.size.desc()).limit(1)
    return conn.execute(found if up_to is None else found.where(_CHECKPOINT.c.size <= up_to)).one_or_none()
