"""Ways to alter a database behind the engine's back, to be tried one by one on the busy province."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Integer, Table, and_, delete, insert, select, update

from dossier_engine.records.database import Database
from dossier_engine.records.protection import protect
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, canonical, leaf_hash, parse
from tests.rigs.busy import RECOGNISED, REGISTERED, Busy

TRIGGERS = {
    "sqlite": ("history_no_update", "history_no_delete", "history_next_seq", "history_no_replace"),
    "postgresql": ("history_no_update", "history_no_truncate", "history_next_seq"),
}
_HISTORY, _DOSSIER = TABLES["history"], TABLES["dossier"]
FIRST, SECOND = f"dossier/{RECOGNISED}", f"dossier/{REGISTERED}"

Attack = Callable[[Connection], None]


@contextmanager
def unprotected(owner: Database) -> Iterator[Connection]:
    """A transaction of the owner's without the triggers of history, which stand again when it is committed."""
    with owner.migrating() as conn:
        for name in TRIGGERS[conn.dialect.name]:
            conn.exec_driver_sql(f"DROP TRIGGER {name}" + ("" if owner.is_sqlite else " ON history"))
        yield conn
        protect(conn)


@contextmanager
def unguarded(busy: Busy) -> Iterator[Connection]:
    """The same on the busy province."""
    with unprotected(busy.owner) as conn:
        yield conn


def entry(stream: str, seq: int) -> ColumnElement[bool]:
    return and_(_HISTORY.c.stream == stream, _HISTORY.c.seq == seq)


def edited(stream: str, seq: int, *, leaf: bool = False, head: bool = False, **members: Json) -> Attack:
    """Give members of an entry other values; with its leaf made to fit, and the dossier's head too."""

    def attack(conn: Connection) -> None:
        before = parse(conn.execute(select(_HISTORY.c.entry).where(entry(stream, seq))).scalar_one())
        data = canonical(before | members)
        fitting = {"leaf": leaf_hash(data)} if leaf else {}
        conn.execute(update(_HISTORY).where(entry(stream, seq)).values(entry=data, **fitting))
        if head:
            code = stream.partition("/")[2]
            conn.execute(update(_DOSSIER).where(_DOSSIER.c.code == code).values(head=leaf_hash(data)))

    return attack


def removed(stream: str, *seqs: int) -> Attack:
    def attack(conn: Connection) -> None:
        for name in ("outbox", "private", "history"):
            table = TABLES[name]
            conn.execute(delete(table).where(table.c.stream == stream, table.c.seq.in_(seqs)))

    return attack


def swapped(one: tuple[str, int], other: tuple[str, int]) -> Attack:
    """Each of two entries in the place of the other."""

    def attack(conn: Connection) -> None:
        taken = ("kind", "actor", "recorded_at", "key", "fingerprint", "leaf", "entry")
        rows = {at: conn.execute(select(_HISTORY).where(entry(*at))).one()._mapping for at in (one, other)}
        conn.execute(update(_HISTORY).where(entry(*one)).values(key=None))
        for to, source in ((other, one), (one, other)):
            conn.execute(update(_HISTORY).where(entry(*to)).values({name: rows[source][name] for name in taken}))

    return attack


def forged(stream: str, seq: int) -> Attack:
    """One more entry, made after the last: the application itself may insert it."""

    def attack(conn: Connection) -> None:
        last = conn.execute(select(_HISTORY).where(entry(SECOND, 3))).one()
        prev = last.leaf.hex() if seq > 1 else ""
        data = canonical(parse(last.entry) | {"stream": stream, "seq": seq, "prev": prev})
        row = dict(last._mapping) | {"stream": stream, "seq": seq, "leaf": leaf_hash(data), "entry": data}
        conn.execute(insert(_HISTORY), row)

    return attack


def changed(table: str, /, where: Mapping[str, object], **values: object) -> Attack:
    """Other values in the rows of a table; `where` names a dossier by its code."""

    def attack(conn: Connection) -> None:
        assert conn.execute(update(TABLES[table]).where(*rows(TABLES[table], where)).values(values)).rowcount > 0

    return attack


def gone(table: str, /, **where: object) -> Attack:
    def attack(conn: Connection) -> None:
        assert conn.execute(delete(TABLES[table]).where(*rows(TABLES[table], where))).rowcount > 0

    return attack


def copied(table: str, /, where: Mapping[str, object], **values: object) -> Attack:
    """One more row like another, but for some values."""

    def attack(conn: Connection) -> None:
        found = TABLES[table]
        row = dict(conn.execute(select(found).where(*rows(found, where))).first()._mapping)  # type: ignore[union-attr]
        row.pop("id", None)
        conn.execute(insert(found), row | values)

    return attack


def rows(table: Table, where: Mapping[str, object]) -> list[ColumnElement[bool]]:
    key = select(_DOSSIER.c.id).where(_DOSSIER.c.code == where.get("dossier")).scalar_subquery()
    keyed = [name for name in where if name == "dossier" and isinstance(table.c[name].type, Integer)]
    return [table.c[name] == (key if name in keyed else value) for name, value in where.items()]


def all_of(*attacks: Attack) -> Attack:
    def attack(conn: Connection) -> None:
        for each in attacks:
            each(conn)

    return attack
