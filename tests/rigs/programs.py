"""The programs of an installation as an administrator starts them, to be killed: workers and beats of Celery."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

WORKER = ("worker", "-Q", "sweep,deliver,audit", "--concurrency", "2", "--without-gossip", "--without-mingle")
BEAT = ("beat", "--pidfile", "")

Program = subprocess.Popen[bytes]


@dataclass
class Programs:
    """What runs at present, in the environment of the installation."""

    environment: Mapping[str, str]
    log: Path
    workers: list[Program] = field(default_factory=list)
    beats: list[Program] = field(default_factory=list)

    def start(self, *words: str) -> None:
        """One more."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "celery", "-A", "tasks", *words]
            environment = {**os.environ, **self.environment}  # noqa: TID251  # what the tests themselves run in
            started = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        (self.workers if words[0] == "worker" else self.beats).append(started)

    def tend(self) -> None:
        """Start again what died, as `dossier up` and every service manager do: a worker may fall with its broker."""
        for kind, words in ((self.workers, WORKER), (self.beats, BEAT)):
            for program in [one for one in kind if one.poll() is not None]:
                kind.remove(program)
                self.start(*words)

    def kill_somebody(self, rng: random.Random) -> str | None:
        """SIGKILL a worker with all its processes and start another, or one process of its pool; which of both.

        None where no worker is ready for work: killing those that only begin would prove little.
        """
        ready = [worker for worker in self.workers if _pool(worker)]
        if not ready:
            return None
        worker = rng.choice(ready)
        if rng.random() < 0.7:  # a whole worker takes seconds to come back
            with suppress(ProcessLookupError):
                os.kill(rng.choice(_pool(worker)), signal.SIGKILL)
            return "process"
        self.workers.remove(worker)
        end(worker)
        self.start(*WORKER)
        return "worker"


def _pool(worker: Program) -> list[int]:
    """The processes that carry out tasks, once there are any."""
    try:
        return [int(pid) for pid in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()]
    except OSError:  # it fell meanwhile
        return []


@contextmanager
def programs(environment: Mapping[str, str], log: Path) -> Iterator[Programs]:
    """Nothing runs at first, and nothing at the end."""
    running = Programs(environment, log)
    try:
        yield running
    finally:
        for program in (*running.workers, *running.beats):
            end(program)


def end(program: Program) -> None:
    """SIGKILL it and its children."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
