"""The log over all streams: which entry stands where, the nodes of its Merkle tree, and what was signed of it."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.paths import BY_KEY


class Pending(SQLModel, table=True):
    """An entry that the log does not hold yet; a trigger on `history` writes it, the integrate step takes it away.

    Rows, never "newer than the last": keys are given out before they are committed, and what commits late is missed.
    """

    __tablename__: ClassVar[str] = "log_pending"
    __table_args__ = (BY_KEY,)

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)


class Leaf(SQLModel, table=True):
    """The entry that is leaf `idx` of the log."""

    __tablename__: ClassVar[str] = "log_leaf"
    __table_args__ = (UniqueConstraint("stream", "seq", name="log_leaf_once"),)

    idx: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    stream: str
    seq: int


class NodeRow(SQLModel, table=True):
    """The root of a complete subtree: of 2**`level` leaves, the `idx`th of these. Level 0 are the leaf hashes."""

    __tablename__: ClassVar[str] = "log_node"
    __table_args__ = (CheckConstraint("length(hash) = 32", name="log_node_shape"), BY_KEY)

    level: int = Field(primary_key=True)
    idx: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LogRow(SQLModel, table=True):
    """The log as it is now, in one row: its name, which ends in how often it was begun, and the tree's right edge."""

    __tablename__: ClassVar[str] = "log"
    __table_args__ = (CheckConstraint("one = 1", name="log_once"),)

    one: int = Field(default=1, primary_key=True)
    origin: str
    size: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    frontier: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class CheckpointRow(SQLModel, table=True):
    """The newest note signed for a size: checkpoint, signature and cosignatures, as text.

    Whoever got a bundle that was proven by it may have kept it (`handed_out`).
    """

    __tablename__: ClassVar[str] = "checkpoint"

    origin: str = Field(primary_key=True)
    size: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    note: str
    signed_at: datetime
    handed_out: bool = False
