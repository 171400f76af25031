"""What the owner of the tables can do to them, done well: afterwards `audit verify` has nothing to find.

Whatever a rewritten entry brought about is rewritten too: the chain after it, the head of its dossier, the facts beside
it and, where the attacker goes so far, the whole log with every checkpoint of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from dossier_engine.notary.keys import SigningKey
from dossier_engine.records.database import Database
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, canonical, leaf_hash, parse
from dossier_engine.rules.merkle import Frontier
from dossier_engine.rules.note import Checkpoint, Note, sign
from tests.rigs.attacks import entry

Rows = dict[str, list[RowMapping]]
Change = Callable[[dict[str, Any]], Mapping[str, Json]]
Sign = Callable[[str], Note]

_DOSSIER, _FACT, _HISTORY = TABLES["dossier"], TABLES["fact"], TABLES["history"]
_LEAF, _LOG, _NODE = TABLES["log_leaf"], TABLES["log"], TABLES["log_node"]
_CHECKPOINT, _PRIVATE = TABLES["checkpoint"], TABLES["private"]
_IN_ORDER = [table for table in _HISTORY.metadata.sorted_tables if table.name in TABLES]


def another_vote(agree: int) -> Change:
    """As if so many had agreed, of those who were there."""
    return lambda found: {"body": {**found["body"], "items": [{"item": "vote", "agree": agree, "present": 20}]}}


def rewrite(conn: Connection, code: str, seq: int, change: Change, *, onwards: bool = True) -> None:
    """Give an entry other members, and its facts with it; all that follow are chained anew, if it goes `onwards`."""
    stream = f"dossier/{code}"
    found = conn.execute(select(_HISTORY).where(entry(stream, seq))).one()
    changed = _put(conn, stream, seq, parse(found.entry) | change(dict(parse(found.entry))))
    _tell_facts(conn, code, seq)
    if onwards:
        rechain(conn, code, seq, changed)


def rechain(conn: Connection, code: str, seq: int, leaf: bytes) -> None:
    """Chain what follows entry `seq`, whose leaf is this, and let the dossier say so."""
    stream = f"dossier/{code}"
    later = conn.execute(
        select(_HISTORY).where(_HISTORY.c.stream == stream, _HISTORY.c.seq > seq).order_by(_HISTORY.c.seq)
    )
    for row in later.all():
        leaf = _put(conn, stream, row.seq, parse(row.entry) | {"prev": leaf.hex()})
    conn.execute(update(_DOSSIER).where(_DOSSIER.c.code == code).values(head=leaf))


def swap(conn: Connection, seq: int, *codes: str) -> None:
    """Two dossiers' entries of that number in each other's place, with the words beside them; both chained anew."""
    rows = [conn.execute(select(_HISTORY).where(entry(f"dossier/{code}", seq))).one() for code in codes]
    words = [
        conn.execute(select(_PRIVATE).where(_PRIVATE.c.stream == row.stream, _PRIVATE.c.seq == seq)).mappings().all()
        for row in rows
    ]
    for to, source, told in zip(rows, reversed(rows), reversed(words), strict=True):
        own = parse(to.entry)
        leaf = _put(conn, to.stream, seq, parse(source.entry) | {n: own[n] for n in ("stream", "seq", "prev")})
        columns = {name: getattr(source, name) for name in ("kind", "actor", "recorded_at", "fingerprint")}
        conn.execute(update(_HISTORY).where(entry(to.stream, seq)).values(columns))
        conn.execute(delete(_PRIVATE).where(_PRIVATE.c.stream == to.stream, _PRIVATE.c.seq == seq))
        conn.execute(insert(_PRIVATE), [{**word, "stream": to.stream} for word in told])
        code = to.stream.partition("/")[2]
        _tell_facts(conn, code, seq)
        rechain(conn, code, seq, leaf)


def _put(conn: Connection, stream: str, seq: int, told: Mapping[str, Json]) -> bytes:
    data = canonical(told)
    conn.execute(update(_HISTORY).where(entry(stream, seq)).values(entry=data, leaf=leaf_hash(data)))
    return leaf_hash(data)


def _tell_facts(conn: Connection, code: str, seq: int) -> None:
    """The facts that an entry recorded, as it now says."""
    body: Any = parse(conn.execute(select(_HISTORY.c.entry).where(entry(f"dossier/{code}", seq))).scalar_one())["body"]
    dossier = select(_DOSSIER.c.id).where(_DOSSIER.c.code == code).scalar_subquery()
    for told in body["items"]:
        value = {name: found for name, found in told.items() if name != "item"}
        here = _FACT.c.dossier == dossier, _FACT.c.seq == seq, _FACT.c.item == told["item"]
        assert conn.execute(update(_FACT).where(*here).values(value=value)).rowcount == 1


def everything(database: Database) -> Rows:
    """Every row of every table: a backup."""
    with database.reading() as session:
        conn = session.connection()
        return {table.name: list(conn.execute(select(table)).mappings()) for table in _IN_ORDER}


def restore(conn: Connection, backup: Rows) -> None:
    """Every table as the backup has it."""
    for table in reversed(_IN_ORDER):
        conn.execute(delete(table))
    pending = TABLES["log_pending"]
    for table in _IN_ORDER:
        if backup[table.name] and table is not pending:
            conn.execute(insert(table), [dict(row) for row in backup[table.name]])
    conn.execute(delete(pending))  # a trigger may have filled it
    if backup[pending.name]:
        conn.execute(insert(pending), [dict(row) for row in backup[pending.name]])


def new_tree(conn: Connection, by: Sign) -> None:
    """The log made anew over the entries as they are now; what no longer holds of its checkpoints is signed `by`."""
    same = (_HISTORY.c.stream == _LEAF.c.stream) & (_HISTORY.c.seq == _LEAF.c.seq)
    leaves = conn.execute(select(_HISTORY.c.leaf).join(_LEAF, same).order_by(_LEAF.c.idx)).scalars().all()
    frontier, nodes, roots = Frontier(), [], {}
    for leaf in leaves:
        nodes += [{"level": level, "idx": idx, "hash": found} for level, idx, found in frontier.append(leaf)]
        roots[frontier.size] = frontier.root()
    conn.execute(delete(_NODE))
    conn.execute(insert(_NODE), nodes)
    conn.execute(update(_LOG).values(root=frontier.root(), frontier=frontier.to_bytes()))
    for row in conn.execute(select(_CHECKPOINT)).all():
        told = Checkpoint(row.origin, row.size, roots[row.size]).text()
        if not row.note.startswith(told):
            note = bytes(by(told)).decode()
            conn.execute(update(_CHECKPOINT).where(_CHECKPOINT.c.size == row.size).values(note=note))


def signing_with(key: SigningKey) -> Sign:
    """Signs whatever it is given, with that key."""
    return lambda told: Note(told, (sign(told, key.public, key.sign),))
