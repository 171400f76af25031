"""Checks the whole history against itself and everything derived from it against the history.

What this catches: any edited, reordered, missing or inserted entry that does not carry a matching chain to the end
of its stream; a dossier, its facts or its duties that differ from what their history adds up to; a private value that
was exchanged; a definition whose bytes changed; a protecting trigger that is gone. What it cannot catch, because it
trusts the database it runs in: a rewrite of a whole stream together with everything derived from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import Session

from dossier_engine.queries import replay
from dossier_engine.records.protection import missing
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, MalformedEntryError, commitment, fold, instant, leaf_hash, parse
from dossier_engine.rules.law import Law

_HISTORY, _PRIVATE, _DOSSIER, _STREAM = (TABLES[t] for t in ("history", "private", "dossier", "stream"))
_DEFINITION = TABLES["definition"]
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where (stream and seq, a table's key, a trigger) and a catalogue code."""

    where: str
    code: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much was checked, and what was found wrong; no findings means everything agrees."""

    streams: int
    entries: int
    findings: tuple[Finding, ...]


def verify(session: Session, law: Law) -> Verdict:
    """Check every stream and every projection. One finding a stream: what follows a break proves nothing."""
    conn = session.connection()
    findings = [Finding(name, "trigger_missing") for name in missing(conn)]
    dossiers = {f"dossier/{r.code}": r for r in conn.execute(select(_DOSSIER))}
    heads = {r.name: r for r in conn.execute(select(_STREAM))}
    findings += [
        Finding(f"definition {r.sha256[:12]}", "definition_changed", f"{r.name}@{r.version}")
        for r in conn.execute(select(_DEFINITION))
        if r.sha256 not in law.workflows or law.workflows[r.sha256].sha256 != r.sha256
    ]
    streams = entries = 0
    seen = set()
    for stream, rows in _streams(conn):
        streams, entries = streams + 1, entries + len(rows)
        seen.add(stream)
        finding = _check_stream(stream, rows, dossiers.get(stream), heads.get(stream), law, conn)
        findings += [finding] if finding else []
    lost = sorted((dossiers.keys() | heads.keys()) - seen)
    findings += [Finding(stream, "history_missing") for stream in lost]
    return Verdict(streams, entries, tuple(findings + list(_check_private(conn))))


def _streams(conn: Connection) -> Iterator[tuple[str, list[Row[Any]]]]:
    """Every stream with its rows in order of `seq`, read in batches so that memory holds one stream."""
    query = select(_HISTORY).order_by(_HISTORY.c.stream, _HISTORY.c.seq)
    rows: list[Row[Any]] = []
    for row in conn.execution_options(yield_per=_BATCH).execute(query):
        if rows and rows[0].stream != row.stream:
            yield rows[0].stream, rows
            rows = []
        rows.append(row)
    if rows:
        yield rows[0].stream, rows


def _check_stream(
    stream: str, rows: list[Row[Any]], dossier: Row[Any] | None, head: Row[Any] | None, law: Law, conn: Connection
) -> Finding | None:
    entries: list[dict[str, Json]] = []
    prev = b""
    for position, row in enumerate(rows, 1):
        finding = _check_entry(row, position, prev)
        if finding is not None:
            return finding
        entries.append(parse(row.entry))
        prev = row.leaf
    owner = dossier if stream.startswith("dossier/") else head
    if owner is None:
        return Finding(stream, "row_missing")
    if (owner.seq, owner.head) != (len(rows), prev):
        return Finding(f"{stream} #{owner.seq}", "head_differs")
    return None if dossier is None else _check_dossier(stream, entries, dossier, law, conn)


def _check_entry(row: Row[Any], position: int, prev: bytes) -> Finding | None:
    where = f"{row.stream} #{row.seq}"
    if row.seq != position:
        return Finding(f"{row.stream} #{position}", "entry_missing")
    if leaf_hash(row.entry) != row.leaf:
        return Finding(where, "entry_edited")
    try:
        entry = parse(row.entry)
    except MalformedEntryError as error:
        return Finding(where, "entry_malformed", str(error))
    if entry["prev"] != prev.hex():
        return Finding(where, "chain_broken")
    return None if _columns_agree(row, entry) else Finding(where, "columns_differ")


def _columns_agree(row: Row[Any], entry: Mapping[str, Json]) -> bool:
    actor = entry["actor"]
    person = actor["person"] if isinstance(actor, dict) else None
    return (row.stream, row.seq, row.kind, row.actor, instant(row.recorded_at), row.fingerprint) == (
        entry["stream"],
        entry["seq"],
        entry["kind"],
        person,
        entry["at"],
        entry["request"],
    )


def _check_dossier(
    stream: str, entries: list[dict[str, Json]], row: Row[Any], law: Law, conn: Connection
) -> Finding | None:
    try:
        standing = fold(entries)
    except MalformedEntryError as error:
        return Finding(f"{stream} #{str(error).partition(':')[0]}", "does_not_follow", str(error))
    if standing.definition != row.definition or row.definition not in law.workflows:
        return Finding(stream, "projection_differs", "definition")
    for column in ("version", "state", "round", "stage_seq", "stage_on", "paused_on", "effective_on"):
        if getattr(standing, column) != getattr(row, column):
            return Finding(stream, "projection_differs", column)
    different = replay.difference(conn, row, entries, standing, law.workflows[row.definition])
    return Finding(stream, "projection_differs", different) if different else None


def _check_private(conn: Connection) -> Iterator[Finding]:
    """Every private value still opens the commitment its entry holds; an erased one is simply not there."""
    query = select(_PRIVATE, _HISTORY.c.entry).join(
        _HISTORY, (_HISTORY.c.stream == _PRIVATE.c.stream) & (_HISTORY.c.seq == _PRIVATE.c.seq)
    )
    for row in conn.execution_options(yield_per=_BATCH).execute(query.order_by(_PRIVATE.c.stream, _PRIVATE.c.seq)):
        try:
            held = parse(row.entry)["private"]
        except MalformedEntryError:
            continue  # named already, with its stream
        if not isinstance(held, dict) or held.get(row.name) != commitment(row.salt, row.name, row.value):
            yield Finding(f"{row.stream} #{row.seq}", "private_value_differs", row.name)
