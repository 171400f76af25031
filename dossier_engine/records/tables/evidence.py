"""What is known of the evidence files that are kept; the files themselves lie in a folder."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.instants import Instant


class EvidenceFile(SQLModel, table=True):
    """A kept file. `name` is what the first to bring it called it: for people, never for a file system.

    No dossier is named: the same file may be evidence in several, and which ones is in their histories.
    """

    __tablename__: ClassVar[str] = "evidence_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64 AND size >= 1", name="evidence_file_shape"),)

    sha256: str = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    media_type: str
    name: str
    stored_at: datetime = Field(sa_type=Instant)
    stored_by: str = Field(foreign_key="person.id")
