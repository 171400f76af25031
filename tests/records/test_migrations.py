"""Upgrades: from nothing to what the code was written against, again without harm, and with nobody's rights widened."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from dossier_engine.queries.audit import verify
from dossier_engine.records import migrations
from dossier_engine.records.database import REVISION, Database
from dossier_engine.records.migrations import differences, upgrade
from dossier_engine.records.protection import missing
from dossier_engine.records.tables import TABLES
from tests.makers import Province
from tests.postgres import APP, OWNER, Server
from tests.rigs.ownership import as_owner


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without anything, as its owner opens it."""
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        server: Server = request.getfixturevalue("postgres")
        found = Database(server.owner_url(server.create_database()))
    yield found
    found.close()


def shape(conn: Connection) -> dict[str, Any]:
    """Every table with its columns, keys, rules and indexes, as the database tells them."""
    asked = inspect(conn)
    told: dict[str, Any] = {}
    for table in asked.get_table_names():
        told[table] = {
            "columns": {c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in asked.get_columns(table)},
            "key": asked.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (k["constrained_columns"], k["referred_table"], k["referred_columns"], sorted(k["options"].items()))
                for k in asked.get_foreign_keys(table)
            ),
            "unique": sorted(sorted(u["column_names"]) for u in asked.get_unique_constraints(table)),
            "checks": sorted((c["name"], c["sqltext"]) for c in asked.get_check_constraints(table)),
            "indexes": sorted(
                (str(i["name"]), i["column_names"], bool(i["unique"]), {k: str(v) for k, v in options(i).items()})
                for i in asked.get_indexes(table)
            ),
            "options": asked.get_table_options(table),
        }
    told.pop("alembic_version", None)
    return told


def options(index: Any) -> dict[str, Any]:
    return dict(index.get("dialect_options") or {})


def test_upgrading_from_nothing_gives_exactly_the_tables_the_code_was_written_against(empty: Database) -> None:
    with empty.migrating() as conn:
        SQLModel.metadata.create_all(conn)
        wanted = shape(conn)
        conn.rollback()

    found = upgrade(empty)

    assert found is None
    with empty.migrating() as conn:
        assert differences(conn) == []
        assert shape(conn) == wanted
        assert wanted.keys() == TABLES.keys()


@pytest.mark.parametrize(
    "alteration",
    [
        "ALTER TABLE dossier ADD COLUMN note VARCHAR",
        "ALTER TABLE dossier RENAME COLUMN linked TO link",
        "DROP INDEX dossier_one_open",
        "DROP TABLE outbox",
        "CREATE TABLE notes (id INTEGER)",
    ],
)
def test_tables_that_somebody_altered_differ(database: Database, alteration: str) -> None:
    with as_owner(database) as owner, owner.migrating() as conn:
        conn.exec_driver_sql(alteration)

        assert len(differences(conn)) > 0


def test_a_table_without_its_key_or_with_another_rule_differs(empty: Database) -> None:
    upgrade(empty)
    columns = (
        "one INTEGER NOT NULL, demonstration BOOLEAN NOT NULL, calendar VARCHAR NOT NULL, clock_at TIMESTAMP, "
        "clock_since TIMESTAMP, clock_speed INTEGER, clock_until TIMESTAMP"
    )

    with empty.migrating() as conn:
        conn.exec_driver_sql("DROP TABLE installation")
        conn.exec_driver_sql(
            f"CREATE TABLE installation ({columns}, CONSTRAINT installation_once CHECK (one = 1),"
            " CONSTRAINT true_clock CHECK (demonstration OR clock_speed < 60))"
        )
        found = differences(conn)

    assert "missing in installation: primary key one" in found
    assert "not ours in installation: primary key " in found
    checks = [f.partition(" check ")[2] for f in found if f.startswith("missing") and " check " in f]
    assert [rule.partition(":")[0] for rule in checks] == ["own_clock", "true_clock"]
    assert "not ours in installation: check true_clock: demonstration OR clock_speed < 60" in found


def test_upgrading_again_changes_nothing_and_keeps_every_entry(province: Province) -> None:
    province.register()
    with province.database.reading() as session:
        before = verify(session, province.law)

    with as_owner(province.database) as owner:
        found = upgrade(owner, application=None if owner.is_sqlite else APP)

    assert found == REVISION
    with province.database.reading() as session:
        assert verify(session, province.law) == before
        assert before.findings == ()
        assert differences(session.connection()) == []


