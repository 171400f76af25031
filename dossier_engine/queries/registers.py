"""The registers as lists: localities, offices, appointments, definitions, and plans with progress."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_
from sqlmodel import Session

from dossier_engine.errors import BadInput, NotFound
from dossier_engine.records import dossiers
from dossier_engine.records.localities import valid_on
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import Appointment
from dossier_engine.rules.law import Law
from dossier_engine.rules.names import closest, fold
from dossier_engine.rules.workflow import Workflow

_LOCALITY, _OFFICE, _PERSON = TABLES["locality"], TABLES["office"], TABLES["person"]
_APPOINTMENT, _DEFINITION, _DOSSIER, _PLAN = (TABLES[t] for t in ("appointment", "definition", "dossier", "plan"))

# Where a list goes on: the values that its order compares.
Place = tuple[int | str, ...]


def localities(
    session: Session, *, on: date, kind: str | None = None, name: str | None = None, code: str | None = None,
    after: Place | None = None, limit: int | None = None,
) -> Sequence[Row[Any]]:  # fmt: skip
    """Localities valid on that day, in Vietnamese order; `name` is searched without accents.

    At most `limit`, beginning after the place (`place_of`) of the last one of the page before.
    """
    parent = _LOCALITY.alias("parent")
    parent_sort = func.coalesce(parent.c.name_sort, "")
    query = (
        select(_LOCALITY, parent.c.name.label("parent_name"), parent_sort.label("parent_sort"))
        .outerjoin(parent, and_(parent.c.code == _LOCALITY.c.parent, valid_on(parent, on)))
        .where(valid_on(_LOCALITY, on))
        .limit(limit)
    )
    for column, value in ((_LOCALITY.c.kind, kind), (_LOCALITY.c.code, code)):
        if value is not None:
            query = query.where(column == value)
    if name is not None:
        query = query.where(_LOCALITY.c.name_search.contains(fold(name), autoescape=True))
    order = (func.length(_LOCALITY.c.path), parent_sort, _LOCALITY.c.name_sort, _LOCALITY.c.code)
    return session.execute(_paged(query, order, after)).all()


def place_of(found: Row[Any]) -> Place:
    """Where a locality stands among all of them."""
    return len(found.path), found.parent_sort, found.name_sort, found.code


def offices(
    session: Session, *, kind: str | None, after: Place | None = None, limit: int | None = None
) -> Sequence[Row[Any]]:
    """Offices, the province's first; at most `limit`, after one given by the length of its path and its code."""
    query = select(_OFFICE).limit(limit)
    if kind is not None:
        query = query.where(_OFFICE.c.kind == kind)
    return session.execute(_paged(query, (func.length(_OFFICE.c.path), _OFFICE.c.code), after)).all()


def _paged(query: Select[Any], order: Sequence[ColumnElement[Any]], after: Place | None) -> Select[Any]:
    query = query.order_by(*order)
    return query if after is None else query.where(tuple_(*order) > tuple_(*after))


def person_id(session: Session, handle: str) -> str:
    """The id behind a handle. Raises NotFound with near handles."""
    found = session.execute(select(_PERSON.c.id).where(_PERSON.c.handle == handle)).scalar_one_or_none()
    if found is None:
        handles = session.execute(select(_PERSON.c.handle)).scalars()
        raise NotFound("person", handle, closest(handle, handles))
    return str(found)


def handles(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The handles of these persons, by id."""
    found = session.execute(select(_PERSON.c.id, _PERSON.c.handle).where(_PERSON.c.id.in_(sorted(ids))))
    return dict(found.all())


def appointments_of(session: Session, person: str) -> tuple[Appointment, ...]:
    """All that the person was ever appointed to."""
    appointments, _, _ = dossiers.sheet(session.connection(), person, 0, None)
    return appointments


def appointment_meant(
    session: Session, person: str, role: str, office: str, *, on: date, since: date | None, on_behalf_of: str | None
) -> Appointment:
    """The one appointment of the person in that role and office that is not over on that day; `since` tells two apart.

    Raises NotFound, or BadInput where it could be several.
    """
    found = [
        a
        for a in appointments_of(session, person)
        if (a.role, a.office, a.on_behalf_of) == (role, office, on_behalf_of)
        and since in (None, a.valid_from)
        and not a.is_over(on)
    ]
    if not found:
        raise NotFound("appointment", f"{role}, {office}")
    if len(found) > 1:
        raise BadInput("valid_from", ", ".join(sorted(str(a.valid_from) for a in found)), "several_appointments")
    return found[0]


def everybody(session: Session) -> dict[str, tuple[str, str]]:
    """Handle and name of everybody, by id."""
    return {p.id: (p.handle, p.name) for p in session.execute(select(_PERSON.c.id, _PERSON.c.handle, _PERSON.c.name))}


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version of a definition and how many open dossiers run under it."""

    workflow: Workflow
    is_active: bool
    running: int


def definitions(session: Session, law: Law) -> list[Version]:
    """Every stored version, in the order of activation."""
    running = dict(
        session.execute(
            select(_DOSSIER.c.definition, func.count()).where(_DOSSIER.c.is_open).group_by(_DOSSIER.c.definition)
        ).all()
    )
    stored = session.execute(select(_DEFINITION.c.sha256).order_by(_DEFINITION.c.activation)).scalars()
    return [Version(law.workflows[s], law.active[law.workflows[s].name] == s, running.get(s, 0)) for s in stored]


@dataclass(frozen=True, slots=True)
class Progress:
    """A plan and how many dossiers of its year stand where, by workflow and state; `offices` are counted by kind.

    All counts are of what is in the scope that was asked for.
    """

    year: int
    content: Mapping[str, Any]
    standing: Mapping[str, Mapping[str, int]]
    offices: Mapping[str, int]


def plan_years(session: Session) -> list[int]:
    """The years for which a plan was adopted, in order."""
    return list(session.execute(select(_PLAN.c.year).order_by(_PLAN.c.year)).scalars())


def progress(session: Session, year: int, scope: Scope) -> Progress:
    """The plan adopted for `year` with what has come of it. Raises NotFound naming the years there are."""
    plan = session.execute(select(_PLAN).where(_PLAN.c.year == year)).first()
    if plan is None:
        raise NotFound("plan", str(year), [str(y) for y in plan_years(session)])
    counted = (
        select(_DOSSIER.c.workflow, _DOSSIER.c.state, func.count())
        .where(_DOSSIER.c.target_year == year, scope.of(_DOSSIER))
        .group_by(_DOSSIER.c.workflow, _DOSSIER.c.state)
    )
    standing: dict[str, dict[str, int]] = {}
    for workflow, state, count in session.execute(counted):
        standing.setdefault(workflow, {})[state] = count
    # As dossiers about them are: each lies at its seat.
    seats = select(_OFFICE.c.kind, _OFFICE.c.path.label("territory"), _OFFICE.c.code.label("office")).subquery()
    seated = seats.c.territory.startswith(f"{plan.province}/", autoescape=True)
    kinds = session.execute(select(seats.c.kind, func.count()).where(seated, scope.of(seats)).group_by(seats.c.kind))
    return Progress(year, plan.content, standing, dict(kinds.all()))
