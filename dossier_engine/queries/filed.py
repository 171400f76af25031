"""What the registers must hold, by the entries that filed them: people, appointments, definitions, plans and the like.

Each function gives the rows in which a register and its entries differ, a stored one and a told one alike, with what
identifies the row first.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from dossier_engine.records import localities
from dossier_engine.records import offices as seats
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import Appointment
from dossier_engine.rules.told import Entry

_APPOINTMENT, _COUNTER, _DEFINITION = (TABLES[t] for t in ("appointment", "counter", "definition"))
_INSTALLATION, _LOCALITY, _OFFICE, _PERSON = (TABLES[t] for t in ("installation", "locality", "office", "person"))
_PLAN, _PRIVATE, _RECOGNITION = TABLES["plan"], TABLES["private"], TABLES["recognition"]

Rows = set[tuple[Any, ...]]
_APPOINTED = ("person", "role", "office", "territory", "valid_from", "valid_to", "on_behalf_of", "head")


def people(conn: Connection, entries: Iterable[Entry]) -> Rows:
    """Persons nobody added, and handles that lead to another person; where a handle was erased, any may stand."""
    stored = dict(conn.execute(select(_PERSON.c.id, _PERSON.c.handle)).all())
    kept = _PRIVATE.c.stream == "people", _PRIVATE.c.name == "handle"
    handles = dict(conn.execute(select(_PRIVATE.c.seq, _PRIVATE.c.value).where(*kept)).all())
    told = {
        (person, handles.get(entry["seq"], stored.get(person)))
        for entry, body in _of(entries, "person_added")
        if (person := body["person"])
    }
    return told ^ set(stored.items())


def appointments(conn: Connection, entries: Iterable[Entry]) -> Rows:
    """Appointments nobody made or ended, or otherwise."""
    stored = {
        (r.person, r.role, r.office, r.office_path, r.valid_from.isoformat(), r.valid_to and r.valid_to.isoformat(),
         r.on_behalf_of, r.head, r.ended)
        for r in conn.execute(select(_APPOINTMENT))
    }  # fmt: skip
    told: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for entry, body in _of(entries, "appointed", "appointment_ended"):
        which = tuple(body[name] for name in ("person", "role", "office", "valid_from", "on_behalf_of"))
        if entry["kind"] == "appointed":
            told[which] = *(body[name] for name in _APPOINTED), False
        else:
            made = told.get(which, which)  # what ends but was never made differs from every row
            told[which] = *made[:5], _last_day(entry, body), *made[6:8], True
    return stored ^ set(told.values())


def _last_day(entry: Entry, body: Mapping[str, Any]) -> str:
    """The last day of an appointment that an entry ends."""
    person, role, office, path = (body[name] for name in ("person", "role", "office", "territory"))
    made = Appointment(person, role, office, path, date.fromisoformat(body["valid_from"]), None)
    last_day = None if body["last_day"] is None else date.fromisoformat(body["last_day"])
    return str(made.ended(last_day, date.fromisoformat(str(entry["effective_on"]))).valid_to)


def definitions(conn: Connection, entries: Iterable[Entry]) -> Rows:
    """Definitions with other bytes, names or order than those that were activated."""
    rows = conn.execute(select(_DEFINITION).order_by(_DEFINITION.c.activation))
    stored = {
        (f"{r.name}@{r.version}", r.sha256, hashlib.sha256(r.content).hexdigest(), rank) for rank, r in enumerate(rows)
    }
    told = {
        (body["workflow"], body["definition"], body["definition"], rank)
        for rank, (_, body) in enumerate(_of(entries, "activated"))
    }
    return stored ^ told


def plans(conn: Connection, entries: Iterable[Entry]) -> Rows:
    """Plans nobody adopted, or with other content."""
    stored = {(r.province, r.year, _digest(r.content)) for r in conn.execute(select(_PLAN))}
    told = {(body["province"], body["year"], body["plan"]) for _, body in _of(entries, "plan_adopted")}
    return stored ^ told


def units(conn: Connection, entries: Iterable[Entry]) -> Rows:
    """Localities nobody adopted, or adopted otherwise."""
    stored = {_flat(localities.stated(r._asdict())) for r in conn.execute(select(_LOCALITY))}
    return stored ^ {_flat(unit) for _, body in _of(entries, "adopted") for unit in body["localities"]}


def offices(conn: Connection, entries: Iterable[Entry]) -> Rows:
    """Offices nobody adopted, or adopted otherwise."""
    stored = {_flat(seats.stated(r._asdict())) for r in conn.execute(select(_OFFICE))}
    return stored ^ {_flat(office) for _, body in _of(entries, "adopted") for office in body["offices"]}


def calendar(conn: Connection, entries: Iterable[Entry]) -> Rows:
    """The calendar that the installation judges by, if it is not the one put in use last."""
    told = [("calendar", str(body["calendar"])) for _, body in _of(entries, "calendar_in_use")]
    stored = {("calendar", version) for version in conn.execute(select(_INSTALLATION.c.calendar)).scalars()}
    return stored ^ set(told[-1:])


def recognitions(conn: Connection, entries: Iterable[Entry], brought: Rows) -> Rows:
    """Recognitions that no dossier brought (`brought`: those they did) and no import took over, or with another end."""
    query = select(
        _LOCALITY.c.code, _RECOGNITION.c.level, _RECOGNITION.c.target_year, _RECOGNITION.c.dossier,
        _RECOGNITION.c.revoked_on,
    ).join(_LOCALITY, _LOCALITY.c.id == _RECOGNITION.c.locality)  # fmt: skip
    imported = {
        (code, level, year, None, None)
        for _, body in _of(entries, "recognitions_imported")
        for code, level, year in body["recognitions"]
    }
    return {tuple(r) for r in conn.execute(query)} ^ brought ^ imported


def numbered(conn: Connection, dossiers: int) -> set[str]:
    """The streams of all dossiers that ever got a number: numbers are given out one after another.

    `dossiers` are there; a thousand more are enough to say what is wrong with a counter set to billions.
    """
    series = conn.execute(select(_COUNTER.c.series, _COUNTER.c.last))
    most = dossiers + 1_000
    return {f"dossier/{name}-{number:04d}" for name, last in series for number in range(1, min(last, most) + 1)}


def _of(entries: Iterable[Entry], *kinds: str) -> list[tuple[Entry, Mapping[str, Any]]]:
    return [(e, e["body"]) for e in entries if e["kind"] in kinds and isinstance(e["body"], dict)]


def _flat(told: Mapping[str, Any]) -> tuple[Any, ...]:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return values.pop("code"), *(values[name] for name in sorted(values))


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