def test_appointments_made_before_they_could_be_ended_are_kept_and_have_not_ended(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(migrations, "REVISION", "0005")
        upgrade(empty)
    with empty.migrating() as conn:
        for row in (
            "INSERT INTO person VALUES ('p-1', 'lan', 'Lan', NULL)",
            "INSERT INTO office VALUES ('it', 'it', 'a', 'b', '30/', '[]')",
            "INSERT INTO appointment VALUES (7, 'p-1', 'auditor', 'it', '30/', '2024-01-01', NULL, NULL, TRUE)",
        ):
            conn.exec_driver_sql(row)

    assert upgrade(empty) == "0005"

    with empty.migrating() as conn:
        kept = conn.execute(text("SELECT id, person, valid_from, valid_to, head, ended FROM appointment")).one()
        assert [str(value) for value in kept[:4]] == ["7", "p-1", "2024-01-01", "None"]
        assert [bool(value) for value in kept[4:]] == [True, False]


def test_upgrading_again_puts_back_every_trigger_that_was_dropped(database: Database) -> None:
    with as_owner(database) as owner:
        with owner.migrating() as conn:
            names = protecting(conn)
            for name in names:
                conn.exec_driver_sql(f"DROP TRIGGER {name}" + ("" if owner.is_sqlite else " ON history"))
            assert set(missing(conn)) == set(names)
            assert len(names) >= 3

        upgrade(owner)

        with owner.migrating() as conn:
            assert missing(conn) == ()
            assert protecting(conn) == names


def protecting(conn: Connection) -> list[str]:
    told = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
        if conn.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = 'history'::regclass AND NOT tgisinternal ORDER BY 1"
    )
    return list(conn.exec_driver_sql(told).scalars())


def test_an_upgrade_that_fails_half_way_leaves_nothing_behind(empty: Database) -> None:
    with empty.migrating() as conn:
        conn.exec_driver_sql("CREATE TABLE recognition (somebody INTEGER)")  # which the first revision makes late

    with pytest.raises(DBAPIError, match="recognition"):
        upgrade(empty)

    with empty.migrating() as conn:
        assert inspect(conn).get_table_names() == ["recognition"]
    assert empty.revision() is None


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_the_application_may_read_and_insert_history_and_change_the_rest_and_nothing_else(database: Database) -> None:
    with as_owner(database) as owner, owner.migrating() as conn:
        conn.exec_driver_sql(f"GRANT ALL ON history, alembic_version TO {APP}")

    with as_owner(database) as owner:
        upgrade(owner, application=APP)

    kept = {"SELECT", "INSERT", "UPDATE"}
    emptied = ("log_leaf", "log_node", "log_pending", "mail_template", "outbox", "private", "throttle")
    wanted = dict.fromkeys(TABLES, kept) | {table: {*kept, "DELETE"} for table in emptied}
    wanted |= {table: {"SELECT", "INSERT"} for table in ("history", "access_event", "week_page")}
    wanted |= {"alembic_version": {"SELECT"}}
    with as_owner(database) as owner, owner.migrating() as conn:
        assert granted(conn, APP) == wanted
        assert granted(conn, "PUBLIC") == {}
        assert owned(conn) == {OWNER}
        assert allowed(conn, "has_schema_privilege", "public") == {"USAGE": True, "CREATE": False}
        for sequence in inspect(conn).get_sequence_names():
            assert allowed(conn, "has_sequence_privilege", sequence) == {
                "USAGE": True,
                "SELECT": False,
                "UPDATE": False,
            }


def granted(conn: Connection, grantee: str) -> dict[str, set[str]]:
    rows = conn.execute(
        text(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = :grantee AND table_schema = 'public'"
        ),
        {"grantee": grantee},
    )
    found: dict[str, set[str]] = {}
    for table, privilege in rows:
        found.setdefault(table, set()).add(privilege)
    return found


def owned(conn: Connection) -> set[str]:
    return set(conn.exec_driver_sql("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'").scalars())


def allowed(conn: Connection, asking: str, what: str) -> dict[str, bool]:
    rights = ("USAGE", "CREATE") if asking == "has_schema_privilege" else ("USAGE", "SELECT", "UPDATE")
    return {
        right: bool(conn.execute(text(f"SELECT {asking}('{APP}', '{what}', '{right}')")).scalar()) for right in rights
    }
