"""What the mails of claimed deliveries are made of: the person, the notices, and what became of each since."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, select, tuple_

from dossier_engine.letters import Wording
from dossier_engine.records.tables import TABLES

_NOTICE, _RUNG, _DOSSIER, _DEADLINE = (TABLES[t] for t in ("notice", "rung", "dossier", "deadline"))
_LOCALITY, _OFFICE, _PERSON, _PRIVATE = (TABLES[t] for t in ("locality", "office", "person", "private"))
_ESCALATION, _HISTORY, _TEMPLATE = (TABLES[t] for t in ("escalation", "history", "mail_template"))
_DISTRICT = _LOCALITY.alias("district")

_ASKED: Select[Any] = (
    select(
        _NOTICE.c.delivery, _RUNG.c.key, _RUNG.c.rung, _RUNG.c.kind, _RUNG.c.stage_seq, _RUNG.c.due_version,
        _DOSSIER.c.id, _DOSSIER.c.code, _DOSSIER.c.definition, _DOSSIER.c.state, _DOSSIER.c.territory,
        _DOSSIER.c.holder_role, _DOSSIER.c.holder_path, _DOSSIER.c.stage_seq.label("now_stage_seq"),
        _DOSSIER.c.due_on.label("stage_due_on"), _DOSSIER.c.paused_on, _DEADLINE.c.due_on, _DEADLINE.c.met_on,
        _LOCALITY.c.name.label("locality_name"), _DISTRICT.c.name.label("district_name"),
    )
    .join(_RUNG, _RUNG.c.id == _NOTICE.c.rung)
    .join(_DOSSIER, _DOSSIER.c.id == _RUNG.c.dossier)
    .join(_LOCALITY, _LOCALITY.c.id == _DOSSIER.c.locality)
    .outerjoin(_DISTRICT, and_(
        _DISTRICT.c.code == _LOCALITY.c.parent, _DISTRICT.c.kind.in_(("district", "town", "city")),
        _DISTRICT.c.valid_from <= _DOSSIER.c.stage_on,
        _DISTRICT.c.valid_to.is_(None) | (_DISTRICT.c.valid_to >= _DOSSIER.c.stage_on),
    ))
    .outerjoin(_DEADLINE, and_(
        _DEADLINE.c.dossier == _RUNG.c.dossier, _DEADLINE.c.stage_seq == _RUNG.c.stage_seq,
        _DEADLINE.c.key == _RUNG.c.key,
    ))
    .order_by(_NOTICE.c.delivery, _DOSSIER.c.code, _RUNG.c.key, _RUNG.c.id)
)  # fmt: skip


def notices(conn: Connection, deliveries: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The notices that each delivery carries, with their rung, dossier and deadline as they are now."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in conn.execute(_ASKED.where(_NOTICE.c.delivery.in_(deliveries))).all():
        found[row.delivery].append(row)
    return found


def addressees(conn: Connection, people: Collection[str]) -> dict[str, tuple[str, str | None]]:
    """Name and address of each person."""
    query = select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email).where(_PERSON.c.id.in_(people))
    return {row.id: (row.name, row.email) for row in conn.execute(query)}


def escalations(conn: Connection, dossiers: Collection[int]) -> dict[tuple[int, int], list[Row[Any]]]:
    """The escalations that wait for their answer, by dossier and stage."""
    query: Select[Any] = select(
        _ESCALATION.c.dossier, _ESCALATION.c.stage_seq, _ESCALATION.c.seq, _ESCALATION.c.cause, _ESCALATION.c.answer_by
    ).where(_ESCALATION.c.dossier.in_(dossiers), _ESCALATION.c.closed_seq.is_(None))
    found: dict[tuple[int, int], list[Row[Any]]] = defaultdict(list)
    for row in conn.execute(query.order_by(_ESCALATION.c.seq)).all():
        found[row.dossier, row.stage_seq].append(row)
    return found


def reminders_sent(conn: Connection, dossiers: Collection[int]) -> dict[tuple[int, int], int]:
    """How many reminders were given, by dossier and stage."""
    query = (
        select(_RUNG.c.dossier, _RUNG.c.stage_seq, func.count())
        .where(_RUNG.c.dossier.in_(dossiers), _RUNG.c.kind == "remind", _RUNG.c.outcome.in_(("sent", "late")))
        .group_by(_RUNG.c.dossier, _RUNG.c.stage_seq)
    )
    return {(dossier, stage): count for dossier, stage, count in conn.execute(query)}


def reasons(conn: Connection, entries: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The words that were given with entries of history, where they were not erased."""
    query = select(_PRIVATE.c.stream, _PRIVATE.c.seq, _PRIVATE.c.value).where(
        _PRIVATE.c.name == "reason", tuple_(_PRIVATE.c.stream, _PRIVATE.c.seq).in_(sorted(entries))
    )
    return {(row.stream, row.seq): row.value for row in conn.execute(query)} if entries else {}


def offices(conn: Connection, seats: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """The names, Vietnamese and English, of the office of a kind at a path, by kind and path."""
    query = select(_OFFICE.c.kind, _OFFICE.c.path, _OFFICE.c.name_vi, _OFFICE.c.name_en).where(
        tuple_(_OFFICE.c.kind, _OFFICE.c.path).in_(sorted(seats))
    )
    ordered = conn.execute(query.order_by(_OFFICE.c.code.desc()))  # of several of a kind, the first by code
    return {(row.kind, row.path): (row.name_vi, row.name_en) for row in ordered} if seats else {}


def wordings(conn: Connection, language: str) -> dict[str, Wording]:
    """The templates an administrator saved in a language, by name."""
    rows = conn.execute(select(_TEMPLATE).where(_TEMPLATE.c.name.endswith(f".{language}", autoescape=True)))
    return {row.name.removesuffix(f".{language}"): Wording(row.subject, row.text) for row in rows}


def installation(conn: Connection) -> str:
    """What tells this installation from others: the leaf of the first entry about its territory."""
    first = select(_HISTORY.c.leaf).where(_HISTORY.c.stream == "territory", _HISTORY.c.seq == 1)
    leaf = conn.execute(first).scalar_one_or_none()
    return leaf.hex() if leaf is not None else ""


def save_wording(conn: Connection, name: str, wording: Wording) -> None:
    """Keep `wording` as the template of that name, which ends in its language."""
    forget_wording(conn, name)
    conn.execute(insert(_TEMPLATE).values(name=name, subject=wording.subject, text=wording.text))


def forget_wording(conn: Connection, name: str) -> None:
    """Nothing is saved under that name any more."""
    conn.execute(delete(_TEMPLATE).where(_TEMPLATE.c.name == name))
