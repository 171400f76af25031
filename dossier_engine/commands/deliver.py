"""Sending in three steps, none of them inside another's transaction: claim (commit), send, settle (commit).

A claim holds a delivery for the time of its lease; whoever dies with it leaves it to be claimed again, so that a
message goes out at least once and, with a stable id, is known again when it comes twice. What became of it may only be
written by the claim that had it last.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, Protocol

from sqlalchemy import Connection
from sqlmodel import Session

from dossier_engine.commands.keep_week import WEEK, page_of
from dossier_engine.commands.mailing import of_weeks, written
from dossier_engine.commands.publish import event_bytes
from dossier_engine.errors import NotFound
from dossier_engine.letters.compose import Mail
from dossier_engine.letters.items import Reader
from dossier_engine.records import deliveries, mails, webhooks
from dossier_engine.records.deliveries import Settlement
from dossier_engine.rules.law import Law

MOST_ATTEMPTS = 8
"""Eight tries over the better part of a day; who was not reached by then is for a human."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery in the hands of one sender; `attempts` is the fence."""

    delivery: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person; `seal` is the same whenever it is sent again and makes its Message-ID."""

    claim: Claim
    seal: str
    name: str
    address: str
    at: datetime
    mail: Mail


@dataclass(frozen=True, slots=True)
class Event:
    """An event to one webhook; `id` is the same whenever it is sent again."""

    claim: Claim
    id: str
    url: str
    secret: str
    body: bytes


Parcel = Letter | Event
Word = Literal["sent", "again", "refused", "untried"]
Status = Literal["waiting", "sending", "sent", "dead", "void"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a channel says of one message: `sent`; try `again`; `refused` for good; or it was `untried`."""

    word: Word
    error: str | None = None


class Channel(Protocol):
    """A way out of the house. Opening it raises ChannelDown where nobody answers at the other end."""

    def opened(self) -> AbstractContextManager[Callable[[Parcel], Verdict]]:
        """What sends one message, on whatever connection is kept for several. It raises nothing."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many deliveries went which way."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0
    void: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(
            self.sent + other.sent, self.waiting + other.waiting, self.dead + other.dead, self.void + other.void
        )


def is_any_due(session: Session, channel: Literal["mail", "webhook"], *, now: datetime) -> bool:
    """Whether there is anything to claim: nobody need call at a server's door for nothing."""
    return deliveries.is_any_due(session.connection(), channel, now)


def claim_letters(
    session: Session, law: Law, reader: Reader, *, now: datetime, lease: timedelta, most: int
) -> tuple[list[Letter], Settled]:
    """Up to `most` mails to send within `lease`, and what was settled at once; the face commits before it sends.

    A mail all of whose items have ended is void; a person without an address cannot be reached.
    """
    conn = session.connection()
    rows = deliveries.claim(conn, "mail", now=now, until=now + lease, most=most)
    people = mails.addressees(conn, {row.recipient for row in rows})
    of_week = {row.id: page_of(row.topic) for row in rows if row.topic.startswith(WEEK)}
    named = {row.id: people[row.recipient][0] for row in rows if row.id not in of_week}
    found = written(conn, law, named, reader) | of_weeks(conn, of_week, reader)
    house = mails.installation(conn)
    letters, closed = [], []
    for row in rows:
        (name, address), mail, claim = people[row.recipient], found[row.id], Claim(row.id, row.attempts)
        if mail is None:
            closed.append(_settlement(claim, "void", now, None))
        elif address is None:
            closed.append(_settlement(claim, "dead", now, "no_address"))
        else:
            letters.append(Letter(claim, seal(house, row.topic, row.recipient), name, address, now, mail))
    return letters, _write(conn, closed)


