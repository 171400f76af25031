"""The demonstration province: the simulated programme up to a morning, and a clock that stands there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

from sqlmodel import Session

from dossier_engine.demonstration.preparation import prepare
from dossier_engine.demonstration.year import Progress, play
from dossier_engine.records import installation
from dossier_engine.records.database import Database
from dossier_engine.rules.law import HANOI, Law
from dossier_engine.rules.pace import standing

UNTIL = date(2024, 10, 7)
_MORNING = time(8)


def load_demo(
    database: Database,
    law: Law,
    *,
    now: datetime,
    seed: int,
    until: date | None = None,
    progress: Progress | None = None,
) -> bool:
    """Play the programme into an empty, migrated database up to 08:00 on `until` (`UNTIL` if None), in one transaction.

    The installation's clock shows that morning at `now`, the true instant. False, and nothing
    touched, when the database holds a demonstration already. Raises NotEmpty for any other content.
    """
    with database.reading() as session:
        found = installation.about(session.connection())
        if found is not None and found.pace is not None:
            return False
    morning = datetime.combine(until or UNTIL, _MORNING, HANOI).astimezone(UTC)
    with database.writing() as session:
        prepared = prepare(session, database.name, law, year=morning.year, seed=seed, pace=standing(morning, now))
        play(prepared, lambda: _savepoint(session), seed=seed, stop=morning, progress=progress)
    return True


@contextmanager
def _savepoint(session: Session) -> Iterator[Session]:
    with session.begin_nested():
        yield session
