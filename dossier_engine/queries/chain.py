"""Whether the entries of a stream are whole, each continues the one before, and the words beside them are still theirs.

The check of everything (`queries/audit.py`) begins with this; a page that shows one dossier asks it of that one alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text
from sqlmodel import Session

from dossier_engine.queries.finding import Finding
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import commitment, instant, leaf_hash, parse
from dossier_engine.rules.told import Entry

# What reading an entry that no command wrote may end in; MalformedEntryError is a ValueError.
UNREADABLE = (KeyError, TypeError, ValueError, RecursionError)
BATCH = 5_000

_DOSSIER = TABLES["dossier"]
# As the driver hands them out: what somebody put into a column of SQLite need not be of the column's type.
ENTRIES = text(
    "SELECT stream, seq, kind, actor, recorded_at, key, fingerprint, leaf, entry FROM history ORDER BY stream, seq"
)
_ENTRIES_OF_ONE = text(
    "SELECT stream, seq, kind, actor, recorded_at, key, fingerprint, leaf, entry FROM history "
    "WHERE stream = :stream ORDER BY seq"
)
_PRIVATE = text(
    "SELECT p.stream, p.seq, p.name, p.salt, p.value, h.entry FROM private p "
    "JOIN history h ON h.stream = p.stream AND h.seq = p.seq ORDER BY p.stream, p.seq, p.name"
)
_PRIVATE_OF_ONE = text(
    "SELECT p.stream, p.seq, p.name, p.salt, p.value, h.entry FROM private p "
    "JOIN history h ON h.stream = p.stream AND h.seq = p.seq WHERE p.stream = :stream ORDER BY p.seq, p.name"
)


@dataclass(frozen=True, slots=True)
class Break:
    """Where a stream stops being what was written: the entry, and a code of the catalogue's findings."""

    seq: int
    code: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How many entries of a stream were checked, and where it is broken if it is; what follows a break proves nothing.

    That a whole stream was rewritten, this cannot see: it takes a signed checkpoint kept elsewhere.
    """

    entries: int
    broken: Break | None


def check(session: Session, code: str) -> Chain:
    """Check the stream of one dossier to the end that the dossier names; scope is the caller's to check."""
    conn, stream = session.connection(), f"dossier/{code}"
    rows = list(conn.execute(_ENTRIES_OF_ONE, {"stream": stream}))
    found = chained(rows)
    if isinstance(found, Finding):
        return Chain(len(rows), _break(found))
    end = conn.execute(select(_DOSSIER.c.seq, _DOSSIER.c.head).where(_DOSSIER.c.code == code)).one()
    if (end.seq, end.head) != (len(rows), rows[-1].leaf if rows else None):
        return Chain(len(rows), Break(end.seq, "head_differs"))
    differing = next(_differing(conn.execute(_PRIVATE_OF_ONE, {"stream": stream})), None)
    return Chain(len(rows), None if differing is None else _break(differing))


def _break(finding: Finding) -> Break:
    return Break(int(finding.where.rpartition("#")[2]), finding.code)


def chained(rows: list[Row[Any]]) -> Finding | list[Entry]:
    """The entries of one stream, if they are whole and each continues the one before it."""
    entries: list[Entry] = []
    prev = b""
    for position, row in enumerate(rows, 1):
        entry = _sound(row, position, prev)
        if isinstance(entry, Finding):
            return entry
        entries.append(entry)
        prev = row.leaf
    return entries


def _sound(row: Row[Any], position: int, prev: bytes) -> Finding | Entry:
    where = f"{row.stream} #{row.seq}"
    if row.seq != position:
        return Finding(f"{row.stream} #{position}", "entry_missing")
    if not isinstance(row.entry, bytes):
        return Finding(where, "entry_malformed")
    if leaf_hash(row.entry) != row.leaf:
        return Finding(where, "entry_edited")
    try:
        entry = parse(row.entry)
    except UNREADABLE as error:
        return Finding(where, "entry_malformed", str(error))
    if entry.get("prev") != prev.hex():
        return Finding(where, "chain_broken")
    return entry if _repeats(row, entry) else Finding(where, "columns_differ")


def _repeats(row: Row[Any], entry: Entry) -> bool:
    """Whether the columns beside the entry say what it says."""
    actor = entry.get("actor")
    person = actor.get("person") if isinstance(actor, dict) else None
    told = tuple(entry.get(name) for name in ("stream", "seq", "kind", "at", "request"))
    return (row.actor, row.key is None) == (person, row.fingerprint is None) and told == (
        row.stream,
        row.seq,
        row.kind,
        _recorded(row.recorded_at),
        row.fingerprint,
    )


def _recorded(at: object) -> str | None:
    """The instant of a row as entries hold it; SQLite keeps it as text, in UTC without saying so."""
    try:
        return instant(at if isinstance(at, datetime) else datetime.fromisoformat(str(at)).replace(tzinfo=UTC))
    except ValueError:
        return None


def private_values(conn: Connection) -> Iterator[Finding]:
    """Every private value still opens the commitment its entry holds; an erased one is simply not there."""
    return _differing(conn.execute(_PRIVATE, execution_options={"yield_per": BATCH}))


def _differing(rows: Iterable[Row[Any]]) -> Iterator[Finding]:
    for row in rows:
        if not isinstance(row.entry, bytes):
            continue  # named already, with its stream
        try:
            held = parse(row.entry).get("private")
        except UNREADABLE:
            continue  # the same
        if not (isinstance(held, dict) and held.get(row.name) == _commitment(row)):
            yield Finding(f"{row.stream} #{row.seq}", "private_value_differs", row.name)


def _commitment(row: Row[Any]) -> str | None:
    if isinstance(row.salt, bytes) and isinstance(row.value, str):
        return commitment(row.salt, row.name, row.value)
    return None
