"""One cell of the benchmark, in a process and on a database of its own: prints one JSON line.

`python -m benchmarks.cell SYSTEM DATABASE --n N`: so many dossiers through the four transitions.
"""

import argparse
import json
import time
from typing import Any

from benchmarks import engine, same_rows
from benchmarks.databases import FLOORS, floor, new_database, settle
from benchmarks.province import Province, founded
from dossier_engine.queries.audit import verify

WARM = 5  # dossiers before the clock starts, as many as the floor has


def run_engine(kind: str, n: int) -> dict[str, Any]:
    """The public command; afterwards the whole history is verified, which is timed too."""
    with new_database(kind) as database:
        province = founded(database, n + WARM)
        drive = engine.Drive(province, WARM)
        drive.run(lambda: settle(database))
        engine.check(province)
        verified = _verify(province)
        return {**figures(drive.latencies, drive.wall), **verified, "rows": dict(drive.written)}


def run_same_rows(kind: str, n: int) -> dict[str, Any]:
    """The same rows by hand."""
    with new_database(kind) as database:
        province = founded(database, n + WARM)
        before = engine.rows(province)
        settle(database)
        latencies, wall = same_rows.drive(province, WARM)
        engine.check(province)
        after = engine.rows(province)
        return {**figures(latencies, wall), "rows": {t: after[t] - before[t] for t in after}}


def run_floor(kind: str, n: int) -> dict[str, Any]:
    """The fixed hand-written loop, driven and checked by its own code."""
    system, common = floor(kind, "Chain")
    ids = list(range(1, n + common.WARMUP + 1))
    system.prepare(len(ids))
    system.connect()
    system.drive(ids[n:], time.perf_counter)
    begun = time.perf_counter()
    latencies = system.drive(ids[:n], time.perf_counter)
    wall = time.perf_counter() - begun
    system.close()
    system.check_advanced(ids)
    return figures(latencies, wall)


def _verify(province: Province) -> dict[str, Any]:
    with province.database.reading() as session:
        begun = time.perf_counter()
        verdict = verify(session, province.law)
        seconds = time.perf_counter() - begun
    assert not verdict.findings, verdict.findings[:3]
    return {"entries": verdict.entries, "verified_per_s": verdict.entries / seconds}


def figures(latencies: list[float], wall: float) -> dict[str, Any]:
    """Rate and percentiles."""
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
