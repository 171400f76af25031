"""The deadlines of dossiers, and the day-by-day explanation of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, select, tuple_
from sqlmodel import Session

from dossier_engine.errors import NoSuchDeadline
from dossier_engine.queries.listing import by_code
from dossier_engine.queries.worklist import DOSSIER, Line
from dossier_engine.records import dossiers
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.deadlines import limit_of
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import Due, Extension, Limit, Pause, due_on, explain, working_days_between
from dossier_engine.rules.workflow import Text, Workflow

_DEADLINE = TABLES["deadline"]


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
    after: tuple[date, str, str] | None = None,
) -> list[tuple[Line, Obligation]]:  # fmt: skip
    """Every open deadline in scope due on or before `until`, the soonest first; a stopped clock is due never.

    `after` is the day, code and key of the last one of the page before.
    """
    open_ = and_(
        _DEADLINE.c.dossier == DOSSIER.c.id,
        _DEADLINE.c.stage_seq == DOSSIER.c.stage_seq,
        _DEADLINE.c.met_on.is_(None),
        _DEADLINE.c.due_on <= until,
        DOSSIER.c.paused_on.is_(None),
        scope.of(DOSSIER),
    )
    order = (_DEADLINE.c.due_on, DOSSIER.c.code, _DEADLINE.c.key)
    query = select(_DEADLINE, DOSSIER.c.code).join(DOSSIER, open_).order_by(*order).limit(limit)
    rows = session.execute(query if after is None else query.where(tuple_(*order) > tuple_(*after))).all()
    lines = by_code(session, law, scope, (r.code for r in rows), today=today)
    return [(lines[r.code], _obligation(law, lines[r.code], r, today)) for r in rows]


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
