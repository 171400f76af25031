"""Say in history that an audit bundle was made: by whom, of what, and what exactly it holds."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import Under, file_entry
from dossier_engine.errors import BadInput, NotAllowed
from dossier_engine.records import dossiers
from dossier_engine.records.history import Written
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import standing
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import legal_day

_DOSSIER = TABLES["dossier"]
ROLE = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A bundle of the dossiers `codes`, or of everything (None), out of the first `size` leaves of the log.

    `heads` is the root over the last entries of all `streams` there, `manifest` the SHA-256 of the bundle's manifest.
    """

    codes: tuple[str, ...] | None
    size: int
    streams: int
    heads: bytes
    manifest: bytes
    act: Act


def check_scope(session: Session, codes: Sequence[str] | None, act: Act, *, now: datetime) -> None:
    """Whether the person may export these dossiers, or everything: an auditor may, within the office's reach.

    Raises NotFound for a dossier out of scope, NotAllowed, AppointmentExpired, BadInput for none or one named twice.
    """
    conn, today = session.connection(), legal_day(now)
    appointments, _, _ = dossiers.sheet(conn, act.person, 0, None)
    if codes is None:
        reach = [a.office_path for a in appointments if a.role == ROLE and a.is_valid(today)]
        if not reach or _lies_beyond(conn, Scope(tuple(reach))):
            raise NotAllowed(act.person, "export", (ROLE,))
        return
    if not codes or len(set(codes)) < len(codes):
        raise BadInput("code", " ".join(codes), "missing" if not codes else "repeated")
    for code in codes:
        territory = dossiers.find(conn, code, appointments).territory
        standing(appointments, person=act.person, act="export", roles=(ROLE,), territory=territory, on=today)


def _lies_beyond(conn: Connection, reach: Scope) -> bool:
    return conn.execute(select(_DOSSIER.c.id).where(~reach.of(_DOSSIER)).limit(1)).first() is not None


def export(session: Session, order: Export, *, now: datetime, rng: random.Random) -> Written:
    """File the entry of an export in the caller's transaction; the face commits, and completes the bundle afterwards.

    Raises what `check_scope` raises.
    """
    check_scope(session, order.codes, order.act, now=now)
    body: dict[str, Json] = {
        "scope": "all" if order.codes is None else list[Json](sorted(order.codes)),
        "size": order.size,
        "streams": order.streams,
        "heads": order.heads.hex(),
        "manifest": order.manifest.hex(),
    }
    return file_entry(session.connection(), "reads", "exported", order.act, body, now=now, rng=rng, under=Under(ROLE))
