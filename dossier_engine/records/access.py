"""Accounts, the invitations they begin with, and the account of what was done to them."""

import random
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, insert, or_, select, update

from dossier_engine.records.localities import bare
from dossier_engine.records.prepared import Prepared, insert_unless_there
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.tokens import new_id

_ACCOUNT, _EVENT, _INVITATION = TABLES["account"], TABLES["access_event"], TABLES["invitation"]
_APPOINTMENT, _LOCALITY, _OFFICE, _PERSON = (TABLES[t] for t in ("appointment", "locality", "office", "person"))
_SEPARATED = re.compile(r"[\s()._-]+")

_KNOWN: Select[Any] = select(
    _PERSON.c.id, _PERSON.c.handle, _PERSON.c.name, _ACCOUNT.c.password, _ACCOUNT.c.totp_secret,
    _ACCOUNT.c.totp_confirmed_at, _ACCOUNT.c.totp_step,
).outerjoin(_ACCOUNT, _ACCOUNT.c.person == _PERSON.c.id)  # fmt: skip


def by_handle(conn: Connection, handle: str) -> Row[Any] | None:
    """The person of that handle with their account, whose columns are None where they have none."""
    return conn.execute(_KNOWN.where(_PERSON.c.handle == handle)).one_or_none()


def of_person(conn: Connection, person: str) -> Row[Any] | None:
    """The same, by id."""
    return conn.execute(_KNOWN.where(_PERSON.c.id == person)).one_or_none()


def hold_person(conn: Connection, person: str) -> bool:
    """Whether there is such a person who was not erased; held, so that nothing else is done to the account meanwhile.

    What is given to a person while somebody erases them would stay behind.
    """
    held = select(_PERSON.c.handle).where(_PERSON.c.id == person).with_for_update(key_share=True)
    return conn.execute(held).scalar_one_or_none() not in (None, person)


_HELD = Prepared(
    select(_APPOINTMENT.c.role).where(
        _APPOINTMENT.c.person == bindparam("person"),
        _APPOINTMENT.c.valid_from <= bindparam("day"),
        or_(_APPOINTMENT.c.valid_to.is_(None), _APPOINTMENT.c.valid_to >= bindparam("day")),
    )
)


def roles_on(conn: Connection, person: str, day: date) -> frozenset[str]:
    """The roles that the person holds that day, delegated ones too."""
    return frozenset(role for (role,) in _HELD.lines(conn, {"person": person, "day": day}))


def seats_from(conn: Connection, person: str, day: date) -> Sequence[str]:
    """The territories of the offices that the person has, or is to have, a part in."""
    held = select(_APPOINTMENT.c.office_path).where(
        _APPOINTMENT.c.person == person, or_(_APPOINTMENT.c.valid_to.is_(None), _APPOINTMENT.c.valid_to >= day)
    )
    return sorted(set(conn.execute(held).scalars()))


def names_around(conn: Connection, person: str) -> list[str]:
    """What everybody may know: the person's handle and names, those of their offices and of where these sit."""
    known = select(_PERSON.c.handle, _PERSON.c.name).where(_PERSON.c.id == person)
    places = (
        select(_OFFICE.c.name_vi, _OFFICE.c.name_en, _LOCALITY.c.name_search)
        .join(_APPOINTMENT, _APPOINTMENT.c.office == _OFFICE.c.code)
        .outerjoin(_LOCALITY, _LOCALITY.c.path == _OFFICE.c.path)
        .where(_APPOINTMENT.c.person == person)
    )
    own = [name for row in conn.execute(known) for name in row]
    around = [bare(name) for row in conn.execute(places) for name in row if name]
    return [*own, *(part for name in own for part in _SEPARATED.split(name)), *around]


def give_password(conn: Connection, person: str, password: str, totp_secret: str | None, now: datetime) -> None:
    """Let the person in with a new password and, for those who need one, a second factor that is yet to be proven."""
    insert_unless_there(conn, _ACCOUNT, {"person": person, "totp_step": 0})
    given = {"password": password, "password_changed_at": now, "totp_secret": totp_secret, "totp_confirmed_at": None}
    conn.execute(update(_ACCOUNT).where(_ACCOUNT.c.person == person).values(**given))


