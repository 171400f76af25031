"""Carries out what fell due: ledger, notices, mails, escalations and the next hour to look, in one transaction.

Dossiers are taken in bounded batches under lock, and those locked by somebody else left to the next sweep, so any
number of sweeps may run at once, twice, late, or never for a month. Whoever changes a dossier on which something has
fallen due that no sweep has seen yet settles that first.
"""

import gc
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from dossier_engine.commands.desk import Desk, Outcome, machine, settle
from dossier_engine.commands.telling import Telling
from dossier_engine.records import dossiers, reminders
from dossier_engine.records.history import Actor
from dossier_engine.rules.due import Climbed, Line, Plan, Raised, Watched, ended, plan, unstalled, wake
from dossier_engine.rules.entry import Json
from dossier_engine.rules.ladder import fallen
from dossier_engine.rules.law import Law

MACHINE = "reminders"
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: how many dossiers it looked at, the ledger's lines by dossier, notices, escalations."""

    dossiers: int = 0
    lines: tuple[tuple[str, Line], ...] = ()
    notices: int = 0
    escalations: int = 0

    @property
    def rungs(self) -> Mapping[str, int]:
        """How many lines had each outcome."""
        return Counter(line.outcome for _, line in self.lines)


def sweep(session: Session, law: Law, *, now: datetime, rng: random.Random, most: int = BATCH) -> Swept:
    """Take up to `most` dossiers whose hour has come and carry out what is due on them; the face commits.

    Fewer dossiers than `most` means that nothing is left, but for what others have locked.
    """
    conn = session.connection()
    with _uncollected():
        rows = reminders.due(conn, now, most)
        swept = _carry_out(conn, law, rows, now=now, rng=rng) if rows else Swept()
    reminders.beat(conn, "sweep", now)  # last: its row is one for all sweeps, and they would wait for each other
    return swept


def watched_on(desk: Desk) -> Watched:
    """The dossier on the desk as the sweep sees it."""
    [watched] = reminders.watched(desk.conn, desk.law.workflows, [desk.row])
    return watched


def catch_up(desk: Desk, *, rng: random.Random) -> None:
    """Carry out what fell due on this dossier before something that moves its deadlines is done to it."""
    if _is_due(desk):
        _carry_out(desk.conn, desk.law, [desk.row], now=desk.now, rng=rng)
        desk.row = dossiers.read(desk.conn, desk.row.code)


def end_stage(desk: Desk, *, rng: random.Random) -> None:
    """Void what fell due on this dossier and was not told, because the stage ends now."""
    if _is_due(desk):
        tell(desk, *ended(watched_on(desk), desk.law.calendar, now=desk.now), rng=rng)


def end_stall(desk: Desk, *, rng: random.Random) -> None:
    """Void that this dossier had stalled, if nobody was told, because somebody acts on it now."""
    if _is_due(desk):
        tell(desk, *unstalled(watched_on(desk), desk.law.calendar, now=desk.now), rng=rng)


def tell(desk: Desk, *lines: Line, rng: random.Random) -> None:
    """Tell people of something that an act brought about, as lines of the ledger like any other."""
    telling = Telling(desk.conn, desk.law.calendar, desk.now, rng)
    telling.add(desk.row, desk.workflow, lines)
    telling.write()


def look_again(desk: Desk) -> None:
    """Set when the sweep must look next, after deadlines or escalations of the dossier were changed."""
    row = dossiers.read(desk.conn, desk.row.code)
    [watched] = reminders.watched(desk.conn, desk.law.workflows, [row])
    reminders.wake(desk.conn, [(row.id, wake(watched, desk.law.calendar, after=fallen(desk.now)))])


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage in cycles meanwhile: a batch makes none, and would be searched through many times over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _is_due(desk: Desk) -> bool:
    return desk.row.wake_at is not None and desk.row.wake_at <= desk.now


def _carry_out(conn: Connection, law: Law, rows: Sequence[Row[Any]], *, now: datetime, rng: random.Random) -> Swept:
    watched = reminders.watched(conn, law.workflows, rows)
    plans = [plan(one, law.calendar, now=now) for one in watched]
    telling = Telling(conn, law.calendar, now, rng)
    for row, one, what in zip(rows, watched, plans, strict=True):
        telling.add(row, one.workflow, what.lines)
    notices = telling.write()
    escalations = sum(_escalate(conn, law, row, what, now=now, rng=rng) for row, what in zip(rows, plans, strict=True))
    reminders.wake(conn, [(row.id, what.wake_at) for row, what in zip(rows, plans, strict=True)])
    lines = tuple((row.code, line) for row, what in zip(rows, plans, strict=True) for line in what.lines)
    return Swept(len(rows), lines, notices, escalations)


def _escalate(conn: Connection, law: Law, row: Row[Any], what: Plan, *, now: datetime, rng: random.Random) -> int:
    """Write the entries of escalations that open or climb; how many."""
    if what.raised is not None:
        _open(machine(conn, law, dossiers.read(conn, row.code), MACHINE, now=now), what.raised, rng)
    for climbed in what.climbed:
        _climb(machine(conn, law, dossiers.read(conn, row.code), MACHINE, now=now), climbed, rng)
    return (what.raised is not None) + len(what.climbed)


def _open(desk: Desk, raised: Raised, rng: random.Random) -> None:
    line = raised.line
    body: dict[str, Json] = {
        "cause": raised.cause,
        "deadline": line.key,
        "due_version": line.due_version,
        "rung": line.rung,
        "occurrence": line.occurrence.isoformat(),
        "addressee": line.addressee,
        "mandate": raised.mandate,
        "answer_by": raised.answer_by.isoformat() if raised.answer_by else None,
    }
    receipt = settle(desk, Actor(desk.act.person), Outcome(kind="escalated", body=body), rng=rng)
    opened = {
        "dossier": desk.row.id,
        "seq": receipt.seq,
        "stage_seq": desk.row.stage_seq,
        "cause": raised.cause,
        "addressee": line.addressee,
        "mandate": raised.mandate,
        "opened_at": desk.now,
        "addressed_at": desk.now,
        "answer_by": raised.answer_by,
    }
    reminders.open_escalation(desk.conn, opened)


def _climb(desk: Desk, climbed: Climbed, rng: random.Random) -> None:
    by = climbed.answer_by.isoformat() if climbed.answer_by else None
    body: dict[str, Json] = {"escalation": climbed.seq, "addressee": climbed.addressee, "answer_by": by}
    receipt = settle(desk, Actor(desk.act.person), Outcome(kind="climbed", body=body), rng=rng)
    change = {
        "addressee": climbed.addressee,
        "addressed_at": desk.now,
        "answer_by": climbed.answer_by,
        "climbed_seq": receipt.seq,
    }
    reminders.change_escalation(desk.conn, desk.row.id, climbed.seq, change)
