"""What fell due beside the state: the ledger of rungs, the notices they gave, escalations, and incidents."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.paths import BY_KEY, PATH


class RungRow(SQLModel, table=True):
    """One rung that fell due, and what became of it: written once, in the transaction that tells people.

    `key` is the deadline's, `stalled`, or `escalation/N` for what follows entry N; `outcome` is `sent`, `late` (sent,
    after its day), `replaced` (a newer one tells the same people) or `void` (what it was about had ended), with `why`.
    """

    __tablename__: ClassVar[str] = "rung"
    __table_args__ = (
        UniqueConstraint(
            "dossier", "stage_seq", "key", "due_version", "rung", "addressee", "occurrence", name="rung_once"
        ),
        CheckConstraint(
            "outcome = 'sent' OR outcome = 'late' OR outcome = 'replaced' OR outcome = 'void'", name="rung_outcome"
        ),
        Index("rung_written", "written_at"),
    )

    # Random, not counted: what is written beside it can name it before it is stored.
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    dossier: int = Field(foreign_key="dossier.id")
    stage_seq: int
    key: str
    due_version: int
    rung: str
    addressee: str
    occurrence: date
    due_on: date | None
    kind: str
    outcome: str
    why: str | None
    written_at: datetime


class Notice(SQLModel, table=True):
    """What one person was told of one rung, in the application; `delivery` is the mail that carries it, if any.

    `person` and `delivery` are no foreign keys: who writes a notice has read or made both rows in the same transaction,
    nothing removes either, and the two checks cost more than all else of the row (docs/decisions/0013).
    """

    __tablename__: ClassVar[str] = "notice"
    __table_args__ = (Index("notice_delivery", "delivery"), BY_KEY)

    rung: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="rung.id")
    person: str = Field(primary_key=True)
    delivery: int | None = Field(sa_type=BigInteger)
    at: datetime
    read_at: datetime | None


class EscalationRow(SQLModel, table=True):
    """A dossier's escalation, open while its stage is the dossier's and no entry closed it.

    `seq` is the entry that opened it, `addressee` who must answer now (until `answer_by`, if by a day), since the entry
    `climbed_seq` if it climbed. `cause` is `rung`, `stalled` or `raised`.
    """

    __tablename__: ClassVar[str] = "escalation"
    __table_args__ = (
        CheckConstraint("cause = 'rung' OR cause = 'stalled' OR cause = 'raised'", name="escalation_cause"),
    )

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    seq: int = Field(primary_key=True)
    stage_seq: int
    cause: str
    addressee: str
    mandate: str
    opened_at: datetime
    addressed_at: datetime
    answer_by: date | None
    climbed_seq: int | None
    closed_seq: int | None


class Incident(SQLModel, table=True):
    """Something the engine could not do by itself: kept until somebody closes it with a reason.

    One open row for each (kind, about); a repeat raises `count` and `last_at`.
    """

    __tablename__: ClassVar[str] = "incident"
    __table_args__ = (
        Index(
            "incident_one_open", "kind", "about", unique=True,
            sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"),
        ),
    )  # fmt: skip

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: str
    about: str
    territory: str = Field(sa_column=Column(PATH, nullable=False))
    facts: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    first_at: datetime
    last_at: datetime
    count: int
    closed_at: datetime | None
    closed_by: str | None
    reason: str | None


class Pulse(SQLModel, table=True):
    """When something that must keep going last did: `beat`, `sweep`, `deliver`, `reconcile`."""

    __tablename__: ClassVar[str] = "pulse"

    name: str = Field(primary_key=True)
    at: datetime
