"""The buckets in which failures to sign in are counted; the rule is in `rules/throttle.py`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, or_, select, tuple_, update

from dossier_engine.records.prepared import insert_unless_there
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.throttle import FORGOTTEN_AFTER, KNOWN_FOR

_THROTTLE = TABLES["throttle"]
_AT_ONCE = 100


def _is(bucket: str, network: str) -> Any:  # noqa: ANN401  # a condition of Core
    return and_(_THROTTLE.c.bucket == bucket, _THROTTLE.c.network == network)


def is_known(conn: Connection, bucket: str, network: str, now: datetime) -> bool:
    """Whether the owner of the bucket came in from that network, and not too long ago."""
    known = select(_THROTTLE.c.bucket).where(_is(bucket, network), _THROTTLE.c.signed_in_at > now - KNOWN_FOR)
    return conn.execute(known).first() is not None


def hold(conn: Connection, buckets: Sequence[str], network: str, now: datetime) -> list[Row[Any]]:
    """These buckets of a network, held in a fixed order until the transaction ends."""
    return [_held(conn, bucket, network, now) for bucket in sorted(buckets)]


def _held(conn: Connection, bucket: str, network: str, now: datetime) -> Row[Any]:
    wanted: Select[Any] = select(_THROTTLE).where(_is(bucket, network)).with_for_update()
    while (found := conn.execute(wanted).one_or_none()) is None:  # an old one may be cleared away between two looks
        _begin(conn, bucket, network, now)
    return found


def _begin(conn: Connection, bucket: str, network: str, now: datetime) -> None:
    empty = {"bucket": bucket, "network": network, "failures": 0, "last_at": now, "throttled": 0}
    insert_unless_there(conn, _THROTTLE, empty)


def count(conn: Connection, bucket: str, network: str, failures: int, now: datetime) -> None:
    """So many failures up to now."""
    conn.execute(update(_THROTTLE).where(_is(bucket, network)).values(failures=failures, last_at=now))


def count_throttled(conn: Connection, bucket: str, network: str) -> None:
    """One more attempt that was not looked at."""
    conn.execute(update(_THROTTLE).where(_is(bucket, network)).values(throttled=_THROTTLE.c.throttled + 1))


def take_back(conn: Connection, bucket: str, network: str) -> None:
    """One failure less: it was none."""
    fewer = update(_THROTTLE).where(_is(bucket, network), _THROTTLE.c.failures > 0)
    conn.execute(fewer.values(failures=_THROTTLE.c.failures - 1))


def came_in(conn: Connection, bucket: str, network: str, now: datetime) -> None:
    """The owner of the bucket came in from that network: nothing is held against them there."""
    _begin(conn, bucket, network, now)
    conn.execute(update(_THROTTLE).where(_is(bucket, network)).values(failures=0, last_at=now, signed_in_at=now))


def clear(conn: Connection, now: datetime) -> None:
    """Remove some of what no longer counts, and that nobody is at work on."""
    stranger = or_(_THROTTLE.c.signed_in_at.is_(None), _THROTTLE.c.signed_in_at <= now - KNOWN_FOR)
    over = select(_THROTTLE.c.bucket, _THROTTLE.c.network).where(_THROTTLE.c.last_at <= now - FORGOTTEN_AFTER, stranger)
    some = over.order_by(_THROTTLE.c.last_at).limit(_AT_ONCE).with_for_update(skip_locked=True)
    conn.execute(delete(_THROTTLE).where(tuple_(_THROTTLE.c.bucket, _THROTTLE.c.network).in_(some)))


def forget(conn: Connection, bucket: str) -> None:
    """Remove a bucket in every network."""
    conn.execute(delete(_THROTTLE).where(_THROTTLE.c.bucket == bucket))
