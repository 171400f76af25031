"""Invite a person to sign in, and take the invitation up: with a password, and a second factor where one is needed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.reach import check_reach
from dossier_engine.errors import BadInput, NotFound, SignInFailed
from dossier_engine.records import access, callers
from dossier_engine.rules import second_factor
from dossier_engine.rules.authority import SECOND_FACTOR
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.second_factor import step_of
from dossier_engine.rules.sessions import INVITATION
from dossier_engine.rules.tokens import hash_of, new_id, new_secret


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation; its secret is shown this once."""

    person: str
    expires_at: datetime
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who holds an invitation that was not used yet, and the names that their password must not hold."""

    person: str
    handle: str
    name: str
    personal: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """An account with a new password; the second factor is for the person's phone, None where no role asks for one."""

    person: str
    handle: str
    totp_secret: str | None = field(repr=False)
    totp_address: str | None = field(repr=False)


def invite(session: Session, person: str, act: Act, *, now: datetime, rng: random.Random) -> Invited:
    """Let `person` (an id) set a password, a new one if they have one; earlier invitations of theirs end.

    Raises NotFound, also for somebody who was erased, NotAllowed and AppointmentExpired. The face commits.
    """
    conn = session.connection()
    if not access.hold_person(conn, person):
        raise NotFound("person", person)
    check_reach(conn, act, person, "invite", now=now)
    made, secret, until = new_id(rng), new_secret(rng), now + INVITATION
    access.add_invitation(conn, made, hash_of(secret), person, act.person, now, until)
    access.note(conn, "invited", person, act.person, now=now, rng=rng, detail=made)
    return Invited(person, until, secret)


def invitee(session: Session, secret: str, *, now: datetime) -> Invitee:
    """Who may use this invitation now. Raises BadInput when it is none, was used, or is over."""
    conn = session.connection()
    found = _valid(conn, secret, now)
    account = access.of_person(conn, found.person) if found.used_at is None else None
    if account is None:
        raise _over()
    return Invitee(account.id, account.handle, account.name, access.names_around(conn, account.id))


def accept_invitation(
    session: Session, secret: str, password: str, *, now: datetime, rng: random.Random, address: str = ""
) -> Accepted:
    """Give the invited person the account with the password of this hash, and end what they began before.

    Raises BadInput when the invitation is none, was used, or is over. The face commits.
    """
    conn = session.connection()
    found = _valid(conn, secret, now)
    account = access.of_person(conn, found.person) if access.hold_person(conn, found.person) else None
    if account is None or not access.use_invitation(conn, found.id, now):
        raise _over()
    asked = not access.roles_on(conn, account.id, legal_day(now)).isdisjoint(SECOND_FACTOR)
    totp_secret = second_factor.new_secret(rng) if asked else None
    access.give_password(conn, account.id, password, totp_secret, now)
    callers.end_sessions(conn, account.id, now)
    callers.revoke_tokens(conn, account.id, now)
    access.note(conn, "accepted", account.id, account.id, now=now, rng=rng, address=address, detail=found.id)
    totp_address = second_factor.address_of(totp_secret, account.handle) if totp_secret else None
    return Accepted(account.id, account.handle, totp_secret, totp_address)


def confirm_second_factor(session: Session, secret: str, code: str, *, now: datetime, rng: random.Random) -> None:
    """A first code shows that the phone has the second factor. The secret is that of the invitation just accepted.

    A first code at signing in shows it as well. Raises SignInFailed for a wrong code, and BadInput when there is
    nothing to confirm. The face commits.
    """
    conn = session.connection()
    found = _valid(conn, secret, now)
    account = access.of_person(conn, found.person)
    if account is None or found.used_at is None or account.totp_secret is None or account.totp_confirmed_at is not None:
        raise _over()
    step = step_of(account.totp_secret, code, now=now, after=account.totp_step)
    if step is None or not access.use_code(conn, account.id, account.totp_secret, step, now):
        raise SignInFailed
    access.note(conn, "second_factor_confirmed", account.id, account.id, now=now, rng=rng)


def _valid(conn: Connection, secret: str, now: datetime) -> Row[Any]:
    found = access.invitation(conn, hash_of(secret), now)
    if found is None:
        raise _over()
    return found


def _over() -> BadInput:
    return BadInput("invitation", "", "invitation_over")
