"""The only writer of history: makes an entry's bytes, chains them, and inserts them beside its private values."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from dossier_engine.errors import BadInput, KeyReused
from dossier_engine.records.prepared import Prepared, Write, insert_unless_there, write_together
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import FORMAT, Json, canonical, commitment, instant, leaf_hash

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_STREAM = TABLES["stream"]
_INSERT = Prepared(insert(TABLES["history"]))
_INSERT_PRIVATE = Prepared(insert(TABLES["private"]))
_HEAD = select(_STREAM).where(_STREAM.c.name == bindparam("stream")).with_for_update()
_MOVE_HEAD = (
    update(_STREAM)
    .where(_STREAM.c.name == bindparam("stream"))
    .values(seq=bindparam("new_seq"), head=bindparam("new_head"), recorded_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who an entry names: a person's id or `system:…`, and the appointment acted under."""

    person: str
    role: str | None = None
    office: str | None = None
    territory: str | None = None
    on_behalf_of: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The entry's `actor` object."""
        return {
            "person": self.person,
            "role": self.role,
            "office": self.office,
            "territory": self.territory,
            "on_behalf_of": self.on_behalf_of,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be written: `private` holds personal values and free text, which enter only as commitments."""

    kind: str
    actor: Actor
    channel: str
    at: datetime
    effective_on: date
    body: Mapping[str, Json]
    private: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in history, or will once its `rows` are written."""

    stream: str
    seq: int
    leaf: bytes
    entry: Mapping[str, Json]
    key: str | None
    rows: tuple[Write, ...]


def append(conn: Connection, draft: Draft, *, stream: str, seq: int, prev: bytes, rng: random.Random) -> Written:
    """Write `draft` as entry `seq` of `stream` after the leaf `prev`, in the caller's transaction. Raises KeyReused."""
    written = compose(draft, stream=stream, seq=seq, prev=prev, rng=rng)
    write(conn, written)
    return written


def write(conn: Connection, entry: Written, beside: Sequence[Write] = ()) -> int:
    """Insert a composed entry, and `beside` with it; how many rows the last of them touched. Raises KeyReused."""
    try:
        return write_together(conn, [*entry.rows, *beside])
    except IntegrityError as error:
        # A lock on one dossier does not hold up the same key on another, at the same instant.
        if entry.key is not None and "history_actor_key" in str(error.orig):
            raise KeyReused(entry.key) from error
        raise


def compose(draft: Draft, *, stream: str, seq: int, prev: bytes, rng: random.Random) -> Written:
    """`draft` as entry `seq` of `stream` after `prev`: its bytes, its leaf and the rows still to be written.

    Raises BadInput for free text with control characters other than line breaks: no database must take all of them.
    """
    for name, value in draft.private.items():
        if _CONTROL.search(value):
            raise BadInput(name, ascii(value), "control_characters")
    salted = [(name, rng.randbytes(32), value) for name, value in sorted(draft.private.items())]
    entry: dict[str, Json] = {
        "_v": FORMAT,
        "stream": stream,
        "seq": seq,
        "prev": prev.hex(),
        "kind": draft.kind,
        "at": instant(draft.at),
        "effective_on": draft.effective_on.isoformat(),
        "actor": draft.actor.as_json(),
        "channel": draft.channel,
        "body": dict(draft.body),
        "private": {name: commitment(salt, name, value) for name, salt, value in salted},
        "request": draft.fingerprint,
    }
    data = canonical(entry)
    leaf = leaf_hash(data)
    row = {
        "stream": stream,
        "seq": seq,
        "kind": draft.kind,
        "actor": draft.actor.person,
        "recorded_at": draft.at,
        "key": draft.key,
        "fingerprint": draft.fingerprint,
        "leaf": leaf,
        "entry": data,
    }
    private = [{"stream": stream, "seq": seq, "name": n, "salt": s, "value": v} for n, s, v in salted]
    rows = (Write(_INSERT, row), *(Write(_INSERT_PRIVATE, p) for p in private))
    return Written(stream, seq, leaf, entry, draft.key, rows)


def hold(conn: Connection, stream: str) -> Row[Any]:
    """The head of a stream that is not a dossier's; whoever else writes to it waits until this transaction ends.

    What is looked up after this still stands when it is written.
    """
    insert_unless_there(conn, _STREAM, {"name": stream, "seq": 0, "head": b""})  # what is not there cannot be locked
    return conn.execute(_HEAD, {"stream": stream}).one()


def append_after(conn: Connection, head: Row[Any], draft: Draft, *, rng: random.Random) -> Written:
    """Write `draft` at the end of the stream whose `head` is held, in the caller's transaction."""
    written = append(conn, draft, stream=head.name, seq=head.seq + 1, prev=head.head, rng=rng)
    end = {"stream": head.name, "new_seq": written.seq, "new_head": written.leaf, "at": draft.at}
    conn.execute(_MOVE_HEAD, end)
    return written
