"""The demonstration province: the simulated programme up to a morning, and a clock that stands there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.incidents import close_incident
from dossier_engine.commands.people import change_address
from dossier_engine.demonstration.cast import CHANNEL, SYSTEM
from dossier_engine.demonstration.preparation import Prepared, prepare
from dossier_engine.demonstration.year import Progress, play
from dossier_engine.queries.reminders import incidents
from dossier_engine.records import installation
from dossier_engine.records.database import Database
from dossier_engine.records.scope import EVERYTHING
from dossier_engine.rules.law import HANOI, Law
from dossier_engine.rules.pace import standing

UNTIL = date(2024, 10, 4)  # that morning one dossier counts as stalled
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
        _give_addresses(session, prepared, morning)
    return True


def _give_addresses(session: Session, prepared: Prepared, now: datetime) -> None:
    """From this morning on everybody has an address, so that mails begin with what falls due from now on."""
    scene, rng = prepared.scene, prepared.rng
    for member in scene.cast.members:
        address = scene.words.address.format(handle=member.seat.handle)
        change_address(session, member.person, address, SYSTEM, now=now, rng=rng)
    administrator = next(member.person for member in scene.cast.members if member.seat.role == "administrator")
    act = Act(person=administrator, channel=CHANNEL, reason=scene.words.addressed)
    for incident in incidents(session, EVERYTHING):
        if incident.kind == "no_address":
            close_incident(session, incident.id, act, now=now)


@contextmanager
def _savepoint(session: Session) -> Iterator[Session]:
    with session.begin_nested():
        yield session
