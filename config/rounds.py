"""Rounds: commands that work in batches, repeated until nothing is left or the time given to them is over.

A worker's tasks make them, and `dossier up` itself where there is no broker.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from config.weekly import make_pages
from config.wiring import Engine
from dossier_engine.commands.integrate import BATCH as INTEGRATE_BATCH
from dossier_engine.commands.integrate import Integrated, integrate
from dossier_engine.commands.reconcile import BATCH as RECONCILE_BATCH
from dossier_engine.commands.reconcile import reconcile
from dossier_engine.commands.selfcheck import report
from dossier_engine.commands.sweep import BATCH, sweep
from dossier_engine.queries.audit import verify
from dossier_engine.queries.finding import Finding
from dossier_engine.queries.health import last_pulse
from dossier_engine.queries.logged import sample
from dossier_engine.rules.due import Line

BUDGET_SECONDS = 40.0
SAMPLE = 200  # entries a minute: a province's year is gone through in a day

_DAILY = timedelta(hours=23)  # an hourly look never lets a day pass


@dataclass(slots=True)
class SweepRound:
    """What the sweeps of one round did together; `complete` when nothing was left."""

    dossiers: int = 0
    lines: list[tuple[str, Line]] = field(default_factory=list)
    notices: int = 0
    escalations: int = 0
    complete: bool = True

    @property
    def rungs(self) -> Counter[str]:
        """How many lines of the ledger had each outcome."""
        return Counter(line.outcome for _, line in self.lines)

    def facts(self) -> dict[str, object]:
        """The figures, for a log line."""
        return {
            "dossiers": self.dossiers, "rungs": dict(self.rungs), "notices": self.notices,
            "escalations": self.escalations, "complete": self.complete,
        }  # fmt: skip


@dataclass(slots=True)
class Reconciliation:
    """What a whole reconciliation looked at and mended."""

    dossiers: int = 0
    mended: int = 0

    def facts(self) -> dict[str, object]:
        """The figures, for a log line."""
        return {"dossiers": self.dossiers, "mended": self.mended}


def reconcile_round(engine: Engine, *, most: int = RECONCILE_BATCH) -> Reconciliation | None:
    """Reconcile every dossier, in batches of a transaction each; None where it was done within a day.

    The pulse in the database says when that was: a beat that was started anew remembers nothing.
    """
    with engine.database.reading() as session:
        age = last_pulse(session, "reconcile", now=engine.now())
    if age is not None and age < _DAILY:
        return None
    done, after = Reconciliation(), 0
    while True:
        with engine.changing() as (session, law):
            batch = reconcile(session, law, now=engine.now(), rng=engine.rng, after=after, most=most)
        done.dossiers += batch.dossiers
        done.mended += batch.mended
        after = batch.after
        if not after:
            return done


def week_round(engine: Engine) -> int:
    """Keep and mail the pages of the week that are missing; how many there were."""
    with engine.changing() as (session, law):
        return make_pages(session, law, now=engine.now(), rng=engine.rng)


def integrate_round(engine: Engine, *, most: int = INTEGRATE_BATCH, seconds: float = BUDGET_SECONDS) -> Integrated:
    """Bring what waits into the log, in batches of a transaction each, for at most some `seconds`."""
    added, end = 0, monotonic() + seconds
    while True:
        with engine.database.writing() as session:
            step = integrate(session, rng=engine.rng, most=most)
        added += step.added
        if step.added < most or monotonic() >= end:
            return Integrated(added, step.size)


def sample_round(engine: Engine, *, most: int = SAMPLE) -> list[Finding]:
    """Hash some entries picked at random and prove them against the log; what is found is kept as incidents."""
    with engine.database.reading() as session:
        findings = sample(session, rng=engine.rng, most=most)
    _report(engine, "sample", findings)
    return findings


def check_round(engine: Engine) -> list[Finding] | None:
    """Verify the whole history and its log, and keep what is found; None where it was done within a day."""
    with engine.looking() as (session, law):
        age = last_pulse(session, "check", now=engine.now())
        if age is not None and age < _DAILY:
            return None
        findings = list(verify(session, law).findings)
    _report(engine, "check", findings)
    return findings


def _report(engine: Engine, name: str, findings: list[Finding]) -> None:
    with engine.database.writing() as session:
        report(session, name, findings, now=engine.now(), rng=engine.rng)


def sweep_round(engine: Engine, *, most: int = BATCH, seconds: float = BUDGET_SECONDS) -> SweepRound:
    """Sweep in batches of `most`, each a transaction of its own, for at most some `seconds`."""
    done, end = SweepRound(), monotonic() + seconds
    while True:
        with engine.changing() as (session, law):
            swept = sweep(session, law, now=engine.now(), rng=engine.rng, most=most)
        done.dossiers += swept.dossiers
        done.lines += swept.lines
        done.notices += swept.notices
        done.escalations += swept.escalations
        if swept.dossiers < most:
            return done
        if monotonic() >= end:
            done.complete = False
            return done
