"""What the sweep reads and writes: dossiers whose hour has come, who sits where, the ledger, notices, mornings.

Rows are read and written many at a time; a person's mail of a morning is one row, found or made under the lock that
the unique constraint gives.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dossier_engine.records.keys import among
from dossier_engine.records.prepared import Prepared
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.due import Escalation, Pending, Told, Watched
from dossier_engine.rules.seats import Seat
from dossier_engine.rules.workflow import Workflow

_DOSSIER, _DEADLINE, _RUNG, _NOTICE = (TABLES[t] for t in ("dossier", "deadline", "rung", "notice"))
_ESCALATION, _DELIVERY, _INCIDENT, _PULSE = (TABLES[t] for t in ("escalation", "delivery", "incident", "pulse"))
_WAKE = TABLES["wake"]
_APPOINTMENT, _OFFICE, _PERSON = TABLES["appointment"], TABLES["office"], TABLES["person"]

WATCHED: Select[Any] = (
    select(
        *(_DOSSIER.c[name] for name in (
            "id", "code", "definition", "territory", "office", "state", "is_open", "holder_role", "holder_path",
            "stage_seq", "paused_on", "acted_on",
        )),
        _WAKE.c.at.label("wake_at"),
    ).join(_WAKE, _WAKE.c.dossier == _DOSSIER.c.id)
)  # fmt: skip
"""What the sweep asks of a dossier."""
_DUE = Prepared(
    WATCHED.where(_WAKE.c.at <= bindparam("now"))
    .order_by(_WAKE.c.at, _WAKE.c.dossier)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_WATCHABLE = Prepared(
    WATCHED.where(_DOSSIER.c.id > bindparam("after"))
    .where(
        or_(
            _DOSSIER.c.is_open,
            exists().where(
                _DEADLINE.c.dossier == _DOSSIER.c.id,
                _DEADLINE.c.stage_seq == _DOSSIER.c.stage_seq,
                _DEADLINE.c.met_on.is_(None),
            ),
        )
    )
    .order_by(_DOSSIER.c.id)
    .limit(bindparam("most"))
    .with_for_update()
)
_DEADLINES = Prepared(select(
    _DEADLINE.c.dossier, _DEADLINE.c.key, _DEADLINE.c.due_on, _DEADLINE.c.due_version, _DEADLINE.c.set_at,
    _DEADLINE.c.met_on,
).join(_DOSSIER, and_(_DOSSIER.c.id == _DEADLINE.c.dossier, _DOSSIER.c.stage_seq == _DEADLINE.c.stage_seq)).where(
    among(_DEADLINE.c.dossier, "ids")
).order_by(_DEADLINE.c.dossier, _DEADLINE.c.key))  # fmt: skip
_TOLD = Prepared(select(
    _RUNG.c.dossier, _RUNG.c.key, _RUNG.c.due_version, _RUNG.c.rung, _RUNG.c.addressee, _RUNG.c.occurrence
).join(_DOSSIER, and_(_DOSSIER.c.id == _RUNG.c.dossier, _DOSSIER.c.stage_seq == _RUNG.c.stage_seq)).where(
    among(_RUNG.c.dossier, "ids")
))  # fmt: skip
_ESCALATIONS = Prepared(select(
    _ESCALATION.c.dossier, _ESCALATION.c.seq, _ESCALATION.c.cause, _ESCALATION.c.addressee, _ESCALATION.c.mandate,
    _ESCALATION.c.addressed_at, _ESCALATION.c.answer_by, _ESCALATION.c.climbed_seq,
).join(_DOSSIER, and_(_DOSSIER.c.id == _ESCALATION.c.dossier, _DOSSIER.c.stage_seq == _ESCALATION.c.stage_seq)).where(
    among(_ESCALATION.c.dossier, "ids"), _ESCALATION.c.closed_seq.is_(None)
).order_by(_ESCALATION.c.dossier, _ESCALATION.c.seq))  # fmt: skip
_ADD_RUNGS, _ADD_NOTICES = Prepared(insert(_RUNG)), Prepared(insert(_NOTICE))
_ADD_ESCALATION = Prepared(insert(_ESCALATION))
_MOVE_WAKES = Prepared(update(_WAKE).where(among(_WAKE.c.dossier, "ids")))
_CHANGE_ESCALATION = Prepared(
    update(_ESCALATION).where(
        _ESCALATION.c.dossier == bindparam("dossier_id"), _ESCALATION.c.seq == bindparam("opened_by")
    )
)


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody appointed on the day asked, in which role and office, and where mail reaches them."""

    person: str
    role: str
    office: str
    kind: str
    path: str
    head: bool
    email: str | None

    def sits_in(self, seat: Seat) -> bool:
        """Whether this is one of those whom the seat, at the same path, means."""
        return seat.is_taken_by(role=self.role, office=self.office, kind=self.kind, head=self.head)


