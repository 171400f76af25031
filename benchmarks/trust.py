"""What it costs to be believed, in three cells, each in a process of its own; each prints one JSON line.

`bundle`: a bundle of so many entries, verified by the packed single file. `proof`: the proof of one entry among so many
in the log. `transitions`: dossiers through the four transitions, with the log and its integrator or without.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection

from benchmarks import engine, large_bundle
from benchmarks.cell import WARM
from benchmarks.databases import FLOORS, new_database, settle
from benchmarks.province import founded
from dossier_engine.commands.integrate import integrate
from dossier_engine.errors import DatabaseUnavailable
from dossier_engine.records import log
from dossier_engine.records.database import Database
from dossier_engine.rules.merkle import Frontier, inclusion_nodes, inclusion_proof, verify_inclusion
from dossier_engine.verifier.pack import packed
from tests.rigs.ownership import as_owner
from tests.verifier.forging import POLICY

_LOOK_SECONDS = 0.25
_PERIOD_SECONDS = 0.2  # of the integrator
_AT_ONCE = 20_000
_PROOFS = 1_000


# --- a bundle, verified ---


def verified(entries: int) -> dict[str, Any]:
    """Seconds and memory of `verify.py`, which must find nothing."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        begun = time.perf_counter()
        told = large_bundle.make(folder / "bundle.zip", entries)
        making = time.perf_counter() - begun
        (folder / "verify.py").write_text(packed(), encoding="utf-8")
        (folder / "policy").write_bytes(POLICY)
        started = [sys.executable, "-I", "verify.py", "bundle.zip", "--policy", "policy", "--json"]
        begun = time.perf_counter()
        with subprocess.Popen(started, cwd=folder, stdout=subprocess.PIPE) as process, _watched(process.pid) as memory:
            said = json.loads(process.stdout.read() if process.stdout else b"")
        seconds = time.perf_counter() - begun
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = (folder / "bundle.zip").stat().st_size
    assert (process.returncode, said["findings"], said["entries"]) == (0, [], told), said["findings"][:3]
    return {
        "entries": told, "bytes": size, "made_s": making, "verified_s": seconds,
        "processor_s": used.ru_utime + used.ru_stime, "rss_mib": memory.one / 2**10,
        "together_mib": memory.together / 2**10,
    }  # fmt: skip


