"""Signing in put together: what is slow on purpose happens between two short transactions, never inside one.

A password is hashed with argon2id by the parameters that pwdlib recommends (64 MiB, a tenth of a second), for no more
than AT_ONCE people at the same time: whoever floods the door makes others wait, but takes neither all memory nor all
processors. A name that nobody has costs the same as one that somebody has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from config.wiring import Engine
from dossier_engine.commands import change_password as changing
from dossier_engine.commands import invite as inviting
from dossier_engine.commands import sign_in as entering
from dossier_engine.commands.attempts import Attempt, begin_attempt, note_failure
from dossier_engine.commands.invite import Accepted
from dossier_engine.commands.sign_in import Proof, SignedIn
from dossier_engine.errors import NotADemonstration, NotSignedIn, SignInFailed, TooManyAttempts
from dossier_engine.queries.registers import person_id
from dossier_engine.records import access
from dossier_engine.records.callers import Caller
from dossier_engine.rules.passwords import LONGEST, check_password, normal

AT_ONCE = 2

_PLACES = BoundedSemaphore(AT_ONCE)


@dataclass
class Hasher:
    """Hashes and verifies passwords, by the present parameters."""

    method: PasswordHash = field(default_factory=PasswordHash.recommended)

    @cached_property
    def _nobodys(self) -> str:
        return self.method.hash("")

    def hash(self, password: str) -> str:
        """The hash of a password that `check_password` has let pass."""
        with _PLACES:
            return self.method.hash(password.encode())

    def verify(self, typed: str, hashed: str | None) -> tuple[bool, str | None]:
        """Whether it is the password, and its hash by the present parameters where the stored one is of others.

        Without a stored one, the same time is spent for nothing.
        """
        password = normal(typed[: LONGEST + 1]).encode("utf-8", "surrogatepass")
        with _PLACES:
            nobodys = self._nobodys  # made at the first use, whoever comes first
            fits, renewed = self.method.verify_and_update(password, hashed or nobodys)
        return (fits, renewed) if hashed is not None else (False, None)


HASHER = Hasher()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """From where somebody comes: the address, and what their browser says it is."""

    address: str
    agent: str = ""

    @classmethod
    def of(cls, address: str, agent: str = "") -> "Visitor":
        """Of what a browser sent, without what no database takes."""
        return cls(address=_printable(address), agent=_printable(agent))


def _printable(text: str) -> str:
    return "".join(c for c in text[:200] if c.isprintable())


def sign_in(
    engine: Engine, handle: str, password: str, code: str | None, visitor: Visitor, *, hasher: Hasher = HASHER
) -> SignedIn:
    """Begin a session. Raises SignInFailed, the same for all that may be wrong, SecondFactorNeeded, TooManyAttempts."""
    now = engine.now()
    with _attempt(engine, handle, visitor) as attempt:
        fits, rehashed = hasher.verify(password, attempt.password)
        begun = None
        if fits:
            proof = Proof(code=code, agent=visitor.agent, rehashed=rehashed)
            with engine.database.writing() as session:
                begun = entering.sign_in(session, attempt, proof, now=now, rng=engine.rng)
        if begun is None:
            raise SignInFailed
        return begun


def enter_demonstration(engine: Engine, handle: str, visitor: Visitor) -> SignedIn:
    """Begin a session as anybody of a demonstration, where people are invented.

    Raises NotADemonstration or NotFound.
    """
    if not engine.is_demonstration():
        raise NotADemonstration(engine.database.name)
    with engine.database.writing() as session:
        person = person_id(session, handle)
        return entering.begin(
            session, person, address=visitor.address, agent=visitor.agent, second_factor=True, now=engine.now(),
            rng=engine.rng,
        )  # fmt: skip


def change_password(
    engine: Engine, caller: Caller, password: str, chosen: str, visitor: Visitor, *, hasher: Hasher = HASHER
) -> None:
    """Change the caller's own password and end their other sessions.

    Raises NotSignedIn for a token, BadInput for the one chosen, SignInFailed for the present one, TooManyAttempts.
    """
    if caller.by != "session":
        raise NotSignedIn
    with engine.database.reading() as session:
        person = access.of_person(session.connection(), caller.person)
        personal = access.names_around(session.connection(), caller.person)
    if person is None:
        raise NotSignedIn
    wanted = check_password(chosen, personal)
    with _attempt(engine, person.handle, visitor) as attempt:
        fits, _ = hasher.verify(password, attempt.password)
        if not fits:
            raise SignInFailed
        hashed = hasher.hash(wanted)
        with engine.database.writing() as session:
            if not changing.change_password(
                session, attempt, hashed, keep=caller.id, now=engine.now(), rng=engine.rng
            ):  # fmt: skip
                raise SignInFailed


def accept_invitation(
    engine: Engine, secret: str, password: str, visitor: Visitor, *, hasher: Hasher = HASHER
) -> Accepted:
    """Set the password of whoever was invited. Raises BadInput for the password and for the invitation."""
    with engine.database.reading() as session:
        invited = inviting.invitee(session, secret, now=engine.now())
    hashed = hasher.hash(check_password(password, invited.personal))
    with engine.database.writing() as session:
        return inviting.accept_invitation(
            session, secret, hashed, now=engine.now(), rng=engine.rng, address=visitor.address
        )  # fmt: skip


@contextmanager
def _attempt(engine: Engine, handle: str, visitor: Visitor) -> Iterator[Attempt]:
    """An attempt that is counted before and, where it fails, written down after. Raises TooManyAttempts."""
    with engine.database.writing() as session:
        attempt = begin_attempt(session, handle, visitor.address, now=engine.now())
    if attempt.retry_after:
        raise TooManyAttempts(attempt.retry_after)
    try:
        yield attempt
    except SignInFailed:
        with engine.database.writing() as session:
            note_failure(session, attempt, now=engine.now(), rng=engine.rng)
        raise
