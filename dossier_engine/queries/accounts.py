"""Who can sign in, who is signed in, and which programs call: as lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlmodel import Session

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.sessions import ABSOLUTE, IDLE

_ACCOUNT, _INVITATION, _PERSON = TABLES["account"], TABLES["invitation"], TABLES["person"]
_SIGN_IN, _TOKEN = TABLES["sign_in"], TABLES["api_token"]


def accounts(session: Session, *, now: datetime) -> Sequence[Row[Any]]:
    """Everybody by handle: whether they have a password and a second factor, until when invited, how many sessions."""
    open_ = and_(
        _INVITATION.c.person == _PERSON.c.id, _INVITATION.c.used_at.is_(None), _INVITATION.c.ended_at.is_(None),
        _INVITATION.c.expires_at > now,
    )  # fmt: skip
    invited_until = select(func.max(_INVITATION.c.expires_at)).where(open_).scalar_subquery()
    mine = and_(_SIGN_IN.c.person == _PERSON.c.id, *_alive(now))
    count = select(func.count()).select_from(_SIGN_IN).where(mine).scalar_subquery()
    found = (
        select(
            _PERSON.c.handle,
            _PERSON.c.name,
            _ACCOUNT.c.password.is_not(None).label("has_password"),
            _ACCOUNT.c.totp_confirmed_at.is_not(None).label("has_second_factor"),
            invited_until.label("invited_until"),
            count.label("sessions"),
        )
        .outerjoin(_ACCOUNT, _ACCOUNT.c.person == _PERSON.c.id)
        .order_by(_PERSON.c.handle)
    )
    return session.execute(found).all()


def sessions(session: Session, person: str, *, now: datetime) -> Sequence[Row[Any]]:
    """The sessions of a person (an id) that are not over, the newest first."""
    mine = (
        select(
            _SIGN_IN.c.id,
            _SIGN_IN.c.created_at,
            _SIGN_IN.c.seen_at,
            _SIGN_IN.c.second_factor_at,
            _SIGN_IN.c.address,
            _SIGN_IN.c.agent,
        )
        .where(_SIGN_IN.c.person == person, *_alive(now))
        .order_by(_SIGN_IN.c.created_at.desc(), _SIGN_IN.c.id)
    )
    return session.execute(mine).all()


def tokens(session: Session, person: str | None, *, now: datetime) -> Sequence[Row[Any]]:
    """The tokens that are valid, of a person (an id) or of everybody, by handle and age."""
    valid = (
        select(
            _TOKEN.c.id,
            _PERSON.c.handle,
            _TOKEN.c.name,
            _TOKEN.c.scopes,
            _TOKEN.c.created_at,
            _TOKEN.c.expires_at,
            _TOKEN.c.last_used_at,
        )
        .join(_PERSON, _PERSON.c.id == _TOKEN.c.person)
        .where(_TOKEN.c.revoked_at.is_(None), _TOKEN.c.expires_at > now)
        .order_by(_PERSON.c.handle, _TOKEN.c.created_at, _TOKEN.c.id)
    )
    return session.execute(valid if person is None else valid.where(_TOKEN.c.person == person)).all()


def _alive(now: datetime) -> tuple[Any, ...]:
    return _SIGN_IN.c.ended_at.is_(None), _SIGN_IN.c.seen_at > now - IDLE, _SIGN_IN.c.created_at > now - ABSOLUTE
