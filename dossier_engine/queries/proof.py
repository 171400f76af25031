"""The proof that an entry of a dossier stands in the log, by the newest signed checkpoint."""

from sqlalchemy import select
from sqlmodel import Session

from dossier_engine.errors import NotFound, NotSigned
from dossier_engine.records import log
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.merkle import inclusion_nodes, inclusion_proof
from dossier_engine.rules.note import Checkpoint, Note
from dossier_engine.rules.proof import Proof

_HISTORY = TABLES["history"]


def prove(session: Session, stream: str, seq: int) -> Proof:
    """The proof of entry `seq` of a stream; scope is the caller's to check.

    Raises NotFound where the stream has no such entry, NotSigned while no checkpoint covers it.
    """
    conn = session.connection()
    there = select(_HISTORY.c.seq).where(_HISTORY.c.stream == stream, _HISTORY.c.seq == seq)
    if conn.execute(there).first() is None:
        raise NotFound("entry", f"{stream.partition('/')[2]}#{seq}")
    held, place = log.state(conn), log.place(conn, stream, seq)
    newest = None if held is None else log.newest(conn, held.origin)
    if place is None or newest is None or newest.size <= place:
        raise NotSigned(seq, newest.signed_at if newest else None)
    note = Note.parse(newest.note.encode())
    size = Checkpoint.parse(note.text).size
    nodes = log.nodes(conn, inclusion_nodes(place, size))
    return Proof(place, tuple(inclusion_proof(place, size, nodes)), note)
