"""The clock of an installation: the true one, or one that a demonstration's database keeps for every process."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.adoption import adopt_province
from config.settings import Clock, Settings
from config.wiring import Engine
from dossier_engine.errors import NotADemonstration
from dossier_engine.records.database import Database
from dossier_engine.rules.pace import standing
from tests.makers import SETUP, a_province, at

TRUE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOWN = at("2024-10-07", 8)
LEASE = timedelta(seconds=10)


class Watch:
    """A true clock that the test sets."""

    def __init__(self) -> None:
        self.now = TRUE

    def __call__(self) -> datetime:
        return self.now


def an_engine(database: Database, watch: Watch, clock: Clock | None = None) -> Engine:
    url = database.url.render_as_string(hide_password=False)
    return Engine(Settings(Path(), url, url, "vi", None, clock=clock), database, clock=watch)


def demonstration(database: Database) -> None:
    with database.writing() as session:
        rng = random.Random(1)
        adopt_province(session, SETUP, now=at("2024-01-02"), rng=rng, pace=standing(SHOWN, TRUE))


def test_two_processes_see_one_time_and_a_change_within_a_second(database):
    demonstration(database)
    watch = Watch()
    one, other = an_engine(database, watch), an_engine(database, watch)
    before = other.now()

    one.set_clock(lambda pace, true: pace.driven(true, speed=600, lease=LEASE))
    watch.now += timedelta(seconds=2)

    assert before == SHOWN
    assert one.now() == other.now() == SHOWN + timedelta(minutes=20)
    assert (one.speed(), other.speed()) == (600, 600)


def test_a_clock_nobody_drives_any_more_keeps_the_true_pace(database):
    demonstration(database)
    watch = Watch()
    engine = an_engine(database, watch)
    engine.set_clock(lambda pace, true: pace.driven(true, speed=600, lease=LEASE))

    watch.now += timedelta(minutes=5)

    assert engine.now() == SHOWN + timedelta(seconds=10 * 600 + 290)
    assert engine.speed() == 1


def test_a_real_installation_runs_on_the_true_clock_and_refuses_any_other(database):
    a_province(database)
    with database.writing() as session:
        adopt_province(session, SETUP, now=at("2024-01-02"), rng=random.Random(1))
    watch = Watch()
    engine = an_engine(database, watch)
    shifted = replace(engine, settings=replace(engine.settings, clock=Clock(speed=600)), _known=None)

    now = engine.now()

    assert (now, engine.speed(), engine.is_demonstration()) == (TRUE, 1, False)
    with pytest.raises(NotADemonstration):
        shifted.now()
    with pytest.raises(NotADemonstration):
        engine.set_clock(lambda pace, true: pace.let_go(true))


def test_an_engine_opened_before_its_database_is_filled_learns_of_it(database):
    watch = Watch()
    engine = an_engine(database, watch)
    empty = engine.now()

    demonstration(database)

    assert (empty, engine.now()) == (TRUE, SHOWN)


def test_a_definition_is_read_once_however_often_it_is_asked_for(database):
    a_province(database)
    engine = an_engine(database, Watch())

    with engine.looking() as (_, first), engine.looking() as (_, second):
        same = [first.workflows[sha256] is second.workflows[sha256] for sha256 in first.workflows]

    assert same
    assert all(same)
