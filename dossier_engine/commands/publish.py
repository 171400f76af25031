"""Tells webhooks what happened: entries on the outbox become deliveries, one for each webhook that covers the dossier.

An event is thin (CloudEvents 1.0, structured JSON): which entry of which dossier, of what kind, with its leaf hash.
Whoever may know more asks the API for it. Nothing personal leaves by this door.
"""

import json
import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from dossier_engine.records import deliveries, reminders, webhooks
from dossier_engine.rules.entry import instant, parse

BATCH = 500

_PREFIX = "vn.ntm."
_SPOKEN = ("transition", "from", "to", "requirement", "deadline")  # of an entry's body: codes, never anybody's words


def publish(session: Session, *, now: datetime, rng: random.Random, most: int = BATCH) -> int:
    """Take up to `most` entries off the outbox and address them; how many were taken. The face commits.

    Fewer than `most` means that nothing is left, but for what others have locked.
    """
    conn = session.connection()
    hooks = webhooks.standing(conn)
    words = webhooks.take_from_outbox(conn, most)
    rows = [
        _delivery(hook.id, f"event/{word.stream}/{word.seq}", now=now, rng=rng)
        for word in words
        for hook in hooks
        if word.territory.startswith(hook.territory)
    ]
    deliveries.add(conn, rows)
    reminders.beat(conn, "deliver", now)  # last: its row is one for all senders, and they would wait for each other
    return len(words)


def _delivery(webhook: str, topic: str, *, now: datetime, rng: random.Random) -> dict[str, Any]:
    """The row of an event that waits to be sent."""
    return {
        "id": rng.getrandbits(62), "channel": "webhook", "recipient": webhook, "topic": topic, "kind": "event",
        "status": "waiting", "available_at": now, "attempts": 0, "created_at": now,
    }  # fmt: skip


def event_bytes(topic: str, entry: Row[Any] | None, *, source: str, at: datetime) -> bytes:
    """The event as it is sent, the same bytes each time; without an entry it is a test of the way."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": topic,
        "source": source,
        "type": f"{_PREFIX}test",
        "time": instant(at),
        "datacontenttype": "application/json",
        "data": {},
    }
    if entry is not None:
        code = entry.stream.partition("/")[2]
        data = {"dossier": code, "seq": entry.seq, "leaf": entry.leaf.hex(), **_codes(parse(entry.entry)["body"])}
        event |= {
            "type": f"{_PREFIX}dossier.{entry.kind}", "subject": code, "time": instant(entry.recorded_at), "data": data,
        }  # fmt: skip
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def _codes(body: object) -> dict[str, Any]:
    return {key: body[key] for key in _SPOKEN if key in body} if isinstance(body, Mapping) else {}
