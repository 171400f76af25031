"""What to try first in a demonstration: commands that work as they stand, on dossiers that are really there."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from dossier_engine.records.tables import TABLES

_DOSSIER, _PERSON, _APPOINTMENT = TABLES["dossier"], TABLES["person"], TABLES["appointment"]


def suggestions(session: Session, *, today: date, number: str, reason: str) -> list[str]:
    """Command lines without the program's name, each of which succeeds on the demonstration as it was loaded.

    One dossier is taken the last step to recognition, by a decision of that `number`, for that `reason`.
    """
    clerk = _handle(session, "decision_clerk")
    decided = _first(session, "dard_appraised")
    recording = f"record {decided} document decision --number {number} --date {today}"
    on_the_dossier = [
        f"show {decided}",
        f"actions {decided} --as {clerk}",
        f"deadline explain {decided}",
        f"{recording} --field batch=1 --sha256 {'0' * 64} --as {clerk}",
        f"advance {decided} recognize --as {clerk} --reason '{reason}'",
        f"history {decided}",
    ]
    return ["list --overdue", "plan show", *(on_the_dossier if decided else []), "audit verify"]


def _first(session: Session, state: str) -> str | None:
    """The first advanced commune's dossier in that state, if there is one."""
    query = select(_DOSSIER.c.code).where(_DOSSIER.c.state == state, _DOSSIER.c.workflow == "commune-advanced")
    return session.execute(query.order_by(_DOSSIER.c.code)).scalars().first()


def _handle(session: Session, role: str) -> str:
    query = select(_PERSON.c.handle).join(_APPOINTMENT, _APPOINTMENT.c.person == _PERSON.c.id)
    return str(session.execute(query.where(_APPOINTMENT.c.role == role).order_by(_PERSON.c.handle)).scalars().first())
