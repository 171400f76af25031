"""The history of a stream as people read it: entries with names and words beside the codes they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlmodel import Session

from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import Json, parse

_HISTORY, _OFFICE, _PERSON, _PRIVATE = (TABLES[t] for t in ("history", "office", "person", "private"))


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry. `who` and `words` come from erasable places and may be missing; the entry itself never is."""

    seq: int
    kind: str
    recorded_at: datetime
    leaf: str
    entry: Mapping[str, Json]
    who: str | None
    office_vi: str | None
    office_en: str | None
    words: Mapping[str, str]


COLUMNS = tuple(_HISTORY.c[name] for name in ("stream", "seq", "kind", "recorded_at", "leaf", "entry", "actor"))


def trail(session: Session, stream: str, *, before: int | None = None) -> list[Happened]:
    """Every entry of `stream`, oldest first; scope is the caller's to check, by finding the dossier first.

    Where the stream is broken, those `before` the break alone can be read.
    """
    of_stream = (_HISTORY.c.stream == stream, *(() if before is None else (_HISTORY.c.seq < before,)))
    rows = session.execute(select(*COLUMNS).where(*of_stream).order_by(_HISTORY.c.seq)).all()
    return told(session, rows, _PRIVATE.c.stream == stream)


def told(session: Session, rows: Sequence[Row[Any]], beside: ColumnElement[bool]) -> list[Happened]:
    """Rows of `COLUMNS` with the names and the words that lie `beside` them, a condition on these."""
    names = dict(session.execute(select(_PERSON.c.id, _PERSON.c.name)).all())
    offices = {o.code: o for o in session.execute(select(_OFFICE))}
    words: dict[tuple[str, int], dict[str, str]] = {}
    for value in session.execute(select(_PRIVATE).where(beside)):
        words.setdefault((value.stream, value.seq), {})[value.name] = value.value
    found = []
    for row in rows:
        entry = parse(row.entry)
        actor = entry["actor"]
        office = offices.get(str(actor["office"])) if isinstance(actor, dict) else None
        found.append(
            Happened(
                row.seq, row.kind, row.recorded_at, row.leaf.hex(), entry, names.get(row.actor),
                office.name_vi if office else None, office.name_en if office else None,
                words.get((row.stream, row.seq), {}),
            )
        )  # fmt: skip
    return found
