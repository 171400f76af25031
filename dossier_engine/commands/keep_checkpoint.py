"""Keep what was signed of the log, with the cosignatures of those who have seen it."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from dossier_engine.errors import SignerRefuses
from dossier_engine.records import log
from dossier_engine.rules.note import Checkpoint, MalformedNoteError, Note, Signature


def keep_checkpoint(session: Session, note: Note, *, now: datetime) -> Note:
    """Keep a signed note of the log; what is kept then: no cosignature of the same text is ever lost.

    A key's newer signature takes the place of its older one. Raises SignerRefuses where another root is kept for that
    size. The face commits.
    """
    conn = session.connection()
    checkpoint = Checkpoint.parse(note.text)
    log.hold(conn, checkpoint.origin)  # two who keep the same note wait for each other
    before = _kept(log.kept(conn, checkpoint.origin, checkpoint.size))
    if before is not None and before.text != note.text:
        signed = f"{checkpoint.origin} {checkpoint.size}"
        raise SignerRefuses("forked", signed, checkpoint.origin, checkpoint.size)
    merged = _merged(note, before.signatures if before is not None else (), checkpoint.origin)
    log.keep(conn, checkpoint.origin, checkpoint.size, bytes(merged).decode(), now)
    return merged


def _kept(note: str | None) -> Note | None:
    try:
        return Note.parse(note.encode()) if note is not None else None
    except MalformedNoteError:  # somebody wrote into the table; what is signed now takes its place
        return None


def _merged(note: Note, before: Iterable[Signature], origin: str) -> Note:
    """The log's own signature first, then the cosignatures by name."""
    by_key = {(one.name, one.key_id): one for one in (*before, *note.signatures)}
    ordered = sorted(by_key.values(), key=lambda one: (one.name != origin, one.name, one.key_id))
    return Note(note.text, tuple(ordered))
