"""Keep what a check of history found as incidents, for somebody to see to: a finding is never silence."""

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from dossier_engine.records import reminders
from dossier_engine.records.tables import TABLES

_LOCALITY = TABLES["locality"]
KIND = "history_differs"


def report(
    session: Session, name: str, findings: Sequence[tuple[str, str, str]], *, now: datetime, rng: random.Random
) -> None:
    """The check `name` was made at `now` and found this: where, a catalogue code, and what. The face commits.

    What is found again counts in the incident that is open.
    """
    conn = session.connection()
    province = select(_LOCALITY.c.path).where(_LOCALITY.c.kind == "province").order_by(_LOCALITY.c.path).limit(1)
    territory = conn.execute(province).scalar_one_or_none() or ""
    reminders.report(
        conn,
        [
            reminders.incident(KIND, where, territory, {"code": code, "what": what}, now, rng)
            for where, code, what in findings
        ],
    )
    reminders.beat(conn, name, now)
