"""Signing in: accounts, the invitations they begin with, sessions, tokens for programs, and what came of it all.

Of every secret that was handed out only the SHA-256 is here; the secret of a second factor alone must stay readable,
because codes are computed from it. Nothing is deleted but the counts of failures: what is over has ended.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.instants import Instant
from dossier_engine.records.tables.paths import BY_KEY


def _at(*, index: bool = False) -> datetime:
    found: datetime = Field(sa_type=Instant, index=index)
    return found


def _perhaps_at() -> datetime | None:
    found: datetime | None = Field(sa_type=Instant)
    return found


class Account(SQLModel, table=True):
    """How a person signs in. `password` is an argon2id hash; `totp_step` the last step of which a code was used."""

    __tablename__: ClassVar[str] = "account"

    person: str = Field(primary_key=True, foreign_key="person.id")
    password: str | None
    password_changed_at: datetime | None = _perhaps_at()
    totp_secret: str | None
    totp_confirmed_at: datetime | None = _perhaps_at()
    totp_step: int = Field(sa_type=BigInteger)


class Invitation(SQLModel, table=True):
    """A one-time secret with which a person sets a password; `ended_at` is set when a later one took its place."""

    __tablename__: ClassVar[str] = "invitation"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="invitation_hash"),)

    id: str = Field(primary_key=True)
    hash: bytes | None = Field(sa_column=Column(LargeBinary, unique=True))
    person: str = Field(foreign_key="person.id", index=True)
    invited_by: str
    created_at: datetime = _at()
    expires_at: datetime = _at()
    used_at: datetime | None = _perhaps_at()
    ended_at: datetime | None = _perhaps_at()


class SignIn(SQLModel, table=True):
    """A session on the server. `id` may be shown; whoever knows the secret behind `hash` is the person."""

    __tablename__: ClassVar[str] = "sign_in"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="sign_in_hash"),)

    id: str = Field(primary_key=True)
    hash: bytes | None = Field(sa_column=Column(LargeBinary, unique=True))
    person: str = Field(foreign_key="person.id", index=True)
    created_at: datetime = _at()
    seen_at: datetime = _at()
    ended_at: datetime | None = _perhaps_at()
    second_factor_at: datetime | None = _perhaps_at()
    address: str
    agent: str


class ApiToken(SQLModel, table=True):
    """What a program shows in a person's name; `scopes` are joined by spaces."""

    __tablename__: ClassVar[str] = "api_token"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="api_token_hash"),)

    id: str = Field(primary_key=True)
    hash: bytes | None = Field(sa_column=Column(LargeBinary))
    person: str = Field(foreign_key="person.id", index=True)
    name: str
    scopes: str
    created_at: datetime = _at()
    expires_at: datetime = _at()
    last_used_at: datetime | None = _perhaps_at()
    revoked_at: datetime | None = _perhaps_at()


class Throttle(SQLModel, table=True):
    """One bucket of failures, see `rules/throttle.py`; `signed_in_at` where its owner came in from that network."""

    __tablename__: ClassVar[str] = "throttle"
    __table_args__ = (Index("throttle_last", "last_at"), BY_KEY)

    bucket: str = Field(primary_key=True)
    network: str = Field(primary_key=True)
    failures: int
    last_at: datetime = _at()
    throttled: int
    signed_in_at: datetime | None = _perhaps_at()


class AccessEvent(SQLModel, table=True):
    """Something that was done to an account, or tried; inserted and never changed. `by` is a person or a machine."""

    __tablename__: ClassVar[str] = "access_event"

    id: str = Field(primary_key=True)
    at: datetime = _at(index=True)
    kind: str
    person: str | None
    by: str | None
    address: str
    detail: str
