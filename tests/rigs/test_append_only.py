"""What SQL the application can send, and history does not take: every verb that could change or skip an entry."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.postgres import OWNER, Server
from tests.rigs.attacks import SECOND
from tests.rigs.busy import Busy

OF_SECOND = f"WHERE stream = '{SECOND}' AND seq = 3"


def insertion(seq: str, *, verb: str = "INSERT", stream: str = "stream", key: str = "NULL", more: str = "") -> str:
    """The newest entry of a dossier, which has three, once more: under another number, or in another's place."""
    columns = f"{stream}, {seq}, kind, actor, recorded_at, {key}, fingerprint, leaf, entry"
    return f"{verb} INTO history SELECT {columns} FROM history {more} {OF_SECOND}"


ANYWHERE = {
    "update one": f"UPDATE history SET kind = 'moved' {OF_SECOND}",
    "update all": "UPDATE history SET kind = 'moved'",
    "renumber": f"UPDATE history SET seq = 9 {OF_SECOND}",
    "delete one": f"DELETE FROM history {OF_SECOND}",
    "delete all": "DELETE FROM history",
    "delete returning": f"DELETE FROM history {OF_SECOND} RETURNING entry",
    "leave a gap": insertion("5"),
    "leave a gap behind the next": insertion(
        "2 * n + 2", more=", (SELECT 1 AS n UNION ALL SELECT 2 ORDER BY 1) AS two"
    ),
    "insert a duplicate": insertion("3"),
    "insert at zero": insertion("0"),
    "insert before the first": insertion("-1"),
    "begin a history at two": insertion("2", stream="'dossier/new'"),
    "update on conflict": insertion("3") + " ON CONFLICT (stream, seq) DO UPDATE SET entry = excluded.leaf",
    "update on conflict of the key": insertion("4", key="'register-2'")
    + " ON CONFLICT (actor, key) DO UPDATE SET entry = excluded.leaf",
}
SQLITE = {
    "insert or replace": insertion("3", verb="INSERT OR REPLACE"),
    "replace": insertion("3", verb="REPLACE"),
    "replace by the key": insertion("4", verb="REPLACE", key="'register-2'"),
    "replace by the rowid": f"REPLACE INTO history (rowid, stream, seq, kind, actor, recorded_at, leaf, entry) "
    f"SELECT rowid, stream, 4, kind, actor, recorded_at, leaf, entry FROM history {OF_SECOND}",
    "insert or ignore": insertion("3", verb="INSERT OR IGNORE"),
    "update or replace": f"UPDATE OR REPLACE history SET seq = 2 {OF_SECOND}",
    "update or ignore": f"UPDATE OR IGNORE history SET kind = 'moved' {OF_SECOND}",
    "update from": "UPDATE history SET kind = dossier.state FROM dossier WHERE stream = 'dossier/' || code",
}
POSTGRES = {
    "truncate": "TRUNCATE history",
    "truncate cascade": "TRUNCATE history CASCADE",
    "merge": f"MERGE INTO history h USING (SELECT * FROM history {OF_SECOND}) n ON h.stream = n.stream AND "
    "h.seq = n.seq WHEN MATCHED THEN UPDATE SET kind = 'moved'",
    "lock against others": "BEGIN; LOCK TABLE history IN ACCESS EXCLUSIVE MODE",
    "select for update": f"SELECT * FROM history {OF_SECOND} FOR UPDATE",
    "disable the triggers": "ALTER TABLE history DISABLE TRIGGER ALL",
    "disable one trigger": "ALTER TABLE history DISABLE TRIGGER history_next_seq",
    "drop a trigger": "DROP TRIGGER history_no_update ON history",
    "add a trigger": "CREATE TRIGGER mine BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION history_refuse()",
    "replace a function": "CREATE OR REPLACE FUNCTION public.history_next() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RETURN NEW; END$$",
    "alter a function": "ALTER FUNCTION history_next() RESET search_path",
    "drop a function": "DROP FUNCTION history_refuse() CASCADE",
    "add a rule": "CREATE RULE mine AS ON INSERT TO history DO INSTEAD NOTHING",
    "drop the table": "DROP TABLE history CASCADE",
    "rename the table": "ALTER TABLE history RENAME TO history_old",
    "drop the key": "ALTER TABLE history DROP CONSTRAINT history_pkey",
    "own the table": "ALTER TABLE history OWNER TO dossier_app",
    "become the owner": "SET ROLE dossier_owner",
    "grant oneself": f"GRANT ALL ON history TO dossier_app; DELETE FROM history {OF_SECOND}",
    "be a replica": "SET session_replication_role = replica",
    "move the schema on": "UPDATE alembic_version SET version_num = '9999'",
    "make a place of one's own": "CREATE TABLE public.mine (a int)",
    "make a schema of one's own": "CREATE SCHEMA mine",
}
# PostgreSQL looks for names among the caller's temporary tables first, and then where the caller says.
SHADOW = f"""
CREATE TEMPORARY TABLE history (stream text, seq integer);
INSERT INTO pg_temp.history VALUES ('{SECOND}', 4);
"""
SHADOWS = {
    "count in a temporary table": SHADOW + insertion("5").replace(" history", " public.history"),
    "count where the search path leads": SHADOW
    + "SET search_path = pg_temp, pg_catalog, public;"
    + insertion("5").replace(" history", " public.history"),
}
REFUSED = r"history (is append-only|seq must)"


