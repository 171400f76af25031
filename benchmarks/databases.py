"""What every cell stands on: a new database of its own, settled before the clock starts, or the floor's.

The database's place is in the environment: `BENCH_TMP`, a folder, and for PostgreSQL `BENCH_ADMIN`, a superuser's URL
(the floor has its own names for the same).
"""

import importlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
from sqlalchemy import make_url

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.postgres import Server

FLOOR = Path(__file__).parent / "floor"
FLOORS = {"sqlite": ("floor_sqlite", "sqlite-full"), "postgres": ("floor_pg", "pg")}


@contextmanager
def new_database(kind: str) -> Iterator[Database]:
    """A migrated database that only this process knows."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{os.environ['BENCH_TMP']}/engine.db")  # noqa: TID251
        upgrade(database)
        yield database
        database.close()
        return
    server = _server()
    name = server.create_database()
    owner = Database(server.owner_url(name))
    upgrade(owner, application="dossier_app")
    owner.close()
    database = Database(server.app_url(name))
    yield database
    database.close()
    server.drop_database(name)  # or its autovacuum would run beside the next cell


def _server() -> Server:
    return Server(make_url(os.environ["BENCH_ADMIN"]))  # noqa: TID251


def settle(database: Database) -> None:
    """What was written before the clock starts is in the tables, and the planner knows of it.

    SQLite's log keeps the length it has grown to and is written over from its start, as it is where work goes on.
    """
    if database.is_sqlite:
        with closing(sqlite3.connect(str(database.url.database))) as connection:
            connection.execute("ANALYZE")
            connection.execute("PRAGMA wal_checkpoint(RESTART)")
        return
    owner = _server().owner_url(str(database.url.database)).replace("+psycopg", "")
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute("ANALYZE")


def floor(kind: str, loop: Literal["Chain", "Plain"]) -> tuple[Any, Any]:
    """One of the floor's hand-written loops on a database of its own, and what all of them have in common."""
    sys.path.insert(0, str(FLOOR))
    common = importlib.import_module("common")
    module, database = FLOORS[kind]
    return getattr(importlib.import_module(module), loop)(common.Db(database)), common
