"""The tables, with the rules that must never break as constraints.

Table models do not validate (SQLModel, `table=True`); commands check values before they come here. Keys named
`id` never leave the database: entries and faces use codes. `history` is written by `records/history.py` alone and
protected by the triggers of `records/protection.py`.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

# Paths are compared byte by byte whatever the database's locale: a scope is a range of them.
_PATH = String().with_variant(String(collation="C"), "postgresql")

# Existed before our data begins: the first day of a locality whose `valid_from` no source states.
NOT_STATED = date(1, 1, 1)


class Locality(SQLModel, table=True):
    """An administrative unit for a period; codes are reused, so (code, valid_from) is the key."""

    __tablename__: ClassVar[str] = "locality"
    __table_args__ = (UniqueConstraint("code", "valid_from"), Index("locality_search", "name_search"))

    id: int | None = Field(default=None, primary_key=True)
    code: str
    kind: str
    name: str
    parent: str
    path: str = Field(sa_column=Column(_PATH, nullable=False, index=True))
    abbreviation: str
    valid_from: date
    valid_to: date | None
    name_search: str
    name_sort: str


class Office(SQLModel, table=True):
    """A body that acts; `criteria` are the numbers it confirms when it is a sector department."""

    __tablename__: ClassVar[str] = "office"
    __table_args__ = (Index("office_seat", "kind", "path"),)

    code: str = Field(primary_key=True)
    kind: str
    name_vi: str
    name_en: str
    path: str
    criteria: list[str] = Field(sa_column=Column(JSON, nullable=False))


class Plan(SQLModel, table=True):
    """A province's programme plan for a year, as adopted."""

    __tablename__: ClassVar[str] = "plan"

    province: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Person(SQLModel, table=True):
    """Somebody who acts. `id` is random and stays in history for ever; `handle` and `name` can be erased."""

    __tablename__: ClassVar[str] = "person"

    id: str = Field(primary_key=True)
    handle: str = Field(unique=True)
    name: str


class AppointmentRow(SQLModel, table=True):
    """Person, role, office, period; `on_behalf_of` makes it a delegation."""

    __tablename__: ClassVar[str] = "appointment"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="appointment_period"),
        UniqueConstraint("person", "role", "office", "valid_from", "on_behalf_of"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person: str = Field(foreign_key="person.id", index=True)
    role: str
    office: str = Field(foreign_key="office.code", index=True)
    office_path: str
    valid_from: date
    valid_to: date | None
    on_behalf_of: str | None = Field(foreign_key="person.id")
    head: bool


class Definition(SQLModel, table=True):
    """One activated version of a workflow definition; the newest activation of a name is the active one."""

    __tablename__: ClassVar[str] = "definition"
    __table_args__ = (UniqueConstraint("name", "version"),)

    sha256: str = Field(primary_key=True)
    name: str
    version: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    activation: int = Field(unique=True)


class Dossier(SQLModel, table=True):
    """The projection of a dossier's history; `seq` and `head` are those of its last entry."""

    __tablename__: ClassVar[str] = "dossier"
    __table_args__ = (
        Index(
            "dossier_one_open", "workflow", "locality", "target_year", unique=True,
            sqlite_where=text("is_open"), postgresql_where=text("is_open"),
        ),
        Index("dossier_scope", "territory", "code"),
        CheckConstraint("version >= 1 AND seq >= version AND round >= 1", name="dossier_counts"),
        CheckConstraint("is_open = (holder_role IS NOT NULL)", name="dossier_open_has_holder"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    workflow: str
    definition: str = Field(foreign_key="definition.sha256")
    locality: int = Field(foreign_key="locality.id", index=True)
    territory: str = Field(sa_column=Column(_PATH, nullable=False))
    level: str
    target_year: int
    state: str
    is_open: bool
    holder_role: str | None
    holder_path: str | None
    version: int
    seq: int
    head: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    round: int
    stage_seq: int
    stage_on: date
    effective_on: date
    paused_on: date | None
    due_on: date | None
    linked: str | None


class FactRow(SQLModel, table=True):
    """One item of a requirement, as entry `seq` recorded it; `void_seq` is the entry that replaced or voided it."""

    __tablename__: ClassVar[str] = "fact"
    __table_args__ = (
        Index(
            "fact_current", "dossier", "requirement", "item", unique=True,
            sqlite_where=text("void_seq IS NULL"), postgresql_where=text("void_seq IS NULL"),
        ),
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
    is the dossier's and `met_on` is empty.
    """

    __tablename__: ClassVar[str] = "deadline"

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    stage_seq: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    rule: str
    start_on: date
    due_on: date
    due_version: int
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

    dossier: int = Field(primary_key=True, foreign_key="dossier.id")
    separation: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    transition: str


class Recognition(SQLModel, table=True):
    """A locality recognised at a level, by one of our dossiers or imported from a decision before our time."""

    __tablename__: ClassVar[str] = "recognition"

    locality: int = Field(primary_key=True, foreign_key="locality.id")
    level: str = Field(primary_key=True)
    target_year: int = Field(primary_key=True)
    source: str = Field(primary_key=True)
    dossier: str | None
    revoked_on: date | None


class History(SQLModel, table=True):
    """One immutable entry. `entry` holds the canonical bytes; the other columns repeat some of it for look-ups."""

    __tablename__: ClassVar[str] = "history"
    __table_args__ = (
        UniqueConstraint("actor", "key", name="history_actor_key"),
        CheckConstraint("seq >= 1 AND length(leaf) = 32", name="history_shape"),
    )

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    actor: str
    recorded_at: datetime
    key: str | None
    fingerprint: str | None
    leaf: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    entry: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Private(SQLModel, table=True):
    """A personal or free-text value of an entry, with the salt of its commitment; both can be erased."""

    __tablename__: ClassVar[str] = "private"
    __table_args__ = (ForeignKeyConstraint(["stream", "seq"], ["history.stream", "history.seq"]),)

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    value: str


class Stream(SQLModel, table=True):
    """The head of a stream that is not a dossier's: `people`, `territory`, `calendar`, `definitions`."""

    __tablename__: ClassVar[str] = "stream"

    name: str = Field(primary_key=True)
    seq: int
    head: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Counter(SQLModel, table=True):
    """The last number given out in a series of dossier codes."""

    __tablename__: ClassVar[str] = "counter"

    series: str = Field(primary_key=True)
    last: int


class Outbox(SQLModel, table=True):
    """What the world outside is still to be told: an entry of a stream, for the office that now holds the dossier."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (ForeignKeyConstraint(["stream", "seq"], ["history.stream", "history.seq"]),)

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    holder_role: str | None
    holder_path: str | None


class Installation(SQLModel, table=True):
    """What this database is: one row. A demonstration holds invented data and runs on a clock shifted by seconds."""

    __tablename__: ClassVar[str] = "installation"
    __table_args__ = (
        CheckConstraint("one = 1", name="installation_once"),
        CheckConstraint("demonstration OR clock_offset = 0", name="installation_true_clock"),
    )

    one: int = Field(default=1, primary_key=True)
    demonstration: bool
    clock_offset: int
    calendar: str


# The same tables for Core statements, by name.
TABLES = SQLModel.metadata.tables
