"""Sign in, out, and end sessions. Passwords are verified before, in no transaction: see `config/signing_in.py`."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from dossier_engine.commands.attempts import Attempt, take_back
from dossier_engine.commands.desk import Act
from dossier_engine.commands.reach import check_reach
from dossier_engine.errors import NotFound, SecondFactorNeeded
from dossier_engine.records import access, callers
from dossier_engine.rules.authority import SECOND_FACTOR
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.second_factor import step_of
from dossier_engine.rules.tokens import hash_of, new_id, new_secret

_LONGEST_AGENT = 120


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has begun: its public id, and the secret that the person's browser keeps."""

    person: str
    session: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was shown with an attempt whose password was right: a code, if any, and by which program.

    `rehashed` is the same password hashed as it is done today, where that has changed.
    """

    code: str | None
    agent: str
    rehashed: str | None = None


def sign_in(session: Session, attempt: Attempt, proof: Proof, *, now: datetime, rng: random.Random) -> SignedIn | None:
    """Begin a session whose secret is new; None if the code is wrong or was used, or the password changed meanwhile.

    Raises SecondFactorNeeded. The face commits.
    """
    conn = session.connection()
    if attempt.person is None or attempt.password is None:
        return None
    account = access.hold_account(conn, attempt.person, attempt.password)
    if account is None:
        return None
    is_needed = _needs_code(conn, account, now)
    if is_needed and not _is_right(conn, account, proof.code, now):
        return None
    if proof.rehashed is not None:
        access.replace_password(conn, account.person, attempt.password, proof.rehashed, None)
    take_back(session, attempt, account.person, now=now)
    return begin(
        session, account.person, address=attempt.address, agent=proof.agent, second_factor=is_needed, now=now, rng=rng
    )


def begin(
    session: Session, person: str, *, address: str, agent: str, second_factor: bool, now: datetime, rng: random.Random
) -> SignedIn:
    """Begin a session of the person (an id) who has shown who they are; the face commits."""
    conn = session.connection()
    begun, secret = new_id(rng), new_secret(rng)
    row = {"id": begun, "hash": hash_of(secret), "person": person, "created_at": now, "seen_at": now}
    row |= {"second_factor_at": now if second_factor else None, "address": address}
    callers.begin_session(conn, row | {"agent": agent[:_LONGEST_AGENT]})
    access.note(conn, "signed_in", person, person, now=now, rng=rng, address=address, detail=begun)
    return SignedIn(person, begun, secret)


def _needs_code(conn: Connection, account: Row[Any], now: datetime) -> bool:
    """Whoever has shown once that they have a second factor, and whoever has a role that asks for one."""
    if account.totp_confirmed_at is not None:
        return True
    return not access.roles_on(conn, account.person, legal_day(now)).isdisjoint(SECOND_FACTOR)


def _is_right(conn: Connection, account: Row[Any], code: str | None, now: datetime) -> bool:
    if account.totp_secret is None or not code:
        raise SecondFactorNeeded(is_set_up=account.totp_secret is not None)
    step = step_of(account.totp_secret, code, now=now, after=account.totp_step)
    return step is not None and access.use_code(conn, account.person, account.totp_secret, step, now)


def sign_out(session: Session, caller: callers.Caller, *, now: datetime, rng: random.Random) -> None:
    """End the session that this is asked in; the face commits."""
    conn = session.connection()
    if callers.end_sessions(conn, caller.person, now, only=caller.id):
        access.note(conn, "signed_out", caller.person, caller.person, now=now, rng=rng, detail=caller.id)


def end_sessions(
    session: Session, person: str, act: Act, *, now: datetime, rng: random.Random, only: str | None = None
) -> int:
    """End the sessions of `person` (an id), or `only` that one; how many there were.

    Everybody may end their own, administrators those of whoever is in their reach. Raises NotAllowed,
    AppointmentExpired, and NotFound for a person or the session there is not. The face commits.
    """
    conn = session.connection()
    if access.of_person(conn, person) is None:
        raise NotFound("person", person)
    if act.person != person:
        check_reach(conn, act, person, "end_sessions", now=now)
    ended = callers.end_sessions(conn, person, now, only=only)
    if only is not None and not ended:
        raise NotFound("session", only)
    access.note(conn, "sessions_ended", person, act.person, now=now, rng=rng, detail=only or str(ended))
    return ended
