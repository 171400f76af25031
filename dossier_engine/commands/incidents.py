"""Close an incident: somebody saw to what the engine could not do by itself, and says how."""

from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.errors import BadInput, NotFound
from dossier_engine.records import dossiers, reminders
from dossier_engine.rules.authority import ROLES, knows_of, standing
from dossier_engine.rules.law import legal_day

_CLOSING = tuple(role for role in ROLES if role != "auditor")


def close_incident(session: Session, key: int, act: Act, *, now: datetime) -> None:
    """Close incident `key` with `act.reason`, in the caller's transaction; the face commits.

    Whoever works over its territory may, and administrators. Raises NotFound for one that is not open or not in scope,
    NotAllowed, AppointmentExpired and BadInput without a reason.
    """
    conn = session.connection()
    incident = reminders.lock_incident(conn, key)
    appointments, _, _ = dossiers.sheet(conn, act.person, 0, None)
    if incident is None or not knows_of(appointments, incident.territory):
        raise NotFound("incident", str(key))
    standing(
        appointments, person=act.person, act="close", roles=_CLOSING, territory=incident.territory, on=legal_day(now)
    )
    if not (act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    reminders.close_incident(conn, key, {"closed_at": now, "closed_by": act.person, "reason": act.reason})
