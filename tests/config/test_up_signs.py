"""`dossier up` signs: every entry within five seconds, and what hinders it is told."""

import json
import os
import random
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from config.wiring import Engine
from dossier_engine.commands.desk import Act
from dossier_engine.commands.people import add_person
from dossier_engine.notary import keys, memory
from dossier_engine.records import log
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.note import LOG, Checkpoint
from tests.processes import programs, until
from tests.rigs.scale import times
from tests.tasks.looking import opened

pytestmark = pytest.mark.slow
UP = [sys.executable, "-c", "from dossier_engine.cli import main; main()", "up", "--json", "--port", "0"]
WITHIN_SECONDS = 5.0


@contextmanager
def running(home: Path, *options: str) -> Iterator[Path]:
    """A `dossier up`, and the file of what it says."""
    said = home / "up.log"
    environment = {**os.environ, "DOSSIER_CLOCK": ""}  # noqa: TID251  # the commands need a PATH
    with said.open("wb") as file:
        process = subprocess.Popen([*UP, *options], env=environment, stdout=file, stderr=file)
    try:
        until(lambda: "ready" in said.read_text("utf-8"), "a start")
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        until(lambda: programs(home) == {}, "an end", seconds=20)


def events(said: Path, event: str) -> list[dict[str, str]]:
    lines = [json.loads(line) for line in said.read_text("utf-8").splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


def signed(home: Path) -> int:
    """How many entries the newest signed note covers."""
    with opened(home) as engine, engine.looking() as (session, _):
        conn = session.connection()
        found = log.state(conn)
        row = log.newest(conn, found.origin) if found is not None else None
        return row.size if row is not None else 0


def recorded(home: Path) -> int:
    with opened(home) as engine, engine.looking() as (session, _):
        return int(session.execute(select(func.count()).select_from(TABLES["history"])).scalar_one())


@pytest.mark.parametrize("options", [(), ("--no-broker",)], ids=["with a broker", "without a broker"])
def test_every_entry_of_a_trickle_is_signed_within_five_seconds(home, options, capsys):
    rng, waited, waiting = random.Random(9), [], []
    with running(home, *options) as said:
        until(lambda: signed(home) == recorded(home) > 0, "a first signature")
        size, next_at, left = recorded(home), monotonic(), times(60)
        with opened(home) as engine:
            while left or waiting:
                if left and monotonic() >= next_at:
                    with engine.changing() as (session, _):
                        _an_entry(session, left, engine)
                    size, left, next_at = size + 1, left - 1, monotonic() + rng.uniform(0.02, 0.6)
                    waiting.append((size, monotonic()))
                covered, seen = signed(home), monotonic()
                waited += [seen - written for entry, written in waiting if entry <= covered]
                waiting = [(entry, written) for entry, written in waiting if entry > covered]
                assert not waiting or seen - waiting[0][1] < 60, said.read_text("utf-8")
                sleep(0.02)
    slowest = sorted(waited)[-1 - len(waited) // 100]
    with capsys.disabled():
        figures = f"median {statistics.median(waited):.2f} s, p99 {slowest:.2f} s, most {max(waited):.2f} s"
        print(f"\n{len(waited)} entries, from record to signed checkpoint: {figures}")  # noqa: T201  # the figure
    assert slowest <= WITHIN_SECONDS
    assert events(said, "trouble") == []
    assert len(events(said, "key_made")) == 1


def _an_entry(session: Session, n: int, engine: Engine) -> None:
    add_person(session, f"nguoi.{n}", f"Người {n}", Act(person="system:test"), now=engine.now(), rng=engine.rng)


@pytest.mark.parametrize("options", [(), ("--no-broker",)], ids=["with a broker", "without a broker"])
def test_a_log_that_is_not_the_signed_one_is_told_as_trouble_and_nothing_is_signed(home, options):
    memory.begin(home / "signer" / "memory")
    with memory.held(home / "signer" / "memory") as known:
        known.remember(Checkpoint("dossier-log/abcd/1", 10_000, bytes(32)))

    with running(home, *options) as said:
        until(lambda: events(said, "trouble"), "trouble")

    assert events(said, "trouble")[0]["name"] == "signer"
    assert signed(home) == 0
    assert not (home / "signer" / "1.key").exists()


def test_a_signer_that_is_killed_comes_back_and_signs_with_the_same_key(home):
    with running(home) as said:
        until(lambda: signed(home) == recorded(home) > 0, "a first signature")
        key = keys.read(home / "signer" / "1.key", LOG).public
        for n in range(times(3)):
            pid = min(p for p, line in programs(home).items() if "audit sign" in line and "tether" not in line)
            os.kill(pid, signal.SIGKILL)
            with opened(home) as engine, engine.changing() as (session, _):
                _an_entry(session, n, engine)

            until(lambda: signed(home) == recorded(home), "a signature", seconds=60)

        assert events(said, "died")[0]["name"] == "signer"
    assert keys.read(home / "signer" / "1.key", LOG).public == key
    assert memory.read(home / "signer" / "memory").last is not None
