"""Random lives of dossiers: whatever anybody tries, the engine answers as the model says, and history adds up."""

import os
import sys
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from dossier_engine.queries.audit import verify
from dossier_engine.records.database import Database
from tests.makers import a_province, with_calendar
from tests.soak_plugin import keep
from tests.stateful.book import the_book
from tests.stateful.life import Life, World, a_world
from tests.verifier.replaying import replayed

SOAK = "DOSSIER_SOAK" in os.environ  # noqa: TID251 -- a setting of the test run, not of the engine
SETTINGS = settings(
    max_examples=10, stateful_step_count=30, deadline=None, database=None, print_blob=False,
    phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
)  # fmt: skip
REFUSALS = {
    "already_open", "appointment_expired", "bad_input", "calendar_missing", "date_before_previous", "date_in_future",
    "key_reused", "no_such_deadline", "not_allowed", "not_found", "not_paused", "not_possible", "paused",
    "requirements_unmet", "separation_of_duties", "stale_version", "wrong_subject",
}  # fmt: skip
Capsys = pytest.CaptureFixture[str]
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def unseen(world: World) -> set[str]:
    """The transitions and other changes that nobody made yet, and the refusals that nobody got."""
    changes = the_book().moves.keys() | {"register", "record", "pause", "resume", "extend", "raise", "answer"}
    return (changes - world.taken.keys()) | (REFUSALS - world.answers.keys())


def live(world: World, first_seed: int, steps: int, most: int = 0) -> None:
    """Ten lives a seed, until so many things were asked of the engine, and for something unseen up to `most`."""
    number = first_seed
    while (tried := sum(world.answers.values())) < steps or (tried < most and unseen(world)):
        try:
            # Any maker of lives will do, whatever its type says.
            run_state_machine_as_test(seed(number)(partial(Life, world)), settings=SETTINGS)  # type: ignore[arg-type]
        except Exception as error:
            error.add_note(f"in the lives of seed {number}, after {tried} steps")
            raise
        number += 1


def tell(database: Database, world: World, first_seed: int) -> float:
    """Print what was tried, and keep it where a soak run wants it; gives the share of what was accepted."""
    tried = sum(world.answers.values())
    share = world.answers["accepted"] / tried
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    told = f"random lives on {kind}, seed {first_seed}: {tried} steps, {share:.0%} accepted"
    told += f"; {dict(world.answers)}; rungs {dict(world.rungs)}"
    sys.stderr.write(f"\n{told}\n")  # where the workers of a parallel run are heard too
    keep({"test": "random lives", "database": kind, "seed": first_seed, "steps": tried, "accepted": share,
          "answers": world.answers, "taken": world.taken, "rungs": world.rungs})  # fmt: skip
    return share


@on_sqlite
def test_five_hundred_steps_are_answered_as_the_model_says(database: Database, capsys: Capsys) -> None:
    world = a_world(with_calendar(a_province(database)))

    live(world, 1, 500)

    with capsys.disabled():
        assert tell(database, world, 1) >= 0.3
    with database.reading() as session:
        assert verify(session, world.province.law).findings == ()
    assert replayed(database) == []


@pytest.mark.asvs("V2.3.1")
@pytest.mark.slow
@pytest.mark.parametrize("first_seed", [1000 * n for n in range(1, 11 if SOAK else 2)])
@pytest.mark.parametrize(
    ("database", "steps"),
    [("sqlite", 12_000), pytest.param("postgres", 8_000 if SOAK else 4_000, marks=pytest.mark.postgres)],
    indirect=["database"],
)
def test_thousands_of_steps_are_answered_as_the_model_says(
    database: Database, steps: int, first_seed: int, capsys: Capsys
) -> None:
    world = a_world(with_calendar(a_province(database)))

    live(world, first_seed, steps, most=4 * steps)

    with capsys.disabled():
        assert tell(database, world, first_seed) >= 0.3
    assert unseen(world) == set()
    with database.reading() as session:
        assert verify(session, world.province.law).findings == ()
    assert replayed(database) == []
