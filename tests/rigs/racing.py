"""Processes that each open the database for themselves and act at the same instant."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from config import wiring
from config.settings import Settings
from dossier_engine.commands.desk import Receipt
from dossier_engine.errors import DossierError
from dossier_engine.records.database import Database
from dossier_engine.rules.law import Law
from tests.makers import at

# One clean process imports the engine and is copied for every racer: pytest's own may have threads, which no fork
# survives, and a new interpreter for each would take seconds.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])

_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Try:
    """One command with its order, in a transaction of its own, on a day."""

    command: Callable[..., Receipt]
    order: Any
    on: str


# A refusal is a result; whatever else went wrong is told as text, and no test expects it.
Result = Receipt | DossierError | str


class Racers:
    """Some processes that start on the same signal; each has its database open before the first race."""

    def __init__(self, lanes: Sequence["Connection[Any, Any]"]) -> None:
        self._lanes = lanes

    def race(self, *tries: Try) -> list[Result]:
        """What became of each try, when all were made at once."""
        return [results[-1] for results in self.relay(*([t] for t in tries))]

    def relay(self, *runs: Sequence[Try]) -> list[list[Result]]:
        """The same for runs of several tries, each racer going through its own without waiting for the others."""
        assert len(runs) == len(self._lanes)
        for lane, run in zip(self._lanes, runs, strict=True):
            lane.send(run)
        return [_heard(lane) for lane in self._lanes]


@contextmanager
def racers(count: int, database: Database) -> Iterator[Racers]:
    """`count` processes on the starting line, gone at the end of the block."""
    start = PROCESSES.Barrier(count)
    url = database.url.render_as_string(hide_password=False)
    lanes, processes = [], []
    for seed in range(count):
        near, far = PROCESSES.Pipe()
        process = PROCESSES.Process(target=_run, args=(url, seed, far, start), daemon=True)
        process.start()
        far.close()
        lanes.append(near)
        processes.append(process)
    try:
        for lane in lanes:
            assert _heard(lane) == "ready"
        yield Racers(lanes)
    finally:
        for lane, process in zip(lanes, processes, strict=True):
            lane.close()
            process.join(_PATIENCE_SECONDS)


def _heard(lane: "Connection[Any, Any]") -> Any:
    if not lane.poll(_PATIENCE_SECONDS):
        raise TimeoutError("a racer hangs")
    return lane.recv()


def _run(url: str, seed: int, lane: "Connection[Any, Any]", start: Barrier) -> None:
    """A racer's life: until its lane is closed, take a run, wait for the others, go."""
    engine = wiring.open(Settings(Path(), url, url, "vi", None))
    with engine.changing(commit=False) as (_, law):
        pass  # both the connection and the law are there before the first start
    rng = random.Random(seed)
    lane.send("ready")
    while True:
        try:
            run = lane.recv()
        except EOFError:
            engine.close()
            return
        start.wait(_PATIENCE_SECONDS)
        lane.send([_result(engine.database, law, each, rng) for each in run])


def _result(database: Database, law: Law, each: Try, rng: random.Random) -> Result:
    try:
        with database.writing() as session:
            return each.command(session, law, each.order, now=at(each.on), rng=rng)
    except DossierError as refusal:
        return refusal
    except Exception as error:  # noqa: BLE001 -- whatever it is, the test must hear of it
        return f"{type(error).__name__}: {error}"
