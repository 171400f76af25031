"""Who is told of events, and the entries they are told of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, tuple_, update

from dossier_engine.records.tables import TABLES

_DOSSIER, _HISTORY, _OUTBOX, _WEBHOOK = (TABLES[t] for t in ("dossier", "history", "outbox", "webhook"))
_REMOVE = delete(_OUTBOX).where(_OUTBOX.c.stream == bindparam("of_stream"), _OUTBOX.c.seq == bindparam("of_seq"))


def take_from_outbox(conn: Connection, most: int) -> Sequence[Row[Any]]:
    """Up to `most` entries the world outside was not told of, with the territory they are about; taken off the outbox.

    The territory is empty for an entry whose dossier is not there.
    """
    wanted = (
        select(_OUTBOX.c.stream, _OUTBOX.c.seq)
        .order_by(_OUTBOX.c.stream, _OUTBOX.c.seq)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = [(r.stream, r.seq) for r in conn.execute(wanted)]
    if not taken:
        return []
    found: Select[Any] = (
        select(_OUTBOX.c.stream, _OUTBOX.c.seq, func.coalesce(_DOSSIER.c.territory, "").label("territory"))
        .outerjoin(_DOSSIER, "dossier/" + _DOSSIER.c.code == _OUTBOX.c.stream)
        .where(_OUTBOX.c.stream.in_({stream for stream, _ in taken}))
        .order_by(_OUTBOX.c.stream, _OUTBOX.c.seq)
    )
    mine = set(taken)
    rows = [row for row in conn.execute(found) if (row.stream, row.seq) in mine]
    conn.execute(_REMOVE, [{"of_stream": stream, "of_seq": seq} for stream, seq in taken])
    return rows


def standing(conn: Connection) -> Sequence[Row[Any]]:
    """The webhooks that were not removed, the oldest first."""
    standing = select(_WEBHOOK).where(_WEBHOOK.c.removed_at.is_(None))
    return conn.execute(standing.order_by(_WEBHOOK.c.added_at, _WEBHOOK.c.id)).all()


def entries(conn: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Row[Any]]:
    """Entries of history by stream and seq: kind, instant, leaf and bytes."""
    query: Select[Any] = select(
        _HISTORY.c.stream, _HISTORY.c.seq, _HISTORY.c.kind, _HISTORY.c.recorded_at, _HISTORY.c.leaf, _HISTORY.c.entry
    ).where(tuple_(_HISTORY.c.stream, _HISTORY.c.seq).in_(sorted(set(wanted))))
    return {(row.stream, row.seq): row for row in conn.execute(query).all()}


def add(conn: Connection, values: Mapping[str, Any]) -> None:
    """A webhook to tell from now on."""
    conn.execute(insert(_WEBHOOK).values(**values))


def remove(conn: Connection, webhook: str, now: datetime) -> None:
    """Tell it no more; the row stays, deliveries name it. Its secret goes."""
    conn.execute(update(_WEBHOOK).where(_WEBHOOK.c.id == webhook).values(removed_at=now, secret=""))
