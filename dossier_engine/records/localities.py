"""Localities as they are valid on a day: looked up by code, or by the name people type."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, and_, or_, select

from dossier_engine.errors import AmbiguousLocality, NotFound
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import part_of
from dossier_engine.rules.entry import Json
from dossier_engine.rules.names import closest, fold

_LOCALITY = TABLES["locality"]
_DISTRICT = _LOCALITY.alias("district")

# What people may mean when they name the subject of a dossier; the command refuses those that cannot have one.
KINDS = {"commune": ("commune", "ward", "township"), "district": ("district", "town", "city")}


def stated(row: Mapping[str, Any]) -> dict[str, Json]:
    """What the entry that adopts a locality says of it, from the columns of its row."""
    words = {name: row[name] for name in ("code", "kind", "name", "parent", "path", "abbreviation")}
    valid_to = row["valid_to"]
    return {**words, "valid_from": row["valid_from"].isoformat(), "valid_to": valid_to and valid_to.isoformat()}


def valid_on(unit: FromClause, on: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition that a locality's period holds the day: without it, a code may be that of several."""
    return and_(unit.c.valid_from <= on, or_(unit.c.valid_to.is_(None), unit.c.valid_to >= on))


def by_code(conn: Connection, code: str, on: date) -> Row[Any] | None:
    """The locality that bears `code` on that day."""
    return conn.execute(_bearing(code, on)).one_or_none()


def lock(conn: Connection, code: str, on: date) -> Row[Any] | None:
    """The same, locked until the transaction ends: registrations of one locality wait for each other."""
    return conn.execute(_bearing(code, on).with_for_update(key_share=True)).one_or_none()


def lock_at(conn: Connection, path: str, on: date) -> Row[Any] | None:
    """The locality at `path` that day, locked in the same way."""
    there = select(_LOCALITY).where(_LOCALITY.c.path == path, valid_on(_LOCALITY, on))
    return conn.execute(there.with_for_update(key_share=True)).one_or_none()


def _bearing(code: str, on: date) -> Select[Any]:
    return select(_LOCALITY).where(_LOCALITY.c.code == code, valid_on(_LOCALITY, on))


def by_id(conn: Connection, key: int) -> Row[Any]:
    """The locality of a stored reference."""
    return conn.execute(select(_LOCALITY).where(_LOCALITY.c.id == key)).one()


def abbreviation(conn: Connection, path: str) -> str:
    """The letters of the path's province in dossier codes."""
    province = select(_LOCALITY.c.abbreviation).where(_LOCALITY.c.path == part_of(path, 1))
    return str(conn.execute(province.order_by(_LOCALITY.c.valid_from.desc())).scalars().first())


def find(conn: Connection, typed: str, on: date, kinds: Sequence[str]) -> str:
    """The code meant by `typed`: a code, a name, or `name, district`, with or without accents and prefix.

    Raises AmbiguousLocality naming the districts of namesakes, or NotFound with up to three near names.
    """
    if by_code(conn, typed.strip(), on) is not None:
        return typed.strip()
    name, _, district = (part.strip() for part in typed.partition(","))
    rows = _named(conn, on, kinds)
    wanted = [r for r in rows if fold(name) in (r.name_search, bare(r.name_search))]
    if district:
        wanted = [r for r in wanted if fold(district) in (fold(r.district or ""), bare(fold(r.district or "")))]
    if len(wanted) == 1:
        return str(wanted[0].code)
    if wanted:
        raise AmbiguousLocality(typed, [_shown(r) for r in wanted])
    near = closest(name, [bare(r.name_search) for r in rows], 3)
    shown = [_shown(r) for n in near for r in rows if bare(r.name_search) == n]
    raise NotFound("locality", typed, list(dict.fromkeys(shown))[:3])


def _named(conn: Connection, on: date, kinds: Sequence[str]) -> Sequence[Row[Any, Any, Any, Any]]:
    query = (
        select(_LOCALITY.c.code, _LOCALITY.c.name, _LOCALITY.c.name_search, _DISTRICT.c.name.label("district"))
        .outerjoin(_DISTRICT, and_(_DISTRICT.c.code == _LOCALITY.c.parent, valid_on(_DISTRICT, on)))
        .where(valid_on(_LOCALITY, on), _LOCALITY.c.kind.in_(kinds))
        .order_by(_LOCALITY.c.name_sort)
    )
    return conn.execute(query).all()


def bare(folded: str) -> str:
    """Without the word that says what kind of unit it is: `xa cam hung` is also typed `cam hung`."""
    for prefix in ("thi tran ", "thanh pho ", "thi xa ", "phuong ", "huyen ", "tinh ", "xa "):
        if folded.startswith(prefix):
            return folded.removeprefix(prefix)
    return folded


def _shown(row: Row[Any, Any, Any, Any]) -> str:
    return f"{row.name} ({row.district})" if row.district else str(row.name)
