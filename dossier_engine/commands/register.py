"""Open a dossier: one locality or office, one target year, under the definition active now."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlmodel import Session

from dossier_engine.commands.desk import Act, Desk, Receipt, actor_under, fingerprint, replay, stream_of
from dossier_engine.commands.stage import deadline_row, standing_columns, stated, waking
from dossier_engine.errors import AlreadyOpen, BadInput, DateInFuture, NotFound, RequirementsUnmet, WrongSubject
from dossier_engine.records import dossiers, facts, localities, offices
from dossier_engine.records.history import Draft, append
from dossier_engine.records.prepared import insert_unless_there, write_together
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import Appointment, knows_of, level_of, standing
from dossier_engine.rules.codes import YEARS
from dossier_engine.rules.deadlines import Deadline, opened_by_entry
from dossier_engine.rules.entry import Json
from dossier_engine.rules.law import Law, legal_day
from dossier_engine.rules.workflow import Workflow

_COUNTER, _DOSSIER = TABLES["counter"], TABLES["dossier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """An order to open a dossier about `subject`: the code of an office where the definition is about offices.

    Else the code of a unit in the register of localities, valid on the day of the act.
    """

    workflow: str
    subject: str
    target_year: int
    act: Act

    def request(self) -> dict[str, Json]:
        """What the idempotency key stands for."""
        return {"workflow": self.workflow, "subject": self.subject, "target_year": self.target_year}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a dossier is about: a locality, or an office (its code, else empty) that has its seat there."""

    locality: Row[Any]
    office: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Opening:
    """Everything a registration writes, however it came about."""

    conn: Connection
    law: Law
    workflow: Workflow
    about: _Subject
    target_year: int
    on: date
    now: datetime
    under: Appointment
    act: Act
    asked: str | None
    linked: str | None


def register(session: Session, law: Law, order: Register, *, now: datetime, rng: random.Random) -> Receipt:
    """Carry out `order` in the caller's transaction; the face commits.

    Raises NotFound, WrongSubject, NotAllowed, AppointmentExpired, RequirementsUnmet, AlreadyOpen, KeyReused,
    DateInFuture or BadInput.
    """
    conn, act, today = session.connection(), order.act, legal_day(now)
    workflow = law.named(order.workflow)
    on = act.effective_on or today
    if on > today:
        raise DateInFuture(on, today)
    if order.target_year not in YEARS:
        raise BadInput("year", str(order.target_year), "year_out_of_range")
    about = _lock(conn, workflow, order.subject, on)  # before the key is looked up, or a repeat in flight is missed
    appointments, _, seen = dossiers.sheet(conn, act.person, 0, act.key)
    asked = fingerprint("register", act, order.request())
    first = replay(seen, act, asked)
    if first is not None:  # also when the unit has ended since
        return first
    if about is None or not knows_of(appointments, about.locality.path):
        raise NotFound("office" if workflow.subject == "office" else "locality", order.subject)
    if about.kind not in workflow.kinds:
        raise WrongSubject(about.name, about.kind, workflow.subject)
    _check_in_force(workflow, on)
    under = _registrar(workflow, appointments, act.person, about, today)
    opening = _Opening(conn, law, workflow, about, order.target_year, on, now, under, act, asked, None)
    _check_conditions(opening)
    return _open(opening, rng)


def open_next_year(desk: Desk, under: Appointment, *, rng: random.Random) -> Receipt:
    """Open the dossier that the one on the desk continues in, for the next target year, by the same person.

    It is opened on the conditions of a registration, which may have ceased to be met. Raises RequirementsUnmet,
    AlreadyOpen, NotFound when the locality no longer exists, or BadInput when the definition is out of force.
    """
    locality = localities.by_id(desk.conn, desk.row.locality)
    if locality.valid_to is not None and locality.valid_to < desk.on:  # its code may by now be another unit's
        raise NotFound("locality", locality.code)
    workflow = desk.law.named(desk.workflow.name)
    _check_in_force(workflow, desk.on)
    act = replace(desk.act, key=None)  # the key stands for the entry that leaves the old dossier
    year = desk.row.target_year + 1
    about = _Subject(locality, desk.row.office, locality.name, locality.kind)
    opening = _Opening(desk.conn, desk.law, workflow, about, year, desk.on, desk.now, under, act, None, desk.row.code)
    _check_conditions(opening)
    return _open(opening, rng)


def _lock(conn: Connection, workflow: Workflow, code: str, on: date) -> _Subject | None:
    """What `code` names, locked until the transaction ends: registrations at one seat wait for each other."""
    if workflow.subject != "office":
        locality = localities.lock(conn, code, on)
        return locality and _Subject(locality, "", locality.name, locality.kind)
    office = offices.by_code(conn, code)
    seat = office and localities.lock_at(conn, office.path, on)
    return _Subject(seat, office.code, office.name_vi, office.kind) if office and seat else None


