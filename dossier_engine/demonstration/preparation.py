"""Brings an empty database to the day on which a demonstration's programme opens."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session

from config.adoption import PLAN_YEAR, PROVINCE, adopt_province
from config.provinces import (
    LocalityRow,
    OfficeRow,
    PlanRow,
    RecognitionRow,
    load_localities,
    load_offices,
    load_plan,
    load_recognitions,
)
from dossier_engine.commands.adopt import Recognised, import_recognitions
from dossier_engine.demonstration.carried import Scene
from dossier_engine.demonstration.cast import SYSTEM, Cast, hire, place_names, seats
from dossier_engine.demonstration.hours import opening_hour
from dossier_engine.demonstration.programme import Candidate, Programme, choose, exists, paths
from dossier_engine.demonstration.reports import owing
from dossier_engine.demonstration.words import words
from dossier_engine.errors import NotEmpty, NotFound
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.pace import Pace, standing


@dataclass(frozen=True, slots=True)
class Prepared:
    """A programme about to begin; `reporting` are the offices that owe a report.

    `rng` gives the salts and ids, and goes on where the preparation left it.
    """

    scene: Scene
    programme: Programme
    reporting: tuple[Candidate, ...]
    plan: PlanRow
    rng: random.Random


def seeded(seed: int, purpose: str) -> random.Random:
    """Randomness of its own for each purpose, so that one more draw for one does not change the others."""
    return random.Random(f"{seed} {purpose}")  # noqa: S311 - invented data must come out the same again


def prepare(session: Session, database: str, law: Law, *, year: int, seed: int, pace: Pace | None = None) -> Prepared:
    """Adopt the province, take over and invent recognitions, hire a cast; the caller commits.

    The installation is marked as a demonstration with the clock `pace`, the true one if None. Only targets that an
    active definition of `law` serves are pursued. Raises NotFound for a year without a programme, and NotEmpty
    (naming `database`) where anything was ever done.
    """
    if year != PLAN_YEAR:
        raise NotFound("plan", str(year), [str(PLAN_YEAR)])
    _refuse_unless_empty(session, database)
    province = _Province.load()
    opening = opening_hour(date.fromisoformat(f"{year}-{words().opening}"), law.calendar)
    rng = seeded(seed, "salts")
    adopt_province(session, SYSTEM, now=opening, rng=rng, pace=pace or standing(opening, opening))
    programme = choose(
        law,
        province.plan,
        province.localities,
        province.recognitions,
        opening=legal_day(opening),
        rng=seeded(seed, "programme"),
    )
    _recognise(session, province, programme, opening, rng)
    cast = _hire(session, province, programme, opening, rng)
    scene = Scene(law, cast, words(), province.confirming(), opening)
    return Prepared(scene, programme, owing(province.plan, law, province.offices), province.plan, rng)


@dataclass(frozen=True, slots=True)
class _Province:
    """Everything the province's files hold."""

    localities: tuple[LocalityRow, ...]
    offices: tuple[OfficeRow, ...]
    recognitions: tuple[RecognitionRow, ...]
    plan: PlanRow

    @classmethod
    def load(cls) -> "_Province":
        plan = load_plan(PROVINCE, PLAN_YEAR)
        return cls(load_localities(PROVINCE), load_offices(PROVINCE), load_recognitions(PROVINCE), plan)

    def confirming(self) -> Mapping[str, tuple[str, ...]]:
        """For each criterion the offices that confirm it."""
        numbers = dict.fromkeys(number for office in self.offices for number in office.criteria)
        return {n: tuple(sorted(o.code for o in self.offices if n in o.criteria)) for n in numbers}


def _refuse_unless_empty(session: Session, database: str) -> None:
    for table in ("history", "installation"):
        if session.connection().execute(select(TABLES[table]).limit(1)).first() is not None:
            raise NotEmpty(database)


def _recognise(session: Session, province: _Province, programme: Programme, now: datetime, rng: random.Random) -> None:
    real = [
        Recognised(line, r.code, r.name, r.level, r.target_year, r.source)
        for line, r in enumerate(province.recognitions, 2)
    ]
    import_recognitions(session, "recognitions.csv", real, SYSTEM, now=now, rng=rng)
    names = {row.code: row.name for row in province.localities if exists(row, legal_day(now))}
    source = words().invented_recognition.format(year=now.year)
    invented = [
        Recognised(line, code, names[code], level, now.year - 1, source)
        for line, (level, code) in enumerate(programme.invented, 1)
    ]
    import_recognitions(session, "demonstration", invented, SYSTEM, now=now, rng=rng)


def _hire(session: Session, province: _Province, programme: Programme, now: datetime, rng: random.Random) -> Cast:
    text = words()
    there = [row for row in province.localities if exists(row, legal_day(now))]
    wanted = seats(
        province.offices,
        paths(province.localities),
        place_names(there, text.kinds),
        text,
        [c.territory for c in programme.candidates],
    )
    return hire(session, wanted, text, valid_from=date(now.year, 1, 1), now=now, rng=rng)
