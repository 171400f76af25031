"""The weekly pages as rows: which committees have none of a week yet, and those that were made."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, select

from dossier_engine.records import mails
from dossier_engine.records.prepared import insert_unless_there
from dossier_engine.records.tables import TABLES

_DOSSIER, _OFFICE, _PAGE = TABLES["dossier"], TABLES["office"], TABLES["week_page"]
_BOTH: Select[Any] = select(_PAGE, _OFFICE.c.path, _OFFICE.c.name_vi, _OFFICE.c.name_en).join(
    _OFFICE, _OFFICE.c.code == _PAGE.c.office
)


def without(conn: Connection, kind: str, week: str) -> Sequence[Row[Any]]:
    """The offices of a kind that have no page of the week, and any dossier in their territory."""
    has_one = exists().where(_PAGE.c.office == _OFFICE.c.code, _PAGE.c.week == week)
    works = exists().where(_DOSSIER.c.territory.startswith(_OFFICE.c.path))
    query = select(_OFFICE).where(_OFFICE.c.kind == kind, ~has_one, works)
    return conn.execute(query.order_by(_OFFICE.c.code)).all()


def add(conn: Connection, row: Mapping[str, Any]) -> bool:
    """Keep a page, if the committee has none of that week; whether it was kept."""
    return insert_unless_there(conn, _PAGE, row)


def pages(conn: Connection) -> Sequence[Row[Any, Any, Any]]:
    """Every page by its week, its committee's code and path, the newest first."""
    query = select(_PAGE.c.week, _PAGE.c.office, _OFFICE.c.path).join(_OFFICE, _OFFICE.c.code == _PAGE.c.office)
    return conn.execute(query.order_by(_PAGE.c.week.desc(), _PAGE.c.office)).all()


def page(conn: Connection, office: str, week: str) -> Row[Any] | None:
    """One page, with the path and the names of its committee."""
    return conn.execute(_BOTH.where(_PAGE.c.office == office, _PAGE.c.week == week)).one_or_none()


def newest(conn: Connection, office: str) -> Row[Any] | None:
    """The last page that the committee got."""
    return conn.execute(_BOTH.where(_PAGE.c.office == office).order_by(_PAGE.c.week.desc()).limit(1)).first()


def linked(conn: Connection, link: str, since: datetime) -> Row[Any] | None:
    """The page that the link opens, if it was made after an instant."""
    return conn.execute(_BOTH.where(_PAGE.c.link == link, _PAGE.c.made_at >= since)).one_or_none()


def by_key(conn: Connection, keys: Collection[int]) -> dict[int, Row[Any]]:
    """The pages with these keys."""
    return {row.id: row for row in conn.execute(_BOTH.where(_PAGE.c.id.in_(keys)))} if keys else {}


def said(conn: Connection, content: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    """The words of the answers that a page tells of, by where they stand, unless they were erased."""
    return mails.reasons(conn, {(answer["stream"], answer["seq"]) for answer in content["answered"]})
