"""Bring what history holds into the log: the step after each write that makes it provable to outsiders."""

import random
from dataclasses import dataclass

from sqlmodel import Session

from dossier_engine.records import log
from dossier_engine.rules.merkle import Frontier

BATCH = 5_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Integrated:
    """How many entries were brought in, and how many the log holds now."""

    added: int
    size: int


def integrate(session: Session, *, rng: random.Random, most: int = BATCH) -> Integrated:
    """Append up to `most` entries that wait, in the caller's transaction; the face commits.

    Fewer than `most` means that none is left. Several may run at once: they wait for each other. The first time, the
    log is begun under a name of its own.
    """
    conn = session.connection()
    held = log.hold(conn, f"dossier-log/{''.join(rng.choices(_LETTERS, k=16))}/1")
    entries = log.waiting(conn, most)
    if not entries:
        return Integrated(0, held.size)
    frontier = Frontier.from_bytes(held.frontier)
    log.extend(conn, frontier, entries)
    return Integrated(len(entries), frontier.size)
