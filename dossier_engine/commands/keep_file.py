"""Register an evidence file that is kept: what it is, what it was called, and who brought it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from dossier_engine.records.prepared import insert_unless_there
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.file_names import called

_EVIDENCE_FILE = TABLES["evidence_file"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the folder of evidence files."""

    sha256: str
    size: int
    media_type: str
    name: str


def keep_file(session: Session, file: Kept, person: str, *, now: datetime) -> Kept:
    """Register `file` in the caller's transaction; the face commits. One that is known already stays as it was.

    Returns it with the name it may be shown under. The file lies in its folder before this is committed; which dossier
    it is evidence in is for `record` to say.
    """
    named = Kept(file.sha256, file.size, file.media_type, called(file.name))
    row = {
        "sha256": named.sha256,
        "size": named.size,
        "media_type": named.media_type,
        "name": named.name,
        "stored_at": now,
        "stored_by": person,
    }
    insert_unless_there(session.connection(), _EVIDENCE_FILE, row)
    return named
