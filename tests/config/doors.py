"""A door to sign in at: an engine on a province with a clock that is set, and people who have accounts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select
from sqlmodel import Session

from config import signing_in
from config.settings import Settings
from config.signing_in import Hasher, Visitor
from config.wiring import Engine
from dossier_engine.commands.desk import Act
from dossier_engine.commands.invite import Accepted, invite
from dossier_engine.commands.sign_in import SignedIn
from dossier_engine.errors import DossierError
from dossier_engine.records.callers import Caller, caller_of_session, caller_of_token
from dossier_engine.records.tables import TABLES
from tests.makers import Province, at

PASSWORD = "con trâu gặm ba cái ghế"  # noqa: S105  # of people who are not
MORNING = at("2024-05-06", 8)
HOME = Visitor.of("192.0.2.7", "Firefox")
# As slow as it must be is for real doors; what is tried here are the steps around it.
QUICK = Hasher(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))


@dataclass
class Door:
    """What is asked at the door of a province at a time."""

    province: Province
    now: datetime = MORNING
    phones: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the engine on the clock of this door."""
        settings = Settings(Path(), self.province.database.name, self.province.database.name, "vi", None)
        self.engine = Engine(settings, self.province.database, clock=lambda: self.now)

    def wait(self, **time: int) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def act(self, handle: str) -> Act:
        """An act by the person of that handle."""
        return self.province.act(handle)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction."""
        with self.province.writing() as session:
            yield session

    def invited(self, handle: str, by: str = "quantri") -> str:
        """The secret of an invitation."""
        with self.writing() as session:
            made = invite(session, self.province.people[handle], self.act(by), now=self.now, rng=self.engine.rng)
        return made.secret

    def accept(self, secret: str, password: str = PASSWORD) -> Accepted:
        """An invitation accepted; the phone keeps what is for it."""
        accepted = signing_in.accept_invitation(self.engine, secret, password, HOME, hasher=QUICK)
        if accepted.totp_secret:
            self.phones[accepted.handle] = accepted.totp_secret
        return accepted

    def has_account(self, *handles: str) -> None:
        """These people have accepted an invitation."""
        for handle in handles:
            self.accept(self.invited(handle))

    def code(self, handle: str, off: int = 0) -> str:
        """What the person's phone shows, `off` steps from now."""
        return pyotp.TOTP(self.phones[handle]).at(self.now, counter_offset=off)

    def sign_in(
        self, handle: str, password: str = PASSWORD, code: str | None = None, visitor: Visitor = HOME,
        hasher: Hasher = QUICK,
    ) -> SignedIn:  # fmt: skip
        """A session."""
        return signing_in.sign_in(self.engine, handle, password, code, visitor, hasher=hasher)

    def caller(self, secret: str) -> Caller | None:
        """Whoever has the session with this secret now."""
        with self.province.database.reading() as session:
            return caller_of_session(session.connection(), secret, self.now)

    def program(self, text: str) -> Caller | None:
        """In whose name a program calls with this token now."""
        with self.province.database.reading() as session:
            return caller_of_token(session.connection(), text, self.now)


def rows(door: Door, table: str) -> list[dict[str, Any]]:
    with door.province.database.reading() as session:
        return [dict(row) for row in session.execute(select(TABLES[table])).mappings()]


def kinds(door: Door) -> list[str]:
    return [row["kind"] for row in sorted(rows(door, "access_event"), key=lambda row: row["at"])]


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """What became of attempts that were made at the same instant."""
    start, told = threading.Barrier(len(attempts)), []

    def run(attempt: Callable[[], object]) -> None:
        start.wait(30)
        try:
            told.append(attempt())
        except DossierError as refusal:
            told.append(type(refusal))

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == len(attempts)
    return told
