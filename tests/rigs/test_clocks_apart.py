"""A sweeper and an officer whose clocks are an hour apart, at the same dossiers: nothing twice, nothing lost."""

import random
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest

from dossier_engine.commands.record import Record, record
from dossier_engine.commands.sweep import sweep
from dossier_engine.records.database import Database
from dossier_engine.rules.requirements import Value
from tests.makers import Province, at, the_law
from tests.rigs.fallen import communes, flaws, many_dossiers
from tests.rigs.racing import PROCESSES
from tests.rigs.tries import assert_intact

PROCESSES.set_forkserver_preload(["tests.rigs.racing", "tests.rigs.test_clocks_apart"])
PATIENCE_SECONDS = 60.0
DOSSIERS = 8
DAYS = ("2024-07-17", "2024-07-24", "2024-07-30", "2024-07-31", "2024-08-01", "2024-08-02", "2024-08-07")


def sweep_by_a_clock(url: str, ahead: timedelta, start: Barrier, lane: "Connection[Any, Any]") -> None:
    """Sweep on each day at 07:30 by the true clock, with one that is so far ahead."""
    database, rng = Database(url), random.Random(1)
    for day in DAYS:
        start.wait(PATIENCE_SECONDS)
        with database.writing() as session:
            sweep(session, the_law(), now=at(day, 7, 30) + ahead, rng=rng)
    lane.send("done")
    database.close()


def act_by_a_clock(
    url: str, people: dict[str, str], ahead: timedelta, start: Barrier, lane: "Connection[Any, Any]"
) -> None:
    """Record something on one dossier after another at the same time, each day."""
    province = Province(Database(url), people, the_law(), random.Random(2))
    offices = {f"HD-2024-NC-{n:04d}": code for n, code in enumerate(communes()[:DOSSIERS], 1)}
    vote: dict[str, Value] = {"vote": {"agree": 18, "present": 20}}
    for day in DAYS:
        start.wait(PATIENCE_SECONDS)
        for code, commune in offices.items():
            act(province, code, {"10894": "xa", "10924": "xa2"}.get(commune, commune), vote, day, ahead)
    lane.send("done")
    province.database.close()


def act(province: Province, code: str, handle: str, vote: dict[str, Value], day: str, ahead: timedelta) -> None:
    """A vote recorded by a clock that is so far ahead."""
    order = Record(dossier=code, requirement="commune_vote", items=vote, act=province.act(handle))
    with province.writing() as session:
        record(session, province.law, order, now=at(day, 7, 30) + ahead, rng=province.rng)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["sweeper", "officer"])
def test_a_clock_that_is_an_hour_behind_loses_and_doubles_nothing(province: Province, who: str) -> None:
    many_dossiers(province, DOSSIERS)
    url, behind = province.database.url.render_as_string(hide_password=False), timedelta(hours=-1)
    clocks = {"sweeper": timedelta(), "officer": timedelta(), who: behind}
    start, lanes = PROCESSES.Barrier(2), []
    for target, args in (
        (sweep_by_a_clock, (url, clocks["sweeper"])),
        (act_by_a_clock, (url, province.people, clocks["officer"])),
    ):
        near, far = PROCESSES.Pipe()
        PROCESSES.Process(target=target, args=(*args, start, far), daemon=True).start()
        lanes.append(near)

    for lane in lanes:
        assert lane.poll(PATIENCE_SECONDS), "somebody hangs"
        assert lane.recv() == "done"
    province.sweep(DAYS[-1], 8)

    with province.database.reading() as session:
        assert flaws(session, province.law, at(DAYS[-1], 8)) == []
    assert_intact(province)
