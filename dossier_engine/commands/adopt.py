"""Adopt what a province brings: its localities, its offices, its plan for a year, and past recognitions."""

import hashlib
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select
from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import Under, file_entry
from dossier_engine.errors import FileProblems, Problem
from dossier_engine.records import dossiers, localities, offices
from dossier_engine.records.history import hold
from dossier_engine.records.prepared import write_together
from dossier_engine.records.tables import NOT_STATED, TABLES
from dossier_engine.rules.authority import common_part
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.entry import Json
from dossier_engine.rules.names import fold, sort_key
from dossier_engine.rules.workflow import RECOGNITION_LEVELS

_LOCALITY, _OFFICE, _PLAN, _RECOGNITION = (TABLES[t] for t in ("locality", "office", "plan", "recognition"))


@dataclass(frozen=True, slots=True)
class Unit:
    """One locality for a period; `parent` is the code of the unit it lies in, empty for a province."""

    code: str
    kind: str
    name: str
    parent: str
    abbreviation: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Body:
    """One office; `locality` is the code of its seat, `criteria` the numbers it confirms."""

    code: str
    kind: str
    name_vi: str
    name_en: str
    locality: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """One past recognition as an import names it; `line` is where it stands in the file."""

    line: int
    code: str
    name: str
    level: str
    target_year: int
    source: str


def adopt_territory(
    session: Session, units: Sequence[Unit], bodies: Sequence[Body], act: Act, *, now: datetime, rng: random.Random
) -> int:
    """Add the localities and offices not yet known and return how many; the face commits. Safe to repeat."""
    conn = session.connection()
    hold(conn, "territory")
    paths = _paths(units)
    known = set(conn.execute(select(_LOCALITY.c.code, _LOCALITY.c.valid_from)))
    seated = set(conn.execute(select(_OFFICE.c.code)).scalars())
    rows = [_locality(u, paths[u.code]) for u in units if (u.code, u.valid_from or NOT_STATED) not in known]
    seats = [_office(b, paths[b.locality]) for b in bodies if b.code not in seated]
    if rows or seats:
        body: dict[str, Json] = {
            "localities": [localities.stated(row) for row in rows],
            "offices": [offices.stated(row) for row in seats],
        }
        file_entry(conn, "territory", "adopted", act, body, now=now, rng=rng)
    for table, values in ((_LOCALITY, rows), (_OFFICE, seats)):
        if values:
            conn.execute(insert(table), values)
    return len(rows) + len(seats)


def adopt_plan(
    session: Session, province: str, year: int, content: Mapping[str, Json], act: Act, *, now: datetime,
    rng: random.Random,
) -> bool:  # fmt: skip
    """Adopt a province's plan for a year; False when it was adopted before. The face commits."""
    conn = session.connection()
    hold(conn, "territory")
    if conn.execute(select(_PLAN.c.year).where(_PLAN.c.province == province, _PLAN.c.year == year)).first() is not None:
        return False
    data = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    body: dict[str, Json] = {"province": province, "year": year, "plan": hashlib.sha256(data).hexdigest()}
    file_entry(conn, "territory", "plan_adopted", act, body, now=now, rng=rng)
    conn.execute(insert(_PLAN), {"province": province, "year": year, "content": dict(content)})
    return True


def note_calendar(session: Session, calendar: Calendar, act: Act, *, now: datetime, rng: random.Random) -> None:
    """Say in history which calendar the installation judges by from now on; the face commits."""
    file_entry(session.connection(), "calendar", "calendar_in_use", act, calendar.stated(), now=now, rng=rng)


def import_recognitions(
    session: Session, file: str, rows: Iterable[Recognised], act: Act, *, now: datetime, rng: random.Random
) -> int:
    """Take over past recognitions, all or none, and return how many were new; the face commits.

    A row names its locality by code and name, which must agree for some period: codes are reused. Raises
    FileProblems with every faulty row, and NotAllowed where an administrator's office does not reach every locality.
    """
    conn = session.connection()
    hold(conn, "territory")
    problems: list[Problem] = []
    fresh: list[Json] = []
    paths: set[str] = set()
    for row in rows:
        locality, path = _bearing(conn, row)
        if row.level not in RECOGNITION_LEVELS:
            problems.append(Problem(file, row.line, "level_unknown", row.level))
        elif locality is None:
            problems.append(Problem(file, row.line, "unit_unknown", f"{row.code} {row.name}"))
        elif not _known(conn, locality, row):
            row_of = dossiers.recognising(locality, row.level, row.target_year, dossier=None, source=row.source)
            write_together(conn, [row_of])
            fresh.append([row.code, row.level, row.target_year])
            paths.add(path)
    if problems:
        raise FileProblems(problems)
    if fresh:
        body, under = {"recognitions": fresh}, Under(territory=common_part(paths))
        file_entry(conn, "territory", "recognitions_imported", act, body, now=now, rng=rng, under=under)
    return len(fresh)


def _bearing(conn: Connection, row: Recognised) -> tuple[int | None, str]:
    """The row's locality, and where it lies."""
    found = select(_LOCALITY.c.id, _LOCALITY.c.name, _LOCALITY.c.path).where(_LOCALITY.c.code == row.code)
    return next(((int(r.id), r.path) for r in conn.execute(found) if fold(r.name) == fold(row.name)), (None, ""))


def _known(conn: Connection, locality: int, row: Recognised) -> bool:
    same = select(_RECOGNITION.c.level).where(
        _RECOGNITION.c.locality == locality,
        _RECOGNITION.c.level == row.level,
        _RECOGNITION.c.target_year == row.target_year,
    )
    return conn.execute(same).first() is not None


def _paths(units: Iterable[Unit]) -> dict[str, str]:
    parents = {u.code: u.parent for u in units}

    def path(code: str) -> str:
        return f"{path(parents[code])}{code}/" if parents.get(code) else f"{code}/"

    return {code: path(code) for code in parents}


def _locality(unit: Unit, path: str) -> dict[str, object]:
    return {
        "code": unit.code,
        "kind": unit.kind,
        "name": unit.name,
        "parent": unit.parent,
        "path": path,
        "abbreviation": unit.abbreviation,
        "valid_from": unit.valid_from or NOT_STATED,
        "valid_to": unit.valid_to,
        "name_search": fold(unit.name),
        "name_sort": sort_key(unit.name),
    }


def _office(body: Body, path: str) -> dict[str, object]:
    return {
        "code": body.code,
        "kind": body.kind,
        "name_vi": body.name_vi,
        "name_en": body.name_en,
        "path": path,
        "criteria": list(body.criteria),
    }
