"""Keeps a few programs running: each is started under a tether, started again when it dies, and ended in order."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

from config.running.tether import GRACE_SECONDS

_LONGEST_PAUSE_SECONDS = 30.0
_SOUND_SECONDS = 60.0  # who lived that long starts anew with short pauses

Heard = Callable[[str, str], None]
"""Takes the name of a program and a line it wrote to its standard error; called on a thread of its own."""


@dataclass(slots=True)
class Program:
    """One program to keep running, and how it is at present."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[str] | None" = None
    started: float = 0.0
    deaths: int = 0
    again_at: float = 0.0


@dataclass(slots=True)
class Died:
    """A program ended by itself, and how long the pause is before it is started again."""

    name: str
    exit_code: int
    pause_seconds: float


@dataclass(slots=True)
class Supervisor:
    """The programs in the order they are started; they are ended in the reverse order."""

    heard: Heard
    programs: list[Program] = field(default_factory=list)

    def start(self, program: Program) -> None:
        """Start a program and keep it running from now on. Call it on the main thread."""
        self.programs.append(program)
        self._start(program)

    def tend(self) -> list[Died]:
        """Start again what died, after a pause that doubles; what died since the last call."""
        died = []
        for program in self.programs:
            process, now = program.process, monotonic()
            if process is None:
                if now >= program.again_at:
                    self._start(program)
            elif process.poll() is not None:
                _sweep_up(process)
                program.deaths = 1 if now - program.started > _SOUND_SECONDS else program.deaths + 1
                pause = min(0.25 * 2**program.deaths, _LONGEST_PAUSE_SECONDS)
                program.process, program.again_at = None, now + pause
                died.append(Died(program.name, process.returncode, pause))
        return died

    def stop(self) -> None:
        """End every program, each after those that were started behind it."""
        while self.programs:
            process = self.programs.pop().process
            if process is not None:
                _cut(process)

    def _start(self, program: Program) -> None:
        program.process = subprocess.Popen(  # noqa: S603  # our own programs
            [sys.executable, "-P", "-m", "config.running.tether", *program.command],
            env=program.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        program.started = monotonic()
        threading.Thread(target=self._listen, args=[program.name, program.process], daemon=True).start()

    def _listen(self, name: str, process: "subprocess.Popen[str]") -> None:
        if process.stderr is not None:
            with process.stderr as lines:
                for line in lines:
                    self.heard(name, line.rstrip("\n"))


def _cut(process: "subprocess.Popen[str]") -> None:
    """Let the tether go: the program ends what it is doing, or is killed."""
    if process.stdin is not None:
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS + 5)
    _sweep_up(process)


def _sweep_up(process: "subprocess.Popen[str]") -> None:
    """Kill whatever is left of the group of a tether: it may have been killed itself."""
    if process.stdin is not None:
        process.stdin.close()
    with suppress(ProcessLookupError, PermissionError):  # nobody is left, or only dead ones
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
