"""Where a dossier stands, who holds it, and what is due when: a line of any list."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, Row, Select, and_, bindparam, case, or_, select
from sqlmodel import Session

from dossier_engine.errors import CalendarMissing, NotFound
from dossier_engine.records.localities import valid_on
from dossier_engine.records.prepared import Prepared
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.records.tables.dossiers import IS_OPEN
from dossier_engine.rules.authority import OF_ONE_OFFICE, OFFICE_KINDS
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import working_days_between
from dossier_engine.rules.workflow import State, Workflow

DOSSIER, LOCALITY, _OFFICE = TABLES["dossier"], TABLES["locality"], TABLES["office"]
DISTRICT, _SUBJECT = LOCALITY.alias("district"), _OFFICE.alias("subject")
# Of the departments, which share one path, the one that the dossier is about.
_HOLDING = or_(and_(*(DOSSIER.c.holder_role != role for role in OF_ONE_OFFICE)), _OFFICE.c.code == DOSSIER.c.office)
_SEAT = case({role: kinds[0] for role, kinds in OFFICE_KINDS.items()}, value=DOSSIER.c.holder_role)


Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier in a list. `days_left` are working days to `due_on`, negative past it, None without a date.

    On a day off right after that date none has gone by, though it is past: `is_overdue` says so.

    `office`, with its names, is the one it is about; None where it is about the locality itself. `place` is where the
    next page of a list goes on.
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
    is_overdue: bool
    paused_on: date | None
    round: int
    version: int
    stage_on: date
    linked: str | None
    place: Place


def lines(today: date | BindParameter[date]) -> Select[Any]:
    """The rows that `read` makes lines of, whoever may see them: a query starts from it and narrows it."""
    # Of a unit that has ended, the district it last lay in.
    day = case((LOCALITY.c.valid_to < today, LOCALITY.c.valid_to), else_=today)
    district = and_(DISTRICT.c.code == LOCALITY.c.parent, LOCALITY.c.kind != "district", valid_on(DISTRICT, day))
    return (
        select(
            DOSSIER,
            LOCALITY.c.name.label("locality_name"),
            LOCALITY.c.code.label("locality_code"),
            DISTRICT.c.name.label("district_name"),
            _SUBJECT.c.name_vi.label("office_vi"),
            _SUBJECT.c.name_en.label("office_en"),
            _OFFICE.c.name_vi.label("holder_vi"),
            _OFFICE.c.name_en.label("holder_en"),
        )
        .join(LOCALITY, LOCALITY.c.id == DOSSIER.c.locality)
        .outerjoin(DISTRICT, district)
        .outerjoin(_SUBJECT, _SUBJECT.c.code == DOSSIER.c.office)
        .outerjoin(_OFFICE, and_(_OFFICE.c.path == DOSSIER.c.holder_path, _OFFICE.c.kind == _SEAT, _HOLDING))
    )


def held(query: Select[Any], scope: Scope, role: str) -> Select[Any]:
    """Narrowed to the open dossiers that the role holds, so that their index gives them in the order of due dates."""
    return query.where(IS_OPEN, DOSSIER.c.holder_role == role, scope.of(DOSSIER, by_index=False))


def one(session: Session, law: Law, scope: Scope, code: str, *, today: date) -> Line:
    """The dossier of that code. Raises NotFound when there is none in scope."""
    row = session.execute(lines(today).where(DOSSIER.c.code == code, scope.of(DOSSIER))).one_or_none()
    if row is None:
        raise NotFound("dossier", code)
    return read(law, row, today)


_STANDING = Prepared(lines(bindparam("today", type_=Date)).where(DOSSIER.c.code == bindparam("code")))


def standing(session: Session, law: Law, code: str, *, today: date) -> Line:
    """Where the dossier stands that was just changed, whoever may see it. Raises NotFound."""
    row = _STANDING.first(session.connection(), {"today": today, "code": code})
    if row is None:
        raise NotFound("dossier", code)
    return read(law, row, today)


def read(law: Law, row: Row[Any], today: date, place: str = "") -> Line:
    """The line that a row is."""
    workflow = law.workflows[row.definition]
    left = None
    if row.due_on is not None and row.paused_on is None:
        with suppress(CalendarMissing):  # a date beyond the calendar is no reason to show nothing
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
        is_overdue=row.due_on is not None and row.paused_on is None and row.due_on < today,
        paused_on=row.paused_on,
        round=row.round,
        version=row.version,
        stage_on=row.stage_on,
        linked=row.linked,
        place=(place, row.code),
    )
