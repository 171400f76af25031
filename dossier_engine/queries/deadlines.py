"""The deadlines of dossiers, and the day-by-day explanation of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select, tuple_, union_all
from sqlmodel import Session

from dossier_engine.errors import NoSuchDeadline
from dossier_engine.queries.listing import by_code
from dossier_engine.queries.worklist import DOSSIER, Line, held
from dossier_engine.records import dossiers
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.records.tables.dossiers import IS_BESIDE_THE_STATE
from dossier_engine.rules.deadlines import limit_of
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import Due, Extension, Limit, Pause, due_on, explain, working_days_between
from dossier_engine.rules.workflow import Text, Workflow

_DEADLINE = TABLES["deadline"]
_DEADLINE_KEY = _DEADLINE.c.dossier, _DEADLINE.c.stage_seq, _DEADLINE.c.key
_OF_STAGE = and_(_DEADLINE.c.dossier == DOSSIER.c.id, _DEADLINE.c.stage_seq == DOSSIER.c.stage_seq)
_IS_OWN = and_(DOSSIER.c.is_open, _DEADLINE.c.key == DOSSIER.c.state)  # the dossier's row holds its date too
_ORDER = _DEADLINE.c.due_on, DOSSIER.c.code, _DEADLINE.c.key

_Place = tuple[date, str, str]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One deadline of a dossier's present stage. `days_left` are working days, None while the clock stands still.

    On a day off right after `due_on` none has gone by, though it is past: `is_overdue` says so.
    """

    dossier: str
    key: str
    label: Text
    limit: Limit
    start_on: date
    due_on: date
    due_version: int
    days_left: int | None
    is_overdue: bool
    met_on: date | None
    extended_until: date | None


def of_dossier(session: Session, law: Law, line: Line, *, today: date) -> list[Obligation]:
    """The deadlines of the dossier's present stage, the soonest first."""
    row = dossiers.read(session.connection(), line.code)
    query = select(_DEADLINE).where(_DEADLINE.c.dossier == row.id, _DEADLINE.c.stage_seq == row.stage_seq)
    rows = session.execute(query.order_by(_DEADLINE.c.due_on, _DEADLINE.c.key)).all()
    return [_obligation(law, line, r, today) for r in rows]


def due_until(
    session: Session, law: Law, scope: Scope, until: date, *, today: date, limit: int | None = None,
    after: _Place | None = None,
) -> list[tuple[Line, Obligation]]:  # fmt: skip
    """Every open deadline in scope due on or before `until`, the soonest first; a stopped clock is due never.

    `after` is the day, code and key of the last one of the page before.
    """
    if scope.is_provincial and limit is not None:
        query = _due_first(law, scope, until, limit, after)
    else:
        query = select(_DEADLINE, DOSSIER.c.code).join(DOSSIER, _OF_STAGE).order_by(*_ORDER).limit(limit)
        query = query.where(_DEADLINE.c.met_on.is_(None), scope.of(DOSSIER), *_due(_ORDER, until, after))
    rows = session.execute(query).all()
    lines = by_code(session, law, scope, (r.code for r in rows), today=today)
    return [(lines[r.code], _obligation(law, lines[r.code], r, today)) for r in rows]


def _due_first(law: Law, scope: Scope, until: date, limit: int, after: _Place | None) -> Select[Any]:
    """The same, out of parts that come in the order of an index: of each role that holds, and beside the states."""
    parts = []
    of_state = (
        DOSSIER.c.id.label("dossier"),
        DOSSIER.c.stage_seq,
        DOSSIER.c.state.label("key"),
        DOSSIER.c.due_on,
        DOSSIER.c.code,
    )
    dated = DOSSIER.c.due_on, DOSSIER.c.code, DOSSIER.c.state
    for role in law.holders:
        own = held(select(*of_state), scope, role).where(*_due(dated, until, after))
        parts.append(own.order_by(DOSSIER.c.due_on, DOSSIER.c.code))
    others = select(*_DEADLINE_KEY, _DEADLINE.c.due_on, DOSSIER.c.code).join(DOSSIER, _OF_STAGE)
    others = others.where(IS_BESIDE_THE_STATE, ~_IS_OWN, scope.of(DOSSIER, by_index=False), *_due(_ORDER, until, after))
    parts.append(others.order_by(*_ORDER))
    first = union_all(*(select(part.limit(limit).subquery()) for part in parts)).subquery()
    same = and_(*(part == first.c[part.name] for part in _DEADLINE_KEY))
    query = select(_DEADLINE, first.c.code).join(first, same)
    return query.order_by(first.c.due_on, first.c.code, first.c.key).limit(limit)


def _due(order: Sequence[ColumnElement[Any]], until: date, after: _Place | None) -> list[ColumnElement[bool]]:
    """Due in time, the clock running, and after that place in the order."""
    due = [order[0] <= until, DOSSIER.c.paused_on.is_(None)]
    return due if after is None else [*due, tuple_(*order) > tuple_(*after)]


def ahead(law: Law, today: date, days: int) -> date:
    """The last of the next `days` working days. Raises CalendarMissing."""
    limit = Limit(days=days, unit="working_days", before=None, start="entered", source="", status="configured")
    return due_on(limit, start=today, target_year=today.year, calendar=law.calendar)


def explained(session: Session, law: Law, line: Line, key: str | None, *, today: date) -> tuple[Obligation, Due]:
    """Deadline `key` (None: the state's own) of the present stage, and how its date came about day by day.

    Raises NoSuchDeadline naming those the stage has.
    """
    row = dossiers.read(session.connection(), line.code)
    wanted = key or row.state
    found = {o.key: o for o in of_dossier(session, law, line, today=today)}
    if wanted not in found:
        raise NoSuchDeadline(line.code, wanted, sorted(found))
    stored = _stored(session, row, wanted)
    stood = dossiers.pauses(session.connection(), row.id, row.stage_seq)
    pauses: Sequence[Pause] = [Pause(a, b) for a, b in stood if b is not None]
    extension = Extension(stored.extended_on, stored.extended_until) if stored.extended_on else None
    due = explain(
        found[wanted].limit,
        start=stored.start_on,
        target_year=line.target_year,
        calendar=law.calendar,
        pauses=pauses,
        extension=extension,
    )
    return found[wanted], due


def _stored(session: Session, row: Row[Any], key: str) -> Row[Any]:
    return session.execute(
        select(_DEADLINE).where(
            _DEADLINE.c.dossier == row.id, _DEADLINE.c.stage_seq == row.stage_seq, _DEADLINE.c.key == key
        )
    ).one()


def _obligation(law: Law, line: Line, row: Row[Any], today: date) -> Obligation:
    running = line.paused_on is None and row.met_on is None
    return Obligation(
        dossier=line.code,
        key=row.key,
        label=_label(line.workflow, row.rule),
        limit=limit_of(line.workflow, row.rule),
        start_on=row.start_on,
        due_on=row.due_on,
        due_version=row.due_version,
        days_left=working_days_between(today, row.due_on, law.calendar) if running else None,
        is_overdue=running and row.due_on < today,
        met_on=row.met_on,
        extended_until=row.extended_until,
    )


def _label(workflow: Workflow, rule: str) -> Text:
    kind, _, name = rule.partition(":")
    if kind == "transition":
        return workflow.transitions[name].label
    return workflow.states[name].label if kind == "state" else workflow.requirements[name].label
