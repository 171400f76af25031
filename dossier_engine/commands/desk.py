"""The one way a dossier is changed: taken onto the desk under lock, judged, and settled with its history entry.

Every command on a dossier goes through `take` and `settle`, in one transaction that the face commits. What lies
between is the command's own: which requirement it asks, which facts or deadlines it writes.
"""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row
from sqlmodel import Session

from dossier_engine.errors import (
    DateBeforePrevious,
    DateInFuture,
    KeyReused,
    NotFound,
    NotPossible,
    Paused,
    StaleVersion,
)
from dossier_engine.records import dossiers
from dossier_engine.records.history import Actor, Draft, Written, compose, write
from dossier_engine.records.prepared import Write
from dossier_engine.rules.authority import Appointment, knows_of, standing
from dossier_engine.rules.entry import VERSIONED, Json, leaf_hash, parse
from dossier_engine.rules.law import Law, legal_day, not_before
from dossier_engine.rules.workflow import Workflow

SYSTEM = "system:"
"""How the names of machines begin; no face lets a person take one."""

_REQUEST = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does something, and how it was asked.

    `person` is a person's id. `key` makes a repeat harmless: the same person, key and request give the first
    receipt again. `expected_version` refuses the act if the dossier changed since it was looked at.
    """

    person: str
    channel: str = "library"
    reason: str | None = None
    key: str | None = None
    effective_on: date | None = None
    expected_version: int | None = None
    os_user: str | None = None

    @property
    def private(self) -> dict[str, str]:
        """What of the act enters history only as a commitment."""
        told = {"reason": self.reason, "os_user": self.os_user}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an act did: the entry it wrote, and where the dossier stands after it."""

    dossier: str
    seq: int
    leaf: str
    kind: str
    body: Mapping[str, Json]
    replayed: bool = False

    @classmethod
    def of(cls, written: Written) -> "Receipt":
        """The receipt of an entry just written."""
        return cls._from(written.entry, written.leaf, replayed=False)

    @classmethod
    def again(cls, data: bytes) -> "Receipt":
        """The receipt of an entry written before."""
        return cls._from(parse(data), leaf_hash(data), replayed=True)

    @classmethod
    def _from(cls, entry: Mapping[str, Json], leaf: bytes, *, replayed: bool) -> "Receipt":
        code = str(entry["stream"]).partition("/")[2]
        body = entry["body"]
        return cls(code, int(str(entry["seq"])), leaf.hex(), str(entry["kind"]), dict(body), replayed)  # type: ignore[arg-type]


def stream_of(code: str) -> str:
    """The history stream of a dossier."""
    return f"dossier/{code}"


def fingerprint(verb: str, act: Act, request: Mapping[str, Json]) -> str | None:
    """SHA-256 of the key and of what was asked with it; None when there is no key.

    The key, which no entry holds, keeps others from trying out which words of a reason give this hash.
    """
    if act.key is None:
        return None
    on = act.effective_on.isoformat() if act.effective_on else None
    asked = [act.key, verb, request, act.reason, on, act.expected_version]
    return hashlib.sha256(_REQUEST.encode(asked).encode()).hexdigest()


def replay(seen: tuple[bytes, str] | None, act: Act, asked: str | None) -> Receipt | None:
    """The first receipt, if this key was used for this request. Raises KeyReused if it was for another."""
    if seen is None:
        return None
    if seen[1] != asked:
        raise KeyReused(act.key or "")
    return Receipt.again(seen[0])


@dataclass(slots=True)
class Desk:
    """A dossier under lock with everything a command judges by. `on` is the legal day the act takes effect.

    `now` is not before the dossier's last entry, whatever the clock says.
    """

    conn: Connection
    law: Law
    workflow: Workflow
    row: Row[Any]
    act: Act
    now: datetime
    today: date
    on: date
    asked: str | None
    appointments: tuple[Appointment, ...]
    performed: tuple[tuple[str, str, str], ...]

    @property
    def next_seq(self) -> int:
        """The `seq` of the entry that `settle` will write."""
        return int(self.row.seq) + 1

    def authorise(self, act: str, roles: Sequence[str], *, level: int | None = None, office: str | None = None
                  ) -> Appointment:  # fmt: skip
        """The appointment acted under. Raises NotAllowed or AppointmentExpired."""
        return standing(
            self.appointments, person=self.act.person, act=act, roles=roles, territory=self.row.territory,
            on=self.today, level=level, office=office,
        )  # fmt: skip

    def impossible(self, verb: str) -> NotPossible:
        """The refusal of something the present state does not have."""
        possible = [t.name for t in self.workflow.leaving(self.row.state)]
        return NotPossible(verb, self.row.state, possible, self.workflow.sha256)

    def refuse_if_paused(self) -> None:
        """Raises Paused while the clock stands still."""
        if self.row.paused_on is not None:
            raise Paused(self.row.code, self.row.paused_on)


