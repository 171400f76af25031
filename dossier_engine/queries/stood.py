"""How a dossier stood after one of its entries, whatever has happened to it since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from dossier_engine.errors import NotFound
from dossier_engine.queries.trail import Happened
from dossier_engine.queries.worklist import Line
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import OF_ONE_OFFICE, OFFICE_KINDS, ROLE_LEVELS, part_of
from dossier_engine.rules.entry import Standing, fold
from dossier_engine.rules.law import Law

_OFFICE = TABLES["office"]


@dataclass(frozen=True, slots=True)
class Stood:
    """An entry, and the dossier as it left it."""

    happened: Happened
    line: Line


def stood_after(session: Session, law: Law, line: Line, history: Sequence[Happened], seq: int) -> Stood:
    """The dossier of `line`, whose history this is, after entry `seq`; its days left are not told. Raises NotFound."""
    entries = [one for one in history if one.seq <= seq]
    if not entries or entries[-1].seq != seq:
        raise NotFound("entry", str(seq))
    stood = fold(one.entry for one in entries)
    return Stood(entries[-1], _as_it_stood(session, law, line, stood))


def _as_it_stood(session: Session, law: Law, line: Line, stood: Standing) -> Line:
    workflow = law.workflows[stood.definition]
    state = workflow.states[stood.state]
    seat = _seat(session, line, state.holder) if state.holder else None
    due = stood.due.get(state.key)
    return replace(
        line,
        workflow=workflow,
        state=state,
        is_open=not state.final,
        holder_role=state.holder,
        holder_vi=seat.name_vi if seat else None,
        holder_en=seat.name_en if seat else None,
        due_on=date.fromisoformat(due) if due and not state.final else None,
        days_left=None,
        is_overdue=False,
        paused_on=stood.paused_on,
        round=stood.round,
        version=stood.version,
        stage_on=stood.stage_on,
    )


def _seat(session: Session, line: Line, role: str) -> Row[Any] | None:
    """The office in which `role` holds the dossier."""
    path = part_of(line.territory, ROLE_LEVELS[role][0])
    query = select(_OFFICE).where(_OFFICE.c.path == path, _OFFICE.c.kind == OFFICE_KINDS[role][0])
    if role in OF_ONE_OFFICE:
        query = query.where(_OFFICE.c.code == line.office)
    return session.execute(query.order_by(_OFFICE.c.code).limit(1)).one_or_none()
