"""Attempts to prove who one is: each is counted before it is looked at, see `rules/throttle.py`."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from dossier_engine.records import access, throttle
from dossier_engine.rules.throttle import (
    FREE,
    FREE_OF_NETWORK,
    OF_NETWORK,
    bucket_of_name,
    bucket_of_person,
    failures_now,
    network_of,
    seconds_to_wait,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door: whom they say they are, what their password must fit, and from where they come.

    `person` and `password` are None where nobody has that name or they have no password; the one who asks must not
    notice. With `retry_after` seconds to wait, nothing is looked at.
    """

    person: str | None
    password: str | None = field(repr=False)
    address: str
    buckets: tuple[str, ...]
    retry_after: int = 0


def begin_attempt(session: Session, handle: str, address: str, *, now: datetime) -> Attempt:
    """Count an attempt as a failure until it succeeds, or as one that is not looked at. The face commits either way."""
    conn = session.connection()
    typed, network = handle.strip().casefold(), network_of(address)
    found = access.by_handle(conn, typed) if typed.isprintable() else None
    person = found.id if found is not None else None
    own = bucket_of_person(person) if person else ""
    if own and throttle.is_known(conn, own, network, now):
        free = {own: FREE}
    else:
        free = {bucket_of_name(typed): FREE, OF_NETWORK: FREE_OF_NETWORK}
    held = throttle.hold(conn, tuple(free), network, now)
    failures = {row.bucket: failures_now(row.failures, row.last_at, now) for row in held}
    wait = max(seconds_to_wait(failures[row.bucket], row.last_at, now, free=free[row.bucket]) for row in held)
    for bucket in free:
        if wait:
            throttle.count_throttled(conn, bucket, network)
        else:
            throttle.count(conn, bucket, network, failures[bucket] + 1, now)
    password = found.password if found is not None else None
    return Attempt(person, password, address, tuple(sorted(free)), wait)


def note_failure(session: Session, attempt: Attempt, *, now: datetime, rng: random.Random) -> None:
    """Write down that it was none of theirs. What was typed as a name is not kept: it may be a password."""
    access.note(
        session.connection(), "sign_in_failed", attempt.person, None, now=now, rng=rng, address=attempt.address
    )  # fmt: skip


def take_back(session: Session, attempt: Attempt, person: str, *, now: datetime) -> None:
    """It was no failure, and the person is known in that network from now on."""
    conn, network, own = session.connection(), network_of(attempt.address), bucket_of_person(person)
    for bucket in attempt.buckets:
        if bucket != own:
            throttle.take_back(conn, bucket, network)
    throttle.came_in(conn, own, network, now)
    throttle.clear(conn, now)