@contextmanager
def _watched(pid: int) -> Iterator[SimpleNamespace]:
    """The most KiB that one process of a family held, and that all held together, pages they share counted once."""
    most, stop = SimpleNamespace(one=0, together=0), threading.Event()

    def look() -> None:
        while not stop.wait(_LOOK_SECONDS):
            held = [_memory(one) for one in (pid, *_children(pid))]
            most.one = max(most.one, *(rss for rss, _ in held))
            most.together = max(most.together, sum(pss for _, pss in held))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _memory(pid: int) -> tuple[int, int]:
    """What is resident, and the process's share of it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0, 0
    told = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return told["Rss"], told["Pss"]


# --- a proof out of the database ---


def proven(kind: str, entries: int) -> dict[str, Any]:
    """Milliseconds for the proof that one entry stands in a log of so many, read and put together."""
    with new_database(kind) as database:
        with database.writing() as session:
            log.hold(session.connection(), "benchmark/1")
        begun = time.perf_counter()
        leaves = _filled(database, entries)
        filled = time.perf_counter() - begun
        settle(database)
        rng, taken, worked = random.Random(1), [], []  # noqa: S311  # the same entries each time
        for number in [rng.randrange(entries) for _ in range(_PROOFS)]:
            begun, at_work = time.perf_counter(), time.process_time()
            with database.reading() as session:
                path = _proof(session.connection(), number)
            taken.append((time.perf_counter() - begun) * 1e3)
            worked.append((time.process_time() - at_work) * 1e3)
            assert verify_inclusion(_leaf(number), number, entries, path, leaves.root())
    taken.sort()
    return {
        "entries": entries, "filled_s": filled, "p50_ms": median(taken), "p99_ms": taken[len(taken) * 99 // 100],
        "max_ms": taken[-1], "processor_ms": median(worked),
    }  # fmt: skip


def _filled(database: Database, entries: int) -> Frontier:
    frontier = Frontier()
    for first in range(0, entries, _AT_ONCE):
        rows: Any = [
            SimpleNamespace(stream=_stream(n), seq=n % 40 + 1, leaf=_leaf(n))
            for n in range(first, min(first + _AT_ONCE, entries))
        ]
        with database.writing() as session:
            log.extend(session.connection(), frontier, rows)
    return frontier


def _proof(conn: Connection, number: int) -> list[bytes]:
    state, place = log.state(conn), log.place(conn, _stream(number), number % 40 + 1)
    assert state is not None
    assert place == number
    return inclusion_proof(place, state.size, log.nodes(conn, inclusion_nodes(place, state.size)))


def _stream(number: int) -> str:
    return f"dossier/HD-2024-NC-{number // 40:05}"


def _leaf(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


# --- transitions with the log beside them ---


def transitions(kind: str, n: int, *, logged: bool) -> dict[str, Any]:
    """Transitions a second; with the trigger and an integrator in a process of its own, or with neither."""
    with new_database(kind) as database:
        province = founded(database, n + WARM)
        if not logged:
            _unlogged(database)
        drive = engine.Drive(province, WARM)
        with _integrating(database) if logged else _nothing():
            drive.run(lambda: settle(database))
        engine.check(province)
    return {"logged": logged, "transitions": len(drive.latencies), "per_s": len(drive.latencies) / drive.wall}


def _unlogged(database: Database) -> None:
    with as_owner(database) as owner, owner.migrating() as conn:
        conn.exec_driver_sql("DROP TRIGGER history_to_log" + ("" if owner.is_sqlite else " ON history"))


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _integrating(database: Database) -> Iterator[None]:
    url = database.url.render_as_string(hide_password=False)
    started = [sys.executable, "-m", "benchmarks.trust", "integrator", "--url", url]
    with subprocess.Popen(started, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        try:
            yield
        finally:
            said, _ = process.communicate()
    assert json.loads(said)["added"] > 0


def integrator(url: str) -> dict[str, Any]:
    """Bring what waits into the log, again and again until standard input ends."""
    database, rng, done = Database(url), random.SystemRandom(), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
    added = 0
    print("begun", flush=True)
    while not done.wait(_PERIOD_SECONDS):
        with suppress(DatabaseUnavailable), database.writing() as session:  # busy: the next round takes it
            added += integrate(session, rng=rng).added
    database.close()
    return {"added": added}


def main() -> None:
    """Run the cell that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    cells = parser.add_subparsers(dest="cell", required=True)
    cells.add_parser("bundle").add_argument("--entries", type=int, default=1_000_000)
    for name in ("proof", "transitions"):
        cell = cells.add_parser(name)
        cell.add_argument("database", choices=FLOORS)
        if name == "proof":
            cell.add_argument("--entries", type=int, default=1_000_000)
        else:
            cell.add_argument("--n", type=int, default=150, help="dossiers, four transitions each")
            cell.add_argument("--without", action="store_true", help="no trigger, no integrator")
    cells.add_parser("integrator").add_argument("--url", required=True)
    asked = parser.parse_args()
    match asked.cell:
        case "bundle":
            found = verified(asked.entries)
        case "proof":
            found = {"database": asked.database, **proven(asked.database, asked.entries)}
        case "transitions":
            found = {"database": asked.database, **transitions(asked.database, asked.n, logged=not asked.without)}
        case _:
            found = integrator(asked.url)
    print(json.dumps({"cell": asked.cell, "load": os.getloadavg()[0], **found}))


if __name__ == "__main__":
    main()
