"""People and what they are appointed to, as far as somebody may know of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, exists, or_, select
from sqlmodel import Session

from dossier_engine.errors import NotFound
from dossier_engine.records.localities import valid_on
from dossier_engine.records.scope import EVERYTHING, Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import OFFICE_KINDS, ROLE_LEVELS, ROLES, level_of, part_of
from dossier_engine.rules.names import fold

_APPOINTMENT, _DOSSIER, _LOCALITY = (TABLES[t] for t in ("appointment", "dossier", "locality"))
_OFFICE, _PERSON = TABLES["office"], TABLES["person"]
_DISTRICT = 2  # the level at which one lies


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom somebody may know of: whoever has, or had, a part in an office in `scope`.

    With `newcomers` also those whom no office has on the day `on`, or is to have: administrators appoint them.
    """

    scope: Scope
    on: date
    newcomers: bool

    def holds(self) -> ColumnElement[bool]:
        """The condition that a person is one of them."""
        seats = _seats()
        inside = exists().where(seats.c.person == _PERSON.c.id, self.scope.of(seats))
        if not self.newcomers:
            return inside
        lasting = or_(_APPOINTMENT.c.valid_to.is_(None), _APPOINTMENT.c.valid_to >= self.on)
        return or_(inside, ~exists().where(_APPOINTMENT.c.person == _PERSON.c.id, lasting))


def _seats() -> Subquery:
    """Appointments with where they reach, as scopes ask for it."""
    principal = _PERSON.alias("principal")
    return (
        select(
            _APPOINTMENT.c.person,
            _APPOINTMENT.c.role,
            _APPOINTMENT.c.office,
            _APPOINTMENT.c.office_path.label("territory"),
            _APPOINTMENT.c.valid_from,
            _APPOINTMENT.c.valid_to,
            _APPOINTMENT.c.head,
            _APPOINTMENT.c.ended,
            _OFFICE.c.name_vi,
            _OFFICE.c.name_en,
            principal.c.handle.label("on_behalf_of"),
        )
        .join(_OFFICE, _OFFICE.c.code == _APPOINTMENT.c.office)
        .outerjoin(principal, principal.c.id == _APPOINTMENT.c.on_behalf_of)
        .subquery()
    )


def people(
    session: Session, circle: Circle, *, like: str = "", after: str | None = None, limit: int | None = None
) -> Sequence[Row[Any]]:
    """People by handle, a row an appointment in scope, `role` empty for somebody with none.

    Those whose name, without accents, or whose handle holds `like`; at most `limit`, beginning after that handle.
    """
    found = select(_PERSON.c.id, _PERSON.c.handle, _PERSON.c.name).where(circle.holds())
    if after is not None:
        found = found.where(_PERSON.c.handle > after)
    if like:
        asked = session.execute(found.order_by(_PERSON.c.handle))
        found = found.where(_PERSON.c.id.in_([one.id for one in islice(alike(asked, like), limit)]))
    page, seats = found.order_by(_PERSON.c.handle).limit(limit).subquery(), _seats()
    mine = and_(seats.c.person == page.c.id, circle.scope.of(seats))
    query = select(page.c.handle, page.c.name, *(c for c in seats.c if c.name not in {"person", "territory"}))
    order = page.c.handle, seats.c.valid_from, seats.c.role, seats.c.office
    return session.execute(query.outerjoin_from(page, seats, mine).order_by(*order)).all()


def alike(rows: Iterable[Row[Any]], like: str) -> Iterator[Row[Any]]:
    """Those of `rows` whose name, without accents, or whose handle holds `like`."""
    wanted = fold(like)
    return (one for one in rows if wanted in fold(one.name) or wanted in one.handle)


def known_person(session: Session, circle: Circle, handle: str) -> str:
    """The id behind a handle in that circle. Raises NotFound, and names nobody who is near."""
    asked = select(_PERSON.c.id).where(_PERSON.c.handle == handle, circle.holds())
    found = session.execute(asked).scalar_one_or_none() if handle.isprintable() else None
    if found is None:
        raise NotFound("person", handle)
    return str(found)


def seats_of(session: Session, person: str, *, scope: Scope = EVERYTHING, on: date | None = None) -> Sequence[Row[Any]]:
    """What the person (an id) was ever appointed to in scope, or is `on` that day, the oldest first."""
    seats = _seats()
    mine = select(seats).where(seats.c.person == person, scope.of(seats))
    if on is not None:
        mine = mine.where(seats.c.valid_from <= on, or_(seats.c.valid_to.is_(None), seats.c.valid_to >= on))
    return session.execute(mine.order_by(seats.c.valid_from, seats.c.role, seats.c.office)).all()


@dataclass(frozen=True, slots=True)
class Seat:
    """An office in which a role can be held; `district` is where a commune's lies, as communes share names."""

    code: str
    name_vi: str
    name_en: str
    district: str | None


def seats_for(session: Session, role: str, scope: Scope, *, on: date) -> list[Seat]:
    """The offices in scope in which somebody can have the role, the province's first."""
    offices = select(
        _OFFICE.c.code, _OFFICE.c.kind, _OFFICE.c.name_vi, _OFFICE.c.name_en, _OFFICE.c.path.label("territory")
    ).subquery()
    found = select(offices).where(offices.c.kind.in_(OFFICE_KINDS[role]), scope.of(offices))
    districts = dict(
        session.execute(
            select(_LOCALITY.c.path, _LOCALITY.c.name).where(
                _LOCALITY.c.kind.in_(("district", "town", "city")), valid_on(_LOCALITY, on)
            )
        ).all()
    )
    return [
        Seat(
            o.code,
            o.name_vi,
            o.name_en,
            districts.get(part_of(o.territory, _DISTRICT)) if level_of(o.territory) > _DISTRICT else None,
        )
        for o in session.execute(found.order_by(offices.c.territory, offices.c.code))
        if level_of(o.territory) in ROLE_LEVELS[role]
    ]


def one_of_each_role(session: Session, *, on: date) -> list[Row[Any]]:
    """Somebody for every role held that day, around the open dossier of a commune that is due first.

    So their queues hold the same dossier where their roles let them see it.
    """
    first = (
        select(_DOSSIER.c.territory)
        .where(_DOSSIER.c.is_open, _DOSSIER.c.holder_role == "commune_officer", _DOSSIER.c.due_on.is_not(None))
        .order_by(_DOSSIER.c.due_on, _DOSSIER.c.code)
        .limit(1)
    )
    territory = session.execute(first).scalar_one_or_none() or ""
    seats = _seats()
    held = (
        select(_PERSON.c.handle, _PERSON.c.name, seats.c.role, seats.c.territory, seats.c.name_vi, seats.c.name_en)
        .join(seats, seats.c.person == _PERSON.c.id)
        .where(seats.c.valid_from <= on, or_(seats.c.valid_to.is_(None), seats.c.valid_to >= on))
        .where(seats.c.on_behalf_of.is_(None))
        .order_by(_PERSON.c.handle)
    )
    found: dict[str, Row[Any]] = {}
    for seat in session.execute(held):
        if seat.role not in found or (_around(territory, seat) and not _around(territory, found[seat.role])):
            found[seat.role] = seat
    return [found[role] for role in ROLES if role in found]


def _around(territory: str, seat: Row[Any]) -> bool:
    return territory.startswith(seat.territory)
