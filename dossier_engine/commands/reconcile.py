"""The daily look at every dossier: whether the sweep will look again in time, and whether anybody could act on it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from dossier_engine.records import reminders
from dossier_engine.records.coverage import appointments_over, performed_on
from dossier_engine.rules.coverage import able, for_the_holder
from dossier_engine.rules.due import plan, wake
from dossier_engine.rules.ladder import fallen
from dossier_engine.rules.law import Law, legal_day

BATCH = 500

_IN_GOOD_TIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many dossiers were looked at, how many were mended, and the key to go on after; 0 when it was the last."""

    dossiers: int
    mended: int
    after: int


def reconcile(
    session: Session, law: Law, *, now: datetime, rng: random.Random, after: int = 0, most: int = BATCH
) -> Reconciled:
    """Work out anew, for the next `most` dossiers after the key `after`, when the sweep must look; the face commits.

    A dossier that would have been looked at too late, or never, is mended and reported as an incident: something wrote
    to it past the commands. One that is looked at too early does no harm. An open one on which nobody could act for the
    office it waits for is an incident too.
    """
    conn = session.connection()
    rows = reminders.watchable(conn, after, most)
    late = []
    for row, watched in zip(rows, reminders.watched(conn, law.workflows, rows), strict=True):
        what = plan(watched, law.calendar, now=now)
        wanted = now if what.lines else wake(watched, law.calendar, after=fallen(now))
        if wanted is not None and (row.wake_at is None or row.wake_at > wanted):
            late.append((row, wanted))
    reminders.wake(conn, [(row.id, wanted) for row, wanted in late])
    reminders.report(
        conn,
        [
            reminders.incident(
                "wake_at_differs", row.code, row.territory, {"dossier": row.code, "was": str(row.wake_at)}, now, rng
            )
            for row, _ in late
        ],
    )
    reminders.report(conn, _uncovered(conn, law, [row for row in rows if row.is_open], now, rng))
    if after == 0:
        _report_missing_year(conn, law, rows, now, rng)
    reminders.beat(conn, "reconcile", now)
    return Reconciled(len(rows), len(late), rows[-1].id if len(rows) == most else 0)


def _uncovered(
    conn: Connection, law: Law, rows: Sequence[Row[Any]], now: datetime, rng: random.Random
) -> Iterator[dict[str, Any]]:
    """An incident for each of `rows` on which nobody could act today."""
    held = appointments_over(conn, {row.territory for row in rows})
    done = performed_on(conn, [row.code for row in rows])
    for row in rows:
        workflow = law.workflows[row.definition]
        persons = able(
            workflow, row.state, territory=row.territory, office=row.office, appointments=held,
            performed=done.get(row.code, ()), on=legal_day(now),
        )  # fmt: skip
        if not for_the_holder(workflow, row.state, persons):
            facts = {"dossier": row.code, "state": row.state}
            yield reminders.incident("nobody_can_act", row.code, row.territory, facts, now, rng)


def _report_missing_year(
    conn: Connection, law: Law, rows: Sequence[Row[Any]], now: datetime, rng: random.Random
) -> None:
    year = legal_day(now + _IN_GOOD_TIME).year
    if rows and year not in law.calendar.years:
        province = f"{rows[0].territory.partition('/')[0]}/"
        reminders.report(conn, [reminders.incident("calendar_missing", str(year), province, {"year": year}, now, rng)])
