"""Change one's own password."""

import random
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.attempts import Attempt, take_back
from dossier_engine.records import access, callers


def change_password(
    session: Session, attempt: Attempt, password: str, *, keep: str, now: datetime, rng: random.Random
) -> bool:
    """Put the hash `password` in the place of the one the attempt fitted, and end all sessions but `keep`.

    False if the password was changed meanwhile. The face commits.
    """
    conn, person, before = session.connection(), attempt.person, attempt.password
    if person is None or before is None or not access.replace_password(conn, person, before, password, now):
        return False
    callers.end_sessions(conn, person, now, but=keep)
    take_back(session, attempt, person, now=now)
    access.note(conn, "password_changed", person, person, now=now, rng=rng, address=attempt.address, detail=keep)
    return True
