"""The writer is killed at random points: what it acknowledged is there, and nothing is there by halves."""

import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session

from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import parse
from tests.makers import Province
from tests.rigs.racing import PROCESSES
from tests.rigs.scale import times
from tests.rigs.writer import write

_HISTORY, _OUTBOX, _PRIVATE = (TABLES[t] for t in ("history", "outbox", "private"))
PROCESSES.set_forkserver_preload(["tests.rigs.racing", "tests.rigs.writer"])

BETWEEN_CHECKS = 10
LONGEST_LIFE_SECONDS = 0.1
PATIENCE_SECONDS = 60.0


def kill_a_writer(province: Province, notes: Path, rng: random.Random) -> None:
    """Start a writer, and end it some moments after it began to write, wherever it happens to be."""
    url = province.database.url.render_as_string(hide_password=False)
    before = notes.stat().st_size if notes.exists() else 0
    process = PROCESSES.Process(target=write, args=(url, province.people, notes, rng.getrandbits(32)), daemon=True)
    process.start()
    limit = time.monotonic() + PATIENCE_SECONDS
    while not notes.exists() or notes.stat().st_size == before:
        assert process.is_alive(), "the writer died by itself"
        assert time.monotonic() < limit, "the writer writes nothing"
        time.sleep(0.002)
    time.sleep(rng.uniform(0, LONGEST_LIFE_SECONDS))
    assert process.is_alive(), "the writer died by itself"
    process.kill()
    process.join()


def acknowledged(notes: Path) -> list[tuple[str, int, str]]:
    """Every entry noted on the disk since the first writer began."""
    noted = [line.split() for line in notes.read_text().splitlines()]
    return [(stream, int(seq), leaf) for stream, seq, leaf in noted]


def lost(session: Session, promised: Sequence[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Which of the acknowledged entries are not in the history, or not with the leaf they were acknowledged with."""
    rows = session.execute(select(_HISTORY.c.stream, _HISTORY.c.seq, _HISTORY.c.leaf))
    there = {(stream, seq, leaf.hex()) for stream, seq, leaf in rows}
    return [entry for entry in promised if entry not in there]


def by_halves(session: Session) -> list[tuple[str, str, int]]:
    """Entries without all that one transaction writes with them, and rows without their entry."""
    rows = session.execute(select(_HISTORY.c.stream, _HISTORY.c.seq, _HISTORY.c.entry)).all()
    mine = {(r.stream, r.seq) for r in rows if r.stream.startswith("dossier/")}
    committed = {(r.stream, r.seq, name) for r in rows for name in private_names(r.entry)}
    told = set(session.execute(select(_OUTBOX.c.stream, _OUTBOX.c.seq)))
    kept = set(session.execute(select(_PRIVATE.c.stream, _PRIVATE.c.seq, _PRIVATE.c.name)))
    return [("outbox", *each) for each in mine ^ told] + [("private", *each[:2]) for each in committed ^ kept]


def private_names(data: bytes) -> list[str]:
    held = parse(data)["private"]
    assert isinstance(held, dict)
    return list(held)


def survive(province: Province, notes: Path, kills: int) -> None:
    """Kill that many writers one after another over one database, and look at what each leaves behind."""
    rng = random.Random(kills)
    for kill in range(1, kills + 1):
        kill_a_writer(province, notes, rng)
        with province.database.reading() as session:
            assert lost(session, acknowledged(notes)) == [], f"after kill {kill}"
            if kill % BETWEEN_CHECKS == 0 or kill == kills:
                assert verify(session, province.law).findings == (), f"after kill {kill}"
                assert by_halves(session) == [], f"after kill {kill}"


@pytest.mark.asvs("V2.3.3")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_thirty_killed_writers_lose_nothing_they_acknowledged(province: Province, tmp_path: Path) -> None:
    survive(province, tmp_path / "acknowledged", 30)

    assert len(acknowledged(tmp_path / "acknowledged")) >= 30


@pytest.mark.slow
def test_killed_writers_lose_nothing_they_acknowledged(province: Province, tmp_path: Path) -> None:
    survive(province, tmp_path / "acknowledged", times(150))

    assert len(acknowledged(tmp_path / "acknowledged")) >= times(150)
