"""What is known of the evidence files that are kept; the files themselves lie in a folder."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.instants import Instant


class EvidenceFile(SQLModel, table=True):
    """A kept file, as it was brought for a dossier; `name` is for people, never for a file system.

    The same file may be brought for several, a row for each: who may see one of them learns nothing of the others.
    """

    __tablename__: ClassVar[str] = "evidence_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64 AND size >= 1", name="evidence_file_shape"),)

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    sha256: str = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    media_type: str
    name: str
    stored_at: datetime = Field(sa_type=Instant)
    stored_by: str = Field(foreign_key="person.id")
