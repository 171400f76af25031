"""How the work that nobody watches is going: what waits to be swept or sent and for how long, and who is at work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from dossier_engine.records.tables import TABLES

_WAKE, _RUNG, _DELIVERY = TABLES["wake"], TABLES["rung"], TABLES["delivery"]
_INCIDENT, _PULSE = TABLES["incident"], TABLES["pulse"]

RECENTLY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Health:
    """What an operator asks first.

    `due` dossiers wait for a sweep, the longest for `sweep_lag`; the delivery that waits longest past its time, for
    `delivery_lag`. `rungs` are the ledger's lines of the last day by outcome: counting all of them costs with age.
    `deliveries` are counted by channel and status, `incidents` that are open by kind. `pulses` say how long ago each
    thing that must keep going did.
    """

    due: int
    sweep_lag: timedelta
    delivery_lag: timedelta
    rungs: Mapping[str, int]
    deliveries: Mapping[tuple[str, str], int]
    incidents: Mapping[str, int]
    pulses: Mapping[str, timedelta]

    @property
    def dead_letters(self) -> int:
        """Deliveries that were given up."""
        return sum(count for (_, status), count in self.deliveries.items() if status == "dead")


def last_pulse(session: Session, name: str, *, now: datetime) -> timedelta | None:
    """How long ago `name` last did what it must keep doing; None if never."""
    at = session.connection().execute(select(_PULSE.c.at).where(_PULSE.c.name == name)).scalar_one_or_none()
    return now - at if at is not None else None


def health(session: Session, *, now: datetime) -> Health:
    """How it is going at `now`."""
    conn = session.connection()
    waiting = select(func.count(), func.min(_WAKE.c.at)).where(_WAKE.c.at <= now)
    due, woken = conn.execute(waiting).one()
    unsent = select(func.min(_DELIVERY.c.available_at)).where(_DELIVERY.c.status.in_(("waiting", "sending")))
    available = conn.execute(unsent.where(_DELIVERY.c.available_at <= now)).scalar_one()
    lines = select(_RUNG.c.outcome, func.count()).where(_RUNG.c.written_at > now - RECENTLY)
    by_status = select(_DELIVERY.c.channel, _DELIVERY.c.status, func.count())
    incidents = select(_INCIDENT.c.kind, func.count()).where(_INCIDENT.c.closed_at.is_(None))
    return Health(
        due=due,
        sweep_lag=now - woken if woken else timedelta(),
        delivery_lag=now - available if available else timedelta(),
        rungs=dict(conn.execute(lines.group_by(_RUNG.c.outcome)).all()),
        deliveries={
            (channel, status): count
            for channel, status, count in conn.execute(by_status.group_by(_DELIVERY.c.channel, _DELIVERY.c.status))
        },
        incidents=dict(conn.execute(incidents.group_by(_INCIDENT.c.kind)).all()),
        pulses={name: now - at for name, at in conn.execute(select(_PULSE.c.name, _PULSE.c.at))},
    )
