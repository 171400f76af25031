"""The prepared statements of the write path, and how one dossier is locked, read and moved on.

Plain Core statements over the tables, built once: the unit of work of the mapped classes would cost more than the
whole step may. A dossier is locked first and everything else read after it, so that on PostgreSQL each read sees
what the previous holder of the lock committed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, String, and_, bindparam, cast, func, insert, or_, select, update

from dossier_engine.errors import NotFound
from dossier_engine.records.prepared import Prepared, Write
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import Appointment, knows_of
from dossier_engine.rules.entry import Json
from dossier_engine.rules.requirements import Fact

_DOSSIER, _FACT, _DEADLINE = TABLES["dossier"], TABLES["fact"], TABLES["deadline"]
_APPOINTMENT, _PERFORMED, _HISTORY = TABLES["appointment"], TABLES["performed"], TABLES["history"]
_PAUSE, _RECOGNITION, _OFFICE, _LOCALITY = (TABLES[t] for t in ("pause", "recognition", "office", "locality"))
_OUTBOX, _WAKE = TABLES["outbox"], TABLES["wake"]

_READ = (  # locked together, so that after a wait both are as the holder of the lock left them
    select(_DOSSIER, _WAKE.c.at.label("wake_at"))
    .join(_WAKE, _WAKE.c.dossier == _DOSSIER.c.id)
    .where(_DOSSIER.c.code == bindparam("code"))
)
_LOCK = Prepared(_READ.with_for_update())
_SHEET = Prepared(
    select(
        _APPOINTMENT.c.person,
        _APPOINTMENT.c.role,
        _APPOINTMENT.c.office,
        _APPOINTMENT.c.office_path,
        _APPOINTMENT.c.valid_from,
        _APPOINTMENT.c.valid_to,
        _APPOINTMENT.c.on_behalf_of,
        _PERFORMED.c.separation,
        _PERFORMED.c.person.label("performer"),
        _PERFORMED.c.transition,
        _HISTORY.c.entry,
        _HISTORY.c.fingerprint,
    )
    .select_from(_APPOINTMENT)
    .outerjoin(_PERFORMED, _PERFORMED.c.dossier == bindparam("dossier"))
    .outerjoin(_HISTORY, and_(_HISTORY.c.actor == bindparam("person"), _HISTORY.c.key == bindparam("key")))
    .where(_APPOINTMENT.c.person == bindparam("person"))
)
_CURRENT = select(  # values as text, to be decoded all at once
    _FACT.c.requirement, _FACT.c.item, _FACT.c.seq, _FACT.c.stage_seq, cast(_FACT.c.value, String)
).where(_FACT.c.dossier == bindparam("dossier_id"), _FACT.c.void_seq.is_(None))
_ALL_CURRENT = Prepared(_CURRENT)
_VOID = Prepared(
    update(_FACT).where(
        _FACT.c.dossier == bindparam("dossier_id"),
        _FACT.c.requirement == bindparam("key"),
        _FACT.c.item == bindparam("of_item"),
        _FACT.c.void_seq.is_(None),
    )
)
_CLAIM = Prepared(
    update(_DOSSIER).where(_DOSSIER.c.id == bindparam("dossier_id"), _DOSSIER.c.version == bindparam("read_version"))
)
_OPEN_DEADLINES = select(_DEADLINE).where(
    _DEADLINE.c.dossier == bindparam("dossier_id"),
    _DEADLINE.c.stage_seq == bindparam("stage"),
    _DEADLINE.c.met_on.is_(None),
)
_CHANGE_DEADLINE = Prepared(
    update(_DEADLINE).where(
        _DEADLINE.c.dossier == bindparam("dossier_id"),
        _DEADLINE.c.stage_seq == bindparam("stage"),
        _DEADLINE.c.key == bindparam("deadline"),
    )
)
_PAUSES = select(_PAUSE.c.from_on, _PAUSE.c.to_on).where(
    _PAUSE.c.dossier == bindparam("dossier_id"), _PAUSE.c.stage_seq == bindparam("stage")
)
_RESUME = update(_PAUSE).where(_PAUSE.c.dossier == bindparam("dossier_id"), _PAUSE.c.to_on.is_(None))
_HELD = select(_RECOGNITION.c.level).where(
    _RECOGNITION.c.locality == bindparam("locality_id"), _RECOGNITION.c.revoked_on.is_(None)
)
_SECTORS = Prepared(
    select(_OFFICE.c.code, _OFFICE.c.path, _OFFICE.c.criteria)
    .where(or_(_OFFICE.c.kind == "sector", _OFFICE.c.kind == "dard"))
    .order_by(_OFFICE.c.code)
)
_MOVE_WAKE = Prepared(update(_WAKE).where(_WAKE.c.dossier == bindparam("woken")))
_ADD_FACTS, _ADD_DEADLINES, _ADD_PAUSE, _ADD_OUTBOX, _ADD_PERFORMED, _ADD_RECOGNITION = (
    Prepared(insert(t)) for t in (_FACT, _DEADLINE, _PAUSE, _OUTBOX, _PERFORMED, _RECOGNITION)
)

Sheet = tuple[tuple[Appointment, ...], tuple[tuple[str, str, str], ...], tuple[bytes, str] | None]


def lock(conn: Connection, code: str) -> Row[Any] | None:
    """The dossier's row, locked until the transaction ends; None when there is no such code."""
    return _LOCK.first(conn, {"code": code})


