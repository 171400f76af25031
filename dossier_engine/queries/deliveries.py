"""What was sent to whom and what was not: deliveries, webhooks, and the templates in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select, tuple_
from sqlmodel import Session

from dossier_engine.errors import NotFound
from dossier_engine.letters import FRAME_FIELDS, ITEM_FIELDS, LETTER, NAMES, Wording, packaged
from dossier_engine.records import mails
from dossier_engine.records.tables import TABLES

_DELIVERY, _PERSON, _WEBHOOK = (TABLES[t] for t in ("delivery", "person", "webhook"))


def deliveries(
    session: Session, *, status: str | None, limit: int, after: tuple[datetime, int] | None = None
) -> Sequence[Row[Any]]:
    """At most `limit` deliveries, the newest first, with the handle or the webhook that each goes to.

    `after` is when the last one of the page before was made, and its key.
    """
    place = (_DELIVERY.c.created_at, _DELIVERY.c.id)
    query = (
        select(
            _DELIVERY.c.id, _DELIVERY.c.channel, _DELIVERY.c.topic, _DELIVERY.c.status, _DELIVERY.c.attempts,
            _DELIVERY.c.created_at, _DELIVERY.c.available_at, _DELIVERY.c.settled_at, _DELIVERY.c.error,
            func.coalesce(_PERSON.c.handle, _DELIVERY.c.recipient).label("recipient"),
        )
        .outerjoin(_PERSON, and_(_PERSON.c.id == _DELIVERY.c.recipient, _DELIVERY.c.channel == "mail"))
        .order_by(*(column.desc() for column in place))
        .limit(limit)
    )  # fmt: skip
    if status is not None:
        query = query.where(_DELIVERY.c.status == status)
    return session.execute(query if after is None else query.where(tuple_(*place) < tuple_(*after))).all()


def webhooks(session: Session) -> Sequence[Row[Any]]:
    """Webhooks that are told, the oldest first, each with its locality and what became of its events."""
    counted = [
        func.sum(case((_DELIVERY.c.status == status, 1), else_=0)).label(status)
        for status in ("sent", "waiting", "dead")
    ]
    query = (
        select(_WEBHOOK.c.id, _WEBHOOK.c.url, _WEBHOOK.c.territory, _WEBHOOK.c.added_at, *counted)
        .outerjoin(_DELIVERY, and_(_DELIVERY.c.recipient == _WEBHOOK.c.id, _DELIVERY.c.channel == "webhook"))
        .where(_WEBHOOK.c.removed_at.is_(None))
        .group_by(_WEBHOOK.c.id, _WEBHOOK.c.url, _WEBHOOK.c.territory, _WEBHOOK.c.added_at)
        .order_by(_WEBHOOK.c.added_at, _WEBHOOK.c.id)
    )
    return session.execute(query).all()


@dataclass(frozen=True, slots=True)
class Template:
    """One template in force: its words, whether an administrator saved them, and the fields it may use."""

    name: str
    wording: Wording
    is_saved: bool
    fields: tuple[str, ...]


def templates(session: Session, language: str) -> list[Template]:
    """Every template in a language, the mail's frame first."""
    saved = mails.wordings(session.connection(), language)
    shipped = packaged(language)
    return [
        Template(name, saved.get(name, shipped[name]), name in saved,
                 tuple(sorted(FRAME_FIELDS if name == LETTER else ITEM_FIELDS)))
        for name in NAMES
    ]  # fmt: skip


def named(session: Session, name: str, language: str) -> Template:
    """The template of that name. Raises NotFound."""
    known = {found.name: found for found in templates(session, language)}
    if name not in known:
        raise NotFound("template", name, list(known)[:3])
    return known[name]
