"""`dossier up` as a process: it is ready, survives what happens to its programs, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.processes import kill, programs, until
from tests.tasks.looking import how, last, opened

pytestmark = pytest.mark.slow
UP = [sys.executable, "-c", "from dossier_engine.cli import main; main()", "up", "--json", "--port", "0"]


class Up:
    """A running `dossier up` and what it says."""

    def __init__(self, home: Path, *options: str, clock: str = "speed=2") -> None:
        self.home = home
        environment = {**os.environ, "DOSSIER_CLOCK": clock}  # noqa: TID251  # the commands need a PATH
        self.log = home / "up.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([*UP, *options], env=environment, stdout=log, stderr=log)

    def said(self, event: str) -> list[dict[str, Any]]:
        """Everything of that kind it said so far."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def wait(self, event: str) -> dict[str, Any]:
        until(lambda: self.said(event), f"{event} of {self.log.read_text('utf-8')}")
        return self.said(event)[-1]

    def end(self, kind: signal.Signals) -> float:
        """Send it a signal and wait; how many seconds it took to leave nothing behind."""
        before = monotonic()
        self.process.send_signal(kind)
        self.process.wait(30)
        until(lambda: programs(self.home) == {}, f"an end of {programs(self.home)}", seconds=20)
        return monotonic() - before


@pytest.fixture
def up(home: Path) -> Iterator[Callable[..., Up]]:
    """Starts a `dossier up` in the prepared folder."""
    started: list[Up] = []

    def start(*options: str, **asked: str) -> Up:
        started.append(Up(home, *options, **asked))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_it_sweeps_and_stops_within_seconds_leaving_nothing(home, up, kind):
    running = up()
    running.wait("ready")
    swept = running.wait("swept")

    took = running.end(kind)

    assert (swept["dossiers"], how(home).due) == (2, 0)
    assert (running.process.returncode, len(running.said("stopped"))) == (0, 1)
    assert running.said("trouble") == running.said("died") == []
    assert took < 15


def test_a_second_one_in_the_same_folder_is_refused_and_a_killed_one_leaves_nothing(up):
    running = up()
    running.wait("ready")
    second = subprocess.run(UP, capture_output=True, text=True, check=False)

    running.end(signal.SIGKILL)

    assert (second.returncode, json.loads(second.stderr)["code"]) == (6, "already_running")
    again = up()
    again.wait("ready")
    again.end(signal.SIGTERM)


@pytest.mark.parametrize(("name", "words"), [("worker", "tasks worker"), ("beat", "tasks beat"), ("broker", "valkey")])
def test_a_program_that_is_killed_is_started_again_and_the_sweeps_go_on(home, up, name, words):
    running = up()
    running.wait("ready")
    until(lambda: last(home, "sweep"), "a first sweep")

    kill(home, words)

    assert running.wait("died")["name"] == name
    until(lambda: any(words in line for line in programs(home).values()), "its start")
    for pulse in ("beat", "sweep"):
        before = last(home, pulse)
        until(lambda pulse=pulse, before=before: last(home, pulse) != before, pulse)


def test_without_a_broker_it_sweeps_by_itself(home, up):
    running = up("--no-broker")

    swept = running.wait("swept")

    assert len(programs(home)) == 3, "itself, and what serves under its tether"
    until(lambda: last(home, "beat"), "a beat")
    running.end(signal.SIGINT)
    assert (swept["dossiers"], how(home).due) == (2, 0)


def test_a_broker_that_is_given_is_used_and_none_is_started(home, up, valkey, monkeypatch):
    monkeypatch.setenv("DOSSIER_BROKER_URL", valkey.url)

    running = up()

    running.wait("swept")
    assert not any("valkey-server" in line for line in programs(home).values())
    running.end(signal.SIGINT)


def test_the_clock_runs_fast_while_it_runs_and_at_the_true_pace_afterwards(home, up):
    with opened(home) as engine:
        before = engine.now()
        running = up("--no-broker", clock="speed=3600,offset=1d")
        running.wait("ready")
        until(lambda: engine.speed() == 3600, "its speed")
        until(lambda: (engine.now() - before).total_seconds() > 86_400 + 4 * 3_600, "a day and four hours")

        running.end(signal.SIGINT)

        until(lambda: engine.speed() == 1, "the true pace", seconds=5)


def test_a_killed_one_does_not_let_time_run_on(home, up):
    running = up("--no-broker", clock="speed=3600")
    running.wait("ready")

    running.end(signal.SIGKILL)

    with opened(home) as engine:
        until(lambda: engine.speed() == 1, "the end of its lease", seconds=15)
