"""What a case looks at afterwards: a dossier's row, what lies beside it, and the entries of a stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Row, select

from dossier_engine.errors import DossierError
from dossier_engine.records import dossiers
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, parse
from tests.makers import Province

Facts = dict[tuple[str, str], Any]


def row(province: Province, code: str) -> Row[Any]:
    """The dossier's row."""
    with province.database.reading() as session:
        return dossiers.read(session.connection(), code)


def facts(province: Province, code: str) -> Facts:
    """The facts that stand, by requirement and item."""
    with province.database.reading() as session:
        found = row(province, code)
        return {k: f.value for k, f in dossiers.current_facts(session.connection(), found.id).items()}


def deadlines(province: Province, code: str) -> dict[str, Row[Any]]:
    """The deadlines of the stage the dossier stands in, met ones too."""
    of, table = row(province, code), TABLES["deadline"]
    with province.database.reading() as session:
        mine = select(table).where(table.c.dossier == of.id, table.c.stage_seq == of.stage_seq)
        return {found.key: found for found in session.execute(mine)}


def due(province: Province, code: str) -> dict[str, str]:
    """The due dates of that stage."""
    return {key: found.due_on.isoformat() for key, found in deadlines(province, code).items()}


def entries(province: Province, stream: str) -> list[dict[str, Any]]:
    """Every entry of the stream, in order."""
    table = TABLES["history"]
    with province.database.reading() as session:
        mine = select(table.c.entry).where(table.c.stream == stream).order_by(table.c.seq)
        return [parse(data) for data in session.execute(mine).scalars()]


def last(province: Province, code: str) -> dict[str, Any]:
    """The last entry of a dossier."""
    return entries(province, f"dossier/{code}")[-1]


def told(province: Province, stream: str, seq: int) -> dict[str, Json]:
    """The private values of an entry, which its bytes hold as commitments only."""
    table = TABLES["private"]
    with province.database.reading() as session:
        mine = select(table.c.name, table.c.value).where(table.c.stream == stream, table.c.seq == seq)
        return dict(session.execute(mine).all())


def rows(province: Province, table: str) -> list[dict[str, Any]]:
    """Every row of a table."""
    with province.database.reading() as session:
        return [dict(found) for found in session.execute(select(TABLES[table])).mappings()]


@contextmanager
def refused(province: Province, kind: type[DossierError]) -> Iterator[pytest.ExceptionInfo[DossierError]]:
    """What is asked within is refused so, and leaves nothing behind."""
    before = _everything(province)
    with pytest.raises(kind) as refusal:
        yield refusal
    assert _everything(province) == before


def _everything(province: Province) -> dict[str, list[str]]:
    """Every row of every table but the two that are large and that only adopting a territory writes."""
    with province.database.reading() as session:
        return {
            name: sorted(map(repr, session.execute(select(table))))
            for name, table in TABLES.items()
            if name not in {"locality", "office"}
        }
