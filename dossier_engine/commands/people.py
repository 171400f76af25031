"""People and their appointments: who may act, in which office, from when to when, and for whom."""

import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update
from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import Under, file_entry
from dossier_engine.errors import AlreadyThere, BadInput, NotFound
from dossier_engine.records import dossiers
from dossier_engine.records.history import hold
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import OFFICE_KINDS, ROLE_LEVELS, ROLES, Appointment, level_of
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import legal_day

_APPOINTMENT, _OFFICE, _PERSON = TABLES["appointment"], TABLES["office"], TABLES["person"]
_HANDLE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*\Z")
# What a mail server takes without quotes, so nothing that could end a header or add an addressee.
_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+\Z")
_LONGEST_ADDRESS = 254
_LONGEST_NAME = 200
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appoint:
    """An order to appoint `person` (an id); `on_behalf_of` (an id) makes it a delegation during absence."""

    person: str
    role: str
    office: str
    valid_from: date
    valid_to: date | None
    act: Act
    on_behalf_of: str | None = None
    head: bool = False


def add_person(
    session: Session, handle: str, name: str, act: Act, *, now: datetime, rng: random.Random, email: str | None = None
) -> str:
    """Add a person and return the random id that history will know; handle, name and address stay erasable.

    Raises AlreadyThere, BadInput, NotAllowed. The face commits.
    """
    conn = session.connection()
    hold(conn, "people")
    if _HANDLE.match(handle) is None:
        raise BadInput("handle", handle, "not_a_handle")
    known = _name(name)
    if conn.execute(select(_PERSON.c.id).where(_PERSON.c.handle == handle)).first() is not None:
        raise AlreadyThere("person", handle)
    if email is not None:
        _check_address(email)
    person = "p-" + "".join(rng.choices(_LETTERS, k=16))
    private = {"handle": handle, "name": known} | ({"email": email} if email else {})
    file_entry(conn, "people", "person_added", act, {"person": person}, now=now, rng=rng, private=private)
    conn.execute(insert(_PERSON), {"id": person, "handle": handle, "name": known, "email": email})
    return person


def _name(typed: str) -> str:
    """A name in one form of letters and spaces, and with nothing in it that nobody sees. Raises BadInput."""
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not name:
        raise BadInput("name", typed, "missing")
    if len(name) > _LONGEST_NAME:
        raise BadInput("name", str(len(name)), "too_long")
    if not name.isprintable():  # letters of no width, or turning the line round, make two people look alike
        raise BadInput("name", ascii(typed), "hidden_letters")
    return name


def change_address(
    session: Session, person: str, email: str | None, act: Act, *, now: datetime, rng: random.Random
) -> None:
    """Send the person's mails to `email` from now on, or nowhere (None). Raises NotFound, BadInput, NotAllowed.

    The face commits.
    """
    conn = session.connection()
    hold(conn, "people")
    if email is not None:
        _check_address(email)
    if conn.execute(select(_PERSON.c.id).where(_PERSON.c.id == person)).first() is None:
        raise NotFound("person", person)
    private = {"email": email} if email else {}
    file_entry(conn, "people", "address_changed", act, {"person": person}, now=now, rng=rng, private=private)
    conn.execute(update(_PERSON).where(_PERSON.c.id == person).values(email=email))


def _check_address(email: str) -> None:
    if len(email) > _LONGEST_ADDRESS or _ADDRESS.match(email) is None:
        raise BadInput("email", email, "not_an_address")


