"""Whether the rigs would notice: sweeps that lock nothing tell everything twice, unless the constraint forbids it.

In the sabotaged processes the sweep reads what is due without a lock, and both have read before either writes, so that
neither finds the other's lines in the ledger.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from multiprocessing.synchronize import Barrier
from random import Random
from typing import Any

import pytest
from sqlalchemy import bindparam, text

from dossier_engine.commands.sweep import sweep
from dossier_engine.records import reminders
from dossier_engine.records.database import Database
from dossier_engine.records.tables import TABLES
from tests.makers import Province, at, the_law
from tests.rigs.fallen import doubles, flaws, lines, many_dossiers
from tests.rigs.ownership import as_owner
from tests.rigs.racing import PROCESSES

PROCESSES.set_forkserver_preload(["tests.rigs.racing", "tests.rigs.test_rigs_notice"])
PATIENCE_SECONDS = 60.0
DOSSIERS = 10
NOW = at("2024-07-17", 7, 5)  # ten working days are left: a reminder, and no entry of history that a chain would guard

_DOSSIER, _WAKE = TABLES["dossier"], TABLES["wake"]
pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("database", ["postgres"], indirect=True)]


def sweep_without_lock(url: str, seed: int, both: Barrier, lane: "Pipe[Any, Any]") -> None:
    """A sweep as it must not be, told in the words of what became of it."""
    honest = reminders.watched

    def due(conn: Any, now: Any, most: int) -> Sequence[Any]:
        query = reminders.WATCHED.where(_WAKE.c.at <= bindparam("now"))
        return conn.execute(query.order_by(_DOSSIER.c.id).limit(most), {"now": now}).all()

    def watched(*asked: Any) -> Any:
        found = honest(*asked)
        both.wait(PATIENCE_SECONDS)
        return found

    reminders.due, reminders.watched = due, watched
    database = Database(url)
    try:
        with database.writing() as session:
            told = sweep(session, the_law(), now=NOW, rng=Random(seed))
        lane.send(f"{told.dossiers} swept")
    except Exception as error:  # noqa: BLE001 -- whatever it is, the test must hear of it
        lane.send(type(error).__name__)
    database.close()


def two_at_once(province: Province) -> list[str]:
    """What two such sweeps say."""
    url = province.database.url.render_as_string(hide_password=False)
    both, lanes = PROCESSES.Barrier(2), []
    for seed in range(2):
        near, far = PROCESSES.Pipe()
        PROCESSES.Process(target=sweep_without_lock, args=(url, seed, both, far), daemon=True).start()
        lanes.append(near)
    for lane in lanes:
        assert lane.poll(PATIENCE_SECONDS), "a sweep hangs"
    return sorted(lane.recv() for lane in lanes)


@contextmanager
def without_constraint(database: Database) -> Iterator[None]:
    """What only the owner of the tables can do."""
    with as_owner(database) as owner:
        with owner.migrating() as conn:
            conn.execute(text("ALTER TABLE rung DROP CONSTRAINT rung_once"))
        yield


@pytest.fixture
def swept(province: Province) -> Province:
    """Ten dossiers on the eve of their first reminder, everything swept so far."""
    many_dossiers(province, DOSSIERS)
    province.sweep("2024-07-16", 8)
    return province


def test_without_locks_and_without_the_constraint_every_rung_is_told_twice_and_the_rig_says_so(swept: Province) -> None:
    with without_constraint(swept.database):
        said = two_at_once(swept)

    assert said == [f"{DOSSIERS} swept"] * 2
    with swept.database.reading() as session:
        found = doubles(session.connection())
        assert flaws(session, swept.law, NOW)[: len(found)] == found
    kinds = [kind for kind, *_ in found]
    assert (kinds.count("ledger"), kinds.count("notice")) == (DOSSIERS, DOSSIERS)


def test_without_locks_the_constraint_refuses_the_second_and_nothing_is_told_twice(swept: Province) -> None:
    with swept.database.reading() as session:
        before = lines(session)

    said = two_at_once(swept)

    assert said == [f"{DOSSIERS} swept", "IntegrityError"]
    with swept.database.reading() as session:
        assert lines(session) == before + DOSSIERS
        assert flaws(session, swept.law, NOW) == []