def claim_events(
    session: Session, *, source: str, now: datetime, lease: timedelta, most: int
) -> tuple[list[Event], Settled]:
    """The same for webhooks: an event for one that was removed since is void. `source` is what events come from."""
    conn = session.connection()
    rows = deliveries.claim(conn, "webhook", now=now, until=now + lease, most=most)
    hooks = {hook.id: hook for hook in webhooks.standing(conn)}
    told = {row.id: _entry_of(row.topic) for row in rows if row.recipient in hooks}
    entries = webhooks.entries(conn, told.values())
    events, closed = [], []
    for row in rows:
        claim = Claim(row.id, row.attempts)
        if row.recipient in hooks:
            hook = hooks[row.recipient]
            body = event_bytes(row.topic, entries[told[row.id]], source=source, at=now)
            events.append(Event(claim, row.topic, hook.url, hook.secret, body))
        else:
            closed.append(_settlement(claim, "void", now, None))
    return events, _write(conn, closed)


def trial_event(session: Session, webhook: str, *, source: str, now: datetime, rng: random.Random) -> Event:
    """An event that says nothing, to try the way to a webhook; no delivery of ours. Raises NotFound."""
    hooks = {hook.id: hook for hook in webhooks.standing(session.connection())}
    if webhook not in hooks:
        raise NotFound("webhook", webhook, list(hooks)[:3])
    topic = f"test/{rng.getrandbits(64):016x}"
    body = event_bytes(topic, None, source=source, at=now)
    return Event(Claim(0, 0), topic, hooks[webhook].url, hooks[webhook].secret, body)


def settle(session: Session, results: Sequence[tuple[Claim, Verdict]], *, now: datetime, rng: random.Random) -> Settled:
    """Write down what became of what was claimed; the face commits. What somebody has claimed since is left to them."""
    return _write(session.connection(), [_judged(claim, verdict, now, rng) for claim, verdict in results])


def resend(session: Session, delivery: int, *, now: datetime) -> None:
    """Let a dead delivery be tried again. Raises NotFound when there is no dead one of that number."""
    if not deliveries.revive(session.connection(), delivery, now):
        raise NotFound("delivery", str(delivery))


def resend_all(session: Session, *, now: datetime) -> int:
    """Let all that are dead be tried again; how many."""
    return len(deliveries.revive(session.connection(), None, now))


def pause_after(attempts: int, rng: random.Random) -> timedelta:
    """How long to wait after so many attempts that failed: four times as long each time, more or less by half."""
    longest = min(_FIRST_PAUSE * 4.0 ** min(attempts - 1, MOST_ATTEMPTS), _LONGEST_PAUSE)
    return longest * rng.uniform(0.5, 1.5)


def seal(house: str, topic: str, recipient: str) -> str:
    """What names a mail for ever, in every installation."""
    return sha256(f"{house}\n{topic}\n{recipient}".encode()).hexdigest()[:40]


def _entry_of(topic: str) -> tuple[str, int]:
    """The stream and the number of the entry that `event/STREAM/SEQ` tells of."""
    stream, _, seq = topic.removeprefix("event/").rpartition("/")
    return stream, int(seq)


def _judged(claim: Claim, verdict: Verdict, now: datetime, rng: random.Random) -> Settlement:
    match verdict.word:
        case "sent":
            return _settlement(claim, "sent", now, None)
        case "untried":
            return Settlement(claim.delivery, claim.attempts, "waiting", now + _FIRST_PAUSE, None, verdict.error)
        case "again" if claim.attempts < MOST_ATTEMPTS:
            at = now + pause_after(claim.attempts, rng)
            return Settlement(claim.delivery, claim.attempts, "waiting", at, None, verdict.error)
        case _:
            return _settlement(claim, "dead", now, verdict.error)


def _settlement(claim: Claim, status: Status, now: datetime, error: str | None) -> Settlement:
    return Settlement(claim.delivery, claim.attempts, status, now, now, error)


def _write(conn: Connection, settlements: Sequence[Settlement]) -> Settled:
    found = {"sent": 0, "waiting": 0, "dead": 0, "void": 0}
    for one in settlements:
        found[one.status] += deliveries.settle(conn, one)
    return Settled(**found)