def appoint(session: Session, order: Appoint, *, now: datetime, rng: random.Random) -> None:
    """Carry out `order` in the caller's transaction; the face commits.

    Raises NotFound, NotAllowed, AlreadyThere, and BadInput for an unknown role, a role that is not exercised in that
    office, a period that ends before it begins, or a delegation by somebody who does not hold the appointment.
    """
    conn = session.connection()
    hold(conn, "people")
    office = conn.execute(select(_OFFICE.c.kind, _OFFICE.c.path).where(_OFFICE.c.code == order.office)).one_or_none()
    if office is None:
        raise NotFound("office", order.office)
    if order.role not in ROLES:
        raise BadInput("role", order.role, "unknown_role")
    if office.kind not in OFFICE_KINDS[order.role] or level_of(office.path) not in ROLE_LEVELS[order.role]:
        raise BadInput("office", order.office, "role_not_in_office")
    if order.valid_to is not None and order.valid_to < order.valid_from:
        raise BadInput("to", order.valid_to.isoformat(), "before_from")
    if conn.execute(select(_PERSON.c.id).where(_PERSON.c.id == order.person)).first() is None:
        raise NotFound("person", order.person)
    if order.on_behalf_of is not None and not _holds(conn, order.on_behalf_of, order, office.path):
        raise BadInput("on_behalf_of", order.on_behalf_of, "does_not_hold_it")
    if _same(conn, order):
        raise AlreadyThere("appointment", f"{order.role}, {order.office}")
    body: dict[str, Json] = {
        "person": order.person,
        "role": order.role,
        "office": order.office,
        "territory": office.path,
        "valid_from": order.valid_from.isoformat(),
        "valid_to": order.valid_to.isoformat() if order.valid_to else None,
        "on_behalf_of": order.on_behalf_of,
        "head": order.head,
    }
    file_entry(conn, "people", "appointed", order.act, body, now=now, rng=rng, under=Under(territory=office.path))
    row = {
        "person": order.person,
        "role": order.role,
        "office": order.office,
        "office_path": office.path,
        "valid_from": order.valid_from,
        "valid_to": order.valid_to,
        "on_behalf_of": order.on_behalf_of,
        "head": order.head,
        "ended": False,
    }
    conn.execute(insert(_APPOINTMENT), row)


def _holds(conn: Connection, principal: str, order: Appoint, path: str) -> bool:
    """Whether the person stood in for holds the appointment, in their own right, through the whole delegation."""
    asked = Appointment(
        order.person, order.role, order.office, path, order.valid_from, order.valid_to, order.on_behalf_of
    )  # fmt: skip
    held, _, _ = dossiers.sheet(conn, principal, 0, None)
    return any(own.lends(asked) for own in held)


def _same(conn: Connection, order: Appoint) -> bool:
    same = select(_APPOINTMENT.c.id).where(
        _APPOINTMENT.c.person == order.person,
        _APPOINTMENT.c.role == order.role,
        _APPOINTMENT.c.office == order.office,
        _APPOINTMENT.c.valid_from == order.valid_from,
        _APPOINTMENT.c.on_behalf_of.is_(None)
        if order.on_behalf_of is None
        else _APPOINTMENT.c.on_behalf_of == order.on_behalf_of,
    )
    return conn.execute(same).first() is not None


def first_administrator(
    session: Session, handle: str, name: str, act: Act, *, now: datetime, rng: random.Random
) -> None:
    """Add the person who will add all others, in the first IT office, from today on; the face commits.

    Raises AlreadyThere once any administrator was ever appointed: from then on administrators appoint each other.
    """
    conn = session.connection()
    hold(conn, "people")
    if conn.execute(select(_APPOINTMENT.c.id).where(_APPOINTMENT.c.role == "administrator")).first() is not None:
        raise AlreadyThere("person", handle)
    technical = select(_OFFICE.c.code).where(_OFFICE.c.kind == "it").order_by(_OFFICE.c.code)
    office = conn.execute(technical).scalars().first()
    if office is None:
        raise NotFound("office", "it")
    person = add_person(session, handle, name, act, now=now, rng=rng)
    order = Appoint(
        person=person, role="administrator", office=office, valid_from=legal_day(now), valid_to=None, act=act
    )
    appoint(session, order, now=now, rng=rng)
