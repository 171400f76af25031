"""Note that somebody read what they were told."""

from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.errors import NotFound
from dossier_engine.records import reminders


def read_notice(session: Session, notice: int, act: Act, *, now: datetime) -> datetime:
    """When the person first read their own `notice`, which is now if they had not; the face commits.

    No entry of history: nothing follows from it. Raises NotFound, for the notice of somebody else too.
    """
    read_at = reminders.read_notice(session.connection(), notice, act.person, now)
    if read_at is None:
        raise NotFound("notice", str(notice))
    return read_at