def find(conn: Connection, code: str, appointments: Iterable[Appointment]) -> Row[Any]:
    """The dossier's row without a lock. Raises NotFound, also to who has it in the scope of no appointment."""
    row = conn.execute(_READ, {"code": code}).one_or_none()
    if row is None or not knows_of(appointments, row.territory):
        raise NotFound("dossier", code)
    return row


def read(conn: Connection, code: str) -> Row[Any]:
    """The row of a dossier known to exist, without a lock."""
    return conn.execute(_READ, {"code": code}).one()


def sheet(conn: Connection, person: str, dossier: int, key: str | None) -> Sheet:
    """What the person brings to a dossier: three things in one look.

    Appointments ever held; what was performed on this dossier, by whomever; and the (entry, fingerprint) already
    written for the idempotency `key`, if any.
    """
    lines = _SHEET.lines(conn, {"person": person, "dossier": dossier, "key": key})
    appointments = tuple(Appointment(*held) for held in dict.fromkeys(tuple(line[:7]) for line in lines))
    performed = tuple({(line[7], line[8], line[9]) for line in lines if line[7] is not None})
    seen = (lines[0][10], lines[0][11]) if lines and lines[0][10] is not None else None
    return appointments, performed, seen


def current_facts(conn: Connection, dossier: int) -> dict[tuple[str, str], Fact]:
    """Every fact of the dossier that stands, keyed by (requirement, item)."""
    return _facts(_ALL_CURRENT.lines(conn, {"dossier_id": dossier}))


def facts_of(conn: Connection, dossier: int, requirements: frozenset[str]) -> dict[tuple[str, str], Fact]:
    """The same, of these requirements only."""
    return _facts(_current_of(requirements).lines(conn, {"dossier_id": dossier}))


def _facts(lines: Iterable[Sequence[Any]]) -> dict[tuple[str, str], Fact]:
    values = json.loads(f"[{','.join([line[4] for line in lines])}]")
    return {(line[0], line[1]): Fact(line[2], line[3], value) for line, value in zip(lines, values, strict=True)}


@lru_cache(maxsize=256)
def _current_of(requirements: frozenset[str]) -> Prepared:
    return Prepared(_CURRENT.where(or_(*(_FACT.c.requirement == key for key in sorted(requirements)))))


def void_facts(conn: Connection, dossier: int, requirement: str, items: Sequence[str], *, seq: int) -> None:
    """Entry `seq` replaces or voids these items."""
    of = {"dossier_id": dossier, "key": requirement, "void_seq": seq}
    _VOID.write_each(conn, [{**of, "of_item": item} for item in items])


def add_facts(
    conn: Connection, dossier: int, requirement: str, items: Mapping[str, Mapping[str, Json]], *, seq: int, stage: int
) -> None:
    """Entry `seq` records these items."""
    rows = [
        {"dossier": dossier, "requirement": requirement, "item": item, "seq": seq, "stage_seq": stage, "value": value}
        for item, value in items.items()
    ]
    _ADD_FACTS.write_each(conn, rows)


def claiming(dossier: int, read_version: int, values: Mapping[str, Any]) -> Write:
    """Change the row if its version is still the one read: one row touched, or none when somebody was first."""
    return Write(_CLAIM, {"dossier_id": dossier, "read_version": read_version, **values})


def waking(row: Row[Any], at: datetime | None) -> list[Write]:
    """The sweep looks at the dossier of `row` next at that hour, or not until somebody acts."""
    return [Write(_MOVE_WAKE, {"woken": row.id, "at": at})] if at != row.wake_at else []


def add(conn: Connection, values: Mapping[str, Any], wake_at: datetime | None) -> int:
    """A new dossier's row; returns its key. The caller meets the unique constraint, if it is broken."""
    dossier = int(conn.execute(insert(_DOSSIER).returning(_DOSSIER.c.id), dict(values)).scalar_one())
    conn.execute(insert(_WAKE).values(dossier=dossier, at=wake_at))
    return dossier


