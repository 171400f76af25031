"""`make bench`: what the promises about speed are worth here, as ratios of cells measured side by side in one run.

Every cell is a fresh process on a fresh database; rounds are outermost, and each engine cell runs right after the
floor it is compared with, because machines are noisy and ratios of neighbours are less so. Prints Markdown tables and
writes `benchmarks/results/latest.json`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from benchmarks.databases import FLOORS
from benchmarks.tables import FEW, MANY, SYSTEMS, USUAL, Cell, advances, believed, median, opened, programs, reminders
from tests.postgres import Server, running

ROOT = Path(__file__).parents[1]
# Each round: what a sweep is compared with, the same number open, and fewer; the most once, for it takes its time.
SWEEPS = (("floor", USUAL), ("engine", USUAL), ("engine", FEW))

# A transition by a request, right after the same by the library.
BESIDE = {"engine": ("benchmarks.cell", "engine"), "api": ("benchmarks.api", "advance")}


def main() -> None:
    """Run every round and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--n", type=int, default=300, help="dossiers a cell, four transitions each")
    parser.add_argument("--database", choices=FLOORS, action="append")
    asked = parser.parse_args()
    databases = asked.database or list(FLOORS)
    with running() as server:
        _make_room_for_the_floor(server)
        rounds = [(number, database) for number in range(asked.rounds) for database in databases]
        cells = [
            {"round": number, **_module(server, "benchmarks.cell", system, database, "--n", str(asked.n))}
            for number, database in rounds
            for system in SYSTEMS
        ]
        sweeps = [
            {"round": number, **_module(server, "benchmarks.sweeping", system, database, "--open", str(many))}
            for number, database in rounds
            for system, many in (*SWEEPS, *([("engine", MANY)] if number == 0 else []))
        ]
        mails = [{"round": number, **_module(server, "benchmarks.delivery", database)} for number, database in rounds]
        trust = [_module(server, "benchmarks.trust", "bundle")]
        trust += [_module(server, "benchmarks.trust", "proof", database) for database in databases]
        trust += [
            {"round": number, **_module(server, "benchmarks.trust", "transitions", database, *without)}
            for number, database in rounds
            for without in ([], ["--without"])
        ]
        pages = [
            _module(server, "benchmarks.api", "list", database, "--dossiers", str(many))
            for database in databases
            for many in (USUAL, MANY)
        ]
        people = [_module(server, "benchmarks.pages", database, "--dossiers", str(USUAL)) for database in databases]
        asked_for = [
            {"round": number, **_module(server, *module, database, "--n", str(asked.n))}
            for number, database in rounds
            for system, module in BESIDE.items()
        ]
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),  # noqa: TID251  # when it was measured
        "commit": _output("git", "rev-parse", "HEAD"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "cells": cells,
        "sweeps": sweeps,
        "mails": mails,
        "trust": trust,
        "pages": pages,
        "people": people,
        "asked_for": asked_for,
        "simulated_year_s": _year(),
        "help_ms": _help(),
    }
    (ROOT / "benchmarks/results").mkdir(exist_ok=True)
    (ROOT / "benchmarks/results/latest.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    tables = (advances(cells), reminders(sweeps, mails), believed(trust), programs(pages, asked_for), opened(people))
    print("\n\n".join("\n".join(table) for table in tables))
    print(f"\nA simulated year on SQLite: {report['simulated_year_s']:.1f} s (promised: under 10 s)")
    print(f"`dossier --help`: {report['help_ms']:.0f} ms, the median of 5 (promised: 500 ms)")


def _make_room_for_the_floor(server: Server) -> None:
    """The floor's own names: a role `bench` that may make databases."""
    with psycopg.connect(server.admin.set(drivername="postgresql").render_as_string(hide_password=False),
                         autocommit=True) as connection:  # fmt: skip
        connection.execute("DO $$ BEGIN CREATE ROLE bench SUPERUSER LOGIN; EXCEPTION WHEN duplicate_object THEN END $$")


def _module(server: Server, *command: str) -> Cell:
    """What a benchmark prints that runs in a process and on a database of its own."""
    print(*command, "…", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,  # noqa: TID251  # a child needs its path
            "BENCH_TMP": folder,
            "BENCH_ADMIN": server.admin.render_as_string(hide_password=False),
            "BENCH_PG_PORT": str(server.admin.port),
        }
        started = [sys.executable, "-m", *command]
        done = subprocess.run(started, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        found: Cell = json.loads(done.stdout.splitlines()[-1])
        return found


def _year() -> float:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/year.db"
        begun = time.perf_counter()
        _dossier("simulate", "--year", "2024", "--seed", "1", "--database", url)
        return time.perf_counter() - begun


def _help() -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        _dossier("--help")
        times.append((time.perf_counter() - begun) * 1e3)
    return median(times)


def _dossier(*arguments: str) -> None:
    program = [sys.executable, "-c", "from dossier_engine.cli import main; main()"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "DOSSIER_HOME": home}  # noqa: TID251  # a child needs its path
        subprocess.run([*program, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)  # fmt: skip


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    main()
