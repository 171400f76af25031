"""The same rows by hand: plain SQL through the driver writes what `advance` writes, and judges next to nothing.

One lock and read, a role and a territory compared, the entry chained, and every row that `advance` leaves behind: what
the rows alone cost on our schema, with its constraints and triggers. No requirement, appointment, separation, key or
date is looked at.
"""

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from sqlalchemy import URL

from benchmarks.engine import REASON
from benchmarks.province import STEPS, Province, Step, at

_LOCK = "SELECT id, state, version, seq, head, territory FROM dossier WHERE code = %s"
_ENTRY = (
    "INSERT INTO history (stream, seq, kind, actor, recorded_at, key, fingerprint, leaf, entry) "
    "VALUES (%s, %s, 'moved', %s, %s, %s, %s, %s, %s)"
)
_PRIVATE = "INSERT INTO private (stream, seq, name, salt, value) VALUES (%s, %s, 'reason', %s, %s)"
_MOVE = (
    "UPDATE dossier SET state = %s, version = version + 1, seq = %s, head = %s, recorded_at = %s, is_open = %s, "
    "holder_role = %s, holder_path = %s, stage_seq = %s, stage_on = %s, effective_on = %s, due_on = %s, "
    "acted_on = %s WHERE id = %s AND version = %s"
)
_WAKE = "UPDATE wake SET at = %s WHERE dossier = %s"
_OUTBOX = "INSERT INTO outbox (stream, seq, holder_role, holder_path) VALUES (%s, %s, %s, %s)"
_PERFORMED = "INSERT INTO performed (dossier, separation, person, transition) VALUES (%s, 'assessment', %s, %s)"
_DEADLINE = (
    "INSERT INTO deadline (dossier, stage_seq, key, rule, start_on, due_on, due_version, set_at) "
    "VALUES (%s, %s, %s, %s, %s, '2024-12-09', 1, %s)"
)
_RECOGNITION = (
    "INSERT INTO recognition (locality, level, target_year, source, dossier) "
    "SELECT locality, level, target_year, code, code FROM dossier WHERE id = %s"
)
_SCOPE = "30/"
# Where each transition leads, who holds the dossier there, and the deadlines that begin.
_TARGETS = {
    "self_assess": ("registered", "self_assessed", "district_reviewer", ("self_assessed", "district_receipt")),
    "review": ("self_assessed", "district_reviewed", "dard_appraiser", ("district_reviewed", "province_receipt")),
    "appraise": ("district_reviewed", "dard_appraised", "decision_clerk", ("dard_appraised",)),
    "recognize": ("dard_appraised", "recognized", None, ("announcement",)),
}


class _Sqlite:
    """The driver with the settings the engine uses; `?` is its placeholder."""

    lock = _LOCK

    def __init__(self, url: URL) -> None:
        self._conn = sqlite3.connect(str(url.database), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
            self._conn.execute(f"PRAGMA {pragma}")

    def run(self, sql: str, values: tuple[Any, ...]) -> Any:  # noqa: ANN401  # either driver's cursor
        return self._conn.execute(sql.replace("%s", "?"), values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._conn.execute("BEGIN IMMEDIATE")
        yield
        self._conn.execute("COMMIT")


class _Postgres:
    """psycopg as it comes."""

    lock = f"{_LOCK} FOR UPDATE"

    def __init__(self, url: URL) -> None:
        self._conn = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False),
                                     autocommit=True)  # fmt: skip

    def run(self, sql: str, values: tuple[Any, ...]) -> Any:  # noqa: ANN401  # either driver's cursor
        return self._conn.execute(sql, values)  # type: ignore[call-overload]

    def transaction(self) -> AbstractContextManager[Any]:
        return self._conn.transaction()


def drive(province: Province, warm: int) -> tuple[list[float], float]:
    """Every dossier through the four steps; latencies and wall time in seconds without the first `warm` dossiers."""
    db = (_Sqlite if province.database.is_sqlite else _Postgres)(province.database.url)
    acts = [(code, step, province.officer(step.role, code)) for code in province.dossiers for step in STEPS]
    _advance_all(db, acts[: warm * len(STEPS)])
    begun = time.perf_counter()
    latencies = _advance_all(db, acts[warm * len(STEPS) :])
    return latencies, time.perf_counter() - begun


def _advance_all(db: _Sqlite | _Postgres, acts: list[tuple[str, Step, str]]) -> list[float]:
    latencies = []
    for code, step, person in acts:
        start = time.perf_counter()
        with db.transaction():
            _advance(db, code, step, person)
        latencies.append(time.perf_counter() - start)
    return latencies


def _advance(db: _Sqlite | _Postgres, code: str, step: Step, person: str) -> None:
    run, now, on = db.run, at(step.taken_on).isoformat(), step.taken_on.isoformat()
    dossier, state, version, seq, head, territory = run(db.lock, (code,)).fetchone()
    origin, target, holder, deadlines = _TARGETS[step.transition]
    if state != origin or not territory.startswith(_SCOPE):
        raise PermissionError(code)
    stream, seq, salt = f"dossier/{code}", seq + 1, secrets.token_bytes(32)
    entry = {
        "_v": 1, "stream": stream, "seq": seq, "prev": head.hex(), "kind": "moved", "at": now, "effective_on": on,
        "actor": {"person": person, "role": step.role, "office": person, "territory": _SCOPE, "on_behalf_of": None},
        "channel": "api", "request": head.hex(),
        "private": {"reason": hashlib.sha256(salt + REASON.encode()).hexdigest()},
        "body": {
            "transition": step.transition, "from": origin, "to": target, "round": 1, "definition": head.hex(),
            "calendar": head.hex(), "met": list(deadlines), "files": [head.hex()] * 2,
            "due": [{"deadline": key, "on": on} for key in deadlines],
        },
    }  # fmt: skip
    data = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    leaf = hashlib.sha256(b"\x00" + data).digest()
    run(_ENTRY, (stream, seq, person, now, f"{step.transition}-{code}", head.hex(), leaf, data))
    run(_PRIVATE, (stream, seq, salt, REASON))
    moved = run(_MOVE, (target, seq, leaf, now, holder is not None, holder, holder and territory, seq, on, on, on,
                        on, dossier, version))  # fmt: skip
    if moved.rowcount != 1:
        raise RuntimeError("stale version")
    run(_WAKE, (now, dossier))
    run(_OUTBOX, (stream, seq, holder, holder and territory))
    run(_PERFORMED, (dossier, person, step.transition))
    for key in deadlines:
        run(_DEADLINE, (dossier, seq, key, f"state:{key}", on, now))
    if holder is None:
        run(_RECOGNITION, (dossier,))
