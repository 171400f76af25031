"""What an audit bundle is made of, as the log's first `size` leaves have it: entries, private values, checkpoints.

What the log holds never changes, so a bundle may be read in pieces, while others write.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select
from sqlmodel import Session

from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.law import legal_day

_CHECKPOINT, _DEFINITION, _HISTORY = TABLES["checkpoint"], TABLES["definition"], TABLES["history"]
_LEAF, _LOCALITY, _OFFICE = TABLES["log_leaf"], TABLES["locality"], TABLES["office"]
_DOSSIER, _PERSON, _PRIVATE = TABLES["dossier"], TABLES["person"], TABLES["private"]

REGISTERS = ("calendar", "definitions", "people", "territory")
"""The streams that acts are judged by; every bundle holds them whole."""

_BATCH = 5_000
_SAME = (_HISTORY.c.stream == _LEAF.c.stream) & (_HISTORY.c.seq == _LEAF.c.seq)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a stream among the first leaves of the log."""

    stream: str
    seq: int
    leaf: bytes


def heads(session: Session, size: int) -> list[Head]:
    """The head of every stream among the first `size` leaves, by the code points of the streams' names."""
    conn = session.connection()
    last = select(_LEAF.c.stream, func.max(_LEAF.c.seq).label("seq")).where(_LEAF.c.idx < size).group_by(_LEAF.c.stream)
    ends = last.subquery()
    found = select(ends.c.stream, ends.c.seq, _HISTORY.c.leaf).join(
        _HISTORY, (_HISTORY.c.stream == ends.c.stream) & (_HISTORY.c.seq == ends.c.seq)
    )
    return sorted((Head(*row) for row in conn.execute(found)), key=lambda head: head.stream)


def entries(session: Session, size: int, streams: Sequence[Head]) -> Iterator[Row[Any]]:
    """Every entry (stream, seq, idx, entry) of these streams among the first `size` leaves.

    One stream after another by the code points of their names, each in the order of `seq`.
    """
    conn = session.connection()
    found = select(_LEAF.c.stream, _LEAF.c.seq, _LEAF.c.idx, _HISTORY.c.entry).join(_HISTORY, _SAME)
    return _in_order(conn, found.where(_LEAF.c.idx < size), _LEAF.c.stream, streams)


def private_values(session: Session, size: int, streams: Sequence[Head]) -> Iterator[Row[Any]]:
    """Every private value (stream, seq, name, salt, value) of such entries that is still there, in the same order."""
    conn = session.connection()
    found = select(_PRIVATE).join(_LEAF, (_LEAF.c.stream == _PRIVATE.c.stream) & (_LEAF.c.seq == _PRIVATE.c.seq))
    return _in_order(conn, found.where(_LEAF.c.idx < size), _PRIVATE.c.stream, streams)


def _in_order(
    conn: Connection, found: Select[Any], stream: ColumnElement[str], streams: Sequence[Head]
) -> Iterator[Row[Any]]:
    """Some streams at a time, so that memory holds these; a database sorts names by its locale."""
    some: list[str] = []
    entries = 0
    for head in streams:
        some.append(head.stream)
        entries += head.seq
        if entries >= _BATCH or head is streams[-1]:
            yield from sorted(conn.execute(found.where(stream.in_(some))), key=lambda row: tuple(row[:3]))
            some, entries = [], 0


def changed_since(session: Session, begin: datetime, scope: Scope) -> tuple[str, ...]:
    """The codes of the dossiers in scope with an entry recorded since `begin`, in order."""
    conn = session.connection()
    found = select(_DOSSIER.c.code).where(_DOSSIER.c.recorded_at >= begin, scope.of(_DOSSIER))
    return tuple(sorted(conn.execute(found).scalars()))


def checkpoints(session: Session, origin: str, size: int) -> list[Row[Any]]:
    """The signed notes of sizes up to `size`: of each legal day the last, and all that bundles were proven by.

    (size, note), smallest first. Who has such a bundle sees that the log only grew since.
    """
    conn = session.connection()
    found = select(_CHECKPOINT).where(
        _CHECKPOINT.c.origin == origin, _CHECKPOINT.c.size <= size, _CHECKPOINT.c.size > 0
    )
    by_day: dict[date, Row[Any]] = {}
    handed_out = {}
    for row in conn.execute(found.order_by(_CHECKPOINT.c.size)):
        by_day[legal_day(row.signed_at)] = row
        if row.handed_out:
            handed_out[row.size] = row
    chosen = handed_out | {row.size: row for row in by_day.values()}
    return [chosen[wanted] for wanted in sorted(chosen)]


def names(session: Session) -> dict[str, str | None]:
    """What persons are called, by id; None where that was erased."""
    return {row.id: row.name or None for row in session.connection().execute(select(_PERSON.c.id, _PERSON.c.name))}


def localities(session: Session) -> Iterable[Row[Any]]:
    """Every locality, the newest of a code last."""
    return session.connection().execute(select(_LOCALITY).order_by(_LOCALITY.c.code, _LOCALITY.c.valid_from))


def offices(session: Session) -> Iterable[Row[Any]]:
    """Every office."""
    return session.connection().execute(select(_OFFICE).order_by(_OFFICE.c.code))


def contents(session: Session) -> dict[str, bytes]:
    """The stored bytes of every definition, by their SHA-256."""
    found = select(_DEFINITION.c.sha256, _DEFINITION.c.content)
    return {row.sha256: row.content for row in session.connection().execute(found)}
