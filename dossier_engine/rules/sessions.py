"""How long a session lasts, and how often it is noted that it was seen."""

from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
INVITATION = timedelta(days=7)


def is_alive(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether neither limit is reached."""
    return now < seen_at + IDLE and now < created_at + ABSOLUTE


def is_due(seen_at: datetime | None, now: datetime) -> bool:
    """Whether it is to be noted again."""
    return seen_at is None or now >= seen_at + NOTED_EVERY
