"""Personal values and free text beside history: found, and erased with the salts of their commitments."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, select, update

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, parse

_HISTORY, _PERSON, _PRIVATE = TABLES["history"], TABLES["person"], TABLES["private"]

Key = tuple[str, int, str]  # stream, seq, name

_KEY = (_PRIVATE.c.stream, _PRIVATE.c.seq, _PRIVATE.c.name)
_OF_ENTRY = (_HISTORY.c.stream == _PRIVATE.c.stream) & (_HISTORY.c.seq == _PRIVATE.c.seq)
_IN_ORDER = (_PRIVATE.c.stream, _PRIVATE.c.seq, _PRIVATE.c.name)
_GONE = delete(_PRIVATE).where(
    _PRIVATE.c.stream == bindparam("of"), _PRIVATE.c.seq == bindparam("number"), _PRIVATE.c.name == bindparam("called")
)


def of_entry(conn: Connection, stream: str, seq: int) -> list[Key]:
    """What is kept beside one entry."""
    found = select(*_KEY).where(_PRIVATE.c.stream == stream, _PRIVATE.c.seq == seq).order_by(_PRIVATE.c.name)
    return [(row.stream, row.seq, row.name) for row in conn.execute(found)]


def of_person(conn: Connection, person: str) -> list[Key]:
    """What the register of people keeps about a person, and the accounts on machines from which they acted."""
    about = select(*_KEY, _HISTORY.c.entry).join(_HISTORY, _OF_ENTRY)
    told = about.where(_PRIVATE.c.stream == "people", _PRIVATE.c.name.in_(("handle", "name", "email")))
    acted = about.where(_HISTORY.c.actor == person, _PRIVATE.c.name == "os_user").order_by(*_IN_ORDER)
    rows = [row for row in conn.execute(told.order_by(*_IN_ORDER)) if _person(parse(row.entry)) == person]
    return [(row.stream, row.seq, row.name) for row in (*rows, *conn.execute(acted))]


def _person(entry: Mapping[str, Json]) -> Json:
    body = entry["body"]
    return body.get("person") if isinstance(body, dict) else None


def erase(conn: Connection, keys: Sequence[Key]) -> None:
    """Remove these values with their salts; on SQLite their bytes are written over."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA secure_delete = ON")
    conn.execute(_GONE, [{"of": stream, "number": seq, "called": name} for stream, seq, name in keys])


def forget_person(conn: Connection, person: str) -> None:
    """The register knows the person by nothing but the id that history keeps."""
    conn.execute(update(_PERSON).where(_PERSON.c.id == person).values(handle=person, name="", email=None))


def erased(entries: Iterable[Mapping[str, Json]]) -> set[Key]:
    """What was erased, by the entries of the stream `people`."""
    found: set[Key] = set()
    for entry in entries:
        body = entry["body"]
        if entry["kind"] == "erased" and isinstance(body, dict) and isinstance(body["erased"], list):
            found |= {(str(s), int(str(n)), str(name)) for s, n, name in body["erased"]}  # type: ignore[misc,str-unpack]
    return found
