"""What the copies for people in a bundle are made of, read from the database as the bundle itself is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from dossier_engine.bundle import Definition, Material, Place, Seat, copies
from dossier_engine.catalogue import Language, catalogue
from dossier_engine.queries import bundle as content
from dossier_engine.queries.bundle import Head
from dossier_engine.queries.diagram import Captions, svg
from dossier_engine.rules.authority import ROLES
from dossier_engine.rules.entry import Json, parse
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Text

Entry = Mapping[str, Json]


class _Streams(Mapping[str, Sequence[Entry]]):
    """The dossiers' streams, each read when it is asked for: a bundle of everything does not fit in memory."""

    def __init__(self, session: Session, size: int, heads: Sequence[Head]) -> None:
        self._session, self._size = session, size
        self._heads = {head.stream: head for head in heads if head.stream.startswith("dossier/")}

    def __getitem__(self, stream: str) -> Sequence[Entry]:
        rows: Iterator[Row[Any]] = content.entries(self._session, self._size, [self._heads[stream]])
        return [parse(row.entry) for row in rows]

    def __iter__(self) -> Iterator[str]:
        return iter(self._heads)

    def __len__(self) -> int:
        return len(self._heads)


def for_people(
    session: Session, law: Law, size: int, heads: Sequence[Head], *, language: Language, checkpoint: str | None,
    made_at: datetime, made_by: str,
) -> Iterator[tuple[str, Iterator[bytes]]]:  # fmt: skip
    """Name and content of every copy, each to be read before the next is asked for."""
    streams = _Streams(session, size, heads)
    names = content.names(session)
    used = {str(entry["definition"]) for stream in streams for entry in (_opening(streams, stream),)}
    stored = content.contents(session)
    material = Material(
        streams=streams,
        people=names,
        private={
            (row.stream, row.seq, row.name): row.value
            for row in content.private_values(session, size, [h for h in heads if h.stream in streams])
        },
        localities={row.code: Place(row.kind, row.name, row.parent) for row in content.localities(session)},
        offices={
            row.code: Seat(Text(row.name_vi, row.name_en), row.path, tuple(row.criteria))
            for row in content.offices(session)
        },
        definitions={sha256: Definition(law.workflows[sha256], stored[sha256]) for sha256 in sorted(used)},
        size=size,
        checkpoint=checkpoint,
        made_at=made_at,
        made_by=names.get(made_by) or made_by,
    )
    return copies(material, language, partial(svg, captions=captions(language), lang=language))


def _opening(streams: _Streams, stream: str) -> Entry:
    body = streams[stream][0]["body"]
    assert isinstance(body, dict)  # noqa: S101  # for the type checker: a registration has one
    return body


def captions(language: Language) -> Captions:
    """The words around a diagram."""
    say = catalogue(language).say
    return Captions(
        roles={role: say(f"role.{role}") for role in ROLES},
        ends=say("diagram.ends"),
        here=say("diagram.here"),
        passed=say("diagram.passed"),
        leads=say("diagram.leads", transition="{transition}", state="{state}"),
    )
