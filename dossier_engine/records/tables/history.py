"""History, which is written once, and what hangs on its entries."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.instants import Instant
from dossier_engine.records.tables.paths import BY_KEY

# Of which entries the partial index is. A query that is to use it says the same words: SQLite takes no others.
IS_OF_A_DOSSIER = text("substr(stream, 1, 8) = 'dossier/'")


class History(SQLModel, table=True):
    """One immutable entry. `entry` holds the canonical bytes; the other columns repeat some of it for look-ups."""

    __tablename__: ClassVar[str] = "history"
    __table_args__ = (
        UniqueConstraint("actor", "key", name="history_actor_key"),
        CheckConstraint("seq >= 1 AND length(leaf) = 32", name="history_shape"),
        # The newest first, for whoever searches all of it.
        Index(
            "history_of_dossiers", "recorded_at", "stream", "seq",
            sqlite_where=IS_OF_A_DOSSIER, postgresql_where=IS_OF_A_DOSSIER,
        ),
    )  # fmt: skip

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    actor: str
    recorded_at: datetime = Field(sa_type=Instant)
    key: str | None
    fingerprint: str | None
    leaf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    entry: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Private(SQLModel, table=True):
    """A personal or free-text value of an entry, with the salt of its commitment; both can be erased."""

    __tablename__: ClassVar[str] = "private"
    __table_args__ = (ForeignKeyConstraint(["stream", "seq"], ["history.stream", "history.seq"]), BY_KEY)

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    value: str


class Stream(SQLModel, table=True):
    """The head of a stream that is not a dossier's: `people`, `territory`, `calendar`, `definitions`.

    The row is there from the first time that somebody holds the stream; before its first entry `seq` is 0.
    """

    __tablename__: ClassVar[str] = "stream"

    name: str = Field(primary_key=True)
    seq: int
    head: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_at: datetime | None = Field(sa_type=Instant)


class Outbox(SQLModel, table=True):
    """What the world outside is still to be told: an entry of a stream, for the office that now holds the dossier."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (ForeignKeyConstraint(["stream", "seq"], ["history.stream", "history.seq"]), BY_KEY)

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    holder_role: str | None
    holder_path: str | None