def take(
    session: Session, law: Law, verb: str, code: str, act: Act, request: Mapping[str, Json], *, now: datetime
) -> Desk | Receipt:
    """Lock the dossier and lay out what is needed, or give the first receipt again for a repeated key.

    Raises NotFound (also for a dossier outside the person's scope), KeyReused, StaleVersion, ClockBehind,
    DateInFuture or DateBeforePrevious.
    """
    conn = session.connection()
    row = dossiers.lock(conn, code)
    if row is None:
        raise NotFound("dossier", code)
    appointments, performed, seen = dossiers.sheet(conn, act.person, row.id, act.key)
    appointments = tuple(a for a in appointments if a.concerns(row.office))
    if not knows_of(appointments, row.territory):
        raise NotFound("dossier", code)
    asked = fingerprint(verb, act, {"dossier": code, **request})
    first = replay(seen, act, asked)
    if first is not None:
        return first
    if act.expected_version is not None and act.expected_version != row.version:
        raise StaleVersion(code, act.expected_version, row.version)
    now = not_before(now, row.recorded_at)
    today = legal_day(now)
    on = act.effective_on or today
    if on > today:
        raise DateInFuture(on, today)
    if on < row.effective_on:
        raise DateBeforePrevious(on, row.effective_on)
    workflow = law.workflows[row.definition]
    return Desk(conn, law, workflow, row, act, now, today, on, asked, appointments, performed)


def machine(conn: Connection, law: Law, row: Row[Any], name: str, *, now: datetime) -> Desk:
    """The desk of a named part of the system, for entries that follow from the rules and need no appointment.

    Such an entry does not move the legal clock: an officer's act of yesterday stays possible after it.
    """
    act, workflow = Act(person=f"{SYSTEM}{name}", channel=name), law.workflows[row.definition]
    now = max(now, row.recorded_at)
    return Desk(conn, law, workflow, row, act, now, legal_day(now), row.effective_on, None, (), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an act leaves behind: the entry's kind and body, more private values, and changed columns."""

    kind: str
    body: Mapping[str, Json]
    private: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


def settle(desk: Desk, actor: Actor, outcome: Outcome, *, rng: random.Random, beside: Sequence[Write] = ()) -> Receipt:
    """Write the entry and `beside` it, leave word, and move the row on from the version read. Raises StaleVersion."""
    row, act = desk.row, desk.act
    draft = Draft(
        kind=outcome.kind,
        actor=actor,
        channel=act.channel,
        at=desk.now,
        effective_on=desk.on,
        body=outcome.body,
        private={**act.private, **outcome.private},
        key=act.key,
        fingerprint=desk.asked,
    )
    written = compose(draft, stream=stream_of(row.code), seq=desk.next_seq, prev=row.head, rng=rng)
    columns = {
        "version": row.version + (outcome.kind in VERSIONED),
        "seq": written.seq,
        "head": written.leaf,
        "recorded_at": desk.now,
        "effective_on": desk.on,
        "acted_on": row.acted_on if act.person.startswith(SYSTEM) else desk.today,
        **outcome.values,
    }
    if columns.get("is_open") == row.is_open:
        del columns["is_open"]  # SQLite writes the index of open dossiers anew for a column named, changed or not
    holder = {"holder_role": row.holder_role, "holder_path": row.holder_path, **outcome.values}
    word = dossiers.posting(written.stream, written.seq, holder["holder_role"], holder["holder_path"])
    if write(desk.conn, written, [word, *beside, dossiers.claiming(row.id, row.version, columns)]) != 1:
        raise StaleVersion(row.code, row.version, row.version + 1)
    return Receipt.of(written)


def actor_under(under: Appointment) -> Actor:
    """How an entry names somebody who acts under this appointment."""
    return Actor(under.person, under.role, under.office, under.office_path, under.on_behalf_of)
