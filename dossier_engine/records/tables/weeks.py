"""What a steering committee was told of a week."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel


class WeekPage(SQLModel, table=True):
    """The page of one week for one committee, written once: whoever looks later finds the same figures.

    `content` is what `queries.week` counted, in both languages. `link` opens the page for whoever holds it, without
    signing in; it is no secret beside the content, which stands in the same row.
    """

    __tablename__: ClassVar[str] = "week_page"
    __table_args__ = (UniqueConstraint("office", "week", name="week_page_once"),)

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    office: str = Field(foreign_key="office.code")
    week: str
    made_at: datetime
    link: str = Field(unique=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
