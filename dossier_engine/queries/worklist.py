"""Which dossiers there are, where each stands, who holds it, and what is due when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, case, or_, select
from sqlmodel import Session

from dossier_engine.errors import NotFound
from dossier_engine.records.localities import valid_on
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import OF_ONE_OFFICE, OFFICE_KINDS
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import working_days_between
from dossier_engine.rules.names import fold
from dossier_engine.rules.workflow import State, Workflow

DOSSIER, _LOCALITY, _OFFICE = TABLES["dossier"], TABLES["locality"], TABLES["office"]
_DISTRICT, _SUBJECT = _LOCALITY.alias("district"), _OFFICE.alias("subject")
# Of the departments, which share one path, the one that the dossier is about.
_HOLDING = or_(DOSSIER.c.holder_role.not_in(OF_ONE_OFFICE), _OFFICE.c.code == DOSSIER.c.office)
_SEAT = case({role: kinds[0] for role, kinds in OFFICE_KINDS.items()}, value=DOSSIER.c.holder_role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to list; every field narrows, None does not. `name` is searched without accents."""

    state: str | None = None
    level: str | None = None
    year: int | None = None
    district: str | None = None
    name: str | None = None
    holder: str | None = None
    open_only: bool = False
    overdue_on: date | None = None
    codes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier in a list. `days_left` are working days to `due_on`, negative past it, None without a date.

    `office`, with its names, is the one it is about; None where it is about the locality itself.
    """

    code: str
    workflow: Workflow
    level: str
    target_year: int
    locality: str
    locality_code: str
    district: str | None
    office: str | None
    office_vi: str | None
    office_en: str | None
    territory: str
    state: State
    is_open: bool
    holder_role: str | None
    holder_vi: str | None
    holder_en: str | None
    due_on: date | None
    days_left: int | None
    paused_on: date | None
    round: int
    version: int
    stage_on: date
    linked: str | None


def _lines(today: date) -> Select[Any]:
    # Of a unit that has ended, the district it last lay in.
    day = case((_LOCALITY.c.valid_to < today, _LOCALITY.c.valid_to), else_=today)
    district = and_(_DISTRICT.c.code == _LOCALITY.c.parent, _LOCALITY.c.kind != "district", valid_on(_DISTRICT, day))
    return (
        select(
            DOSSIER,
            _LOCALITY.c.name.label("locality_name"),
            _LOCALITY.c.code.label("locality_code"),
            _DISTRICT.c.name.label("district_name"),
            _SUBJECT.c.name_vi.label("office_vi"),
            _SUBJECT.c.name_en.label("office_en"),
            _OFFICE.c.name_vi.label("holder_vi"),
            _OFFICE.c.name_en.label("holder_en"),
        )
        .join(_LOCALITY, _LOCALITY.c.id == DOSSIER.c.locality)
        .outerjoin(_DISTRICT, district)
        .outerjoin(_SUBJECT, _SUBJECT.c.code == DOSSIER.c.office)
        .outerjoin(_OFFICE, and_(_OFFICE.c.path == DOSSIER.c.holder_path, _OFFICE.c.kind == _SEAT, _HOLDING))
    )


def listing(
    session: Session, law: Law, scope: Scope, wanted: Filter, *, today: date, limit: int, after: str | None = None
) -> list[Line]:
    """At most `limit` dossiers in scope by code, beginning after the code `after` (the last one of a page)."""
    query = _lines(today).where(scope.of(DOSSIER)).order_by(DOSSIER.c.code).limit(limit)
    if after is not None:
        query = query.where(DOSSIER.c.code > after)
    for column, value in (
        (DOSSIER.c.state, wanted.state),
        (DOSSIER.c.level, wanted.level),
        (DOSSIER.c.target_year, wanted.year),
        (DOSSIER.c.holder_role, wanted.holder),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.district is not None:
        query = query.where(_DISTRICT.c.name_search.contains(fold(wanted.district), autoescape=True))
    if wanted.name is not None:
        query = query.where(_LOCALITY.c.name_search.contains(fold(wanted.name), autoescape=True))
    if wanted.codes is not None:
        query = query.where(DOSSIER.c.code.in_(wanted.codes))
    if wanted.open_only:
        query = query.where(DOSSIER.c.is_open)
    if wanted.overdue_on is not None:
        overdue = (DOSSIER.c.is_open, DOSSIER.c.paused_on.is_(None), DOSSIER.c.due_on < wanted.overdue_on)
        query = query.where(*overdue)
    return [_line(law, row, today) for row in session.execute(query)]


def one(session: Session, law: Law, scope: Scope, code: str, *, today: date) -> Line:
    """The dossier of that code. Raises NotFound when there is none in scope."""
    row = session.execute(_lines(today).where(DOSSIER.c.code == code, scope.of(DOSSIER))).one_or_none()
    if row is None:
        raise NotFound("dossier", code)
    return _line(law, row, today)


def _line(law: Law, row: Row[Any], today: date) -> Line:
    workflow = law.workflows[row.definition]
    left = None
    if row.due_on is not None and row.paused_on is None:
        left = working_days_between(today, row.due_on, law.calendar)
    return Line(
        code=row.code,
        workflow=workflow,
        level=row.level,
        target_year=row.target_year,
        locality=row.locality_name,
        locality_code=row.locality_code,
        district=row.district_name,
        office=row.office or None,
        office_vi=row.office_vi,
        office_en=row.office_en,
        territory=row.territory,
        state=workflow.states[row.state],
        is_open=row.is_open,
        holder_role=row.holder_role,
        holder_vi=row.holder_vi,
        holder_en=row.holder_en,
        due_on=row.due_on,
        days_left=left,
        paused_on=row.paused_on,
        round=row.round,
        version=row.version,
        stage_on=row.stage_on,
        linked=row.linked,
    )
