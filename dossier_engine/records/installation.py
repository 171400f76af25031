"""What the database says it is: real or a demonstration, and the clock a demonstration runs on."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.pace import Pace

_INSTALLATION = TABLES["installation"]
_CLOCK = {name: _INSTALLATION.c[f"clock_{name}"] for name in ("at", "since", "speed", "until")}


@dataclass(frozen=True, slots=True)
class About:
    """The version of the calendar it was made with, and a demonstration's clock (None: the true one)."""

    calendar: str
    pace: Pace | None


def about(conn: Connection, *, lock: bool = False) -> About | None:
    """What the database is, or None before `init`; `lock` keeps others from setting its clock."""
    query = select(_INSTALLATION.c.calendar, *_CLOCK.values())
    row = conn.execute(query.with_for_update() if lock else query).first()
    return About(row[0], None if row[1] is None else Pace(*row[1:])) if row else None


def found(conn: Connection, calendar: str, pace: Pace | None) -> None:
    """Say what an empty database is from now on."""
    conn.execute(insert(_INSTALLATION).values(one=1, calendar=calendar, demonstration=pace is not None, **_set(pace)))


def set_pace(conn: Connection, pace: Pace) -> None:
    """The state of a demonstration's clock; the database refuses it elsewhere."""
    conn.execute(update(_INSTALLATION).values(_set(pace)))


def _set(pace: Pace | None) -> dict[str, object]:
    return {column.name: getattr(pace, name, None) for name, column in _CLOCK.items()}
