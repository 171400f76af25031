"""The history of a stream as people read it: entries with names and words beside the codes they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
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


def trail(session: Session, stream: str, *, before: int | None = None) -> list[Happened]:
    """Every entry of `stream`, oldest first; scope is the caller's to check, by finding the dossier first.

    Where the stream is broken, those `before` the break alone can be read.
    """
    of_stream = (_HISTORY.c.stream == stream,) + (() if before is None else (_HISTORY.c.seq < before,))
    rows = session.execute(
        select(
            _HISTORY.c.seq, _HISTORY.c.kind, _HISTORY.c.recorded_at, _HISTORY.c.leaf, _HISTORY.c.entry, _HISTORY.c.actor
        )
        .where(*of_stream)
        .order_by(_HISTORY.c.seq)
    ).all()
    names = dict(session.execute(select(_PERSON.c.id, _PERSON.c.name)).all())
    offices = {o.code: o for o in session.execute(select(_OFFICE))}
    words: dict[int, dict[str, str]] = {}
    for seq, name, value in session.execute(
        select(_PRIVATE.c.seq, _PRIVATE.c.name, _PRIVATE.c.value).where(_PRIVATE.c.stream == stream)
    ):
        words.setdefault(seq, {})[name] = value
    found = []
    for row in rows:
        entry = parse(row.entry)
        actor = entry["actor"]
        office = offices.get(str(actor["office"])) if isinstance(actor, dict) else None
        found.append(
            Happened(
                row.seq, row.kind, row.recorded_at, row.leaf.hex(), entry, names.get(row.actor),
                office.name_vi if office else None, office.name_en if office else None, words.get(row.seq, {}),
            )
        )  # fmt: skip
    return found
