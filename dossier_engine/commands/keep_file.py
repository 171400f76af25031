"""Register an evidence file that is kept for a dossier: what it is, what it was called, and who brought it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from dossier_engine.errors import NotFound
from dossier_engine.records import dossiers
from dossier_engine.records.prepared import insert_unless_there
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.authority import TAKING_PART, knows_of, standing
from dossier_engine.rules.file_names import called
from dossier_engine.rules.law import legal_day

_EVIDENCE_FILE = TABLES["evidence_file"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the folder of evidence files."""

    sha256: str
    size: int
    media_type: str
    name: str


def receiving(session: Session, dossier: str, person: str, *, on: date) -> int:
    """The key of the dossier of that code, if `person` has a part in it that day and so may bring files for it.

    Faces ask before they take in a file. Raises NotFound (also for a dossier outside the person's scope), NotAllowed
    and AppointmentExpired.
    """
    conn = session.connection()
    held, _, _ = dossiers.sheet(conn, person, 0, None)
    row = dossiers.find(conn, dossier, held)
    appointments = [a for a in held if a.concerns(row.office)]
    if not knows_of(appointments, row.territory):
        raise NotFound("dossier", dossier)
    standing(appointments, person=person, act="keep_file", roles=TAKING_PART, territory=row.territory, on=on)
    return int(row.id)


def keep_file(session: Session, dossier: str, file: Kept, person: str, *, now: datetime) -> Kept:
    """Register `file` for the dossier of that code in the caller's transaction; the face commits.

    One that was brought for it before stays as it was. Returns it with the name it may be shown under. The file lies
    in its folder before this is committed; what it is evidence of is for `record` to say. Raises what `receiving` does.
    """
    named = Kept(file.sha256, file.size, file.media_type, called(file.name))
    row = {
        "dossier": receiving(session, dossier, person, on=legal_day(now)),
        "sha256": named.sha256,
        "size": named.size,
        "media_type": named.media_type,
        "name": named.name,
        "stored_at": now,
        "stored_by": person,
    }
    insert_unless_there(session.connection(), _EVIDENCE_FILE, row)
    return named
