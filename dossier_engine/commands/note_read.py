"""Say in history that an auditor or administrator looked: who, at what, by which filters, and how much there was."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import Under, file_entry
from dossier_engine.records import dossiers
from dossier_engine.records.history import Written
from dossier_engine.rules.authority import OVERSEEING
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import legal_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A question by its machine name (`dossiers.list`), the filters it was asked with, and how many things it found.

    `where` holds codes, days and numbers. What somebody wrote in words of their own, such as a name searched for, is
    `typed`: of that history holds only commitments.
    """

    what: str
    where: Mapping[str, Json]
    count: int | None
    typed: Mapping[str, str] = field(default_factory=dict)


def note_read(session: Session, read: Read, act: Act, *, now: datetime, rng: random.Random) -> Written:
    """File the entry of `read` in the caller's transaction; the face commits, and only then shows what was found.

    Raises NotAllowed or AppointmentExpired for who is neither auditor nor administrator, whose reads are not noted.
    """
    conn = session.connection()
    appointments, _, _ = dossiers.sheet(conn, act.person, 0, None)
    valid = {a.role for a in appointments if a.is_valid(legal_day(now))}
    under = Under(next((role for role in OVERSEEING if role in valid), OVERSEEING[0]))
    body: dict[str, Json] = {"what": read.what, "asked": dict(read.where), "count": read.count}
    return file_entry(conn, "reads", "read", act, body, now=now, rng=rng, private=read.typed, under=under)
