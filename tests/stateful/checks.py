"""What must be true of a dossier's tables after every step of its life, and at the end."""

import hashlib
import json

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, bindparam, func, literal, select

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import fold, parse
from tests.stateful.standing import Dossier

_HISTORY, _DOSSIER, _FACT, _OUTBOX = (TABLES[t] for t in ("history", "dossier", "fact", "outbox"))
_DEADLINE, _PERFORMED, _ESCALATION = (TABLES[t] for t in ("deadline", "performed", "escalation"))


def _number(*conditions: ColumnElement[bool], of: Table) -> ScalarSelect[int]:
    return select(func.count()).select_from(of).where(*conditions).scalar_subquery()


_STREAM = literal("dossier/") + _DOSSIER.c.code
_ROW = select(
    _DOSSIER,
    _number(_HISTORY.c.stream == _STREAM, of=_HISTORY).label("entries"),
    _number(_OUTBOX.c.stream == _STREAM, of=_OUTBOX).label("letters"),
    _number(_FACT.c.dossier == _DOSSIER.c.id, _FACT.c.void_seq.is_(None), of=_FACT).label("facts"),
    _number(_PERFORMED.c.dossier == _DOSSIER.c.id, of=_PERFORMED).label("performed"),
).where(_DOSSIER.c.code == bindparam("code"))
_FILED = (
    select(_HISTORY.c.seq, _HISTORY.c.entry)
    .where(_HISTORY.c.stream == literal("dossier/") + bindparam("code"), _HISTORY.c.actor == "system:reminders")
    .order_by(_HISTORY.c.seq)
)
_DUE = (
    select(_DEADLINE)
    .join(_DOSSIER, _DOSSIER.c.id == _DEADLINE.c.dossier)
    .where(_DOSSIER.c.id == bindparam("id"), _DEADLINE.c.stage_seq == _DOSSIER.c.stage_seq)
)
_WAITING = (
    select(_ESCALATION.c.seq, _ESCALATION.c.addressee)
    .join(_DOSSIER, _DOSSIER.c.id == _ESCALATION.c.dossier)
    .where(_DOSSIER.c.id == bindparam("id"), _ESCALATION.c.stage_seq == _DOSSIER.c.stage_seq)
    .where(_ESCALATION.c.closed_seq.is_(None))
)


def learn(dossier: Dossier, conn: Connection) -> None:
    """Take in what the machine has filed since: when it does so is its own affair, and judged by the accounting."""
    filed = conn.execute(_FILED, {"code": dossier.code}).all()
    for seq, data in filed[dossier.filed :]:
        entry = json.loads(data)
        opened = seq if entry["kind"] == "escalated" else entry["body"]["escalation"]
        dossier.escalations[opened] = entry["body"]["addressee"]
    dossier.filed = len(filed)


def agree(dossier: Dossier, conn: Connection) -> None:
    """The row of the dossier and those beside it are what the model says."""
    learn(dossier, conn)
    row = conn.execute(_ROW, {"code": dossier.code}).one()
    assert (row.state, row.version, row.seq, row.round, row.stage_seq, row.stage_on, row.effective_on) == (
        dossier.state, dossier.version, dossier.seq, dossier.round, dossier.stage, dossier.stage_on, dossier.last_on
    )  # fmt: skip
    assert (row.entries, row.letters, row.facts, row.performed) == (
        dossier.seq, dossier.seq, len(dossier.facts), len(dossier.performed)
    )  # fmt: skip
    assert (row.paused_on, row.due_on, row.is_open, row.holder_role, row.linked) == (
        dossier.paused_on, dossier.due_on, dossier.is_open, dossier.holder, dossier.linked
    )  # fmt: skip

    assert {d.key: (d.start_on, d.due_on, d.met_on is not None) for d in conn.execute(_DUE, {"id": row.id})} == {
        key: (d.start, d.due, d.met) for key, d in dossier.deadlines.items()
    }
    assert dict(conn.execute(_WAITING, {"id": row.id}).all()) == dossier.escalations


def adds_up(dossier: Dossier, conn: Connection) -> None:
    """The history of the dossier, chained and folded, gives its row and its tables."""
    agree(dossier, conn)
    row = conn.execute(_ROW, {"code": dossier.code}).one()
    stream = select(_HISTORY.c.seq, _HISTORY.c.entry).where(_HISTORY.c.stream == f"dossier/{dossier.code}")
    history = conn.execute(stream.order_by(_HISTORY.c.seq)).all()
    leaves = [hashlib.sha256(b"\x00" + entry).hexdigest() for _, entry in history]
    entries = [parse(entry) for _, entry in history]
    assert [seq for seq, _ in history] == list(range(1, len(history) + 1))
    assert [entry["prev"] for entry in entries] == ["", *leaves[:-1]]
    assert row.head.hex() == leaves[-1]
    standing = fold(entries)
    for name in ("version", "seq", "state", "round", "stage_seq", "stage_on", "paused_on", "effective_on"):
        assert getattr(standing, name) == getattr(row, name), name
    facts = conn.execute(select(_FACT).where(_FACT.c.dossier == row.id, _FACT.c.void_seq.is_(None)))
    assert {(f.requirement, f.item): (f.stage_seq, f.value) for f in facts} == {
        key: (kept.stage, kept.fields) for key, kept in dossier.facts.items()
    }
    performed = conn.execute(select(_PERFORMED.c.transition).where(_PERFORMED.c.dossier == row.id)).scalars()
    assert sorted(performed) == sorted(dossier.performed.values())
