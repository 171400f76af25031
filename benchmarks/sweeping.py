"""What a sweep costs: 5,000 dossiers due among many open ones, against one INSERT … SELECT over as many rows.

`python -m benchmarks.sweeping SYSTEM DATABASE --open N` prints one JSON line, as a cell does.

The dossiers are one that was registered by the public command, many times over: each in a commune of the province, held
by that commune's officer, with its deadline. A twentieth of the usual hundred thousand are due, all by one rung.
"""

import argparse
import json
import random
import time
from datetime import date
from typing import Any

from sqlalchemy import text

from benchmarks.databases import FLOORS, floor, new_database, settle
from benchmarks.province import Province, founded
from dossier_engine.commands.sweep import BATCH, sweep
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.ladder import falls_due

DUE = 5_000
WARM = 5  # dossiers before the clock starts
_DUE_ON, _LATER = date(2024, 7, 31), date(2024, 9, 30)
_FALLS = date(2024, 7, 24)  # five working days are left: the rung -5wd to the holder
# Every open dossier but the first is made from it, with the next number, in the next commune.
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)",
    "postgresql": "WITH n AS (SELECT generate_series(1, :many) AS i)",
}
_SET = ("id", "code", "locality", "territory", "holder_path", "target_year", "due_on", "acted_on")
_COLUMNS = ", ".join(column.name for column in TABLES["dossier"].columns if column.name not in _SET)
_DOSSIERS = """
INSERT INTO dossier (code, locality, territory, holder_path, target_year, due_on, acted_on, {columns})
{numbers}, place AS (SELECT id, path, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS all_of_them
  FROM locality WHERE kind = 'commune'
    AND EXISTS (SELECT 1 FROM appointment a WHERE a.office_path = locality.path AND a.role = 'commune_officer'))
SELECT 'B-' || n.i, place.id, place.path, place.path, 3000 + n.i, CASE WHEN n.i <= :due THEN :due_on ELSE :later END,
  :acted_on, {columns}
FROM n JOIN place ON place.k = n.i % place.all_of_them, (SELECT * FROM dossier ORDER BY id LIMIT 1) AS d
"""
_DEADLINES = """
INSERT INTO deadline (dossier, stage_seq, key, rule, start_on, due_on, due_version, set_at)
SELECT id, 1, 'registered', 'state:registered', stage_on, due_on, 1, :set_at FROM dossier WHERE code LIKE 'B-%'
"""
_WAKES = """
INSERT INTO wake (dossier, at)
SELECT id, CASE WHEN due_on = :due_on THEN :now ELSE :then END FROM dossier WHERE code LIKE 'B-%'
"""


def populate(province: Province, many: int) -> None:
    """`many` open dossiers, of which `DUE` and a few to warm up are due on the morning that `run` sweeps."""
    database = province.database
    kind = "sqlite" if database.is_sqlite else "postgresql"
    values: dict[str, Any] = {
        "many": many, "due": DUE + WARM, "due_on": _DUE_ON, "later": _LATER, "now": falls_due(_FALLS),
        "then": falls_due(date(2024, 9, 16)), "set_at": falls_due(date(2024, 7, 18)),
        "acted_on": date(2024, 7, 22),
    }  # fmt: skip
    with database.writing() as session:
        conn = session.connection()
        conn.execute(text("UPDATE wake SET at = NULL"))
        conn.execute(text("UPDATE person SET email = handle || '@example.vn'"))
        for statement in (_DOSSIERS, _DEADLINES, _WAKES):
            sql = text(statement.format(columns=_COLUMNS, numbers=_NUMBERS[kind]))
            names = {name for name in values if f":{name}" in sql.text}
            conn.execute(sql, {name: values[name] for name in names})


def run(province: Province) -> dict[str, Any]:
    """Sweep until nothing is left, and once more; seconds, and what was written."""
    now, rng = falls_due(_FALLS), random.SystemRandom()
    with province.database.writing() as session:
        sweep(session, province.law, now=now, rng=rng, most=WARM)
    begun = time.perf_counter()
    taken, notices, batches = 0, 0, 0
    while True:
        with province.database.writing() as session:
            swept = sweep(session, province.law, now=now, rng=rng)
        taken, notices, batches = taken + swept.dossiers, notices + swept.notices, batches + 1
        if swept.dossiers < BATCH:
            break
    middle = time.perf_counter()
    with province.database.writing() as session:
        again = sweep(session, province.law, now=now, rng=rng)
    end = time.perf_counter()
    assert (taken, again.dossiers) == (DUE, 0), (taken, again)
    with province.database.reading() as session:
        rungs = session.connection().execute(text("SELECT count(*) FROM rung")).scalar_one()
    assert rungs - WARM == notices == DUE, (rungs, notices)
    return {"due": taken, "batches": batches, "seconds": middle - begun, "again_s": end - middle}


def run_engine(kind: str, many: int) -> dict[str, Any]:
    """The public command, as a worker calls it."""
    with new_database(kind) as database:
        province = founded(database, 1)
        populate(province, many)
        settle(database)
        return run(province)


def run_floor(kind: str, many: int) -> dict[str, Any]:
    """The fixed hand-written statement, checked by its own code."""
    system, _ = floor(kind, "Plain")
    system.prepare(many, due=DUE)
    system.connect()
    begun = time.perf_counter()
    taken = system.sweep()
    seconds = time.perf_counter() - begun
    system.close()
    system.check_sweep(DUE)
    return {"due": taken, "seconds": seconds}


SYSTEMS = {"engine": run_engine, "floor": run_floor}


def main() -> None:
    """Run the cell that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("database", choices=FLOORS)
    parser.add_argument("--open", type=int, required=True, dest="many")
    asked = parser.parse_args()
    found = SYSTEMS[asked.system](asked.database, asked.many)
    print(json.dumps({"system": asked.system, "database": asked.database, "open": asked.many, **found}))


if __name__ == "__main__":
    main()
