"""What the tables beside a dossier must hold, worked out from its entries alone."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, Standing
from dossier_engine.rules.workflow import Workflow

_FACT, _PERFORMED, _DEADLINE = TABLES["fact"], TABLES["performed"], TABLES["deadline"]

_Facts = dict[tuple[str, str], tuple[int, dict[str, Json]]]


def difference(
    conn: Connection, row: Row[Any], entries: Iterable[Mapping[str, Json]], standing: Standing, workflow: Workflow
) -> str | None:
    """The first of facts, duties performed and due dates in which the tables differ from the entries, or None."""
    kept = list(entries)
    if _facts(kept) != _stored_facts(conn, row.id):
        return "fact"
    if _performed(kept, workflow) != _stored_performed(conn, row.id):
        return "performed"
    if {k: date.fromisoformat(v) for k, v in standing.due.items()} != _stored_due(conn, row):
        return "deadline"
    return None


def _facts(entries: Iterable[Mapping[str, Json]]) -> _Facts:
    """The facts that stand: the last recorded of each item, less what a later return's list names."""
    facts: _Facts = {}
    for entry in entries:
        body, seq = entry["body"], entry["seq"]
        if not isinstance(body, dict) or not isinstance(seq, int):
            continue
        items = body.get("items")
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                value = {k: v for k, v in item.items() if k != "item"}
                facts[str(body["requirement"]), str(item["item"])] = (seq, value)
        supplements = body.get("supplements")
        voided = set(supplements) if isinstance(supplements, list) else set()
        facts = {k: v for k, v in facts.items() if k[0] not in voided}
    return facts


def _stored_facts(conn: Connection, dossier: int) -> _Facts:
    query = select(_FACT).where(_FACT.c.dossier == dossier, _FACT.c.void_seq.is_(None))
    return {(r.requirement, r.item): (r.seq, r.value) for r in conn.execute(query)}


def _performed(entries: Iterable[Mapping[str, Json]], workflow: Workflow) -> set[tuple[str, str, str]]:
    done = set()
    for entry in entries:
        body, actor = entry["body"], entry["actor"]
        if entry["kind"] != "moved" or not isinstance(body, dict) or not isinstance(actor, dict):
            continue
        persons = [str(p) for p in (actor["person"], actor["on_behalf_of"]) if p is not None]
        name = str(body["transition"])
        sets = [s for s, members in workflow.separation.items() if name in members]
        done |= {(s, p, name) for s in sets for p in persons}
    return done


def _stored_performed(conn: Connection, dossier: int) -> set[tuple[str, str, str]]:
    query = select(_PERFORMED).where(_PERFORMED.c.dossier == dossier)
    return {(r.separation, r.person, r.transition) for r in conn.execute(query)}


def _stored_due(conn: Connection, row: Row[Any]) -> dict[str, date]:
    query = select(_DEADLINE.c.key, _DEADLINE.c.due_on).where(
        _DEADLINE.c.dossier == row.id, _DEADLINE.c.stage_seq == row.stage_seq
    )
    return dict(conn.execute(query).all())
