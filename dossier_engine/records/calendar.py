"""Which calendar the installation judges by, and the open deadlines whose dates were counted in it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, or_, select, update

from dossier_engine.records.tables import TABLES

_DEADLINE, _DOSSIER, _PAUSE = TABLES["deadline"], TABLES["dossier"], TABLES["pause"]
_INSTALLATION, _WAKE = TABLES["installation"], TABLES["wake"]

_IS_RUNNING = and_(
    _DOSSIER.c.paused_on.is_(None),
    exists().where(
        _DEADLINE.c.dossier == _DOSSIER.c.id,
        _DEADLINE.c.stage_seq == _DOSSIER.c.stage_seq,
        _DEADLINE.c.met_on.is_(None),
    ),
)
# One administrator's act a year: nobody changes a running dossier until it is done.
_HOLD = select(_DOSSIER.c.id).where(_IS_RUNNING).order_by(_DOSSIER.c.code).with_for_update()
_OPEN = (
    select(_DEADLINE, _DOSSIER.c.code, _DOSSIER.c.definition, _DOSSIER.c.target_year)
    .join(_DOSSIER, and_(_DOSSIER.c.id == _DEADLINE.c.dossier, _DOSSIER.c.stage_seq == _DEADLINE.c.stage_seq))
    .where(_DEADLINE.c.met_on.is_(None), _DOSSIER.c.paused_on.is_(None))
    .order_by(_DOSSIER.c.code, _DEADLINE.c.key)
)
_STOOD = (
    select(_PAUSE.c.dossier, _PAUSE.c.from_on, _PAUSE.c.to_on)
    .join(_DOSSIER, and_(_DOSSIER.c.id == _PAUSE.c.dossier, _DOSSIER.c.stage_seq == _PAUSE.c.stage_seq))
    .where(_PAUSE.c.to_on.is_not(None))
)


def in_use(conn: Connection) -> str | None:
    """The version of the calendar that the installation judges by; None where it is not initialised."""
    return conn.execute(select(_INSTALLATION.c.calendar)).scalar_one_or_none()


def put_in_use(conn: Connection, version: str) -> None:
    """The installation judges by this version from now on."""
    conn.execute(update(_INSTALLATION).values(calendar=version))


def running(conn: Connection) -> Sequence[Row[Any]]:
    """Every open deadline whose clock runs, with its dossier's code, definition and year, in the order of codes.

    The dossiers are locked until the transaction ends, before their deadlines are read.
    """
    conn.execute(_HOLD)
    return conn.execute(_OPEN).all()


def stood_still(conn: Connection) -> dict[int, list[tuple[date, date]]]:
    """The pauses that are over, of the stage in which each dossier stands, by its key."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for dossier, from_on, to_on in conn.execute(_STOOD):
        found[dossier].append((from_on, to_on))
    return found


def wake_all(conn: Connection, now: datetime) -> None:
    """The next sweep looks at every running dossier: rungs lie on other days, or reach into a year that is new."""
    later = or_(_WAKE.c.at.is_(None), _WAKE.c.at > now)
    is_running = exists().where(_DOSSIER.c.id == _WAKE.c.dossier, _IS_RUNNING)
    conn.execute(update(_WAKE).where(is_running, later).values(at=now))
