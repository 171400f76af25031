"""Real workers and beats on a real Valkey: whatever happens to them, what is due gets done once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from config.rounds import sweep_round
from config.running import broker
from config.settings import Settings, read
from tests.processes import until
from tests.tasks.looking import how, last, ledger, opened
from tests.valkey_plugin import Valkey, serving

pytestmark = pytest.mark.slow
WORKER = ("worker", "-Q", "sweep,deliver,audit", "--concurrency", "2", "--without-gossip", "--without-mingle")
BEAT = ("beat", "--pidfile", "")
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts a program of Celery's on the broker at a URL; all are killed at the end."""
    started = []

    def program(url: str, *words: str) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, "DOSSIER_BROKER_URL": url, "DOSSIER_CLOCK": "speed=2"}  # noqa: TID251
        log = (home / f"{words[0]}.log").open("ab")
        command = [sys.executable, "-m", "celery", "-A", "tasks", *words]
        started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True))
        log.close()
        return started[-1]

    yield program
    for process in started:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL it and its children."""
    if process.poll() is None:
        os.killpg(process.pid, 9)
    process.wait()


def ended(process: "subprocess.Popen[bytes]") -> bool:
    """Whether it ends within some seconds, as a service manager would see."""
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        return False
    return True


def goes_on(home: Path, what: str) -> None:
    """A beat and a sweep come that were not there yet."""
    for pulse in ("beat", "sweep"):
        before = last(home, pulse)
        until(lambda pulse=pulse, before=before: last(home, pulse) != before, f"{pulse} after {what}")


def swept_here(home: Path, tmp_path: Path) -> list[str]:
    """The ledger as one sweep in one process writes it."""
    alone = tmp_path / "alone"
    shutil.copytree(home, alone)
    with opened(alone) as engine:
        sweep_round(engine)
    return ledger(alone)


def test_two_beats_and_two_workers_write_what_one_sweep_writes(home, start, valkey, tmp_path):
    wanted = swept_here(home, tmp_path)

    for program in (WORKER, WORKER, BEAT, BEAT):
        start(valkey.url, *program)

    until(lambda: how(home).due == 0, "a sweep")
    goes_on(home, "the first")
    assert ledger(home) == wanted != []


def test_flushing_the_broker_delays_and_loses_nothing(home, start, valkey):
    start(valkey.url, *WORKER)
    start(valkey.url, *BEAT)
    until(lambda: last(home, "sweep"), "a sweep")

    with Redis(port=valkey.port) as client:
        client.flushall()

    goes_on(home, "FLUSHALL")


def test_a_killed_worker_is_replaced_by_another_that_goes_on(home, start, valkey):
    worker = start(valkey.url, *WORKER)
    start(valkey.url, *BEAT)
    until(lambda: last(home, "sweep"), "a sweep")

    kill(worker)
    start(valkey.url, *WORKER)

    goes_on(home, "the worker was killed")


def test_a_broker_that_dies_and_comes_back_is_taken_up_again(home, start, tmp_path):
    (tmp_path / "broker").mkdir()
    port = broker.free_port()
    url = Valkey(port).url
    with serving(tmp_path / "broker", port):
        programs = {words: start(url, *words) for words in (WORKER, BEAT)}
        until(lambda: last(home, "sweep"), "a sweep")

    with serving(tmp_path / "broker", port):
        for words, program in programs.items():
            if ended(program):  # kombu may end with a broker that dies while it holds a message of its
                start(url, *words)
        goes_on(home, "the broker died")


def test_whether_broker_and_workers_answer_can_be_asked(start, valkey):
    settings: Settings = read({})
    gone = Valkey(broker.free_port()).url

    before = broker.workers(valkey.url, settings)
    start(valkey.url, *WORKER)

    until(lambda: broker.workers(valkey.url, settings), "a worker that answers")
    assert before == []
    assert (broker.answers(valkey.url, settings), broker.answers(gone, settings)) == (True, False)