@pytest.fixture(scope="module")
def busy(make_copy: Callable[[Path], Busy], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """One copy for every test here: each leaves it as it was, or fails."""
    found = make_copy(tmp_path_factory.mktemp("busy"))
    yield found
    found.province.database.close()
    found.owner.close()


def held(busy: Busy) -> tuple[object, ...]:
    """Every byte of every history, in order."""
    with busy.province.database.reading() as session:
        found = session.connection().exec_driver_sql("SELECT * FROM history ORDER BY stream, seq")
        return tuple(tuple(row) for row in found)


@contextmanager
def on_sqlite(busy: Busy) -> Iterator[sqlite3.Connection]:
    """Any program's connection, with SQLite's own settings."""
    with closing(sqlite3.connect(str(busy.province.database.url.database), isolation_level=None)) as connection:
        yield connection


@contextmanager
def as_application(busy: Busy) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    url = busy.province.database.url.set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("make_copy", ["sqlite"], indirect=True)
@pytest.mark.parametrize("verb", ANYWHERE | SQLITE)
def test_sqlite_refuses_to(busy: Busy, verb: str) -> None:
    before = held(busy)

    with (
        on_sqlite(busy) as connection,
        pytest.raises(sqlite3.IntegrityError, match=REFUSED),
    ):
        connection.execute((ANYWHERE | SQLITE)[verb])

    assert held(busy) == before


@pytest.mark.asvs("V13.2.2")
@pytest.mark.postgres
@pytest.mark.parametrize("make_copy", ["postgres"], indirect=True)
@pytest.mark.parametrize("verb", ANYWHERE | POSTGRES | SHADOWS)
def test_postgresql_refuses_the_application_to(busy: Busy, verb: str) -> None:
    refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)
    before = held(busy)

    with as_application(busy) as connection, pytest.raises(refusals):
        connection.execute(sql.SQL((ANYWHERE | POSTGRES | SHADOWS)[verb]))

    assert held(busy) == before


@pytest.mark.postgres
@pytest.mark.parametrize("make_copy", ["postgres"], indirect=True)
@pytest.mark.parametrize("verb", ANYWHERE | {"truncate cascade": POSTGRES["truncate cascade"]})
@pytest.mark.parametrize("who", [OWNER, "postgres"])
def test_postgresql_refuses_even_the_owner_and_a_superuser_to(
    busy: Busy, postgres: Server, who: str, verb: str
) -> None:
    before = held(busy)
    url = postgres.admin if who == "postgres" else busy.owner.url
    libpq = url.set(drivername="postgresql", database=busy.owner.url.database).render_as_string(hide_password=False)

    with psycopg.connect(libpq, autocommit=True) as connection:
        if who == "postgres":
            connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.RaiseException, match=REFUSED):
            connection.execute(sql.SQL((ANYWHERE | POSTGRES)[verb]))

    assert held(busy) == before


def test_the_next_entry_is_taken(busy: Busy) -> None:
    before = held(busy)

    with busy.province.database.writing(commit=False) as session:
        session.connection().exec_driver_sql(insertion("4"))
        taken = session.connection().exec_driver_sql("SELECT count(*) FROM history").scalar_one()

    assert taken == len(before) + 1