def _check_in_force(workflow: Workflow, on: date) -> None:
    if on < workflow.valid_from or (workflow.valid_to is not None and on > workflow.valid_to):
        raise BadInput("on", on.isoformat(), "definition_not_in_force")


def _registrar(
    workflow: Workflow, appointments: tuple[Appointment, ...], person: str, about: _Subject, today: date
) -> Appointment:
    levels = workflow.register.levels
    at = [a for a in appointments if level_of(a.office_path) in levels and a.concerns(about.office)]
    path = about.locality.path
    return standing(at, person=person, act="register", roles=workflow.register.by, territory=path, on=today)


def _check_conditions(opening: _Opening) -> None:
    requires = opening.workflow.register.requires
    found = facts.gather(
        opening.conn,
        requires,
        dossier=0,
        stage_seq=0,
        locality=opening.about.locality.id,
        territory=opening.about.locality.path,
        on=opening.on,
        criteria=opening.workflow.criteria,
    )
    unmet = facts.ask(requires, found)
    if unmet:
        raise RequirementsUnmet("register", unmet, opening.workflow.sha256)


def _open(opening: _Opening, rng: random.Random) -> Receipt:
    workflow, locality, on = opening.workflow, opening.about.locality, opening.on
    code = _next_code(opening)  # its row lock makes registrations of one series wait for each other
    _refuse_second(opening)
    state = workflow.states[workflow.initial]
    deadlines = opened_by_entry(workflow, state.key, None, on, year=opening.target_year, calendar=opening.law.calendar)
    draft = Draft(
        kind="registered",
        actor=actor_under(opening.under),
        channel=opening.act.channel,
        at=opening.now,
        effective_on=on,
        body=_body(opening, deadlines),
        private=opening.act.private,
        key=opening.act.key,
        fingerprint=opening.asked,
    )
    written = append(opening.conn, draft, stream=stream_of(code), seq=1, prev=b"", rng=rng)
    columns = standing_columns(state, locality.path, deadlines)
    wake_at = waking(workflow, state, deadlines, now=opening.now, calendar=opening.law.calendar)
    end = {"head": written.leaf, "recorded_at": opening.now}
    dossier = dossiers.add(opening.conn, {**_columns(opening, code), **columns, **end}, wake_at)
    word = dossiers.posting(written.stream, 1, columns["holder_role"], columns["holder_path"])
    rows = [deadline_row(dossier, 1, d, opening.now) for d in deadlines]
    write_together(opening.conn, [*dossiers.opening(rows), word])
    return Receipt.of(written)


def _body(opening: _Opening, deadlines: tuple[Deadline, ...]) -> dict[str, Json]:
    body: dict[str, Json] = {
        "workflow": opening.workflow.reference,
        "definition": opening.workflow.sha256,
        "calendar": opening.law.calendar.version,
        "locality": opening.about.locality.code,
        "territory": opening.about.locality.path,
        "level": opening.workflow.level,
        "target_year": opening.target_year,
        "to": opening.workflow.initial,
        "continues": opening.linked,
        "met": [r.key for r in opening.workflow.register.requires],
        "due": stated(deadlines),
    }
    return {**body, "office": opening.about.office} if opening.about.office else body


def _columns(opening: _Opening, code: str) -> Mapping[str, Any]:
    return {
        "code": code,
        "workflow": opening.workflow.name,
        "definition": opening.workflow.sha256,
        "locality": opening.about.locality.id,
        "office": opening.about.office,
        "territory": opening.about.locality.path,
        "level": opening.workflow.level,
        "target_year": opening.target_year,
        "version": 1,
        "seq": 1,
        "round": 1,
        "stage_seq": 1,
        "stage_on": opening.on,
        "effective_on": opening.on,
        "linked": opening.linked,
        "acted_on": legal_day(opening.now),
    }


def _refuse_second(opening: _Opening) -> None:
    same = select(_DOSSIER.c.code).where(
        _DOSSIER.c.workflow == opening.workflow.name,
        _DOSSIER.c.locality == opening.about.locality.id,
        _DOSSIER.c.office == opening.about.office,
        _DOSSIER.c.target_year == opening.target_year,
        _DOSSIER.c.is_open,
    )
    code = opening.conn.execute(same).scalar_one_or_none()
    if code is not None:
        raise AlreadyOpen(opening.about.name, opening.workflow.name, opening.target_year, code)


def _next_code(opening: _Opening) -> str:
    """`HD-2024-NC-0017`: province, target year, the definition's abbreviation, and the next number of that series."""
    province = localities.abbreviation(opening.conn, opening.about.locality.path)
    series = f"{province}-{opening.target_year}-{opening.workflow.abbreviation}"
    insert_unless_there(opening.conn, _COUNTER, {"series": series, "last": 0})
    take = (
        update(_COUNTER).where(_COUNTER.c.series == series).values(last=_COUNTER.c.last + 1).returning(_COUNTER.c.last)
    )
    return f"{series}-{opening.conn.execute(take).scalar_one():04d}"
