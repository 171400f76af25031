"""What the tests read in an installation's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from config import wiring
from config.settings import read
from config.wiring import Engine
from dossier_engine.queries.health import Health, health
from dossier_engine.records.tables import TABLES


@contextmanager
def opened(home: Path) -> Iterator[Engine]:
    """The installation in that folder."""
    engine = wiring.open(read({"DOSSIER_HOME": str(home)}))
    try:
        yield engine
    finally:
        engine.close()


def how(home: Path) -> Health:
    with opened(home) as engine, engine.looking() as (session, _):
        return health(session, now=engine.now())


def ledger(home: Path) -> list[Any]:
    """Every line of the ledger without its random key and the instant it was written."""
    rung = TABLES["rung"]
    columns = [column for column in rung.c if column.name not in ("id", "written_at")]
    with opened(home) as engine, engine.looking() as (session, _):
        return sorted(map(str, session.execute(select(*columns)).all()))


def last(home: Path, pulse: str) -> Any:
    with opened(home) as engine, engine.looking() as (session, _):
        query = select(func.max(TABLES["pulse"].c.at)).where(TABLES["pulse"].c.name == pulse)
        return session.execute(query).scalar_one()
