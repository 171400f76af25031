"""End an appointment before its time, at once or after a day to come, and the delegations that stand on it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, or_, select, update
from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import Under, file_entry
from dossier_engine.errors import LastAdministrator, NotFound
from dossier_engine.records.history import hold
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import Appointment
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import legal_day, not_before

_APPOINTMENT, _PERSON = TABLES["appointment"], TABLES["person"]
_KEY = ("person", "role", "office", "valid_from", "on_behalf_of")
_ADMINISTRATOR = "administrator"
_A_DAY = timedelta(days=1)
_HELD = select(*(
    _APPOINTMENT.c[name] for name in ("id", "person", "role", "office", "office_path", "valid_from", "valid_to",
                                      "on_behalf_of")
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAppointment:
    """An order to end one appointment after `last_day`, or at once (None): an act a second later is refused."""

    person: str
    role: str
    office: str
    valid_from: date
    act: Act
    on_behalf_of: str | None = None
    last_day: date | None = None


def end_appointment(session: Session, order: EndAppointment, *, now: datetime, rng: random.Random) -> list[str]:
    """Carry out `order` in the caller's transaction; the face commits. The persons whose delegations ended with it.

    Raises NotFound, NotAllowed, AppointmentExpired, LastAdministrator, and BadInput for one that is over, a last day
    in the past or before the first, and an end that is not earlier than the one there is. What was done until now
    stays done.
    """
    conn = session.connection()
    head = hold(conn, "people")
    found = conn.execute(_HELD.where(*(_APPOINTMENT.c[name] == getattr(order, name) for name in _KEY))).one_or_none()
    if found is None:
        raise NotFound("appointment", f"{order.role}, {order.office}, {order.valid_from.isoformat()}")
    today, own = legal_day(not_before(now, head.recorded_at)), Appointment(*found[1:])
    own.check_end(order.last_day, today)
    ending = [_Ending(found.id, own, order.last_day), *_resting_on(conn, found.id, own, order.last_day, today)]
    for one in ending:  # all are filed before any row changes: who ends their own appointment may still file
        file_entry(
            conn, "people", "appointment_ended", order.act, one.body(), now=now, rng=rng,
            under=Under(territory=own.office_path),
        )  # fmt: skip
    _check_successor(conn, found.id, own, today if order.last_day is None else order.last_day + _A_DAY)
    for one in ending:
        over = one.appointment.ended(one.last_day, today).valid_to
        conn.execute(update(_APPOINTMENT).where(_APPOINTMENT.c.id == one.key).values(valid_to=over, ended=True))
    return [one.appointment.person for one in ending[1:]]


class _Ending(NamedTuple):
    """An appointment (and its row's key) that ends after `last_day`, or at once (None)."""

    key: int
    appointment: Appointment
    last_day: date | None

    def body(self) -> dict[str, Json]:
        """How history names it."""
        a = self.appointment
        return {
            "person": a.person,
            "role": a.role,
            "office": a.office,
            "territory": a.office_path,
            "valid_from": a.valid_from.isoformat(),
            "on_behalf_of": a.on_behalf_of,
            "last_day": self.last_day.isoformat() if self.last_day else None,
        }


def _check_successor(conn: Connection, key: int, own: Appointment, on: date) -> None:
    """Whether an administrator is left from the day `on` without an end. Raises LastAdministrator.

    Administrators appoint each other, and the first was made where there was none: without one nobody comes back.
    An account that was erased is nobody's.
    """
    if own.role != _ADMINISTRATOR or own.on_behalf_of is not None or own.valid_to is not None:
        return
    left = (
        select(_APPOINTMENT.c.id)
        .join(_PERSON, _PERSON.c.id == _APPOINTMENT.c.person)
        .where(
            _APPOINTMENT.c.role == _ADMINISTRATOR,
            _APPOINTMENT.c.id != key,
            _APPOINTMENT.c.on_behalf_of.is_(None),
            _APPOINTMENT.c.valid_from <= on,
            _APPOINTMENT.c.valid_to.is_(None),
            _PERSON.c.handle != _PERSON.c.id,
        )
    )
    if conn.execute(left).first() is None:
        raise LastAdministrator(own.office)


def _resting_on(conn: Connection, key: int, own: Appointment, last_day: date | None, today: date) -> Iterator[_Ending]:
    """The delegations of an appointment that no other of the same person carries once this one has ended."""
    mine = and_(_APPOINTMENT.c.person == own.person, _APPOINTMENT.c.on_behalf_of.is_(None), _APPOINTMENT.c.id != key)
    theirs = _APPOINTMENT.c.on_behalf_of == own.person
    same = _APPOINTMENT.c.role == own.role, _APPOINTMENT.c.office == own.office
    rows = conn.execute(_HELD.where(*same, or_(mine, theirs)).order_by(_APPOINTMENT.c.id)).all()
    carrying = [own.ended(last_day, today), *(Appointment(*r[1:]) for r in rows)]
    for row in rows:
        made = Appointment(*row[1:])
        until = last_day if last_day is not None and made.valid_from <= last_day else None
        if made.on_behalf_of and not any(one.lends(made) for one in carrying) and not made.is_over(today):
            yield _Ending(row.id, made, until)
