"""Rounds: commands that work in batches, repeated until nothing is left or the time given to them is over.

A worker's tasks make them, and `dossier up` itself where there is no broker.
"""

from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

from config.wiring import Engine
from dossier_engine.commands.sweep import BATCH, sweep

BUDGET_SECONDS = 40.0


@dataclass(slots=True)
class SweepRound:
    """What the sweeps of one round did together; `complete` when nothing was left."""

    dossiers: int = 0
    rungs: Counter[str] = field(default_factory=Counter)
    notices: int = 0
    escalations: int = 0
    complete: bool = True

    def facts(self) -> dict[str, object]:
        """The figures, for a log line."""
        return {
            "dossiers": self.dossiers, "rungs": dict(self.rungs), "notices": self.notices,
            "escalations": self.escalations, "complete": self.complete,
        }  # fmt: skip


def sweep_round(engine: Engine, *, most: int = BATCH, seconds: float = BUDGET_SECONDS) -> SweepRound:
    """Sweep in batches of `most`, each a transaction of its own, for at most some `seconds`."""
    done, end = SweepRound(), monotonic() + seconds
    while True:
        with engine.changing() as (session, law):
            swept = sweep(session, law, now=engine.now(), rng=engine.rng, most=most)
        done.dossiers += swept.dossiers
        done.rungs.update(swept.rungs)
        done.notices += swept.notices
        done.escalations += swept.escalations
        if swept.dossiers < most:
            return done
        if monotonic() >= end:
            done.complete = False
            return done
