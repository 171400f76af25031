"""A dossier and what lies beside it; all of it can be worked out from the dossier's history."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.instants import Instant
from dossier_engine.records.tables.paths import BY_KEY, PATH

# Of which rows the partial indexes are. A query that is to use one says the same words: SQLite takes no others.
IS_OPEN, IS_OVER = text("is_open"), text("NOT is_open")
# Of the deadlines that nothing has met: those that are not a state's own, whose date the dossier's row holds too.
IS_BESIDE_THE_STATE = text("met_on IS NULL AND rule NOT LIKE 'state:%'")


class Dossier(SQLModel, table=True):
    """The projection of a dossier's history; `seq`, `head` and `recorded_at` are of its last entry.

    `office` is the code of the office it is about, empty where it is about the locality itself. `acted_on` is the day
    of the last act by a person.
    """

    __tablename__: ClassVar[str] = "dossier"
    __table_args__ = (
        Index(
            "dossier_one_open", "workflow", "locality", "office", "target_year", unique=True,
            sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
        ),
        Index("dossier_scope", "territory", "code"),
        # In order, for whoever sees so much that sorting it takes too long: what is due first, what was finished last.
        Index("dossier_held", "holder_role", "due_on", "code", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("dossier_over", "recorded_at", "code", sqlite_where=IS_OVER, postgresql_where=IS_OVER),
        CheckConstraint("version >= 1 AND seq >= version AND round >= 1", name="dossier_counts"),
        CheckConstraint("is_open = (holder_role IS NOT NULL)", name="dossier_open_has_holder"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    workflow: str
    definition: str = Field(foreign_key="definition.sha256")
    locality: int = Field(foreign_key="locality.id")
    office: str
    territory: str = Field(sa_column=Column(PATH, nullable=False))
    level: str
    target_year: int
    state: str
    is_open: bool
    holder_role: str | None
    holder_path: str | None
    version: int
    seq: int
    head: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_at: datetime = Field(sa_type=Instant)
    round: int
    stage_seq: int
    stage_on: date
    effective_on: date
    paused_on: date | None
    due_on: date | None
    linked: str | None
    acted_on: date


class Wake(SQLModel, table=True):
    """When the sweep must look at a dossier next: never after the next rung falls due; empty while none lies ahead.

    One row for every dossier, beside it: history does not tell this, and on PostgreSQL a new value in the dossier's own
    row would go into each of its indexes.
    """

    __tablename__: ClassVar[str] = "wake"
    __table_args__ = (
        Index(
            "wake_due", "at", "dossier",
            sqlite_where=text("at IS NOT NULL"), postgresql_where=text("at IS NOT NULL"),
        ),
        BY_KEY,
    )  # fmt: skip

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    at: datetime | None


class FactRow(SQLModel, table=True):
    """One item of a requirement, as entry `seq` recorded it; `void_seq` is the entry that replaced or voided it."""

    __tablename__: ClassVar[str] = "fact"
    __table_args__ = (
        Index(
            "fact_current", "dossier", "requirement", "item", unique=True,
            sqlite_where=text("void_seq IS NULL"), postgresql_where=text("void_seq IS NULL"),
        ),
        BY_KEY,
    )  # fmt: skip

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    requirement: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    stage_seq: int
    value: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    void_seq: int | None


class DeadlineRow(SQLModel, table=True):
    """One obligation with a due date: of the stage, of one requirement in it, or after the end.

    `rule` names the limit it comes from (`state:…`, `transition:…` or `requirement:…`); it is open while its stage
    is the dossier's and `met_on` is empty. `set_at` is when the present due date was set: no rung is older.
    """

    __tablename__: ClassVar[str] = "deadline"
    __table_args__ = (
        Index("deadline_beside", "due_on", sqlite_where=IS_BESIDE_THE_STATE, postgresql_where=IS_BESIDE_THE_STATE),
        BY_KEY,
    )

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    stage_seq: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    rule: str
    start_on: date
    due_on: date
    due_version: int
    set_at: datetime
    extended_on: date | None
    extended_until: date | None
    met_on: date | None


class PauseRow(SQLModel, table=True):
    """The clock stood still from `from_on` up to, not including, `to_on` (empty: it still does)."""

    __tablename__: ClassVar[str] = "pause"

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    seq: int = Field(primary_key=True)
    stage_seq: int
    from_on: date
    to_on: date | None


class Performed(SQLModel, table=True):
    """Who performed which transition of a separation set: one row a person and set, so never two of one set."""

    __tablename__: ClassVar[str] = "performed"
    __table_args__: ClassVar[dict[str, bool]] = BY_KEY

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    separation: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    transition: str


class Counter(SQLModel, table=True):
    """The last number given out in a series of dossier codes."""

    __tablename__: ClassVar[str] = "counter"

    series: str = Field(primary_key=True)
    last: int
