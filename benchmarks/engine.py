"""What is measured: dossiers through the four forward transitions, each one public `advance` and one durable commit."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from sqlalchemy import text

from benchmarks.province import STEPS, Province, Step, at
from dossier_engine.commands.advance import Advance, advance
from dossier_engine.commands.desk import Act
from dossier_engine.commands.sweep import BATCH, sweep

# What a step inserts into; the row of `dossier` it only updates.
WRITTEN = ("history", "private", "outbox", "performed", "deadline", "recognition")
REASON = "đủ điều kiện, hồ sơ đầy đủ, kèm báo cáo"


Take = Callable[[Advance, datetime], None]


class Drive:
    """The four transitions of every dossier; `latencies` and `wall` in seconds, `written` rows by table.

    A transition is taken by the public command, or as `take` takes it.

    Step by step, because papers can only be recorded in the state that asks for them. Papers are off the clock, and
    so are the first `warm` dossiers of a step.
    """

    def __init__(self, province: Province, warm: int, take: Take | None = None) -> None:
        self.province, self.warm, self.take = province, warm, take or self._publicly
        self.latencies: list[float] = []
        self.wall = 0.0
        self.written: Counter[str] = Counter()

    def run(self, settle: Callable[[], None]) -> None:
        """`settle` is called before each timed stretch, to leave no debts of the papers to it."""
        for step in STEPS:
            self.province.record_papers(step)
            self._sweep(step)
            orders = iter(self._orders(step))
            self.written.subtract(rows(self.province))
            settle()
            self._advance(islice(orders, self.warm), step)
            begun = time.perf_counter()
            self.latencies += self._advance(orders, step)
            self.wall += time.perf_counter() - begun
            self.written.update(rows(self.province))

    def _sweep(self, step: Step) -> None:
        """What fell due until then has been told, as where sweeps run; else each advance would settle it first."""
        province = self.province
        taken = BATCH
        while taken == BATCH:
            with province.database.writing() as session:
                taken = sweep(session, province.law, now=at(step.taken_on), rng=province.rng).dossiers

    def _advance(self, orders: Iterable[Advance], step: Step) -> list[float]:
        now, latencies = at(step.taken_on), []
        for order in orders:
            start = time.perf_counter()
            self.take(order, now)
            latencies.append(time.perf_counter() - start)
        return latencies

    def _publicly(self, order: Advance, now: datetime) -> None:
        with self.province.database.writing() as session:
            advance(session, self.province.law, order, now=now, rng=self.province.rng)

    def _orders(self, step: Step) -> list[Advance]:
        """What each officer asks: with a reason, a key, and the version that the officer saw."""
        with self.province.database.reading() as session:
            seen = dict(session.connection().execute(text("SELECT code, version FROM dossier")).tuples().all())
        orders = []
        for code in self.province.dossiers:
            person = self.province.officer(step.role, code)
            act = Act(person=person, channel="api", reason=REASON, key=f"{step.transition}-{code}",
                      expected_version=seen[code])  # fmt: skip
            orders.append(Advance(dossier=code, transition=step.transition, act=act))
        return orders


def rows(province: Province) -> dict[str, int]:
    """How many rows each table holds that a step inserts into."""
    with province.database.reading() as session:
        conn = session.connection()
        return {t: conn.execute(text(f"SELECT count(*) FROM {t}")).scalar_one() for t in WRITTEN}  # noqa: S608


def check(province: Province) -> None:
    """Every dossier arrived: four transitions each, all in history."""
    with province.database.reading() as session:
        conn = session.connection()
        arrived = conn.execute(text("SELECT count(*) FROM dossier WHERE state = 'recognized'")).scalar_one()
        moved = conn.execute(text("SELECT count(*) FROM history WHERE kind = 'moved'")).scalar_one()
    expected = len(province.dossiers)
    assert (arrived, moved) == (expected, expected * len(STEPS)), (arrived, moved, expected)
