"""Beats, sweepers and senders at one database as processes of their own, with one clock that a test moves.

They see the clock and the beats on a board in shared memory, which no killed process can leave locked. The clock only
moves while nobody is at work: a claim's lease would run out in the middle of its sending otherwise.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal

from config import delivery
from config.rounds import sweep_round
from config.settings import Settings
from config.wiring import Engine
from dossier_engine.errors import DatabaseUnavailable
from dossier_engine.records.database import Database
from tests.rigs.racing import PROCESSES

PROCESSES.set_forkserver_preload(["tests.rigs.racing", "tests.rigs.house"])
PATIENCE_SECONDS = 60.0
BEATS = 2

IS_BUSY, HOLDS = 1, 2  # what somebody at work writes in his place; 0 is nobody, or somebody who waits
_NOW, _OPEN, _FIRST_BEAT, _FIRST_BUSY = 0, 1, 2, 2 + BEATS
_PLACES = 64
Work = Literal["sweep", "deliver"]
Board = Any  # an array of doubles in shared memory


def beat(board: Board, place: int) -> None:
    """Tick, and tick again."""
    while True:
        if board[_OPEN]:
            board[place] += 1
        time.sleep(0.1)


def work(board: Board, place: int, url: str, smtp: str, what: Work, seed: int) -> None:
    """Make a round for each tick of each beat, but for those that come during a round."""
    settings = Settings(Path(), url, url, "vi", None, smtp_url=smtp, mail_from="ntm@example.vn")
    engine = Engine(settings, Database(url), random.Random(seed), lambda: datetime.fromtimestamp(board[_NOW], UTC))
    heard = [0.0] * BEATS
    while True:
        for one in range(BEATS):
            ticks = board[_FIRST_BEAT + one]
            if ticks == heard[one]:
                time.sleep(0.003)
                continue
            heard[one] = ticks
            board[place] = IS_BUSY  # before the look whether the house is open: the clock must not move behind it
            if board[_OPEN]:
                with suppress(DatabaseUnavailable):  # as a task that fails: the next tick tries again
                    if what == "sweep":
                        sweep_round(engine)
                    else:
                        delivery.round(engine, told=lambda _: board.__setitem__(place, HOLDS))
            board[place] = 0


@dataclass
class House:
    """The processes, and the clock they all see."""

    url: str
    smtp: str
    board: Board = field(default_factory=lambda: PROCESSES.RawArray("d", _PLACES))
    beats: list[BaseProcess] = field(default_factory=list)
    workers: dict[int, tuple[Work, BaseProcess]] = field(default_factory=dict)
    hired: int = 0

    def hire(self, what: Work, place: int | None = None) -> None:
        """One more, or another in the place of one who was killed."""
        self.hired += 1
        place = _FIRST_BUSY + len(self.workers) if place is None else place
        args = (self.board, place, self.url, self.smtp, what, self.hired)
        process = PROCESSES.Process(target=work, args=args, daemon=True)
        process.start()
        self.workers[place] = (what, process)

    def move_clock(self, now: datetime) -> None:
        """Nobody works, it is `now`, and everybody goes on."""
        self.close()
        self.board[_NOW] = now.timestamp()
        self.board[_OPEN] = 1

    def close(self) -> None:
        """Let everybody finish the round they are in."""
        self.board[_OPEN] = 0
        limit = time.monotonic() + PATIENCE_SECONDS
        while any(self.board[place] for place in self.workers):
            for _, process in self.workers.values():
                assert process.is_alive(), "somebody died by himself"
            assert time.monotonic() < limit, "a round does not end"
            time.sleep(0.001)

    def kill_one(self, what: Work, rng: random.Random, is_work: Callable[[], bool]) -> bool:
        """SIGKILL a sweeper at work, or a sender that holds mails, while there is work; another is hired for one."""
        ripe = HOLDS if what == "deliver" else IS_BUSY
        places = [place for place, (does, _) in self.workers.items() if does == what]
        while is_work():
            at_it = [place for place in places if self.board[place] == ripe]
            if at_it:
                time.sleep(rng.uniform(0, 0.01))
                place = rng.choice(at_it)
                _, process = self.workers[place]
                process.kill()
                process.join()
                self.board[place] = 0
                self.hire(what, place)
                return True
        return False


@contextmanager
def a_house(url: str, smtp: str, *, sweepers: int, senders: int) -> Iterator[House]:
    """Two beats, and so many of each; all gone at the end of the block."""
    house = House(url, smtp)
    try:
        for one in range(BEATS):
            ticking = PROCESSES.Process(target=beat, args=(house.board, _FIRST_BEAT + one), daemon=True)
            ticking.start()
            house.beats.append(ticking)
        for _ in range(sweepers):
            house.hire("sweep")
        for _ in range(senders):
            house.hire("deliver")
        yield house
    finally:
        for process in [*house.beats, *(process for _, process in house.workers.values())]:
            process.kill()
            process.join()
