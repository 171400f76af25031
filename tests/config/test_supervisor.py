"""Programs under a tether: started again when they die, and gone when nobody holds them any more."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from config.running.supervisor import Died, Program, Supervisor
from tests.processes import programs, until

SAY_AND_STAY = "import sys, time; print('here', file=sys.stderr, flush=True); time.sleep(600)"
CHILD_AND_STAY = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """A supervisor that hears nothing; everything it started is ended."""
    made = Supervisor(heard=lambda _name, _line: None)
    yield made
    made.stop()


def a_program(home: Path, code: str, name: str = "one") -> Program:
    environment = {**os.environ, "DOSSIER_HOME": str(home)}  # noqa: TID251  # programs are found by it
    return Program(name, [sys.executable, "-c", code], environment)


def deaths(supervisor: Supervisor, wanted: int) -> list[Died]:
    found: list[Died] = []
    until(lambda: found.extend(supervisor.tend()) or len(found) >= wanted, f"{wanted} deaths")
    return found


def test_what_a_program_says_is_heard_under_its_name(tmp_path):
    heard: list[tuple[str, str]] = []
    supervisor = Supervisor(heard=lambda name, line: heard.append((name, line)))

    supervisor.start(a_program(tmp_path, SAY_AND_STAY))

    until(lambda: heard, "a line")
    supervisor.stop()
    assert heard == [("one", "here")]


def test_a_program_that_dies_is_started_again_after_pauses_that_grow(tmp_path, supervisor):
    supervisor.start(a_program(tmp_path, "raise SystemExit(3)"))

    found = deaths(supervisor, 3)

    assert [(died.name, died.exit_code) for died in found] == [("one", 3)] * 3
    assert [died.pause_seconds for died in found] == [0.5, 1.0, 2.0]


def test_stopping_ends_programs_and_their_children_at_once_and_the_last_first(tmp_path):
    ended: list[str] = []
    supervisor = Supervisor(heard=lambda name, line: ended.append(name) if line == "end" else None)
    told = "import signal, sys, time\ndef end(*_):\n print('end', file=sys.stderr, flush=True); sys.exit()\n"
    told += "signal.signal(signal.SIGTERM, end); print('up', file=sys.stderr, flush=True); time.sleep(600)"
    supervisor.start(a_program(tmp_path, CHILD_AND_STAY, "parent"))
    for name in ("first", "last"):
        supervisor.start(a_program(tmp_path, told, name))
    until(lambda: len(programs(tmp_path)) == 7, "three programs under their tethers and a child")

    before = monotonic()
    supervisor.stop()

    until(lambda: len(ended) == 2, "two that say so")
    assert ended == ["last", "first"]
    assert programs(tmp_path) == {}
    assert monotonic() - before < 5


def test_a_tether_that_is_killed_takes_its_program_along(tmp_path, supervisor):
    supervisor.start(a_program(tmp_path, CHILD_AND_STAY))
    until(lambda: len(programs(tmp_path)) == 3, "a program and its child")
    process = supervisor.programs[0].process
    assert process is not None

    process.kill()
    [died] = deaths(supervisor, 1)

    assert died.exit_code == -9
    until(lambda: programs(tmp_path) == {}, "nothing left of it")


def test_a_supervisor_that_is_killed_leaves_nothing_behind(tmp_path):
    environment = {**os.environ, "DOSSIER_HOME": str(tmp_path)}  # noqa: TID251  # programs are found by it
    code = f"""
import sys, time
from config.running.supervisor import Program, Supervisor
supervisor = Supervisor(heard=lambda *_: None)
supervisor.start(Program("one", [sys.executable, "-c", {CHILD_AND_STAY!r}], {{"DOSSIER_HOME": {str(tmp_path)!r}}}))
time.sleep(600)
"""
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)
    until(lambda: len(programs(tmp_path)) == 4, "supervisor, tether, program and its child")

    process.kill()
    process.wait()

    until(lambda: programs(tmp_path) == {}, "everything ended", seconds=10)


def test_listening_ends_with_the_program(tmp_path):
    before = threading.active_count()
    supervisor = Supervisor(heard=lambda _name, _line: None)
    supervisor.start(a_program(tmp_path, SAY_AND_STAY))

    supervisor.stop()

    until(lambda: threading.active_count() == before, "the end of the thread")
