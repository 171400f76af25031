"""Entries of the streams that are not a dossier's, and who may write them: administrators mostly, and machines."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from dossier_engine.commands.desk import SYSTEM, Act, actor_under
from dossier_engine.records import dossiers
from dossier_engine.records.history import Actor, Draft, Written, append_after, hold
from dossier_engine.rules.authority import standing
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import legal_day, not_before


@dataclass(frozen=True, slots=True)
class Under:
    """The role in which something is filed, and where it takes effect: None for all that the office reaches."""

    role: str = "administrator"
    territory: str | None = None


def file_entry(
    conn: Connection,
    stream: str,
    kind: str,
    act: Act,
    body: Mapping[str, Json],
    *,
    now: datetime,
    rng: random.Random,
    private: Mapping[str, str] | None = None,
    under: Under = Under(),
) -> Written:
    """Write one entry to `stream` in the caller's transaction, `under` an appointment or as a named part of the system.

    Raises NotAllowed, AppointmentExpired or
    ClockBehind. Machines have names (`system:…`) and need no appointment; no face lets a person take one.
    """
    head = hold(conn, stream)
    now = now if head.recorded_at is None else not_before(now, head.recorded_at)
    draft = Draft(
        kind=kind,
        actor=_actor(conn, act, kind, under, now),
        channel=act.channel,
        at=now,
        effective_on=legal_day(now),
        body=body,
        private={**act.private, **(private or {})},
    )
    return append_after(conn, head, draft, rng=rng)


def _actor(conn: Connection, act: Act, kind: str, under: Under, now: datetime) -> Actor:
    if act.person.startswith(SYSTEM):
        return Actor(act.person)
    appointments, _, _ = dossiers.sheet(conn, act.person, 0, None)
    today = legal_day(now)
    in_role = sorted((a for a in appointments if a.role == under.role), key=lambda a: not a.is_valid(today))
    own = in_role[0].office_path if in_role else ""
    held = standing(
        appointments, person=act.person, act=kind, roles=(under.role,), on=today,
        territory=own if under.territory is None else under.territory,
    )  # fmt: skip
    return actor_under(held)
