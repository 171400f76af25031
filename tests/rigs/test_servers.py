"""A database of another version, and a server that does not serve: a refusal that says so, nothing written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import func, select, text

from dossier_engine.errors import DatabaseUnavailable, SchemaDiffers
from dossier_engine.records.database import REVISION, Database
from dossier_engine.records.migrations import upgrade
from dossier_engine.records.tables import TABLES
from tests.makers import Province
from tests.postgres import Server
from tests.rigs.ownership import as_owner

CODE = "HD-2024-NC-0001"


def say_revision(database: Database, revision: str) -> None:
    with as_owner(database) as owner, owner.migrating() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


@contextmanager
def asked(postgres: Server, database: Database) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """A superuser's connection to the database, for what only the administration of a server can do."""
    url = postgres.admin.set(drivername="postgresql", database=database.url.database)
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        yield connection


def setting(database: Database, name: str, value: str) -> sql.Composed:
    return sql.SQL("ALTER DATABASE {} SET {} = {}").format(
        sql.Identifier(str(database.url.database)), sql.Identifier(name), sql.Literal(value)
    )


def hang_up(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """End every other connection to the database, as a server does that restarts."""
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                       "AND pid <> pg_backend_pid()")  # fmt: skip


def write_and_lose_the_server(province: Province, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    with province.writing() as session:
        session.execute(text("UPDATE dossier SET version = 2, seq = 2"))
        hang_up(connection)


def vote(province: Province) -> None:
    province.record(CODE, "xa", "commune_vote", {"vote": {"agree": 18, "present": 20}}, on="2024-07-22")


def entries(province: Province) -> int:
    with province.database.reading() as session:
        return int(session.execute(select(func.count()).select_from(TABLES["history"])).scalar_one())


@pytest.mark.parametrize(("found", "why"), [("9999", "newer"), ("0000", "older")])
def test_a_database_of_another_version_is_neither_read_nor_written(province: Province, found: str, why: str) -> None:
    before = entries(province)
    say_revision(province.database, found)

    for act in (province.register, lambda: entries(province)):
        with pytest.raises(SchemaDiffers) as refused:
            act()
        assert {"found": found, "wanted": REVISION, "why": why}.items() <= refused.value.facts.items()

    say_revision(province.database, REVISION)
    assert entries(province) == before


def test_a_database_of_a_newer_version_is_not_upgraded(database: Database) -> None:
    say_revision(database, "9999")

    with as_owner(database) as owner, pytest.raises(SchemaDiffers) as refused:
        upgrade(owner)

    assert refused.value.facts["why"] == "newer"
    assert database.revision() == "9999"


def test_a_database_that_was_never_initialised_is_neither_read_nor_written(database: Database) -> None:
    with as_owner(database) as owner, owner.migrating() as conn:
        conn.execute(text("DROP TABLE alembic_version"))

    assert database.revision() is None
    for transaction in (database.writing, database.reading):
        with pytest.raises(SchemaDiffers) as refused, transaction():
            pass
        assert (refused.value.facts["found"], refused.value.facts["why"]) == (None, "not_initialised")


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    "parts", [{"port": 1}, {"database": "no_such_database"}, {"username": "no_such_role"}], ids=str
)
def test_a_server_that_does_not_answer_is_unreachable(database: Database, parts: dict[str, Any]) -> None:
    wrong = Database(database.url.set(**parts).render_as_string(hide_password=False))

    for transaction in (wrong.writing, wrong.reading):
        with pytest.raises(DatabaseUnavailable) as refused, transaction():
            pass
        assert refused.value.facts["why"] == "unreachable"
        assert "dossier_app:dossier_app" not in str(refused.value)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_server_that_hangs_up_in_the_middle_takes_nothing_and_serves_the_next(
    province: Province, postgres: Server
) -> None:
    province.register()
    before = entries(province)

    with asked(postgres, province.database) as administration:
        with pytest.raises(DatabaseUnavailable) as refused:
            write_and_lose_the_server(province, administration)
        assert refused.value.facts["why"] == "unreachable"
        province.database.close()
        assert entries(province) == before
        hang_up(administration)
        with pytest.raises(DatabaseUnavailable):
            entries(province)

    vote(province)
    assert entries(province) == before + 1


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_server_that_only_lets_read_says_so(province: Province, postgres: Server) -> None:
    province.register()
    before = entries(province)
    with asked(postgres, province.database) as administration:
        administration.execute(setting(province.database, "default_transaction_read_only", "on"))
    province.database.close()

    with pytest.raises(DatabaseUnavailable) as refused:
        vote(province)

    assert refused.value.facts["why"] == "read_only"
    assert entries(province) == before


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_dossier_that_another_program_keeps_locked_is_busy(province: Province, postgres: Server) -> None:
    province.register()
    with asked(postgres, province.database) as administration:
        administration.execute(setting(province.database, "lock_timeout", "100ms"))
        province.database.close()
        with administration.transaction():
            administration.execute("SELECT FROM dossier FOR UPDATE")
            with pytest.raises(DatabaseUnavailable) as refused:
                vote(province)

    assert refused.value.facts["why"] == "busy"
    vote(province)
