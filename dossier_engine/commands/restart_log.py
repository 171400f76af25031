"""Begin the log anew: after a restored backup, a lost key or a stolen one, and never without saying so."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import file_entry
from dossier_engine.errors import BadInput, LogBegun
from dossier_engine.records import log
from dossier_engine.rules.entry import Json
from dossier_engine.rules.merkle import Frontier, verify_consistency
from dossier_engine.rules.note import Checkpoint, MalformedNoteError, Note
from dossier_engine.rules.origin import following, number

KIND = "log_restarted"


@dataclass(frozen=True, slots=True)
class Restarted:
    """The log that was begun, how much of the signed one this database is shown to hold, and which leaves it is not."""

    origin: str
    held: int
    lost: tuple[int, int] | None


def restart_log(session: Session, last: Checkpoint, act: Act, *, now: datetime, rng: random.Random) -> Restarted:
    """Begin the log that follows `last`, what the signer signed last; its first entry says what became of the old one.

    Every other entry waits for the new log; the face commits. What counts as held is what the newest signed note in
    this database shows: entries after it may be other ones than those that were signed. Raises BadInput without a
    reason, LogBegun, NotAllowed, AppointmentExpired.
    """
    if not (act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    conn, origin = session.connection(), following(last.origin)
    present = log.hold(conn, last.origin)
    if present.origin == origin:
        raise LogBegun(origin)
    held = _held(conn, present, last)
    lost = (held, last.size - 1) if held < last.size else None
    body: dict[str, Json] = {
        "origin": last.origin,
        "size": last.size,
        "root": last.root.hex(),
        "held": held,
        "lost": list(lost) if lost is not None else None,
    }
    # A stream of its own: within a stream entries stand in their order, and this one stands before all others.
    first = file_entry(conn, f"log/{number(origin)}", KIND, act, body, now=now, rng=rng)
    log.begin_again(conn, origin)
    log.extend(conn, Frontier(), [first])
    return Restarted(origin, held, lost)


def _held(conn: Connection, present: log.State, last: Checkpoint) -> int:
    """The largest size that was signed and that the present log continues."""
    if present.origin != last.origin:
        return 0
    known = [last]
    row = log.newest(conn, last.origin, up_to=min(present.size, last.size))
    with suppress(MalformedNoteError):  # somebody may have written into the table
        known += [Checkpoint.parse(Note.parse(row.note.encode()).text)] if row is not None else []
    return max((one.size for one in known if _continues(conn, present, one)), default=0)


def _continues(conn: Connection, present: log.State, signed: Checkpoint) -> bool:
    if not 0 < signed.size <= present.size:
        return False
    proof = log.growth(conn, signed.size, present.size)
    return verify_consistency(signed.size, signed.root, present.size, present.root, proof)
