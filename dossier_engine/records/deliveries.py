"""Deliveries as rows: claimed in bounded batches under a lease, settled by whoever claimed them last, revived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Update, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dossier_engine.records.prepared import Prepared
from dossier_engine.records.tables import TABLES

_DELIVERY = TABLES["delivery"]
_UNSETTLED = _DELIVERY.c.status.in_(("waiting", "sending"))
_CLAIMED = (
    _DELIVERY.c.id, _DELIVERY.c.channel, _DELIVERY.c.recipient, _DELIVERY.c.topic, _DELIVERY.c.attempts,
    _DELIVERY.c.created_at,
)  # fmt: skip
_SETTLE = Prepared(
    update(_DELIVERY).where(
        _DELIVERY.c.id == bindparam("delivery_id"),
        _DELIVERY.c.attempts == bindparam("claimed_as"),
        _DELIVERY.c.status == "sending",
    )
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a claimed delivery; `attempts` is the number its claim gave it."""

    delivery: int
    attempts: int
    status: str
    available_at: datetime
    settled_at: datetime | None
    error: str | None


def due(channel: str, now: datetime) -> ColumnElement[bool]:
    """The condition that a delivery can be claimed: it waits and its time has come, or its claim's lease ran out."""
    return (_DELIVERY.c.channel == channel) & _UNSETTLED & (_DELIVERY.c.available_at <= now)


def is_any_due(conn: Connection, channel: str, now: datetime) -> bool:
    """Whether there is something to claim."""
    return conn.execute(select(_DELIVERY.c.id).where(due(channel, now)).limit(1)).first() is not None


def claim(conn: Connection, channel: str, *, now: datetime, until: datetime, most: int) -> Sequence[Row[Any]]:
    """Take up to `most` that are due, the longest waiting first, until `until`; nobody else gets them before."""
    wanted = (
        select(_DELIVERY.c.id)
        .where(due(channel, now))
        .order_by(_DELIVERY.c.available_at, _DELIVERY.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = {"status": "sending", "attempts": _DELIVERY.c.attempts + 1, "available_at": until}
    return conn.execute(_taking(conn, wanted).values(taken).returning(*_CLAIMED)).all()


def _taking(conn: Connection, wanted: Select[Any]) -> Update:
    if conn.dialect.name == "sqlite":  # one writer at a time
        return update(_DELIVERY).where(_DELIVERY.c.id.in_(wanted))
    # Inside IN (...) PostgreSQL may run the locking query again for every row, and one delivery goes to two senders.
    chosen = wanted.cte("chosen").prefix_with("MATERIALIZED")
    return update(_DELIVERY).where(_DELIVERY.c.id == chosen.c.id)


def settle(conn: Connection, one: Settlement) -> bool:
    """Write down what became of a claimed delivery, if it was still that claim's to settle; whether it was."""
    values = {
        "status": one.status, "available_at": one.available_at, "settled_at": one.settled_at, "error": one.error,
        "delivery_id": one.delivery, "claimed_as": one.attempts,
    }  # fmt: skip
    return _SETTLE.write(conn, values) == 1


def revive(conn: Connection, delivery: int | None, now: datetime) -> Sequence[int]:
    """Let one dead delivery, or all (None), wait again from `now`, for one more try; their keys."""
    again = update(_DELIVERY).where(_DELIVERY.c.status == "dead")
    if delivery is not None:
        again = again.where(_DELIVERY.c.id == delivery)
    waiting = {"status": "waiting", "available_at": now, "settled_at": None}
    return conn.execute(again.values(waiting).returning(_DELIVERY.c.id)).scalars().all()


def by_status(conn: Connection) -> dict[str, int]:
    """How many deliveries there are of each status."""
    return dict(conn.execute(select(_DELIVERY.c.status, func.count()).group_by(_DELIVERY.c.status)).all())


def add(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Deliveries of topics that these recipients have none of yet; how many were new."""
    if not rows:
        return 0
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    wanted = make(_DELIVERY).values([dict(row) for row in rows])
    fresh = wanted.on_conflict_do_nothing(index_elements=["channel", "recipient", "topic"]).returning(_DELIVERY.c.id)
    return len(conn.execute(fresh).all())
