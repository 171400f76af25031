"""Who acts: people and the appointments that let them."""

from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class Person(SQLModel, table=True):
    """Somebody who acts. `id` is random and stays in history for ever; handle, name and address can be erased."""

    __tablename__: ClassVar[str] = "person"

    id: str = Field(primary_key=True)
    handle: str = Field(unique=True)
    name: str
    email: str | None


class AppointmentRow(SQLModel, table=True):
    """Person, role, office, period; `on_behalf_of` makes it a delegation.

    `ended` is true where the period is shorter than it was given for; it may then hold no day at all.
    """

    __tablename__: ClassVar[str] = "appointment"
    __table_args__ = (
        CheckConstraint("ended OR valid_to IS NULL OR valid_to >= valid_from", name="appointment_period"),
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
    ended: bool
