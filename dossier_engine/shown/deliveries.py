"""What leaves the house as rows: deliveries, webhooks, the words of mails."""

from sqlalchemy.engine import Row as Stored

from dossier_engine.catalogue import Catalogue
from dossier_engine.queries.deliveries import Template
from dossier_engine.shown import Row, Shown


def delivery(words: Catalogue, row: Stored[tuple[object, ...]]) -> Row:
    """One message to one recipient."""
    return {
        "delivery": str(row.id),  # a program that reads numbers as floats would lose its end
        "channel": Shown(row.channel, words.say(f"channel.{row.channel}")),
        "recipient": row.recipient,
        "topic": row.topic,
        "delivery_status": Shown(row.status, words.say(f"sending.{row.status}")),
        "attempts": row.attempts,
        "created_at": row.created_at,
        "available_at": row.available_at,
        "settled_at": row.settled_at,
        "error": row.error,
    }


def webhook(row: Stored[tuple[object, ...]]) -> Row:
    """A webhook and what became of its events; its secret is never shown again."""
    return {
        "webhook": row.id,
        "url": row.url,
        "territory": row.territory,
        "created_at": row.added_at,
        "events_sent": row.sent,
        "to_retry": row.waiting,
        "given_up": row.dead,
    }


def template(found: Template) -> dict[str, object]:
    """A template in a list."""
    return {"template": found.name, "subject": found.wording.subject, "saved": found.is_saved}


def wording(found: Template) -> dict[str, object]:
    """A template by itself, with the fields that its words may use."""
    return {**template(found), "fields": [f"${field}" for field in found.fields], "text": found.wording.text}
