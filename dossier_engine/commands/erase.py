"""Erase personal values and free text from beside history, for good, and say so in history with the legal ground.

Entries hold commitments only, so they stand as they were and still verify; what was erased can no longer be proven,
which is the point. Copies in backups and in bundles handed out are beyond reach: backups must expire.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import Session

from dossier_engine.commands.desk import Act, stream_of
from dossier_engine.commands.filing import Under, file_entry
from dossier_engine.errors import BadInput, NotFound
from dossier_engine.records import access, callers, dossiers, private, throttle
from dossier_engine.records.history import hold
from dossier_engine.records.private import Key
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json
from dossier_engine.rules.requirements import check_text
from dossier_engine.rules.throttle import bucket_of_person

_PERSON = TABLES["person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseWords:
    """An order to erase what was written beside entry `seq` of a dossier: the value `name`, or all (None)."""

    dossier: str
    seq: int
    basis: str
    act: Act
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson:
    """An order to erase who `person` (an id) is: handle, name, addresses, and the accounts they acted from."""

    person: str
    basis: str
    act: Act


def erase_words(session: Session, order: EraseWords, *, now: datetime, rng: random.Random) -> tuple[Key, ...]:
    """Erase in the caller's transaction and return what is gone; the face commits.

    Raises NotFound where there is nothing to erase, NotAllowed for all but administrators of that territory, and
    BadInput without a legal ground.
    """
    conn = session.connection()
    row = dossiers.lock(conn, order.dossier)
    if row is None:
        raise NotFound("dossier", order.dossier)
    found = private.of_entry(conn, stream_of(order.dossier), order.seq)
    keys = [key for key in found if order.name in (None, key[2])]
    return _erase(conn, keys, f"{order.dossier}#{order.seq}", order, row.territory, now, rng)


def erase_person(session: Session, order: ErasePerson, *, now: datetime, rng: random.Random) -> tuple[Key, ...]:
    """Erase in the caller's transaction and return what is gone; the face commits.

    The person's acts and appointments stay under the id, which then names nobody; an appointment that should end is
    ended by `end_appointment`. Their account, sessions and tokens end, and nothing is left of the secrets. Raises
    NotFound, NotAllowed and BadInput as `erase_words` does.
    """
    conn = session.connection()
    hold(conn, "people")
    if conn.execute(select(_PERSON.c.id).where(_PERSON.c.id == order.person).with_for_update()).first() is None:
        raise NotFound("person", order.person)
    gone = _erase(conn, private.of_person(conn, order.person), order.person, order, None, now, rng)
    private.forget_person(conn, order.person)
    _end_account(conn, order, now, rng)
    return gone


def _end_account(conn: Connection, order: ErasePerson, now: datetime, rng: random.Random) -> None:
    access.forget(conn, order.person, now)
    callers.forget(conn, order.person, now)
    throttle.forget(conn, bucket_of_person(order.person))
    access.note(conn, "erased", order.person, order.act.person, now=now, rng=rng)


def _erase(
    conn: Connection, keys: Sequence[Key], about: str, order: EraseWords | ErasePerson, territory: str | None,
    now: datetime, rng: random.Random,
) -> tuple[Key, ...]:  # fmt: skip
    if not order.basis.strip():
        raise BadInput("basis", "", "missing")
    check_text("basis", order.basis)
    if not keys:
        raise NotFound("words", about)
    listed: list[Json] = [list[Json](key) for key in keys]
    body: dict[str, Json] = {"erased": listed, "basis": order.basis}
    file_entry(conn, "people", "erased", order.act, body, now=now, rng=rng, under=Under(territory=territory))
    private.erase(conn, keys)
    return tuple(keys)