def due(conn: Connection, now: datetime, most: int) -> list[Row[Any]]:
    """Dossiers whose `wake_at` has come, the longest due first, locked; those somebody else has locked are left out."""
    return _DUE.rows(conn, {"now": now, "most": most})


def waiting(conn: Connection, scope: Scope, until: datetime) -> Sequence[Row[Any]]:
    """The same dossiers in scope without a lock, by code: for those who only want to know."""
    query = WATCHED.where(_WAKE.c.at <= until)
    return conn.execute(query.where(scope.of(_DOSSIER)).order_by(_DOSSIER.c.code)).all()


def watchable(conn: Connection, after: int, most: int) -> list[Row[Any]]:
    """The next dossiers by key, locked, that may have something due: open ones, and ends still to be announced."""
    return _WATCHABLE.rows(conn, {"after": after, "most": most})


def watched(conn: Connection, definitions: Mapping[str, Workflow], rows: Sequence[Row[Any]]) -> list[Watched]:
    """Each of `rows`, which are dossiers, as the sweep sees it."""
    ids = {"ids": [row.id for row in rows]}
    deadlines: dict[int, list[Pending]] = defaultdict(list)
    for dossier, *fields in _DEADLINES.lines(conn, ids):
        deadlines[dossier].append(Pending(*fields))
    escalations: dict[int, list[Escalation]] = defaultdict(list)
    for dossier, *fields in _ESCALATIONS.lines(conn, ids):
        escalations[dossier].append(Escalation(*fields))
    told: dict[int, set[Told]] = defaultdict(set)
    for dossier, *fields in _TOLD.lines(conn, ids):
        told[dossier].add(tuple(fields))
    return [
        Watched(
            workflow=definitions[row.definition],
            state=row.state,
            is_open=row.is_open,
            is_paused=row.paused_on is not None,
            acted_on=row.acted_on,
            deadlines=tuple(deadlines.get(row.id, ())),
            escalations=tuple(escalations.get(row.id, ())),
            told=frozenset(told.get(row.id, ())),
        )
        for row in rows
    ]


def seated(conn: Connection, paths: Iterable[str], on: date) -> dict[str, list[Seated]]:
    """Everybody appointed that day in the offices at `paths`, by path."""
    valid = and_(_APPOINTMENT.c.valid_from <= on, or_(_APPOINTMENT.c.valid_to.is_(None), _APPOINTMENT.c.valid_to >= on))
    query = (
        select(
            _APPOINTMENT.c.person, _APPOINTMENT.c.role, _APPOINTMENT.c.office, _OFFICE.c.kind,
            _APPOINTMENT.c.office_path, _APPOINTMENT.c.head, _PERSON.c.email,
        )
        .join(_OFFICE, _OFFICE.c.code == _APPOINTMENT.c.office)
        .join(_PERSON, _PERSON.c.id == _APPOINTMENT.c.person)
        .where(valid, _APPOINTMENT.c.office_path.in_(sorted(paths)))
        .order_by(_APPOINTMENT.c.id)
    )  # fmt: skip
    found: dict[str, list[Seated]] = defaultdict(list)
    for fields in conn.execute(query):
        one = Seated(*fields)
        found[one.path].append(one)
    return found


