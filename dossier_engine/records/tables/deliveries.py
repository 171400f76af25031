"""What leaves the house: deliveries, each of one message to one recipient, and the webhooks they may go to."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from dossier_engine.records.tables.paths import PATH


class Delivery(SQLModel, table=True):
    """One message to one recipient through one channel, from the moment it is wanted until it is settled.

    `recipient` is a person's id (`mail`) or a webhook's (`webhook`). `topic` says what it is about and makes it one of
    a kind: `morning/DAY`, `escalation/RUNG`, `event/STREAM/SEQ`. A row is sealed when it is first claimed: what comes
    later goes into another. `attempts` is also the fence: only the claim that raised it last may settle it. `dead` was
    given up, with `error`; `void` was never sent, because all it would have told had ended by then.
    """

    __tablename__: ClassVar[str] = "delivery"
    __table_args__ = (
        UniqueConstraint("channel", "recipient", "topic", name="delivery_once"),
        CheckConstraint("channel = 'mail' OR channel = 'webhook'", name="delivery_channel"),
        CheckConstraint(
            "status = 'waiting' OR status = 'sending' OR status = 'sent' OR status = 'dead' OR status = 'void'",
            name="delivery_status",
        ),
        Index(
            "delivery_due", "available_at",
            sqlite_where=text("status IN ('waiting', 'sending')"),
            postgresql_where=text("status IN ('waiting', 'sending')"),
        ),
    )  # fmt: skip

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    channel: str
    recipient: str
    topic: str
    kind: str
    status: str
    available_at: datetime  # when it may next be claimed: at first, after a pause, or when a claim's lease runs out
    attempts: int
    created_at: datetime
    settled_at: datetime | None
    error: str | None


class Webhook(SQLModel, table=True):
    """Where events about a territory are told to; `secret` signs them."""

    __tablename__: ClassVar[str] = "webhook"

    id: str = Field(primary_key=True)
    url: str
    secret: str
    territory: str = Field(sa_column=Column(PATH, nullable=False))
    added_at: datetime
    removed_at: datetime | None


class MailTemplate(SQLModel, table=True):
    """A text an administrator put in the place of one that ships; it was checked when it was saved."""

    __tablename__: ClassVar[str] = "mail_template"

    name: str = Field(primary_key=True)
    subject: str
    text: str
