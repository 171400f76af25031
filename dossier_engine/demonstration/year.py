"""A simulated year: invented people carry the dossiers of a programme, each act at its own instant."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import repeat

from sqlmodel import Session

from config.weekly import make_pages
from dossier_engine.commands.sweep import sweep
from dossier_engine.demonstration.carried import Steps
from dossier_engine.demonstration.fates import allot
from dossier_engine.demonstration.life import live
from dossier_engine.demonstration.preparation import Prepared, prepare, seeded
from dossier_engine.demonstration.reports import manners, report
from dossier_engine.demonstration.summary import Summary, summarise
from dossier_engine.errors import DossierError
from dossier_engine.records.database import Database
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.ladder import falls_due
from dossier_engine.rules.law import Law, legal_day, opening_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Played:
    """How many orders were carried out, and how many refused as their actors had to expect."""

    acts: int
    refusals: int


def simulate(
    database: Database,
    law: Law,
    *,
    year: int,
    seed: int,
    until: date | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Play the plan's year on an empty, migrated database up to the end of the day `until` (31 December if None).

    Every act is a transaction of its own. The same seed and law give the same histories, to the byte, on every
    database. `progress` is told days played and days in all. Raises NotFound for a year without a programme and
    NotEmpty; any refusal that the actors did not have to expect is raised as it is.
    """
    last = until or date(year, 12, 31)
    with database.writing() as session:
        prepared = prepare(session, database.name, law, year=year, seed=seed)
    played = play(prepared, database.writing, seed=seed, stop=opening_of(last + timedelta(days=1)), progress=progress)
    with database.reading() as session:
        return summarise(session, law, prepared.plan, seed=seed, until=last, acts=played.acts, refusals=played.refusals)


def play(
    prepared: Prepared,
    transaction: Callable[[], AbstractContextManager[Session]],
    *,
    seed: int,
    stop: datetime,
    progress: Progress | None = None,
) -> Played:
    """Carry out every step before `stop` in order of time, each within one `transaction()`."""
    lives = _lives(prepared, seed)
    steps = {key: next(life) for key, life in lives.items()}
    agenda = [(step.at, key) for key, step in steps.items()]
    heapq.heapify(agenda)
    acts = refusals = 0
    first = legal_day(prepared.scene.opening)
    days = (legal_day(stop) - first).days
    mornings = _mornings(prepared.scene.law.calendar, first, stop)
    morning = next(mornings)
    while agenda and agenda[0][0] < stop:
        while morning < agenda[0][0]:
            _sweep(prepared, transaction, morning)
            morning = next(mornings)
        at, key = heapq.heappop(agenda)
        if progress is not None:
            progress((legal_day(at) - first).days, days)
        receipt = None
        try:
            with transaction() as session:
                receipt = steps[key].carry_out(session, prepared.rng)
            acts += 1
        except DossierError as refusal:
            if not isinstance(refusal, steps[key].refusal or ()):
                raise
            refusals += 1
        try:
            steps[key] = lives[key].send(receipt)
        except StopIteration:
            continue
        heapq.heappush(agenda, (steps[key].at, key))
    while morning < stop:
        _sweep(prepared, transaction, morning)
        morning = next(mornings)
    if progress is not None:
        progress(days, days)
    return Played(acts, refusals)


def _mornings(calendar: Calendar, first: date, stop: datetime) -> Iterator[datetime]:
    """The hour at which rungs fall due, of every working day from `first` on; at last `stop` itself, for ever."""
    days = (first + timedelta(days=n) for n in range((legal_day(stop) - first).days))
    yield from (falls_due(day) for day in days if calendar.is_working(day))
    yield from repeat(stop)


def _sweep(prepared: Prepared, transaction: Callable[[], AbstractContextManager[Session]], at: datetime) -> None:
    """What fell due is carried out, as it is in an installation that runs."""
    with transaction() as session:
        sweep(session, prepared.scene.law, now=at, rng=prepared.rng)
        make_pages(session, prepared.scene.law, now=at, rng=prepared.rng)


def _lives(prepared: Prepared, seed: int) -> dict[str, Steps]:
    """The life of each candidate and each report under a key that orders those who act in the same second."""
    candidates, reporting, scene = prepared.programme.candidates, prepared.reporting, prepared.scene
    fates = allot(candidates, seeded(seed, "fates"))
    lives = {
        name: live(candidate, fate, scene, seeded(seed, name))
        for candidate, fate in zip(candidates, fates, strict=True)
        for name in [f"{candidate.workflow.name} {candidate.code}"]
    }
    ways = manners(len(reporting), seeded(seed, "reports"))
    return lives | {
        name: report(candidate, manner, scene, seeded(seed, name))
        for candidate, manner in zip(reporting, ways, strict=True)
        for name in [f"{candidate.workflow.name} {candidate.code}"]
    }