def write_rungs(conn: Connection, rungs: Sequence[Mapping[str, Any]], notices: Sequence[Mapping[str, Any]]) -> None:
    """The ledger's lines and what people were told by them."""
    _ADD_RUNGS.write_each(conn, rungs)
    _ADD_NOTICES.write_each(conn, notices)


def read_notice(conn: Connection, rung: int, person: str, at: datetime) -> datetime | None:
    """The person read what this rung told them, at `at` unless before; when, or None if it told them nothing."""
    own = (_NOTICE.c.rung == rung) & (_NOTICE.c.person == person)
    read = update(_NOTICE).where(own).values(read_at=func.coalesce(_NOTICE.c.read_at, at))
    return conn.execute(read.returning(_NOTICE.c.read_at)).scalar_one_or_none()


def wake(conn: Connection, rows: Sequence[tuple[int, datetime | None]]) -> None:
    """When the sweep must look at each dossier (its key) next."""
    together: dict[datetime | None, list[int]] = defaultdict(list)
    for dossier, at in rows:
        together[at].append(dossier)
    for at, dossiers in together.items():
        _MOVE_WAKES.write(conn, {"ids": dossiers, "at": at})


def add_deliveries(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Make deliveries of one topic, or join those that were not claimed yet: their keys by recipient.

    Who is missing in the answer has a delivery of this topic that is sealed already.
    """
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    joined = (
        make(_DELIVERY)
        .on_conflict_do_update(
            index_elements=["channel", "recipient", "topic"],
            set_={"created_at": _DELIVERY.c.created_at},  # changes nothing, but locks the row and returns it
            where=_DELIVERY.c.attempts == 0,
        )
        .returning(_DELIVERY.c.recipient, _DELIVERY.c.id)
    )
    ordered = [dict(row) for row in sorted(rows, key=lambda row: str(row["recipient"]))]  # nobody waits crosswise
    return dict(conn.execute(joined, ordered).all())


def report(conn: Connection, incidents: Iterable[Mapping[str, Any]]) -> None:
    """Open incidents, or count those that are open already."""
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    for row in incidents:
        again = make(_INCIDENT).values(**row)
        conn.execute(
            again.on_conflict_do_update(
                index_elements=["kind", "about"],
                index_where=_INCIDENT.c.closed_at.is_(None),
                set_={"count": _INCIDENT.c.count + 1, "last_at": again.excluded.last_at, "facts": again.excluded.facts},
            )
        )


def incident(
    kind: str, about: str, territory: str, facts: Mapping[str, Any], now: datetime, rng: random.Random
) -> dict[str, Any]:
    """The row of an incident that was met at `now`."""
    return {
        "id": rng.getrandbits(62), "kind": kind, "about": about, "territory": territory, "facts": dict(facts),
        "first_at": now, "last_at": now, "count": 1,
    }  # fmt: skip


def lock_incident(conn: Connection, key: int) -> Row[Any] | None:
    """An open incident, locked until the transaction ends."""
    query = select(_INCIDENT).where(_INCIDENT.c.id == key, _INCIDENT.c.closed_at.is_(None)).with_for_update()
    return conn.execute(query).one_or_none()


def close_incident(conn: Connection, key: int, values: Mapping[str, Any]) -> None:
    """Nobody needs to see to it any more."""
    conn.execute(update(_INCIDENT).where(_INCIDENT.c.id == key).values(**values))


def beat(conn: Connection, name: str, at: datetime) -> None:
    """`name` has been at work at `at`."""
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    first = make(_PULSE).values(name=name, at=at)
    conn.execute(first.on_conflict_do_update(index_elements=["name"], set_={"at": first.excluded.at}))


def open_escalation(conn: Connection, values: Mapping[str, Any]) -> None:
    """An escalation that an entry opened."""
    _ADD_ESCALATION.write(conn, values)


def change_escalation(conn: Connection, dossier: int, seq: int, values: Mapping[str, Any]) -> None:
    """Set `values` on the escalation that entry `seq` opened."""
    _CHANGE_ESCALATION.write(conn, {"dossier_id": dossier, "opened_by": seq, **values})