def performing(dossier: int, sets: Iterable[str], persons: Iterable[str], transition: str,
               known: Iterable[tuple[str, str, str]]) -> list[Write]:  # fmt: skip
    """Hold for every separation set and person that they performed `transition`; repeats stand as they are."""
    have = {(separation, person) for separation, person, _ in known}
    return [
        Write(_ADD_PERFORMED, {"dossier": dossier, "separation": s, "person": p, "transition": transition})
        for s in sets
        for p in persons
        if (s, p) not in have
    ]


def opening(rows: Iterable[Mapping[str, Any]]) -> list[Write]:
    """New open deadlines."""
    return [Write(_ADD_DEADLINES, row) for row in rows]


def open_deadlines(conn: Connection, dossier: int, stage: int) -> Sequence[Row[Any]]:
    """The deadlines of the stage that nothing has met yet."""
    return conn.execute(_OPEN_DEADLINES, {"dossier_id": dossier, "stage": stage}).all()


def change_deadline(conn: Connection, dossier: int, stage: int, key: str, values: Mapping[str, Any]) -> None:
    """Set `values` on one deadline."""
    _CHANGE_DEADLINE.write(conn, {"dossier_id": dossier, "stage": stage, "deadline": key, **values})


def pauses(conn: Connection, dossier: int, stage: int) -> list[tuple[date, date | None]]:
    """The pauses of the stage, the open one with no end."""
    return [(r.from_on, r.to_on) for r in conn.execute(_PAUSES, {"dossier_id": dossier, "stage": stage})]


def begin_pause(conn: Connection, dossier: int, *, seq: int, stage: int, on: date) -> None:
    """The clock of the stage stands still from `on`."""
    _ADD_PAUSE.write(conn, {"dossier": dossier, "seq": seq, "stage_seq": stage, "from_on": on, "to_on": None})


def end_pause(conn: Connection, dossier: int, on: date) -> None:
    """The clock runs again from `on`."""
    conn.execute(_RESUME, {"dossier_id": dossier, "to_on": on})


def posting(stream: str, seq: int, holder_role: str | None, holder_path: str | None) -> Write:
    """Leave word of an entry for the outside."""
    return Write(_ADD_OUTBOX, {"stream": stream, "seq": seq, "holder_role": holder_role, "holder_path": holder_path})


def held_levels(conn: Connection, locality: int) -> frozenset[str]:
    """The levels at which the locality is recognised today."""
    return frozenset(conn.execute(_HELD, {"locality_id": locality}).scalars())


def confirming_offices(conn: Connection, territory: str) -> dict[str, tuple[str, ...]]:
    """For each criterion number the provincial departments over `territory` that confirm it."""
    offices: dict[str, list[str]] = {}
    for code, path, criteria in _SECTORS.lines(conn, {}):
        for number in criteria if territory.startswith(path) else ():
            offices.setdefault(number, []).append(code)
    return {number: tuple(codes) for number, codes in offices.items()}


def communes_recognised(conn: Connection, territory: str, on: date) -> tuple[int, dict[str, int]]:
    """How many communes (xã) the territory has on that day, and how many are recognised at each level."""
    inside = and_(
        _LOCALITY.c.kind == "commune",
        _LOCALITY.c.path.startswith(territory, autoescape=True),
        _LOCALITY.c.valid_from <= on,
        or_(_LOCALITY.c.valid_to.is_(None), _LOCALITY.c.valid_to >= on),
    )
    total = conn.execute(select(func.count()).select_from(_LOCALITY).where(inside)).scalar_one()
    counted = func.count(_RECOGNITION.c.locality.distinct())
    by_level = (
        select(_RECOGNITION.c.level, counted)
        .join(_LOCALITY, _LOCALITY.c.id == _RECOGNITION.c.locality)
        .where(inside, _RECOGNITION.c.revoked_on.is_(None))
        .group_by(_RECOGNITION.c.level)
    )
    return total, dict(conn.execute(by_level).all())


def recognising(locality: int, level: str, year: int, *, dossier: str | None, source: str) -> Write:
    """The locality is recognised at `level` for `year`."""
    values = {"locality": locality, "level": level, "target_year": year, "dossier": dossier, "source": source}
    return Write(_ADD_RECOGNITION, values)


def unrecognise(conn: Connection, dossier: str, on: date) -> None:
    """The recognition that this dossier brought is revoked from `on`."""
    mine = _RECOGNITION.c.dossier == dossier
    conn.execute(update(_RECOGNITION).where(mine).values(revoked_on=on))
