"""Entries of the histories of dossiers, searched by dossier, person, act and day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select, tuple_
from sqlmodel import Session

from dossier_engine.queries.people import alike
from dossier_engine.queries.trail import COLUMNS, Happened, told
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.records.tables.history import IS_OF_A_DOSSIER
from dossier_engine.rules.law import opening_of

_DOSSIER, _HISTORY, _PERSON, _PRIVATE = (TABLES[t] for t in ("dossier", "history", "person", "private"))
_BEFORE_CODE = len("dossier/")
_PLACE = _HISTORY.c.recorded_at, _HISTORY.c.stream, _HISTORY.c.seq
_MOST_PEOPLE = 1_000  # whom a part of a name may mean

Place = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; `person` is part of a name, accents or not, or of a handle. Both days are included."""

    code: str | None = None
    person: str | None = None
    kind: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, of which dossier it is, and where it stands among all."""

    code: str
    happened: Happened
    place: Place


def entries(session: Session, scope: Scope, wanted: Wanted, *, limit: int, after: Place | None = None) -> list[Entry]:
    """At most `limit` entries of dossiers in scope, the newest first, beginning `after` the place of one."""
    # Entries in the order of their index, each asked for its dossier: a join would look at all dossiers first.
    mine = exists().where(_DOSSIER.c.code == func.substr(_HISTORY.c.stream, _BEFORE_CODE + 1), scope.of(_DOSSIER))
    newest = select(*COLUMNS).where(IS_OF_A_DOSSIER, mine).order_by(*(column.desc() for column in _PLACE))
    query = newest.limit(limit)
    rows = session.execute(_narrowed(session, query, wanted, after)).all()
    beside = tuple_(_PRIVATE.c.stream, _PRIVATE.c.seq).in_([(row.stream, row.seq) for row in rows])
    happened = told(session, rows, beside)
    return [
        Entry(row.stream[_BEFORE_CODE:], one, (row.recorded_at, row.stream, row.seq))
        for row, one in zip(rows, happened, strict=True)
    ]


def _narrowed(session: Session, query: Select[Any], wanted: Wanted, after: Place | None) -> Select[Any]:
    if after is not None:
        query = query.where(tuple_(*_PLACE) < tuple_(*after))
    if wanted.code is not None:
        query = query.where(_HISTORY.c.stream == f"dossier/{wanted.code}")
    if wanted.kind is not None:
        query = query.where(_HISTORY.c.kind == wanted.kind)
    if wanted.person is not None:
        known = session.execute(select(_PERSON.c.id, _PERSON.c.handle, _PERSON.c.name).order_by(_PERSON.c.handle))
        meant = [one.id for one in alike(known, wanted.person)]
        query = query.where(_HISTORY.c.actor.in_(meant[:_MOST_PEOPLE]))
    if wanted.first is not None:
        query = query.where(_HISTORY.c.recorded_at >= opening_of(wanted.first))
    if wanted.last is not None:
        query = query.where(_HISTORY.c.recorded_at < opening_of(wanted.last + timedelta(days=1)))
    return query
