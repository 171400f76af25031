"""One cell of the benchmark, in a process and on a database of its own: prints one JSON line.

`python -m benchmarks.cell SYSTEM DATABASE --n N`. The database's place is in the environment: `BENCH_TMP`, a folder,
and for PostgreSQL `BENCH_ADMIN`, a superuser's URL (the floor has its own names for the same).
"""

import argparse
import importlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks import engine, same_rows
from benchmarks.province import Province, founded
from dossier_engine.queries.audit import verify
from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.postgres import Server

FLOOR = Path(__file__).parent / "floor"
FLOORS = {"sqlite": ("floor_sqlite", "sqlite-full", "sqlite3-chain"), "postgres": ("floor_pg", "pg", "psycopg-chain")}
WARM = 5  # dossiers before the clock starts, as many as the floor has


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


def _server() -> Server:
    return Server(make_url(os.environ["BENCH_ADMIN"]))  # noqa: TID251


def run_engine(kind: str, n: int) -> dict[str, Any]:
    """The public command; afterwards the whole history is verified, which is timed too."""
    with new_database(kind) as database:
        province = founded(database, n + WARM)
        drive = engine.Drive(province, WARM)
        drive.run(lambda: settle(database))
        engine.check(province)
        verified = _verify(province)
        return {**_figures(drive.latencies, drive.wall), **verified, "rows": dict(drive.written)}


def run_same_rows(kind: str, n: int) -> dict[str, Any]:
    """The same rows by hand."""
    with new_database(kind) as database:
        province = founded(database, n + WARM)
        before = engine.rows(province)
        settle(database)
        latencies, wall = same_rows.drive(province, WARM)
        engine.check(province)
        after = engine.rows(province)
        return {**_figures(latencies, wall), "rows": {t: after[t] - before[t] for t in after}}


def run_floor(kind: str, n: int) -> dict[str, Any]:
    """The fixed hand-written loop, driven and checked by its own code."""
    sys.path.insert(0, str(FLOOR))
    common = importlib.import_module("common")
    module, database, _ = FLOORS[kind]
    system = importlib.import_module(module).Chain(common.Db(database))
    ids = list(range(1, n + common.WARMUP + 1))
    system.prepare(len(ids))
    system.connect()
    system.drive(ids[n:], time.perf_counter)
    begun = time.perf_counter()
    latencies = system.drive(ids[:n], time.perf_counter)
    wall = time.perf_counter() - begun
    system.close()
    system.check_advanced(ids)
    return _figures(latencies, wall)


def settle(database: Database) -> None:
    """What was written before the clock starts is in the tables, and the planner knows of it."""
    if database.is_sqlite:
        with closing(sqlite3.connect(str(database.url.database))) as connection:
            connection.execute("ANALYZE")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    owner = _server().owner_url(str(database.url.database)).replace("+psycopg", "")
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute("ANALYZE")


def _verify(province: Province) -> dict[str, Any]:
    with province.database.reading() as session:
        begun = time.perf_counter()
        verdict = verify(session, province.law)
        seconds = time.perf_counter() - begun
    assert not verdict.findings, verdict.findings[:3]
    return {"entries": verdict.entries, "verified_per_s": verdict.entries / seconds}


def _figures(latencies: list[float], wall: float) -> dict[str, Any]:
    ordered = sorted(latencies)
    return {
        "transitions": len(ordered),
        "seconds": wall,
        "per_s": len(ordered) / wall,
        "p50_ms": ordered[len(ordered) // 2] * 1e3,
        "p99_ms": ordered[int(len(ordered) * 0.99)] * 1e3,
    }


SYSTEMS = {"engine": run_engine, "same-rows": run_same_rows, "floor": run_floor}


def main() -> None:
    """Run the cell that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("database", choices=FLOORS)
    parser.add_argument("--n", type=int, required=True)
    asked = parser.parse_args()
    print(json.dumps({**vars(asked), **SYSTEMS[asked.system](asked.database, asked.n)}))


if __name__ == "__main__":
    main()
