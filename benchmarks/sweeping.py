"""What a sweep costs: 5,000 dossiers due among many open ones, against one INSERT … SELECT over as many rows.

The dossiers are one that was registered by the public command, many times over: each in a commune of the province, held
by that commune's officer, with its deadline. A twentieth of the usual hundred thousand are due, all by one rung.
"""

import random
import time
from datetime import date
from typing import Any

from sqlalchemy import text

from benchmarks.province import Province
from dossier_engine.commands.sweep import BATCH, sweep
from dossier_engine.rules.ladder import falls_due

DUE = 5_000
_DUE_ON, _LATER = date(2024, 7, 31), date(2024, 9, 30)
_FALLS = date(2024, 7, 24)  # five working days are left: the rung -5wd to the holder
# Every open dossier but the first is made from it, with the next number, in the next commune.
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)",
    "postgresql": "WITH n AS (SELECT generate_series(1, :many) AS i)",
}
_COLUMNS = (
    "workflow, definition, level, state, is_open, holder_role, version, seq, head, round, stage_seq, stage_on, "
    "effective_on, paused_on, linked, office"
)
_DOSSIERS = """
INSERT INTO dossier (code, locality, territory, holder_path, target_year, due_on, wake_at, acted_on, {columns})
{numbers}, place AS (SELECT id, path, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS all_of_them
  FROM locality WHERE kind = 'commune'
    AND EXISTS (SELECT 1 FROM appointment a WHERE a.office_path = locality.path AND a.role = 'commune_officer'))
SELECT 'B-' || n.i, place.id, place.path, place.path, 3000 + n.i, CASE WHEN n.i <= :due THEN :due_on ELSE :later END,
  CASE WHEN n.i <= :due THEN :now ELSE :then END, :acted_on, {columns}
FROM n JOIN place ON place.k = n.i % place.all_of_them, (SELECT * FROM dossier ORDER BY id LIMIT 1) AS d
"""
_DEADLINES = """
INSERT INTO deadline (dossier, stage_seq, key, rule, start_on, due_on, due_version, set_at)
SELECT id, 1, 'registered', 'state:registered', stage_on, due_on, 1, :set_at FROM dossier WHERE code LIKE 'B-%'
"""


def populate(province: Province, many: int) -> None:
    """`many` open dossiers, of which `DUE` are due on the morning that `run` sweeps."""
    database = province.database
    kind = "sqlite" if database.is_sqlite else "postgresql"
    values: dict[str, Any] = {
        "many": many, "due": DUE, "due_on": _DUE_ON, "later": _LATER, "now": falls_due(_FALLS),
        "then": falls_due(date(2024, 9, 16)), "set_at": falls_due(date(2024, 7, 18)),
        "acted_on": date(2024, 7, 22),
    }  # fmt: skip
    with database.writing() as session:
        conn = session.connection()
        conn.execute(text("UPDATE dossier SET wake_at = NULL"))
        for statement in (_DOSSIERS, _DEADLINES):
            sql = text(statement.format(columns=_COLUMNS, numbers=_NUMBERS[kind]))
            names = {name for name in values if f":{name}" in sql.text}
            conn.execute(sql, {name: values[name] for name in names})


def run(province: Province) -> dict[str, Any]:
    """Sweep until nothing is left, and once more; seconds, and what was written."""
    now, rng = falls_due(_FALLS), random.SystemRandom()
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
    assert rungs == notices == DUE, (rungs, notices)
    return {"due": taken, "batches": batches, "seconds": middle - begun, "again_s": end - middle}
