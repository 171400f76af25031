"""Notes that something which must keep going did, so that others can see when it stopped."""

from datetime import datetime

from sqlmodel import Session

from dossier_engine.records import reminders


def pulse(session: Session, name: str, *, now: datetime) -> None:
    """`name` was at work at `now`; the face commits."""
    reminders.beat(session.connection(), name, now)
