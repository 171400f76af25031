"""What a sweep would say, which escalations wait for an answer, which incidents are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlmodel import Session

from dossier_engine.records import dossiers, reminders
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.due import Line, plan
from dossier_engine.rules.ladder import TOP
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.seats import seat_of
from dossier_engine.rules.workflow import Workflow

_DOSSIER, _ESCALATION, _INCIDENT, _PERSON = (TABLES[t] for t in ("dossier", "escalation", "incident", "person"))
_NOTICE, _OFFICE, _RUNG = TABLES["notice"], TABLES["office"], TABLES["rung"]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A line that a sweep would write for a dossier, and the persons (ids) who would hear of it."""

    dossier: str
    line: Line
    people: tuple[str, ...]


def preview(session: Session, law: Law, scope: Scope, *, at: datetime) -> list[Foreseen]:
    """Everything a sweep at the instant `at` would write on the dossiers in scope as they stand now; locks nothing."""
    conn = session.connection()
    rows = reminders.waiting(conn, scope, at)
    watched = reminders.watched(conn, law.workflows, rows)
    planned = [(row, one, plan(one, law.calendar, now=at)) for row, one in zip(rows, watched, strict=True)]
    seats = {
        (row.code, line): seat_of(one.workflow, row, line.key, line.addressee)
        for row, one, what in planned for line in what.lines if line.tells
    }  # fmt: skip
    there = reminders.seated(conn, {seat.path for seat in seats.values()}, legal_day(at))
    found = []
    for row, _, what in planned:
        for line in what.lines:
            seat = seats.get((row.code, line))
            people = [s.person for s in there.get(seat.path, ()) if s.sits_in(seat)] if seat else []
            found.append(Foreseen(row.code, line, tuple(dict.fromkeys(people))))
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open escalation that waits for its answer. `seq` is the entry that opened it."""

    dossier: str
    seq: int
    cause: str
    addressee: str
    mandate: str
    opened_at: datetime
    answer_by: date | None


def escalations(
    session: Session, scope: Scope, *, dossier: str | None = None, limit: int | None = None,
    after: tuple[datetime, str, int] | None = None,
) -> list[Waiting]:  # fmt: skip
    """The open escalations in scope, of all dossiers or of one, the longest open first, at most `limit`.

    `after` is when the last one of the page before was opened, its dossier and its number.
    """
    place = (_ESCALATION.c.opened_at, _DOSSIER.c.code, _ESCALATION.c.seq)
    query = (
        select(
            _DOSSIER.c.code, _ESCALATION.c.seq, _ESCALATION.c.cause, _ESCALATION.c.addressee, _ESCALATION.c.mandate,
            _ESCALATION.c.opened_at, _ESCALATION.c.answer_by,
        )
        .join(_DOSSIER, (_DOSSIER.c.id == _ESCALATION.c.dossier) & (_DOSSIER.c.stage_seq == _ESCALATION.c.stage_seq))
        .where(_ESCALATION.c.closed_seq.is_(None), scope.of(_DOSSIER))
        .order_by(*place)
        .limit(limit)
    )  # fmt: skip
    if dossier is not None:
        query = query.where(_DOSSIER.c.code == dossier)
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*after))
    return [Waiting(*row) for row in session.execute(query)]


def answering(session: Session, workflow: Workflow, waiting: Waiting) -> frozenset[str]:
    """The roles that may answer: whom it is addressed to now, and the committee at any time."""
    row = dossiers.read(session.connection(), waiting.dossier)
    return frozenset({seat_of(workflow, row, f"escalation/{waiting.seq}", waiting.addressee).role, TOP})


def incidents(
    session: Session, scope: Scope, *, closed: bool = False, limit: int | None = None,
    after: tuple[datetime, str, int] | None = None,
) -> Sequence[Row[Any]]:  # fmt: skip
    """Incidents in scope, the newest first: those open, or with `closed` all; at most `limit`.

    `handle` is of the person about whom one is, `office_vi` and `office_en` of the office where nobody sits. `after` is
    when the last one of the page before was met last, what it is about, and its key.
    """
    office = _INCIDENT.c.facts["office"].as_string()
    query = (
        select(_INCIDENT, _PERSON.c.handle, _OFFICE.c.name_vi.label("office_vi"), _OFFICE.c.name_en.label("office_en"))
        .outerjoin(_PERSON, _PERSON.c.id == _INCIDENT.c.about)
        .outerjoin(_OFFICE, _OFFICE.c.code == office)
        .where(scope.of(_INCIDENT))
        .order_by(_INCIDENT.c.last_at.desc(), _INCIDENT.c.about, _INCIDENT.c.id)
        .limit(limit)
    )
    if not closed:
        query = query.where(_INCIDENT.c.closed_at.is_(None))
    if after is not None:
        met, *which = after
        beside = tuple_(_INCIDENT.c.about, _INCIDENT.c.id) > tuple_(*which)
        query = query.where((_INCIDENT.c.last_at < met) | ((_INCIDENT.c.last_at == met) & beside))
    return session.execute(query).all()


def notices(
    session: Session, scope: Scope, person: str, *, limit: int, after: tuple[datetime, int] | None = None
) -> Sequence[Row[Any]]:
    """At most `limit` of what the person was told of dossiers in scope, the newest first.

    `after` is when the last one of the page before was told, and its rung.
    """
    place = (_NOTICE.c.at, _NOTICE.c.rung)
    query = (
        select(
            _NOTICE.c.rung.label("notice"), _NOTICE.c.at, _NOTICE.c.read_at, _RUNG.c.key, _RUNG.c.rung, _RUNG.c.kind,
            _RUNG.c.due_on, _DOSSIER.c.code, _DOSSIER.c.definition,
        )
        .join(_RUNG, _RUNG.c.id == _NOTICE.c.rung)
        .join(_DOSSIER, _DOSSIER.c.id == _RUNG.c.dossier)
        .where(_NOTICE.c.person == person, scope.of(_DOSSIER))
        .order_by(*(column.desc() for column in place))
        .limit(limit)
    )  # fmt: skip
    return session.execute(query if after is None else query.where(tuple_(*place) < tuple_(*after))).all()