def replace_password(conn: Connection, person: str, before: str, after: str, now: datetime | None) -> bool:
    """Put another hash in the place of `before`; False if that is no longer there.

    Without `now` it is the same password, hashed anew.
    """
    values: dict[str, Any] = {"password": after} | ({"password_changed_at": now} if now else {})
    mine = _ACCOUNT.c.person == person
    return conn.execute(update(_ACCOUNT).where(mine, _ACCOUNT.c.password == before).values(**values)).rowcount == 1


def hold_account(conn: Connection, person: str, password: str) -> Row[Any] | None:
    """The person's account if this hash is still theirs; held, so that it stays until the transaction ends."""
    mine: Select[Any] = select(_ACCOUNT).where(_ACCOUNT.c.person == person, _ACCOUNT.c.password == password)
    return conn.execute(mine.with_for_update()).one_or_none()


def use_code(conn: Connection, person: str, secret: str, step: int, now: datetime) -> bool:
    """Take `step` as used, which nobody can take twice; a first code proves that the second factor works."""
    taken = update(_ACCOUNT).where(
        _ACCOUNT.c.person == person, _ACCOUNT.c.totp_secret == secret, _ACCOUNT.c.totp_step < step
    )
    proven = func.coalesce(_ACCOUNT.c.totp_confirmed_at, now)
    return conn.execute(taken.values(totp_step=step, totp_confirmed_at=proven)).rowcount == 1


def add_invitation(
    conn: Connection, invitation: str, hashed: bytes, person: str, by: str, now: datetime, until: datetime
) -> None:
    """An invitation, in the place of all that the person has not used."""
    open_ = and_(_INVITATION.c.person == person, _INVITATION.c.used_at.is_(None), _INVITATION.c.ended_at.is_(None))
    conn.execute(update(_INVITATION).where(open_).values(ended_at=now))
    made = {
        "id": invitation,
        "hash": hashed,
        "person": person,
        "invited_by": by,
        "created_at": now,
        "expires_at": until,
    }
    conn.execute(insert(_INVITATION), made)


def invitation(conn: Connection, hashed: bytes, now: datetime) -> Row[Any] | None:
    """The invitation of that secret, used or not, while it is valid."""
    valid = (_INVITATION.c.expires_at > now) & _INVITATION.c.ended_at.is_(None)
    return conn.execute(select(_INVITATION).where(_INVITATION.c.hash == hashed, valid)).one_or_none()


def use_invitation(conn: Connection, invitation: str, now: datetime) -> bool:
    """Take it as used; False for the second who tries, and where it has ended meanwhile."""
    unused = (_INVITATION.c.id == invitation) & _INVITATION.c.used_at.is_(None) & _INVITATION.c.ended_at.is_(None)
    return conn.execute(update(_INVITATION).where(unused).values(used_at=now)).rowcount == 1


def note(
    conn: Connection, kind: str, person: str | None, by: str | None, *, now: datetime, rng: random.Random,
    address: str = "", detail: str = "",
) -> None:  # fmt: skip
    """Write down what was done to an account, or tried."""
    row = {"id": new_id(rng), "at": now, "kind": kind, "person": person, "by": by}
    conn.execute(insert(_EVENT), row | {"address": address[:100], "detail": detail[:200]})


def forget(conn: Connection, person: str, now: datetime) -> None:
    """End the account and the invitations of a person who is erased, and leave none of their secrets."""
    gone = {"password": None, "totp_secret": None, "totp_confirmed_at": None}
    conn.execute(update(_ACCOUNT).where(_ACCOUNT.c.person == person).values(**gone))
    ended = {"hash": None, "ended_at": func.coalesce(_INVITATION.c.ended_at, now)}
    conn.execute(update(_INVITATION).where(_INVITATION.c.person == person).values(**ended))
