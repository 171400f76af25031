"""Who calls: sessions and tokens, from the moment they are given out until they end."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from dossier_engine.records.access import roles_on
from dossier_engine.records.prepared import Prepared
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import SECOND_FACTOR
from dossier_engine.rules.law import legal_day
from dossier_engine.rules.sessions import ABSOLUTE, IDLE, is_alive, is_due
from dossier_engine.rules.tokens import hash_of, parse_token, scopes_of

_APPOINTMENT, _SIGN_IN, _TOKEN = TABLES["appointment"], TABLES["sign_in"], TABLES["api_token"]
# What a token says of itself, and the roles its person holds that day: a row each, in one look.
_SHOWN = Prepared(
    select(_TOKEN, _APPOINTMENT.c.role)
    .outerjoin(
        _APPOINTMENT,
        and_(
            _APPOINTMENT.c.person == _TOKEN.c.person,
            _APPOINTMENT.c.valid_from <= bindparam("day"),
            or_(_APPOINTMENT.c.valid_to.is_(None), _APPOINTMENT.c.valid_to >= bindparam("day")),
        ),
    )
    .where(_TOKEN.c.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, what may be done in their name, and by which session or token (its public id).

    `is_due` says that `touch` should be called, in a transaction of its own: reads run where nothing can be written.
    """

    person: str
    scopes: frozenset[str]
    by: Literal["session", "token"]
    id: str
    is_due: bool


def caller_of_session(conn: Connection, secret: str, now: datetime, *, endless: bool = False) -> Caller | None:
    """Who has the session with this secret; None if it is over: `endless` ones only when somebody ended them.

    A demonstration's clock runs away with every limit, and there anybody may be anybody.

    Also None while its person has a role that needs a second factor, and came in without one.
    """
    found = conn.execute(select(_SIGN_IN).where(_SIGN_IN.c.hash == hash_of(secret))).one_or_none()
    if found is None or found.ended_at is not None:
        return None
    if not endless and not is_alive(found.created_at, found.seen_at, now):
        return None
    roles = roles_on(conn, found.person, legal_day(now))
    if found.second_factor_at is None and not roles.isdisjoint(SECOND_FACTOR):
        return None
    return Caller(found.person, scopes_of(roles), "session", found.id, is_due(found.seen_at, now))


def caller_of_token(conn: Connection, text: str, now: datetime) -> Caller | None:
    """In whose name a program calls with this token; None if it is not, or no longer, valid.

    What its person may not do any more, it may not either.
    """
    token = parse_token(text)
    if token is None:
        return None
    rows = _SHOWN.rows(conn, {"id": token.id, "day": legal_day(now)})
    found = rows[0] if rows else None
    if found is None or not hmac.compare_digest(found.hash or b"", hash_of(token.secret)):
        return None
    if found.revoked_at is not None or now >= found.expires_at:
        return None
    roles = frozenset(row.role for row in rows if row.role is not None)
    scopes = scopes_of(roles) & frozenset(found.scopes.split())
    return Caller(found.person, scopes, "token", found.id, is_due(found.last_used_at, now))


def touch(conn: Connection, caller: Caller, now: datetime) -> None:
    """Note that the session was seen, or the token used, unless it has ended meanwhile."""
    if caller.by == "session":
        standing = (_SIGN_IN.c.id == caller.id) & _SIGN_IN.c.ended_at.is_(None) & (_SIGN_IN.c.seen_at < now)
        conn.execute(update(_SIGN_IN).where(standing).values(seen_at=now))
        return
    earlier = or_(_TOKEN.c.last_used_at.is_(None), _TOKEN.c.last_used_at < now)
    standing = (_TOKEN.c.id == caller.id) & _TOKEN.c.revoked_at.is_(None) & earlier
    conn.execute(update(_TOKEN).where(standing).values(last_used_at=now))


def begin_session(conn: Connection, values: Mapping[str, Any]) -> None:
    """A session from now on."""
    conn.execute(insert(_SIGN_IN).values(**values))


def end_sessions(
    conn: Connection, person: str, now: datetime, *, only: str | None = None, but: str | None = None
) -> int:
    """End the person's sessions, or `only` this one, or all `but` this one; how many that were."""
    standing = (_SIGN_IN.c.person == person) & _SIGN_IN.c.ended_at.is_(None)
    alive = standing & (_SIGN_IN.c.seen_at > now - IDLE) & (_SIGN_IN.c.created_at > now - ABSOLUTE)
    for condition in ((_SIGN_IN.c.id == only) if only else None, (_SIGN_IN.c.id != but) if but else None):
        if condition is not None:
            standing, alive = standing & condition, alive & condition
    count = conn.execute(select(func.count()).select_from(_SIGN_IN).where(alive)).scalar_one()
    conn.execute(update(_SIGN_IN).where(standing).values(ended_at=now))
    return int(count)


def add_token(conn: Connection, values: Mapping[str, Any]) -> None:
    """A token from now on."""
    conn.execute(insert(_TOKEN).values(**values))


def token(conn: Connection, token: str) -> Row[Any] | None:
    """The token of that id, revoked or not."""
    return conn.execute(select(_TOKEN).where(_TOKEN.c.id == token)).one_or_none()


def revoke_tokens(conn: Connection, person: str, now: datetime, *, only: str | None = None) -> int:
    """Revoke the person's tokens, or `only` this one; how many there were to revoke."""
    standing = (_TOKEN.c.person == person) & _TOKEN.c.revoked_at.is_(None)
    if only is not None:
        standing &= _TOKEN.c.id == only
    return conn.execute(update(_TOKEN).where(standing).values(revoked_at=now)).rowcount


def forget(conn: Connection, person: str, now: datetime) -> None:
    """End every session and token of a person who is erased, and leave neither secrets nor where they came from."""
    ended = {"hash": None, "address": "", "agent": "", "ended_at": func.coalesce(_SIGN_IN.c.ended_at, now)}
    conn.execute(update(_SIGN_IN).where(_SIGN_IN.c.person == person).values(**ended))
    revoked = {"hash": None, "name": "", "revoked_at": func.coalesce(_TOKEN.c.revoked_at, now)}
    conn.execute(update(_TOKEN).where(_TOKEN.c.person == person).values(**revoked))
