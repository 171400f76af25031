"""The documents of a dossier, with those that were replaced, and which of their files are kept here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from dossier_engine.errors import FileMissing, NotFound
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.law import Law
from dossier_engine.rules.requirements import Value
from dossier_engine.rules.workflow import Document, Documents

_DOSSIER, _FACT, _FILE = TABLES["dossier"], TABLES["fact"], TABLES["evidence_file"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file; `name` is what it was called by whoever first brought it for the dossier."""

    sha256: str
    size: int
    media_type: str
    name: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A document as entry `seq` recorded it; `void_seq` is the entry that replaced or voided it, None: it stands.

    `number`, `date` and `sha256` are None where the definition does not ask for them; `value` has all that it asks for.
    """

    requirement: str
    item: str
    document: Document
    value: Value
    seq: int
    void_seq: int | None
    file: Stored | None

    @property
    def number(self) -> str | None:
        """Its number."""
        return self._text("number")

    @property
    def date(self) -> str | None:
        """Its date, as it was recorded (2024-12-09)."""
        return self._text("date")

    @property
    def sha256(self) -> str | None:
        """The SHA-256 of its file."""
        return self._text("sha256")

    def _text(self, name: str) -> str | None:
        return str(self.value[name]) if name in self.value else None


def documents(session: Session, law: Law, scope: Scope, code: str) -> list[Recorded]:
    """Every document ever recorded for the dossier, newest first. Raises NotFound when there is none in scope."""
    dossier = _in_scope(session, scope, code)
    requirements = law.workflows[dossier.definition].requirements
    rows = session.execute(
        select(_FACT)
        .where(_FACT.c.dossier == dossier.id)
        .order_by(_FACT.c.seq.desc(), _FACT.c.requirement, _FACT.c.item)
    )
    asked = {
        (key, document.kind): document
        for key, requirement in requirements.items()
        if isinstance(requirement, Documents)
        for document in requirement.documents
    }
    found = [row for row in rows if (row.requirement, row.item) in asked]
    files = _files(session, dossier.id, {str(row.value["sha256"]) for row in found if "sha256" in row.value})
    return [
        Recorded(
            row.requirement, row.item, asked[row.requirement, row.item], row.value, row.seq, row.void_seq,
            files.get(str(row.value.get("sha256"))),
        )
        for row in found
    ]  # fmt: skip


def file_of(session: Session, scope: Scope, code: str, sha256: str) -> Stored:
    """The kept file of a document that the dossier has, or had before it was replaced.

    Raises NotFound when there is no such dossier in scope or no such document of it, FileMissing when the file was
    never brought for it: another dossier's file is not had by recording its SHA-256 in one's own.
    """
    dossier = _in_scope(session, scope, code)
    values = session.execute(select(_FACT.c.value).where(_FACT.c.dossier == dossier.id)).scalars()
    if not any(value.get("sha256") == sha256 for value in values):
        raise NotFound("document", sha256)
    stored = _files(session, dossier.id, {sha256}).get(sha256)
    if stored is None:
        raise FileMissing(sha256, "never_kept")
    return stored


def _in_scope(session: Session, scope: Scope, code: str) -> Row[Any]:
    wanted = select(_DOSSIER.c.id, _DOSSIER.c.definition).where(_DOSSIER.c.code == code, scope.of(_DOSSIER))
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("dossier", code)
    return row


def _files(session: Session, dossier: int, hashes: set[str]) -> dict[str, Stored]:
    known = select(
        _FILE.c.sha256, _FILE.c.size, _FILE.c.media_type, _FILE.c.name, _FILE.c.stored_at
    ).where(_FILE.c.dossier == dossier, _FILE.c.sha256.in_(sorted(hashes)))  # fmt: skip
    return {row.sha256: Stored(*row) for row in session.execute(known)}
