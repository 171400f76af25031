"""The register of offices: looked up by code, by the name people type, or by kind."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from dossier_engine.errors import NotFound
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json
from dossier_engine.rules.names import closest, fold

_DOSSIER, _OFFICE = TABLES["dossier"], TABLES["office"]


def stated(row: Mapping[str, Any]) -> dict[str, Json]:
    """What the entry that adopts an office says of it, from the columns of its row."""
    return {name: row[name] for name in ("code", "kind", "name_vi", "name_en", "path", "criteria")}


def by_code(conn: Connection, code: str) -> Row[Any] | None:
    """The office of that code."""
    return conn.execute(select(_OFFICE).where(_OFFICE.c.code == code)).one_or_none()


def of_kind(conn: Connection, kind: str, path: str) -> Sequence[str]:
    """The codes of the offices of a kind that have their seat at `path`, in order."""
    found = select(_OFFICE.c.code).where(_OFFICE.c.kind == kind, _OFFICE.c.path == path)
    return conn.execute(found.order_by(_OFFICE.c.code)).scalars().all()


def names(conn: Connection, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """The names of these offices in both languages, Vietnamese first."""
    found = conn.execute(select(_OFFICE.c.code, _OFFICE.c.name_vi, _OFFICE.c.name_en).where(_OFFICE.c.code.in_(codes)))
    return {code: (vi, en) for code, vi, en in found}


def with_dossier(conn: Connection, workflow: str, year: int) -> frozenset[str]:
    """The codes of the offices that a dossier of this workflow and year is or was about."""
    about = select(_DOSSIER.c.office).where(_DOSSIER.c.workflow == workflow, _DOSSIER.c.target_year == year)
    return frozenset(conn.execute(about).scalars())


def find(conn: Connection, typed: str, kinds: Sequence[str]) -> str:
    """The code meant by `typed`: a code or a name, with or without accents. Raises NotFound with near codes."""
    rows = conn.execute(select(_OFFICE).where(_OFFICE.c.kind.in_(kinds)).order_by(_OFFICE.c.code)).all()
    wanted = fold(typed.strip())
    for row in rows:
        if wanted in (row.code, fold(row.name_vi), fold(row.name_en)):
            return str(row.code)
    raise NotFound("office", typed, closest(typed, [row.code for row in rows]))
