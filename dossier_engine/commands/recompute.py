"""Count open deadlines anew after the calendar of working days was changed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from dossier_engine.commands.desk import Act, Desk, Outcome, machine, settle
from dossier_engine.commands.filing import file_entry
from dossier_engine.commands.sweep import catch_up
from dossier_engine.errors import BadInput
from dossier_engine.records import calendar, dossiers
from dossier_engine.records.history import Actor, hold
from dossier_engine.rules.deadlines import when
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import Law
from dossier_engine.rules.limits import Extension, Pause

MACHINE = "calendar"


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that was due on `was`, in its version `due_version`, and now is on `due_on`.

    `dossier` is the code, `definition` the hash of the definition in which `key` has its label.
    """

    dossier: str
    definition: str
    key: str
    was: date
    due_on: date
    due_version: int


def recompute(session: Session, law: Law, act: Act, *, now: datetime, rng: random.Random) -> tuple[Moved, ...]:
    """Put the law's calendar in use and move what it moves, in the caller's transaction; the face commits.

    The next sweep looks at every running dossier, whose rungs may lie on other days even where no date moved. Nothing
    happens where that calendar is in use already. An approved date stays as approved; a clock that stands
    still is counted when it runs again. Raises NotAllowed or AppointmentExpired for all but administrators, BadInput
    without a reason, and CalendarMissing for a date that the calendar does not reach.
    """
    conn = session.connection()
    hold(conn, "calendar")
    before, version = calendar.in_use(conn), law.calendar.version
    if not (act.reason or "").strip():
        raise BadInput("reason", "", "missing")
    if before == version:
        return ()
    body = {**law.calendar.stated(), "instead_of": before}
    order = file_entry(conn, "calendar", "calendar_in_use", act, body, now=now, rng=rng)
    calendar.put_in_use(conn, version)
    running, stood = calendar.running(conn), calendar.stood_still(conn)
    moving = [found for row in running if (found := _moved(law, row, stood)) is not None]
    for code, of_dossier in groupby(moving, attrgetter("dossier")):
        desk = machine(conn, law, dossiers.read(conn, code), MACHINE, now=now)
        desk.act = replace(desk.act, reason=act.reason)
        _move(desk, tuple(of_dossier), {"order": order.seq, "ordered_by": act.person}, rng)
    calendar.wake_all(conn, now)
    return tuple(moving)


def _moved(law: Law, row: Row[Any], stood: Mapping[int, Sequence[tuple[date, date]]]) -> Moved | None:
    due = when(
        law.workflows[row.definition], row.rule, row.start_on, year=row.target_year, calendar=law.calendar,
        pauses=[Pause(a, b) for a, b in stood.get(row.dossier, ())],
        extension=Extension(row.extended_on, row.extended_until) if row.extended_on else None,
    )  # fmt: skip
    if due == row.due_on:
        return None
    return Moved(row.code, row.definition, row.key, row.due_on, due, row.due_version)


def _move(desk: Desk, moving: Sequence[Moved], order: Mapping[str, Json], rng: random.Random) -> None:
    """The entry and the new dates of one dossier."""
    catch_up(desk, rng=rng)
    row = desk.row
    due: list[Json] = [{"deadline": m.key, "on": m.due_on.isoformat()} for m in moving]
    body: dict[str, Json] = {"state": row.state, "due": due, "calendar": desk.law.calendar.version, **order}
    stage_due = next((m.due_on for m in moving if m.key == row.state), row.due_on)
    settle(desk, Actor(desk.act.person), Outcome(kind="recomputed", body=body, values={"due_on": stage_due}), rng=rng)
    for m in moving:
        change = {"due_on": m.due_on, "due_version": m.due_version + 1, "set_at": desk.now}
        dossiers.change_deadline(desk.conn, row.id, row.stage_seq, m.key, change)
