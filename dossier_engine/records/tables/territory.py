"""What a province brings, and what the installation is: units, offices, plans, recognitions, definitions."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.paths import PATH


class Locality(SQLModel, table=True):
    """An administrative unit for a period; codes are reused, so (code, valid_from) is the key."""

    __tablename__: ClassVar[str] = "locality"
    __table_args__ = (UniqueConstraint("code", "valid_from"), Index("locality_search", "name_search"))

    id: int | None = Field(default=None, primary_key=True)
    code: str
    kind: str
    name: str
    parent: str
    path: str = Field(sa_column=Column(PATH, nullable=False, index=True))
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


class Recognition(SQLModel, table=True):
    """A locality recognised at a level, by one of our dossiers or imported from a decision before our time."""

    __tablename__: ClassVar[str] = "recognition"

    locality: int = Field(primary_key=True, foreign_key="locality.id")
    level: str = Field(primary_key=True)
    target_year: int = Field(primary_key=True)
    source: str = Field(primary_key=True)
    dossier: str | None
    revoked_on: date | None


class Definition(SQLModel, table=True):
    """One activated version of a workflow definition; the newest activation of a name is the active one."""

    __tablename__: ClassVar[str] = "definition"
    __table_args__ = (UniqueConstraint("name", "version"),)

    sha256: str = Field(primary_key=True)
    name: str
    version: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    activation: int = Field(unique=True)


_CLOCK = ("clock_at", "clock_since", "clock_speed", "clock_until")


class Installation(SQLModel, table=True):
    """What this database is: one row. A demonstration holds invented data and has a clock of its own (`rules/pace`)."""

    __tablename__: ClassVar[str] = "installation"
    __table_args__ = (
        CheckConstraint("one = 1", name="installation_once"),
        CheckConstraint(f"demonstration OR ({' AND '.join(f'{c} IS NULL' for c in _CLOCK)})", name="true_clock"),
        CheckConstraint(f"NOT demonstration OR ({' AND '.join(f'{c} IS NOT NULL' for c in _CLOCK)})", name="own_clock"),
    )

    one: int = Field(default=1, primary_key=True)
    demonstration: bool
    clock_at: datetime | None
    clock_since: datetime | None
    clock_speed: int | None
    clock_until: datetime | None
    calendar: str
