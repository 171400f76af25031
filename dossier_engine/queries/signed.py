"""How far the log and its signer are behind what was recorded."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from dossier_engine.records import log
from dossier_engine.records.tables import TABLES

_HISTORY, _LEAF, _PENDING = TABLES["history"], TABLES["log_leaf"], TABLES["log_pending"]
_OF_PENDING = (_HISTORY.c.stream == _PENDING.c.stream) & (_HISTORY.c.seq == _PENDING.c.seq)
_OF_LEAF = (_HISTORY.c.stream == _LEAF.c.stream) & (_HISTORY.c.seq == _LEAF.c.seq)


@dataclass(frozen=True, slots=True)
class Behind:
    """Entries that wait for the log, those that no signed checkpoint covers, and how long the first has waited.

    `checkpoint` is how old the newest checkpoint is; None where nothing was ever signed of this log.
    """

    waiting: int
    unsigned: int
    lag: timedelta
    checkpoint: timedelta | None


def behind(session: Session, *, now: datetime) -> Behind:
    """How far it is behind at `now`."""
    conn = session.connection()
    found = log.state(conn)
    newest = log.newest(conn, found.origin) if found is not None else None
    signed, size = newest.size if newest is not None else 0, found.size if found is not None else 0
    waiting, first = conn.execute(
        select(func.count(), func.min(_HISTORY.c.recorded_at)).select_from(_PENDING.join(_HISTORY, _OF_PENDING))
    ).one()
    if size > signed:  # leaves stand in the order of recording, but for what was committed late
        oldest = select(_HISTORY.c.recorded_at).join(_LEAF, _OF_LEAF).where(_LEAF.c.idx == signed)
        first = min(filter(None, (first, conn.execute(oldest).scalar_one())))
    return Behind(
        waiting,
        waiting + max(size - signed, 0),
        now - first if first is not None else timedelta(),
        now - newest.signed_at if newest is not None else None,
    )


def newest_note(session: Session) -> str | None:
    """The newest signed note about the log; None before anything was signed of it."""
    conn = session.connection()
    held = log.state(conn)
    newest = log.newest(conn, held.origin) if held is not None else None
    return newest.note if newest is not None else None
